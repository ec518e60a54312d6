/* SPDX-License-Identifier: MIT */
/* Level curves of values on a grid. */
#ifndef EG_PLOT_CONTOUR_H
#define EG_PLOT_CONTOUR_H

#include "edgegrad.h"

/* One curve of many points x, y, in columns and rows of the grid. Where it is closed, the first
 * comes again at the end. */
typedef struct eg_curve {
    const double *points;
    size_t count;
    bool closed;
} eg_curve;

/* Calls found() with every curve on which the values, linear between neighbours, are `level`. Cells
 * that have a value that is not finite have no curves. */
eg_status eg_contour(eg_context *ctx, const double values[], size_t columns, size_t rows,
                     double level, void (*found)(void *opaque, const eg_curve *curve), void *opaque,
                     eg_error *error);

#endif
