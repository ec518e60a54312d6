/* SPDX-License-Identifier: MIT */
/* Level curves of a grid of values. */
#ifndef EG_PLOT_CONTOUR_H
#define EG_PLOT_CONTOUR_H

#include "edgegrad.h"

/* A curve of points x, y in columns and rows of the grid. The last point of a closed curve equals
 * the first. */
typedef struct eg_curve {
    const double *points;
    size_t count;
    bool closed;
} eg_curve;

/* Calls found() with each curve of one level, the values being interpolated linearly between
 * neighbours. No curve enters a cell with a corner that is not finite. */
eg_status eg_contour(eg_context *ctx, const double values[], size_t columns, size_t rows,
                     double level, void (*found)(void *opaque, const eg_curve *curve), void *opaque,
                     eg_error *error);

#endif
