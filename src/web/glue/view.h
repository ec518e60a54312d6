/* SPDX-License-Identifier: MIT */
/* Level curves of values on a grid. */
#ifndef EG_WEB_VIEW_H
#define EG_WEB_VIEW_H

#include "web/glue/web.h"

/* A grid of values over ranges, borders included, row 0 at y[0]. */
typedef struct view_grid {
    double x[2], y[2];
    size_t columns, rows;
} view_grid;

/* Answers with levels and lines of the values, the first columns * rows numbers of the answer, and
 * adds the points of the lines. `own` is the level of a line of its own; NaN: none. */
eg_status view_reply_levels(const view_grid *grid, double own, eg_error *error);

#endif
