/* SPDX-License-Identifier: MIT */
/*
 * A field: value, gradient and Hessian at a point, for rasters. Used by eg_flow_path() and
 * eg_grid_interpolate().
 */
#ifndef EG_GRADIENT_FIELD_H
#define EG_GRADIENT_FIELD_H

#include "edgegrad.h"

typedef struct eg_field {
    size_t dimension;
    /* Computes the value at a point of `dimension` coordinates, its gradient and its symmetric
     * Hessian (row by row); each may be NULL. NaN if the field is undefined there. Thread-safe. */
    eg_status (*at)(const struct eg_field *field, const double point[], double *value,
                    double gradient[], double hessian[], eg_error *error);
    const void *opaque;
} eg_field;

/* Initialises a field that interpolates `grid`, which must outlive it; bicubic, see
 * eg_grid_interpolate(). EG_USAGE: the grid is empty or holds bits. */
eg_status eg_field_grid(eg_field *field, const eg_grid *grid, eg_error *error);

#endif
