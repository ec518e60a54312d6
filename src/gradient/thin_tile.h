/* SPDX-License-Identifier: MIT */
/* Thinned magnitudes of an operator's responses, in one tile. */
#ifndef EG_GRADIENT_THIN_TILE_H
#define EG_GRADIENT_THIN_TILE_H

#include "gradient/derivative.h"

/* A map of thinned magnitudes; the derivative stage keeps shifts if its samples are floats. */
typedef struct eg_thin_map {
    const eg_derivative_stage *derivative;
    eg_map_kernel *magnitude;
    eg_keep_kernel *keep_larger; /* of the responses of two planes */
    size_t planes;
} eg_thin_map;

/* Receives the values of row y. */
typedef void eg_thin_write(void *opaque, size_t y, const float *values);

/* Returns the bytes of scratch memory, which must be zeroed once. */
size_t eg_thin_tile_scratch(const eg_thin_map *map);

/* Computes rows y0 .. y1 - 1 of the `width` columns from x0 on, from top to bottom. Missing pixels
 * are NaN. */
void eg_thin_tile(const eg_thin_map *map, const eg_band views[], size_t x0, size_t width, size_t y0,
                  size_t y1, void *scratch, eg_thin_write *write, void *opaque);

#endif
