/* SPDX-License-Identifier: MIT */
/*
 * World files: a sidecar file with six numbers, one a line: the steps in x and y from column to
 * column, the steps in x and y from row to row, and the coordinates of the first cell's centre.
 */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "io/decimal.h"
#include "io/georef/sidecar.h"

enum { NUMBERS = 6 };

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

bool eg_world_file_extension(char out[EG_WORLD_EXTENSION], const char *name, bool full)
{
    const char *slash = strrchr(name, '/');
    const char *dot = strrchr(slash ? slash : name, '.');
    size_t length = dot ? strlen(dot + 1) : 0, count = 0;
    if (length < 2 || length + 2 > EG_WORLD_EXTENSION)
        return false;
    for (size_t i = 1; i <= length; i++)
        if (full || i == 1 || i == length)
            out[count++] = (char)tolower((unsigned char)dot[i]);
    out[count++] = 'w';
    out[count] = '\0';
    return true;
}

eg_status eg_world_file_read(eg_georef *georef, eg_context *ctx, const char *input, eg_error *error)
{
    char extensions[3][EG_WORLD_EXTENSION] = {"", "", "wld"};
    eg_status status = EG_OK;
    for (int i = 0; i < 3 && !georef->located && status == EG_OK; i++) {
        eg_sidecar world = {0};
        if (i == 2 || eg_world_file_extension(extensions[i], input, i == 1))
            status = eg_sidecar_read(&world, ctx, input, extensions[i], error);
        if (status == EG_OK && world.text)
            status = apply_world_file(georef, &world, error);
        eg_sidecar_free(&world);
    }
    return status;
}
