/* SPDX-License-Identifier: MIT */
/*
 * How large cells are on the ground, row by row, and which way rows and columns run.
 *
 *   projected     cells of the transform, in metres
 *   geographic    on the ellipsoid (WGS 84 where the file does not say), at the latitude of the
 * row's middle: a degree is (pi/180) M high and (pi/180) N cos(latitude) wide, M and N being the
 * radii of curvature of the meridian and of the prime vertical Web Mercator  the same: x and y are
 * a sphere's Mercator coordinates of latitudes on the ellipsoid, so that a metre of the map is (M /
 * a) cos(latitude) high and (N / a) cos(latitude) wide
 *
 * Rows whose middle is at or beyond a pole have no width: their cells are missing. Nothing wraps
 * around at the antimeridian: the first and last columns are edges there too.
 */
#ifndef EG_TERRAIN_GROUND_H
#define EG_TERRAIN_GROUND_H

#include "core/stream.h"

/* Metres from cell to cell along a row and along a column; NaN where that is undefined. */
typedef struct eg_cell_size {
    double x, y;
} eg_cell_size;

struct eg_ground {
    double z;                  /* metres in a unit of height, z_factor included */
    bool flipped_x, flipped_y; /* columns run westwards, rows northwards */
    eg_cell_size cell;         /* of all rows, or ... */
    eg_cell_size *row_cells;   /* ... of each; NULL: all alike. Released by eg_ground_release() */
    size_t row_count;          /* how many `row` has, where eg_ground_new() made it */
};

/* `measured`: false where no map depends on the size of cells, which need not be known then. On
 * failure there is nothing to release. EG_USAGE, EG_BAD_INPUT, EG_NO_MEMORY, EG_LIMIT_EXCEEDED. */
eg_status eg_ground_init(eg_ground *ground, const eg_source *source,
                         const eg_ground_options *options, bool needs_cell_size, eg_error *error);
void eg_ground_release(eg_ground *ground);

static inline eg_cell_size eg_ground_cell_size(const eg_ground *ground, size_t y)
{
    return ground->row_cells ? ground->row_cells[y] : ground->cell;
}

#endif
