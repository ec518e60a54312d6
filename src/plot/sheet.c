/* SPDX-License-Identifier: MIT */
/* Samples a function over the ranges of a plot, and traces its level curves. */
#include "plot/sheet.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

enum {
    ROUNDS = 10, /* most steps towards a crossing */
    FEWEST = 4   /* levels left by drop_thin_levels() */
};

#define WIDE  0.45 /* part of an area inside its border, of four cells' width at least */
#define CLOSE 1e-3 /* distance of a crossing from the level set, in cells */

void eg_sheet_at(const eg_sheet *sheet, double column, double row, double *x, double *y)
{
    const eg_plot_options *o = &sheet->plot->options;
    double up = row / (double)(sheet->rows - 1);
    *x = o->x[0] + (o->x[1] - o->x[0]) * (column / (double)(sheet->columns - 1));
    *y = o->y_down ? o->y[1] - (o->y[1] - o->y[0]) * up : o->y[0] + (o->y[1] - o->y[0]) * up;
}

/* ---- samples ---- */

/* Evaluates the function at columns x rows places, the first of which is at `first`. */
static eg_status sample_grid(const eg_sheet *s, const double first[2], size_t columns, size_t rows,
                             double values[], eg_error *error)
{
    size_t count = columns * rows;
    double *x = eg_alloc(s->plot->ctx, count, 2 * sizeof *x, error);
    if (!x)
        return eg_failed(error);
    double *y = x + count;
    for (size_t i = 0; i < count; i++) {
        size_t column = i % columns, row = i / columns;
        eg_sheet_at(s, first[0] + (double)column, first[1] + (double)row, x + i, y + i);
    }
    eg_status status = s->f(s->opaque, x, y, count, values, error);
    eg_free(x);
    return status;
}

/* Returns true if a value is beyond a level: above it if sign is 1, below it if -1. Poles are. */
static bool is_beyond(double value, double level, double sign)
{
    return !(sign * value <= sign * level);
}

/* Returns true if enough of the samples beyond a level have only such neighbours. Else the area is
 * thinner than cells, as along a pole, and its curves would be beads. */
static bool is_wide(const eg_sheet *s, double level, double sign)
{
    size_t beyond = 0, inner = 0;
    for (size_t y = 0; y < s->rows; y++)
        for (size_t x = 0; x < s->columns; x++) {
            const double *v = s->values + y * s->columns + x;
            if (!isfinite(*v) || !is_beyond(*v, level, sign))
                continue;
            beyond++;
            inner += (x == 0 || is_beyond(v[-1], level, sign)) &&
                     (x + 1 == s->columns || is_beyond(v[1], level, sign)) &&
                     (y == 0 || is_beyond(*(v - s->columns), level, sign)) &&
                     (y + 1 == s->rows || is_beyond(v[s->columns], level, sign));
        }
    return (double)inner >= WIDE * (double)beyond;
}

/* Removes the outermost levels whose areas are too thin to draw, unless most are: then the function
 * varies fast everywhere, which eg_sheet_find_breaks() finds. */
static void drop_thin_levels(eg_sheet *s)
{
    size_t first = 0, last = s->level_count;
    while (last > first && !is_wide(s, s->levels[last - 1], 1))
        last--;
    while (last > first && !is_wide(s, s->levels[first], -1))
        first++;
    if (last - first < FEWEST || 2 * (last - first) < s->level_count)
        return;
    s->level_count = last - first;
    memmove(s->levels, s->levels + first, s->level_count * sizeof *s->levels);
}

/* Chooses the levels, and computes the position of each sample among them. */
static eg_status rank_samples(eg_sheet *s, const double levels[], size_t level_count,
                              eg_error *error)
{
    size_t count = s->columns * s->rows;
    s->level_count = level_count;
    if (levels) {
        memcpy(s->levels, levels, level_count * sizeof *levels);
    } else {
        double *sorted = eg_alloc(s->plot->ctx, count, sizeof *sorted, error);
        if (!sorted)
            return eg_failed(error);
        s->level_count = eg_plot_choose_levels(s->values, count, sorted, s->levels);
        eg_free(sorted);
        drop_thin_levels(s);
    }
    for (size_t i = 0; i < count; i++)
        s->position[i] = eg_level_position(s->levels, s->level_count, s->values[i]);
    return EG_OK;
}

eg_status eg_sheet_sample(eg_sheet *sheet, const eg_plot *plot, eg_plot_field f, void *opaque,
                          size_t columns, size_t rows, const double levels[], size_t level_count,
                          eg_error *error)
{
    static const double corner[2] = {0, 0}, inside[2] = {EG_CHECK_X, EG_CHECK_Y};
    size_t count = columns * rows;
    *sheet = (eg_sheet){.plot = plot, .columns = columns, .rows = rows, .f = f, .opaque = opaque};
    sheet->values = eg_alloc(plot->ctx, count, sizeof *sheet->values, error);
    sheet->checks = sheet->values ? eg_alloc(plot->ctx, count, sizeof *sheet->checks, error) : NULL;
    sheet->position =
        sheet->checks ? eg_alloc(plot->ctx, count, sizeof *sheet->position, error) : NULL;
    sheet->cells = sheet->position ? eg_calloc(plot->ctx, count, 1, error) : NULL;
    if (!sheet->cells)
        return eg_failed(error);
    eg_status status = sample_grid(sheet, corner, columns, rows, sheet->values, error);
    if (status == EG_OK)
        status = sample_grid(sheet, inside, columns - 1, rows - 1, sheet->checks, error);
    return status == EG_OK ? rank_samples(sheet, levels, level_count, error) : status;
}

