/* SPDX-License-Identifier: MIT */
/*
 * Cell sizes in metres, row by row, and the directions of rows and columns.
 *
 *   projected      the cells of the transform, in metres
 *   geographic     on the ellipsoid (WGS 84 if the file names none), at the latitude of the row's
 *                  middle: a degree is (pi/180) M high and (pi/180) N cos(latitude) wide, M and N
 *                  being the radii of curvature of the meridian and of the prime vertical
 *   Web Mercator   as geographic: x and y are spherical Mercator coordinates of ellipsoidal
 *                  latitudes, so a metre of the map is (M / a) cos(latitude) high and
 *                  (N / a) cos(latitude) wide on the ground
 *
 * Rows whose middle is at or beyond a pole have no width: their cells are missing. Rasters do not
 * wrap around at the antimeridian: the first and last columns are borders there too.
 */
#ifndef EG_TERRAIN_GROUND_H
#define EG_TERRAIN_GROUND_H

#include "core/stream.h"

/* Distance of adjacent cells in metres along a row and along a column; NaN if undefined. */
typedef struct eg_cell_size {
    double x, y;
} eg_cell_size;

struct eg_ground {
    double z;                  /* metres per elevation unit, z_factor included */
    bool flipped_x, flipped_y; /* columns run west, rows run north */
    eg_cell_size cell;         /* size in all rows, if row_cells is NULL */
    eg_cell_size *row_cells;   /* size in each row, or NULL; owned */
    size_t row_count;          /* length of row_cells; set by eg_ground_new() */
};

/* Initialises `ground`. `needs_cell_size` false: no map depends on the cell size, which may be
 * unknown. Owns nothing after a failure. EG_USAGE, EG_BAD_INPUT, EG_NO_MEMORY, EG_LIMIT_EXCEEDED.
 */
eg_status eg_ground_init(eg_ground *ground, const eg_source *source,
                         const eg_ground_options *options, bool needs_cell_size, eg_error *error);
void eg_ground_release(eg_ground *ground);

static inline eg_cell_size eg_ground_cell_size(const eg_ground *ground, size_t y)
{
    return ground->row_cells ? ground->row_cells[y] : ground->cell;
}

#endif
