/* SPDX-License-Identifier: MIT */
/*
 * World files: a sidecar file with six numbers, one a line: the steps in x and y from column to
 * column, the steps in x and y from row to row, and the coordinates of the first cell's centre.
 */
#include <math.h>
#include <string.h>

#include "io/decimal.h"
#include "io/georef/georef_source.h"

enum { NUMBERS = 6, EXTENSION_SIZE = 8 };

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

/* Sets the transform from the file's text; fails unless that is six numbers of an invertible one.
 */
static eg_status apply_world_file(eg_georef *georef, const eg_sidecar *world, eg_error *error)
{
    double n[NUMBERS];
    if (!read_numbers(n, world->text) || n[0] * n[3] - n[2] * n[1] == 0)
        return eg_fail_file(
            error, EG_BAD_INPUT, world->name,
            "is not a valid world file (six numbers of an invertible transform); move it "
            "away if it is another kind of file");
    const double transform[6] = {
        n[4] - 0.5 * (n[0] + n[2]), n[0], n[2], n[5] - 0.5 * (n[1] + n[3]), n[1], n[3],
    };
    memcpy(georef->transform, transform, sizeof transform);
    georef->located = true;
    return EG_OK;
}

/* Makes the extension of the world file: the data file's extension and "w" if `full`, else its
 * first and last letter and "w". Returns false if the name has no extension or a longer one. */
static bool make_extension(char out[EXTENSION_SIZE], const char *name, bool full)
{
    const char *slash = strrchr(name, '/');
    const char *dot = strrchr(slash ? slash : name, '.');
    size_t length = dot ? strlen(dot + 1) : 0;
    if (length < 2 || length + 2 > EXTENSION_SIZE)
        return false;
    memcpy(out, dot + 1, length);
    if (!full) {
        out[1] = out[length - 1];
        length = 2;
    }
    out[length] = 'w';
    out[length + 1] = '\0';
    return true;
}

eg_status eg_georef_data_read_world(eg_georef_data *data, const eg_input *input, eg_error *error)
{
    char extension[EXTENSION_SIZE];
    eg_status status = EG_OK;
    for (int full = 0; full < 2 && !data->georef.located && status == EG_OK; full++) {
        eg_sidecar world = {0};
        if (make_extension(extension, input->path, full))
            status = eg_sidecar_read(&world, input, extension, error);
        if (status == EG_OK && world.text)
            status = apply_world_file(&data->georef, &world, error);
        eg_sidecar_free(&world);
    }
    return status;
}
