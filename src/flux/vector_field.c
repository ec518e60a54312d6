/* SPDX-License-Identifier: MIT */
/* Bilinear interpolation of a vector field. */
#include "flux/vector_field.h"
#include "core/portable_math.h"

#include <math.h>

static double sample_at(const eg_grid *grid, size_t x, size_t y)
{
    const void *row = (const char *)grid->data + y * grid->stride;
    return grid->sample == EG_F64 ? ((const double *)row)[x] : (double)((const float *)row)[x];
}

/* Returns the samples of one row, linearly interpolated; one without weight may be NaN. */
static double interpolate_row(const eg_grid *grid, size_t x, size_t y, double t)
{
    const double left = sample_at(grid, x, y);
    return t == 0 ? left : (1 - t) * left + t * sample_at(grid, x + 1, y);
}

bool eg_bilinear(const eg_grid *grid, const double end[2], const double at[2], double *value)
{
    if (!(at[0] >= 0 && at[0] <= end[0] && at[1] >= 0 && at[1] <= end[1]))
        return false;
    const size_t x = (size_t)at[0], y = (size_t)at[1];
    const double tx = at[0] - (double)x, ty = at[1] - (double)y;
    *value = interpolate_row(grid, x, y, tx);
    if (ty > 0)
        *value = (1 - ty) * *value + ty * interpolate_row(grid, x, y + 1, tx);
    return !isnan(*value);
}

bool eg_vector_field_direction(const eg_sampled_field *field, const double at[2],
                               double direction[2])
{
    double column, row;
    if (!eg_bilinear(field->columns, field->end, at, &column) ||
        !eg_bilinear(field->rows, field->end, at, &row))
        return false;
    const double length = eg_hypotenuse(column, row);
    direction[0] = column / length;
    direction[1] = row / length;
    return length > 0 && isfinite(length);
}
