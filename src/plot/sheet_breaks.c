/* SPDX-License-Identifier: MIT */
/*
 * Finds where samples do not represent their function. Between neighbours several levels apart,
 * bisection follows the larger difference: it stays at a pole or a jump, where all level curves
 * would coincide. Where curves are closer than pixels, or the values inside the cells do not fit
 * those at their corners, curves would be false patterns (moire): none is drawn, and the shade is a
 * mean.
 */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "plot/sheet.h"

enum { HALVINGS = 10 }; /* steps of a bisection */

#define JUMP        1.5 /* levels between neighbours that are bisected */
#define SHRUNK      0.5 /* of the difference: neighbours are connected */
#define MANY_JUMPS  0.3 /* part of the sides that makes an area dense */
#define MISFIT      0.8 /* levels by which a value inside a cell may differ from its corners */
#define MANY_MISFIT 0.3 /* part of the cells that makes an area dense */
#define DENSE       0.5 /* level curves a pixel */

/* ---- sums over surroundings ---- */

/* Returns the number of samples in the square around sample i. */
static double area_around(const eg_sheet *s, size_t i)
{
    enum { AROUND = EG_SHEET_AROUND };
    size_t x = i % s->columns, y = i / s->columns;
    size_t left = x < AROUND ? x : AROUND, below = y < AROUND ? y : AROUND;
    size_t right = s->columns - 1 - x < AROUND ? s->columns - 1 - x : AROUND;
    size_t above = s->rows - 1 - y < AROUND ? s->rows - 1 - y : AROUND;
    return (double)((left + right + 1) * (below + above + 1));
}

/* Marks as dense each cell in whose surroundings the mean of the numbers exceeds `limit`. */
static void mark_dense(eg_sheet *s, double numbers[], double scratch[], double limit)
{
    eg_sheet_sum_around(s, numbers, scratch);
    for (size_t i = 0; i < s->columns * s->rows; i++)
        if (numbers[i] > limit * area_around(s, i))
            s->cells[i] |= EG_CELL_DENSE;
}

/* ---- sides of cells ---- */

/* Returns the levels between sample i and its right or upper neighbour; 0 without one. */
static double side_levels(const eg_sheet *s, size_t i, bool up)
{
    if (up ? i / s->columns + 1 == s->rows : i % s->columns + 1 == s->columns)
        return 0;
    double levels = fabs(s->position[up ? i + s->columns : i + 1] - s->position[i]);
    return levels >= 0 ? levels : 0; /* not NaN */
}

typedef struct cell_side {
    size_t sample;
    bool up, open;               /* open: neither connected nor known to be broken */
    double low, high;            /* parts of the side */
    double at_low, at_high, all; /* positions there; difference at first */
} cell_side;

/* Lists the sides outside dense areas that span several levels. Returns their number; `list` may be
 * NULL. */
static size_t list_sides(const eg_sheet *s, cell_side list[])
{
    size_t count = 0;
    for (size_t i = 0; i < s->columns * s->rows; i++)
        for (int up = 0; up < 2; up++) {
            double levels = side_levels(s, i, up);
            if (levels <= JUMP || (s->cells[i] & EG_CELL_DENSE))
                continue;
            if (list)
                list[count] = (cell_side){
                    i,     up, true, 0, 1, s->position[i], s->position[up ? i + s->columns : i + 1],
                    levels};
            count++;
        }
    return count;
}

static void halve(cell_side *side, double position)
{
    double middle = (side->low + side->high) / 2;
    double left = fabs(position - side->at_low), right = fabs(side->at_high - position);
    if (isnan(position)) { /* no value: broken */
        side->open = false;
        side->all = 0;
        return;
    }
    if (left > right) {
        side->high = middle;
        side->at_high = position;
    } else {
        side->low = middle;
        side->at_low = position;
    }
    side->open = fmax(left, right) > SHRUNK * side->all;
    if (!side->open)
        side->all = (double)INFINITY; /* connected */
}

