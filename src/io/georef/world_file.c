/* SPDX-License-Identifier: MIT */
/*
 * World files: six numbers beside a picture, the steps in x and y from column to column, those from
 * row to row, and where the middle of the first cell lies.
 */
#include <math.h>
#include <string.h>

#include "io/decimal.h"
#include "io/georef/georef_source.h"

enum { NUMBERS = 6, EXTENSION_MOST = 8 };

static bool read_numbers(double numbers[NUMBERS], const char *text)
{
    static const char blanks[] = " \t\r\n";
    const char *end = text + strlen(text);
    for (int i = 0; i < NUMBERS; i++) {
        text += strspn(text, blanks);
        text = eg_decimal_read(text, end, &numbers[i]);
        if (!text || !isfinite(numbers[i]))
            return false;
    }
    return true;
}

static eg_status take(eg_georef *georef, const eg_sidecar *world, eg_error *error)
{
    double n[NUMBERS];
    if (!read_numbers(n, world->text) || n[0] * n[3] - n[2] * n[1] == 0)
        return eg_fail_file(error, EG_BAD_INPUT, world->name,
                            "should tell in six numbers where the raster beside it lies, and does "
                            "not; move it away if it is none of its");
    const double transform[6] = {
        n[4] - 0.5 * (n[0] + n[2]), n[0], n[2], n[5] - 0.5 * (n[1] + n[3]), n[1], n[3],
    };
    memcpy(georef->transform, transform, sizeof transform);
    georef->located = true;
    return EG_OK;
}

/* The extension's first and last letter and a "w", or all of it and a "w". */
static bool extend(char out[EXTENSION_MOST], const char *name, bool whole)
{
    const char *slash = strrchr(name, '/');
    const char *dot = strrchr(slash ? slash : name, '.');
    size_t length = dot ? strlen(dot + 1) : 0;
    if (length < 2 || length + 2 > EXTENSION_MOST)
        return false;
    memcpy(out, dot + 1, length);
    if (!whole) {
        out[1] = out[length - 1];
        length = 2;
    }
    out[length] = 'w';
    out[length + 1] = '\0';
    return true;
}

eg_status eg_georef_data_world(eg_georef_data *place, const eg_input *input, eg_error *error)
{
    char extension[EXTENSION_MOST];
    eg_status status = EG_OK;
    for (int whole = 0; whole < 2 && !place->georef.located && status == EG_OK; whole++) {
        eg_sidecar world = {0};
        if (extend(extension, input->name, whole))
            status = eg_sidecar_read(&world, input, extension, error);
        if (status == EG_OK && world.text)
            status = take(&place->georef, &world, error);
        eg_sidecar_free(&world);
    }
    return status;
}
