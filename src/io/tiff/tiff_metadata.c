/* SPDX-License-Identifier: MIT */
/*
 * Reads scale, offset and vertical unit of the first band from GDAL's metadata, XML such as
 *     <GDALMetadata>
 *       <Item name="UNITTYPE" sample="0" role="unittype">m</Item>
 *     </GDALMetadata>
 * Elements other than Item and roles other than these are ignored.
 */
#include <math.h>
#include <string.h>

#include "io/decimal.h"
#include "io/tiff/tiff_read.h"

/* A substring, not terminated. */
typedef struct span {
    const char *start;
    size_t length;
} span;

static bool equals(span text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.start, word, text.length) == 0;
}

/* Returns the value of attribute `name` in the start tag that ends at `end`; length 0 if it has
 * none. */
static span find_attribute(const char *tag, const char *end, const char *name)
{
    size_t length = strlen(name);
    for (const char *s = tag; s + length + 2 < end; s++) {
        if (s[0] != ' ' || strncmp(s + 1, name, length) != 0 || s[length + 1] != '=')
            continue;
        const char *value = s + length + 2;
        char quote = *value++;
        if (quote != '"' && quote != '\'')
            return (span){tag, 0};
        const char *close = memchr(value, quote, (size_t)(end - value));
        return (span){value, close ? (size_t)(close - value) : 0};
    }
    return (span){tag, 0};
}

/* Applies an item of the first band; an item without a sample number belongs to all bands. */
static void read_item(eg_tiff_metadata *metadata, const char *tag, const char *end, span content)
{
    span role = find_attribute(tag, end, "role");
    span sample = find_attribute(tag, end, "sample");
    double number = 0;
    if (!equals(sample, "0") && sample.length > 0)
        return;
    bool valid = eg_decimal_first(content.start, &number) && isfinite(number);
    if (equals(role, "scale") && valid && number != 0)
        metadata->scale = number;
    else if (equals(role, "scale"))
        metadata->invalid_scale = true;
    else if (equals(role, "offset") && valid)
        metadata->offset = number;
    else if (equals(role, "unittype"))
        metadata->vertical_unit = eg_unit_metres(content.start, content.length);
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
        read_item(metadata, tag + sizeof open - 2, end, (span){end + 1, (size_t)(after - end - 1)});
        tag = after;
    }
}
