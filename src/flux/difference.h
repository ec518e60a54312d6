/* SPDX-License-Identifier: MIT */
/*
 * Derivatives of a raster per cell, along rows and down columns, in double precision: central
 * differences, and where a neighbour is missing one-sided ones over three or two samples.
 */
#ifndef EG_FLUX_DIFFERENCE_H
#define EG_FLUX_DIFFERENCE_H

#include "core/band.h"
#include "gradient/elevation.h"

enum {
    EG_FLUX_TILE = 1024, /* columns of a tile: its rows stay in the cache */
    EG_FLUX_REACH = 2    /* samples on each side that a derivative may need */
};

/* Iterator over the rows of one tile, some columns of a strip. */
typedef struct eg_difference_rows {
    const eg_band *band;
    eg_widen_kernel *widen;
    double nodata; /* value of missing samples; NaN: none */
    size_t x0, width;
    size_t loaded; /* first row of the raster that has not been loaded */
    size_t missing[2 * EG_FLUX_REACH + 1];
    double *memory;
} eg_difference_rows;

/* Returns the bytes of memory that an iterator needs. */
size_t eg_difference_bytes(void);

/* Begins at row y0 of columns x0 .. x0 + width - 1 (width <= EG_FLUX_TILE). */
void eg_difference_begin(eg_difference_rows *rows, const eg_band *band, eg_widen_kernel *widen,
                         double nodata, size_t x0, size_t width, size_t y0, void *memory);

/* Computes the derivatives of row y, which increases by one from call to call: along[x] per column
 * to the right, down[x] per row downwards. Both are NaN if one has no value. Returns the samples of
 * the row, missing ones NaN. */
const double *eg_difference_row(eg_difference_rows *rows, size_t y, double *along, double *down);

#endif
