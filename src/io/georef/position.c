/* SPDX-License-Identifier: MIT */
/* The position of one raster in the cell grid of another. */
#include <math.h>

#include "io/georef/georef_source.h"

/* Largest relative difference of cell sizes, largest distance of cells in cells, and largest
 * position in cells. */
#define SIZE_TOLERANCE 1e-6
#define CELL_TOLERANCE 0.01
#define POSITION_MAX   0x1p40

/* Ratio of rotation to scale terms up to which a transform counts as north up: rounding errors. */
#define ROTATION_TOLERANCE 1e-9

static bool is_upright(const double t[6])
{
    return fabs(t[2]) <= ROTATION_TOLERANCE * fabs(t[1]) &&
           fabs(t[4]) <= ROTATION_TOLERANCE * fabs(t[5]);
}

/* Sets *position to the distance of two coordinates in cells, if that is a whole number. */
static bool whole_cells(ptrdiff_t *position, double distance, double cell, double other_cell)
{
    double cells = distance / cell, nearest = round(cells);
    if (!(fabs(cell - other_cell) <= SIZE_TOLERANCE * fabs(cell)) ||
        !(fabs(nearest) <= POSITION_MAX) || !(fabs(cells - nearest) <= CELL_TOLERANCE))
        return false;
    *position = (ptrdiff_t)nearest;
    return true;
}

bool eg_georef_position(const eg_georef *georef, const eg_georef *other, ptrdiff_t *column,
                        ptrdiff_t *row)
{
    const double *t = georef->transform, *to = other->transform;
    return georef->located && other->located && is_upright(t) && is_upright(to) &&
           whole_cells(column, to[0] - t[0], t[1], to[1]) &&
           whole_cells(row, to[3] - t[3], t[5], to[5]) && eg_georef_same_system(georef, other);
}
