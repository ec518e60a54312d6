/* SPDX-License-Identifier: MIT */
/* Computes what a plot shades: the positions of the samples among the levels, smoothed where they
 * do not represent the function, and refined at poles, jumps and edges of the domain. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "plot/sheet.h"

enum { AROUND = EG_SHEET_AROUND, FINE = 3 }; /* FINE: parts of a refined cell on each side */

void eg_sheet_sum_around(const eg_sheet *s, double numbers[], double scratch[])
{
    const size_t columns = s->columns, rows = s->rows;
    for (size_t row = 0; row < rows; row++) {
        double *line = numbers + row * columns, sum = 0;
        for (size_t i = 0; i < columns + AROUND; i++) {
            sum += i < columns ? line[i] : 0;
            sum -= i > 2 * AROUND ? line[i - 2 * AROUND - 1] : 0;
            if (i >= AROUND)
                scratch[row * columns + i - AROUND] = sum;
        }
    }
    for (size_t column = 0; column < columns; column++) {
        double sum = 0;
        for (size_t i = 0; i < rows + AROUND; i++) {
            sum += i < rows ? scratch[i * columns + column] : 0;
            sum -= i > 2 * AROUND ? scratch[(i - 2 * AROUND - 1) * columns + column] : 0;
            if (i >= AROUND)
                numbers[(i - AROUND) * columns + column] = sum;
        }
    }
}

/* Returns the position of the check in the cell to the upper right of sample i; NaN without one. */
static double check_position(const eg_sheet *s, size_t i)
{
    size_t x = i % s->columns, y = i / s->columns;
    if (x + 1 == s->columns || y + 1 == s->rows)
        return (double)NAN;
    return eg_level_position(s->levels, s->level_count, s->checks[y * (s->columns - 1) + x]);
}

/* Writes the positions of the samples, in dense areas the means of samples and checks around. */
static eg_status smooth_dense(const eg_sheet *s, double positions[], eg_error *error)
{
    size_t count = s->columns * s->rows;
    double *mean = eg_alloc(s->plot->ctx, count, 3 * sizeof *mean, error);
    if (!mean)
        return eg_failed(error);
    double *numbers = mean + count, *scratch = numbers + count;
    for (size_t i = 0; i < count; i++) {
        double check = check_position(s, i), here = s->position[i];
        mean[i] = (isfinite(here) ? here : 0) + (isfinite(check) ? check : 0);
        numbers[i] = isfinite(here) + isfinite(check);
    }
    eg_sheet_sum_around(s, mean, scratch);
    eg_sheet_sum_around(s, numbers, scratch);
    memcpy(positions, s->position, count * sizeof *positions);
    for (size_t i = 0; i < count; i++)
        if (s->cells[i] & EG_CELL_DENSE)
            positions[i] = numbers[i] > 0 ? mean[i] / numbers[i] : (double)NAN;
    eg_free(mean);
    return EG_OK;
}

/* ---- refinement ---- */

/* Returns true if the cell to the upper right of sample i has a pole, a jump or an edge of the
 * domain. */
static bool is_refined(const eg_sheet *s, size_t i)
{
    size_t x = i % s->columns, y = i / s->columns;
    if (x + 1 == s->columns || y + 1 == s->rows || (s->cells[i] & EG_CELL_DENSE))
        return false;
    const double *p = s->position + i, *q = p + s->columns;
    int values = isfinite(p[0]) + isfinite(p[1]) + isfinite(q[0]) + isfinite(q[1]);
    return (s->cells[i] & EG_CELL_BROKEN) || (values > 0 && values < 4);
}

static size_t count_refined(const eg_sheet *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->columns * s->rows; i++)
        count += is_refined(s, i);
    return count;
}

/* Fills a grid FINE times as fine by bilinear interpolation. */
static void interpolate(const eg_sheet *s, const double coarse[], double fine[], size_t columns,
                        size_t rows)
{
    for (size_t i = 0; i < columns * rows; i++) {
        size_t x = i % columns, y = i / columns;
        size_t left = x / FINE < s->columns - 1 ? x / FINE : s->columns - 2;
        size_t below = y / FINE < s->rows - 1 ? y / FINE : s->rows - 2;
        double u = (double)(x - FINE * left) / FINE, v = (double)(y - FINE * below) / FINE;
        const double *p = coarse + below * s->columns + left, *q = p + s->columns;
        double lower = u == 0 ? p[0] : u == 1 ? p[1] : p[0] + u * (p[1] - p[0]);
        double upper = u == 0 ? q[0] : u == 1 ? q[1] : q[0] + u * (q[1] - q[0]);
        fine[i] = v == 0 ? lower : v == 1 ? upper : lower + v * (upper - lower);
    }
}

/* Evaluates the function at all points of the fine grid in refined cells. */
static eg_status sample_refined(const eg_sheet *s, double fine[], size_t columns, size_t cells,
                                eg_error *error)
{
    enum { POINTS = (FINE + 1) * (FINE + 1) };
    size_t count = cells * POINTS, next = 0;
    double *x = eg_alloc(s->plot->ctx, count, 3 * sizeof *x, error);
    if (!x)
        return eg_failed(error);
    double *y = x + count, *values = y + count;
    for (size_t i = 0; i < s->columns * s->rows; i++)
        for (size_t k = 0; k < POINTS && is_refined(s, i); k++, next++) {
            size_t column = i % s->columns, row = i / s->columns;
            size_t right = k % (FINE + 1), down = k / (FINE + 1);
            eg_sheet_at(s, (double)column + (double)right / FINE, (double)row + (double)down / FINE,
                        x + next, y + next);
        }
    eg_status status = s->f(s->opaque, x, y, count, values, error);
    next = 0;
    for (size_t i = 0; i < s->columns * s->rows && status == EG_OK; i++)
        for (size_t k = 0; k < POINTS && is_refined(s, i); k++) {
            size_t column = i % s->columns * FINE + k % (FINE + 1);
            size_t row = i / s->columns * FINE + k / (FINE + 1);
            fine[row * columns + column] =
                eg_level_position(s->levels, s->level_count, values[next++]);
        }
    eg_free(x);
    return status;
}

eg_status eg_sheet_shade(const eg_sheet *s, double **positions, size_t *columns, size_t *rows,
                         eg_error *error)
{
    eg_context *ctx = s->plot->ctx;
    size_t cells = count_refined(s);
    double *coarse = eg_alloc(ctx, s->columns * s->rows, sizeof *coarse, error);
    if (!coarse)
        return eg_failed(error);
    *columns = s->columns;
    *rows = s->rows;
    eg_status status = smooth_dense(s, coarse, error);
    if (status != EG_OK || cells == 0) {
        *positions = coarse;
        return status;
    }
    *columns = FINE * (s->columns - 1) + 1;
    *rows = FINE * (s->rows - 1) + 1;
    *positions = eg_alloc(ctx, *columns * *rows, sizeof **positions, error);
    if (*positions) {
        interpolate(s, coarse, *positions, *columns, *rows);
        status = sample_refined(s, *positions, *columns, cells, error);
    } else {
        status = eg_failed(error);
    }
    eg_free(coarse);
    return status;
}
