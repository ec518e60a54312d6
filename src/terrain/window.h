/* SPDX-License-Identifier: MIT */
/*
 * Iterator over the 3 x 3 windows of one tile (some columns of a strip), row by row. Elevations are
 * widened once and kept in a ring of three rows. Borders, missing cells and rasters stored south up
 * or west first are handled here, so that kernels need not know about them.
 */
#ifndef EG_TERRAIN_WINDOW_H
#define EG_TERRAIN_WINDOW_H

#include "core/band.h"
#include "core/frame.h"
#include "terrain/kernels.h"

enum { EG_TERRAIN_TILE = 1024 }; /* columns of a tile: its rows stay in the cache */

/* Kernels and rules of one operation, shared by all threads. */
typedef struct eg_window_options {
    eg_widen_kernel *widen;
    double nodata;          /* value of missing samples; NaN: none */
    eg_slope_kernel *slope; /* NULL: p and q are not computed */
    /* Makes cells outside the raster. NULL: they are missing, and so is every cell without eight
     * valid neighbours. */
    eg_extrapolate_kernel *extrapolate;
    eg_fill_kernel *fill;      /* makes missing neighbours inside the raster, with `extrapolate` */
    bool fill_outside;         /* where cells are missing, `fill` also makes those outside */
    bool repeat_corners;       /* extrapolate the corners as gdaldem does, see window.c */
    const eg_frame *frame;     /* cells of neighbouring rasters; NULL: none */
    bool frame_missing;        /* some of them are missing */
    bool flipped_x, flipped_y; /* columns run west, rows run north */
} eg_window_options;

typedef struct eg_window_iterator {
    const eg_window_options *options;
    const eg_band *band;
    size_t x0, width;
    size_t ready;      /* first source row that is not in the ring yet */
    size_t missing[3]; /* number of missing cells in each row of the ring */
    bool any_valid;    /* a valid cell was read */
    double *memory;
} eg_window_iterator;

/* Returns the bytes of scratch memory that an iterator needs. */
size_t eg_window_iterator_scratch(void);

/* Starts at row `first` of columns x0 .. x0 + width - 1 (width <= EG_TERRAIN_TILE). */
void eg_window_iterator_begin(eg_window_iterator *iterator, const eg_window_options *options,
                              const eg_band *band, size_t x0, size_t width, size_t first,
                              void *scratch);

/* Sets the windows of row y, which increases by one from call to call. The caller has set
 * window->scales. */
void eg_window_iterator_row(eg_window_iterator *iterator, size_t y, eg_window *window);

#endif
