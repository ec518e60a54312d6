/* SPDX-License-Identifier: MIT */
/* Coordinates as decimal text with a fixed number of places, independent of the locale. */
#include <math.h>
#include <string.h>

#include "io/decimal.h"
#include "io/vector/vector.h"

enum { PLACES_MAX = 15 };

/* Powers of ten, which doubles represent exactly. */
static const uint64_t powers[PLACES_MAX + 1] = {1,
                                                10,
                                                100,
                                                1000,
                                                10000,
                                                100000,
                                                1000000,
                                                10000000,
                                                100000000,
                                                1000000000,
                                                10000000000,
                                                100000000000,
                                                1000000000000,
                                                10000000000000,
                                                100000000000000,
                                                1000000000000000};

/* Writes the digits of a number and returns their count; at least `least` of them, with zeros in
 * front. */
static size_t write_digits(char *out, uint64_t number, size_t least)
{
    char digits[24];
    size_t at = sizeof digits;
    while (number > 0 || sizeof digits - at < least) {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    }
    memcpy(out, digits + at, sizeof digits - at);
    return sizeof digits - at;
}

/* Writes a coordinate with that many decimal places, without zeros at the end; one that is too
 * large for them with all its digits. Returns the length. */
static size_t write_coordinate(char *out, double value, int places)
{
    static const double whole_max = 4e15; /* the product is exact to half a unit */
    double scaled = value * (double)powers[places];
    if (!(fabs(scaled) < whole_max))
        return eg_decimal_double(out, value);
    char *start = out;
    long long units = llrint(scaled);
    uint64_t magnitude = (uint64_t)(units < 0 ? -units : units);
    uint64_t whole = magnitude / powers[places], part = magnitude % powers[places];
    if (units < 0)
        *out++ = '-';
    out += write_digits(out, whole, 1);
    if (part > 0) {
        *out++ = '.';
        out += write_digits(out, part, (size_t)places);
        while (out[-1] == '0')
            out--;
    }
    return (size_t)(out - start);
}

bool eg_position_next(eg_position_writer *w, char between)
{
    const eg_line_file *f = w->file;
    const double *t = f->transform;
    while (w->next < w->line->count) {
        const size_t i = f->reversed ? w->line->count - 1 - w->next : w->next;
        const double x = w->line->points[2 * i], y = w->line->points[2 * i + 1];
        const bool last = ++w->next == w->line->count;
        char text[EG_POSITION_TEXT];
        size_t length = write_coordinate(text, t[0] + x * t[1] + y * t[2], f->places);
        const size_t x_length = length;
        text[length++] = between;
        length += write_coordinate(text + length, t[3] + x * t[4] + y * t[5], f->places);
        const bool same =
            w->written > 0 && length == w->length && memcmp(text, w->text, length) == 0;
        if (same && !(last && w->written == 1))
            continue;
        memcpy(w->text, text, length);
        w->length = length;
        w->x_length = x_length;
        w->index = i;
        w->written++;
        return true;
    }
    return false;
}
