/* SPDX-License-Identifier: MIT */
/*
 * A walk down one tile (some columns of a strip) that hands out the 3 x 3 windows of its rows.
 * Heights are widened once and kept in a ring of three rows; edges and missing cells are settled
 * here, and rasters that are stored south up or west first turned, so that kernels know nothing of
 * any of it.
 */
#ifndef EG_TERRAIN_WINDOW_H
#define EG_TERRAIN_WINDOW_H

#include "core/band.h"
#include "terrain/kernels.h"

enum { EG_TERRAIN_TILE = 1024 }; /* columns: the rows of a tile stay near */

/* What does not change during an operation. */
typedef struct eg_window_options {
    const eg_elevation_kernels *kernels;
    eg_widen_kernel *widen;
    double nodata;                      /* samples of this value are missing; NaN: none */
    eg_slope_kernel *slope;             /* NULL: p and q are not needed */
    eg_extrapolate_kernel *extrapolate; /* makes cells outside the raster; NULL: they are missing,
                                   and a cell beside one is too */
    bool repeat_corners;       /* ... but at the corners as gdaldem does it, see window.c */
    bool flipped_x, flipped_y; /* columns run westwards, rows northwards */
} eg_window_options;

typedef struct eg_window_iterator {
    const eg_window_options *options;
    const eg_band *band;
    size_t x0, width;
    size_t ready;      /* source rows before this one are in the ring */
    size_t missing[3]; /* cells missing in the rows of the ring */
    bool any_valid;    /* a cell that is not missing was seen */
    double *memory;
} eg_window_iterator;

size_t eg_window_iterator_scratch(void); /* bytes */

/* Columns x0 .. x0 + width - 1 (at most EG_TERRAIN_TILE), from row `first` on. */
void eg_window_iterator_begin(eg_window_iterator *iterator, const eg_window_options *options,
                              const eg_band *band, size_t x0, size_t width, size_t first,
                              void *scratch);

/* The windows of row y, which ascends by one from call to call. window->scales is there already. */
void eg_window_iterator_row(eg_window_iterator *iterator, size_t y, eg_window *window);

#endif