/* Bisects all sides at once, and marks those that are broken. */
static eg_status bisect_sides(eg_sheet *s, cell_side list[], size_t count, eg_error *error)
{
    double *x = eg_alloc(s->plot->ctx, count, 3 * sizeof *x, error);
    double *y = x + count, *values = y + count;
    eg_status status = x ? EG_OK : eg_failed(error);
    for (int round = 0; round < HALVINGS && status == EG_OK; round++) {
        size_t open = 0;
        for (size_t k = 0; k < count; k++) {
            if (!list[k].open)
                continue;
            double middle = (list[k].low + list[k].high) / 2;
            size_t column = list[k].sample % s->columns, row = list[k].sample / s->columns;
            eg_sheet_at(s, (double)column + (list[k].up ? 0 : middle),
                        (double)row + (list[k].up ? middle : 0), x + open, y + open);
            open++;
        }
        if (open == 0)
            break;
        status = s->f(s->opaque, x, y, open, values, error);
        open = 0;
        for (size_t k = 0; k < count && status == EG_OK; k++)
            if (list[k].open)
                halve(&list[k], eg_level_position(s->levels, s->level_count, values[open++]));
    }
    for (size_t k = 0; k < count && status == EG_OK; k++)
        if (isfinite(list[k].all))
            s->cells[list[k].sample] |= list[k].up ? EG_CELL_BREAK_UP : EG_CELL_BREAK_RIGHT;
    eg_free(x);
    return status;
}

static eg_status find_broken_sides(eg_sheet *s, eg_error *error)
{
    size_t count = list_sides(s, NULL);
    if (count == 0)
        return EG_OK;
    cell_side *list = eg_alloc(s->plot->ctx, count, sizeof *list, error);
    if (!list)
        return eg_failed(error);
    list_sides(s, list);
    eg_status status = bisect_sides(s, list, count, error);
    eg_free(list);
    return status;
}

/* ---- cells ---- */

/* Returns true if a side of the cell to the upper right of sample i is broken. */
static bool is_broken(const eg_sheet *s, size_t i)
{
    bool broken = s->cells[i] & (EG_CELL_BREAK_RIGHT | EG_CELL_BREAK_UP);
    if (i % s->columns + 1 < s->columns)
        broken |= s->cells[i + 1] & EG_CELL_BREAK_UP;
    if (i / s->columns + 1 < s->rows)
        broken |= s->cells[i + s->columns] & EG_CELL_BREAK_RIGHT;
    return broken;
}

/* Returns true if the value inside a cell does not fit those at its corners. */
static bool is_unlike_corners(const eg_sheet *s, size_t i)
{
    size_t x = i % s->columns, y = i / s->columns;
    if (x + 1 == s->columns || y + 1 == s->rows)
        return false;
    const double *p = s->position + i, *q = p + s->columns;
    double lower = p[0] + EG_CHECK_X * (p[1] - p[0]), upper = q[0] + EG_CHECK_X * (q[1] - q[0]);
    double check =
        eg_level_position(s->levels, s->level_count, s->checks[y * (s->columns - 1) + x]);
    return fabs(check - lower - EG_CHECK_Y * (upper - lower)) > MISFIT; /* false for NaN */
}

/* Computes the level curves a pixel at sample i, poles and jumps left out. */
static double curves_a_pixel(const eg_sheet *s, size_t i)
{
    const eg_frame *f = &s->plot->frame;
    double right = s->cells[i] & EG_CELL_BREAK_RIGHT ? 0 : side_levels(s, i, false);
    double up = s->cells[i] & EG_CELL_BREAK_UP ? 0 : side_levels(s, i, true);
    return hypot(right * (double)(s->columns - 1) / (f->right - f->left),
                 up * (double)(s->rows - 1) / (f->bottom - f->top));
}

eg_status eg_sheet_find_breaks(eg_sheet *s, eg_error *error)
{
    size_t count = s->columns * s->rows;
    if (s->level_count < 2)
        return EG_OK;
    double *numbers = eg_alloc(s->plot->ctx, count, 2 * sizeof *numbers, error);
    if (!numbers)
        return eg_failed(error);
    double *scratch = numbers + count;
    for (size_t i = 0; i < count; i++)
        numbers[i] = 0.5 * ((side_levels(s, i, false) > JUMP) + (side_levels(s, i, true) > JUMP));
    mark_dense(s, numbers, scratch, MANY_JUMPS);
    eg_status status = find_broken_sides(s, error);
    if (status == EG_OK) {
        for (size_t i = 0; i < count; i++)
            numbers[i] = curves_a_pixel(s, i);
        mark_dense(s, numbers, scratch, DENSE);
        for (size_t i = 0; i < count; i++)
            numbers[i] = is_unlike_corners(s, i) && !is_broken(s, i);
        mark_dense(s, numbers, scratch, MANY_MISFIT);
        for (size_t i = 0; i < count; i++) {
            s->cells[i] |= is_broken(s, i) ? EG_CELL_BROKEN | EG_CELL_SKIP : 0;
            s->cells[i] |= s->cells[i] & EG_CELL_DENSE ? EG_CELL_SKIP : 0;
        }
    }
    eg_free(numbers);
    return status;
}
