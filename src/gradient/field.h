/* SPDX-License-Identifier: MIT */
/*
 * A field: a function of a point that knows its derivatives, whatever is behind it. The mathematics
 * of surfaces and of descent is written against this, so that a raster is as good as a formula.
 */
#ifndef EG_GRADIENT_FIELD_H
#define EG_GRADIENT_FIELD_H

#include "edgegrad.h"

typedef struct eg_field {
    size_t dimension;
    /* The value at a point of `dimension` coordinates, its gradient and its symmetric Hessian (row
     * by row); each may be NULL. NaN where there is no value. Safe from any thread. */
    eg_status (*at)(const struct eg_field *field, const double point[], double *value,
                    double gradient[], double hessian[], eg_error *error);
    const void *opaque;
} eg_field;

/* The field between the samples of `grid`, which must outlive it (field_grid.c): bicubic, see
 * eg_grid_interpolate(). EG_USAGE: the grid is empty, or holds bits. */
eg_status eg_field_grid(eg_field *field, const eg_grid *grid, eg_error *error);

#endif
