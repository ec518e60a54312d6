/* SPDX-License-Identifier: MIT */
/* A function of several variables on the plane of two of them. */
#ifndef CLI_SURFACE_SURFACE_PLANE_H
#define CLI_SURFACE_SURFACE_PLANE_H

#include "cli/surface/surface.h"

/* `expr` with the variables axes[0] and axes[1] on the axes; the others are as in point[]. */
typedef struct surface_plane {
    const eg_expr *expr;
    const double *point;
    size_t axes[2];
} surface_plane;

/* Evaluates a surface_plane. An eg_plot_field. */
eg_status surface_plane_evaluate(void *opaque, const double x[], const double y[], size_t count,
                                 double values[], eg_error *error);

/* Reads --axes, or takes the first two variables of `expr`. option: that needs them. Returns an
 * exit code, after its message. */
int surface_read_axes(const surface_job *job, const char *option, const eg_expr *expr,
                      size_t axes[2]);

#endif