void eg_sheet_free(eg_sheet *sheet)
{
    eg_free(sheet->values);
    eg_free(sheet->checks);
    eg_free(sheet->position);
    eg_free(sheet->cells);
    *sheet = (eg_sheet){0};
}

/* ---- crossings ---- */

/* A side of a cell that a level crosses: the bracket of the crossing, in parts of the side. */
typedef struct crossing {
    size_t sample;
    bool up;                     /* from the sample up, else to the right */
    double low, high;            /* ends of the bracket; equal at a sample on the level */
    double at_low, at_high, try; /* differences from the level there; next place tried */
} crossing;

/* Lists the sides that the level crosses, next to cells that are drawn. Returns their number;
 * `list` may be NULL. */
static size_t list_crossings(const eg_sheet *s, double level, crossing list[])
{
    size_t count = 0;
    for (size_t i = 0; i < s->columns * s->rows; i++)
        for (int up = 0; up < 2; up++) {
            if (up ? i / s->columns + 1 == s->rows : i % s->columns + 1 == s->columns)
                continue;
            double a = s->values[i], b = s->values[up ? i + s->columns : i + 1];
            if (!isfinite(a) || !isfinite(b) || (a >= level) == (b >= level))
                continue;
            if (list)
                list[count] = (crossing){i, up, b == level, a != level, a - level, b - level, 0};
            count++;
        }
    return count;
}

/* Chooses the next place by linear interpolation, kept off the ends of the bracket. */
static void choose_place(crossing *c)
{
    double part = c->at_low / (c->at_low - c->at_high), size = c->high - c->low;
    part = part >= 0 && part <= 1 ? part : 0.5; /* the difference overflowed */
    c->try = size > 0 ? c->low + size * fmax(0.01, fmin(0.99, part)) : c->low;
}

/* Narrows the bracket by the value tried (Illinois: an end that stays counts half). */
static void narrow(crossing *c, double value, double level)
{
    double difference = value - level;
    if (!isfinite(difference))
        return;
    if ((difference >= 0) == (c->at_low >= 0)) {
        c->low = c->try;
        c->at_low = difference;
        c->at_high /= 2;
    } else {
        c->high = c->try;
        c->at_high = difference;
        c->at_low /= 2;
    }
}

/* Solves f = level on all sides at once. */
static eg_status solve_crossings(const eg_sheet *s, double level, crossing list[], size_t count,
                                 eg_error *error)
{
    double *x = eg_alloc(s->plot->ctx, count, 3 * sizeof *x, error);
    double *y = x + count, *values = y + count;
    eg_status status = x ? EG_OK : eg_failed(error);
    for (int round = 0; round < ROUNDS && status == EG_OK; round++) {
        size_t open = 0;
        for (size_t k = 0; k < count; k++) {
            crossing *c = &list[k];
            if (c->high - c->low <= CLOSE)
                continue;
            choose_place(c);
            size_t column = c->sample % s->columns, row = c->sample / s->columns;
            eg_sheet_at(s, (double)column + (c->up ? 0 : c->try),
                        (double)row + (c->up ? c->try : 0), x + open, y + open);
            open++;
        }
        if (open == 0)
            break;
        status = s->f(s->opaque, x, y, open, values, error);
        open = 0;
        for (size_t k = 0; k < count && status == EG_OK; k++)
            if (list[k].high - list[k].low > CLOSE)
                narrow(&list[k], values[open++], level);
    }
    eg_free(x);
    return status;
}

/* Stores the place of each crossing in the arrays of the contour. */
static void store_crossings(crossing list[], size_t count, double *right, double *up)
{
    for (size_t k = 0; k < count; k++) {
        crossing *c = &list[k];
        choose_place(c);
        (c->up ? up : right)[c->sample] = c->try;
    }
}

eg_status eg_sheet_contour(const eg_sheet *sheet, double level,
                           void (*found)(void *opaque, const eg_curve *curve), void *opaque,
                           eg_error *error)
{
    eg_context *ctx = sheet->plot->ctx;
    size_t samples = sheet->columns * sheet->rows, count = list_crossings(sheet, level, NULL);
    eg_contour_grid grid = {sheet->values, sheet->columns, sheet->rows, .cells = sheet->cells};
    if (count == 0)
        return EG_OK;
    double *places = eg_alloc(ctx, samples, 2 * sizeof *places, error);
    crossing *list = places ? eg_alloc(ctx, count, sizeof *list, error) : NULL;
    eg_status status = list ? EG_OK : eg_failed(error);
    if (status == EG_OK) {
        list_crossings(sheet, level, list);
        status = solve_crossings(sheet, level, list, count, error);
    }
    if (status == EG_OK) {
        store_crossings(list, count, places, places + samples);
        grid.right = places;
        grid.up = places + samples;
        status = eg_contour(ctx, &grid, level, found, opaque, error);
    }
    eg_free(list);
    eg_free(places);
    return status;
}
