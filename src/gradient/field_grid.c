/* SPDX-License-Identifier: MIT */
/*
 * A raster as a field: cubic convolution (Keys 1981, a = -1/2) along rows, then down the columns.
 * It interpolates the samples, its slope at a sample is the central difference, and it reproduces
 * quadratics exactly.
 */
#include "gradient/field.h"

#include <math.h>

#include "core/status.h"
#include "gradient/cubic.h"

/* Indices of the four samples at -1, 0, 1 and 2; the interpolated position is 0 <= t <= 1. */
enum { BEFORE, HERE, NEXT, AFTER, TAPS };

typedef struct cubic_weights {
    double value[TAPS], slope[TAPS], second[TAPS];
} cubic_weights;

/* Value, first and second derivative of the interpolant at t. */
typedef struct jet {
    double value, slope, second;
} jet;

static cubic_weights weights_at(double t)
{
    cubic_weights w = {
        .slope = {(-1.5 * t + 2) * t - 0.5, (4.5 * t - 5) * t, (-4.5 * t + 4) * t + 0.5,
                  (1.5 * t - 1) * t},
        .second = {-3 * t + 2, 9 * t - 5, -9 * t + 4, 3 * t - 1},
    };
    eg_cubic_weights(t, w.value);
    return w;
}

/* Replaces a missing inner sample if the point lies exactly on the other inner sample: by linear
 * extrapolation of the nearest two, or by the nearest one. Otherwise a missing inner sample stays
 * NaN. */
static void replace_missing_inner(double p[TAPS], double t)
{
    if (isnan(p[HERE]) && t == 1)
        p[HERE] = isnan(p[AFTER]) ? p[NEXT] : 2 * p[NEXT] - p[AFTER];
    if (isnan(p[NEXT]) && t == 0)
        p[NEXT] = isnan(p[BEFORE]) ? p[HERE] : 2 * p[HERE] - p[BEFORE];
}

/* Replaces missing outer samples: on the parabola through the three others, or on the line through
 * the inner two if both are missing. */
static void extrapolate_outer(double p[TAPS])
{
    if (isnan(p[BEFORE]) && isnan(p[AFTER])) {
        p[BEFORE] = 2 * p[HERE] - p[NEXT];
        p[AFTER] = 2 * p[NEXT] - p[HERE];
    } else if (isnan(p[BEFORE])) {
        p[BEFORE] = 3 * (p[HERE] - p[NEXT]) + p[AFTER];
    } else if (isnan(p[AFTER])) {
        p[AFTER] = 3 * (p[NEXT] - p[HERE]) + p[BEFORE];
    }
}

static double dot(const double a[TAPS], const double b[TAPS])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
}

/* Interpolates one row of four samples. `is_inner` allows missing inner samples to be replaced;
 * rows above and below the point are left NaN instead, and then extrapolated as a whole. */
static jet jet_at(double p[TAPS], const cubic_weights *w, double t, bool is_inner)
{
    if (is_inner)
        replace_missing_inner(p, t);
    extrapolate_outer(p);
    return (jet){dot(p, w->value), dot(p, w->slope), dot(p, w->second)};
}

/* Returns sample (x, y) as a double, NaN outside the grid. */
static double sample_at(const eg_grid *grid, ptrdiff_t x, ptrdiff_t y)
{
    if (x < 0 || y < 0 || (size_t)x >= grid->width || (size_t)y >= grid->height)
        return NAN;
    const void *row = (const char *)grid->data + (size_t)y * grid->stride;
    if (grid->sample == EG_U8)
        return ((const uint8_t *)row)[x];
    if (grid->sample == EG_U16)
        return ((const uint16_t *)row)[x];
    if (grid->sample == EG_F64)
        return ((const double *)row)[x];
    return (double)((const float *)row)[x];
}

/* Returns the index of the sample before `coordinate`. The last sample belongs to the last cell. */
static ptrdiff_t cell_of(double coordinate, size_t count)
{
    ptrdiff_t cell = (ptrdiff_t)coordinate;
    return cell > 0 && (size_t)cell == count - 1 ? cell - 1 : cell;
}

static bool inside(double coordinate, size_t count)
{
    return coordinate >= 0 && coordinate <= (double)(count - 1);
}

static eg_status field_grid_at(const eg_field *field, const double point[], double *value,
                               double gradient[], double hessian[], eg_error *error)
{
    const eg_grid *grid = field->opaque;
    double values[TAPS] = {NAN, NAN, NAN, NAN}, slopes[TAPS] = {NAN, NAN, NAN, NAN};
    double seconds[TAPS] = {NAN, NAN, NAN, NAN}, ty = 0;
    cubic_weights down = weights_at(0);
    (void)error;
    if (inside(point[0], grid->width) && inside(point[1], grid->height)) {
        ptrdiff_t x = cell_of(point[0], grid->width), y = cell_of(point[1], grid->height);
        double tx = point[0] - (double)x;
        ty = point[1] - (double)y;
        cubic_weights along = weights_at(tx);
        down = weights_at(ty);
        for (int i = 0; i < TAPS; i++) {
            double row[TAPS];
            for (int k = 0; k < TAPS; k++)
                row[k] = sample_at(grid, x - 1 + k, y - 1 + i);
            jet j = jet_at(row, &along, tx, i == HERE || i == NEXT);
            values[i] = j.value;
            slopes[i] = j.slope;
            seconds[i] = j.second;
        }
    }
    jet f = jet_at(values, &down, ty, true), fx = jet_at(slopes, &down, ty, true);
    jet fxx = jet_at(seconds, &down, ty, true);
    if (value)
        *value = f.value;
    if (gradient)
        gradient[0] = fx.value, gradient[1] = f.slope;
    if (hessian)
        hessian[0] = fxx.value, hessian[1] = hessian[2] = fx.slope, hessian[3] = f.second;
    return EG_OK;
}

eg_status eg_field_grid(eg_field *field, const eg_grid *grid, eg_error *error)
{
    *field = (eg_field){.dimension = 2, .at = field_grid_at, .opaque = grid};
    if (!grid->data || !grid->width || !grid->height || grid->sample == EG_BIT)
        return eg_fail(error, EG_USAGE, "cannot interpolate an empty grid or a grid of bits");
    return EG_OK;
}

eg_status eg_grid_interpolate(const eg_grid *grid, const double point[2], double *value,
                              double gradient[2], double hessian[4], eg_error *error)
{
    eg_field field = {0};
    eg_status status = eg_field_grid(&field, grid, error);
    return status == EG_OK ? field.at(&field, point, value, gradient, hessian, error) : status;
}
