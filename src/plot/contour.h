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

/* Flags of the cell to the upper right of a sample. */
enum {
    EG_CELL_BREAK_RIGHT = 1, /* a pole or jump between the sample and its right neighbour */
    EG_CELL_BREAK_UP = 2,    /* between it and its upper neighbour */
    EG_CELL_DENSE = 4,       /* level curves would be closer than pixels */
    EG_CELL_SKIP = 8,        /* no curve enters the cell */
    EG_CELL_BROKEN = 16      /* a side of the cell is broken */
};

typedef struct eg_contour_grid {
    const double *values;
    size_t columns, rows;
    const double *right, *up; /* where the level crosses the side from a sample to its right or
                                 upper neighbour, 0 .. 1; NULL: by linear interpolation */
    const uint8_t *cells;     /* flags by sample; NULL: none */
} eg_contour_grid;

/* Calls found() with each curve of one level. No curve enters a cell with a corner that is not
 * finite. */
eg_status eg_contour(eg_context *ctx, const eg_contour_grid *grid, double level,
                     void (*found)(void *opaque, const eg_curve *curve), void *opaque,
                     eg_error *error);

#endif
