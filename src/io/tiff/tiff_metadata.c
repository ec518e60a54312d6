/* SPDX-License-Identifier: MIT */
/*
 * GDAL's metadata of the first band: XML such as
 *     <GDALMetadata>
 *       <Item name="UNITTYPE" sample="0" role="unittype">m</Item>
 *     </GDALMetadata>
 * of which only the items are looked at, and in them only what is understood.
 */
#include <math.h>
#include <string.h>

#include "io/decimal.h"
#include "io/tiff/tiff_read.h"

/* A part of the text. */
typedef struct piece {
    const char *start;
    size_t length;
} piece;

static bool is(piece text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.start, word, text.length) == 0;
}

/* The value of an attribute in the tag that ends at `end`; of length 0 where it lacks it. */
static piece attribute(const char *tag, const char *end, const char *name)
{
    size_t length = strlen(name);
    for (const char *s = tag; s + length + 2 < end; s++) {
        if (s[0] != ' ' || strncmp(s + 1, name, length) != 0 || s[length + 1] != '=')
            continue;
        const char *value = s + length + 2;
        char quote = *value++;
        if (quote != '"' && quote != '\'')
            return (piece){tag, 0};
        const char *close = memchr(value, quote, (size_t)(end - value));
        return (piece){value, close ? (size_t)(close - value) : 0};
    }
    return (piece){tag, 0};
}

static void take_item(eg_tiff_metadata *metadata, const char *tag, const char *end, piece content)
{
    piece role = attribute(tag, end, "role");
    piece sample = attribute(tag, end, "sample");
    double number = 0;
    if (!is(sample, "0") && sample.length > 0)
        return;
    bool valid = eg_decimal_first(content.start, &number) && isfinite(number);
    if (is(role, "scale") && valid && number != 0)
        metadata->scale = number;
    else if (is(role, "offset") && valid)
        metadata->offset = number;
    else if (is(role, "unittype"))
        metadata->vertical_unit = eg_unit_named(content.start, content.length);
}

void eg_tiff_metadata_read(eg_tiff_metadata *metadata, const char *xml)
{
    static const char open[] = "<Item ", close[] = "</Item>";
    *metadata = (eg_tiff_metadata){.scale = 1};
    for (const char *tag = strstr(xml, open); tag; tag = strstr(tag, open)) {
        const char *end = strchr(tag, '>');
        const char *after = end ? strstr(end, close) : NULL;
        if (!after)
            return;
        take_item(metadata, tag + sizeof open - 2, end,
                  (piece){end + 1, (size_t)(after - end - 1)});
        tag = after;
    }
}
