/* SPDX-License-Identifier: MIT */
/* Exact limits of an expression along one path, and expressions whose kinks do not matter. */
#ifndef EG_SURFACE_SINGULAR_PATH_SERIES_H
#define EG_SURFACE_SINGULAR_PATH_SERIES_H

#include "real/singular.h"

/* An expression at a point. */
typedef struct eg_path_problem {
    eg_operations at;
    const bool *known; /* by operation: it has a value at the point */
    const bool *jumps; /* by operation: it may tend to another value */
    size_t variables;
    const eg_real *point;
    eg_real value;   /* f at the point; EG_REAL_NONE: undefined, which is proven */
    double deadline; /* by eg_seconds() */
} eg_path_problem;

/* Sets limit and slope of a path as far as they can be proven; sets `proven` of both.
 * (path_series.c) */
eg_status eg_path_series(const eg_path_problem *problem, eg_path_limit *path, eg_error *error);

/* Sets *differentiable to true, and gradient[] to numbers, if f is differentiable because it does
 * not depend on any of the singular operations to first order. (kinks.c) */
eg_status eg_kinks_vanish(const eg_path_problem *problem, const eg_singular_list *singular,
                          bool *differentiable, eg_real gradient[], eg_error *error);

#endif
