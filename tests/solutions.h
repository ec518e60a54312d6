/* SPDX-License-Identifier: MIT */
/* Solving of problems given as text. */
#ifndef TESTS_SOLUTIONS_H
#define TESTS_SOLUTIONS_H

#include "support.h"

/* A problem with its numbers and its solutions. */
typedef struct solving {
    eg_reals *reals;
    eg_expr *expr[8];
    eg_solutions *found;
    eg_trace *curve;
} solving;

/* Find the critical points of a function. box: the ends of each range, as text; options: NULL: the
 * defaults, with a time that is never over. critical_of() fails the test on error. */
solving critical_of(eg_context *ctx, const char *text, const char *const box[],
                    const eg_solve_options *options);
eg_status try_critical_of(eg_context *ctx, const char *text, const char *const box[],
                          const eg_solve_options *options, solving *s, eg_error *error);

/* Finds the solutions of equations, expressions that are to be 0. */
solving solutions_of(eg_context *ctx, const char *const texts[], size_t count,
                     const char *const box[]);

/* Finds the extrema of a function under constraints, of which the last `inequalities` are <= 0. */
solving extrema_of(eg_context *ctx, const char *text, const char *const constraints[], size_t count,
                   size_t inequalities, const char *const box[]);

/* Traces a curve. */
solving curve_of(eg_context *ctx, const char *text, const char *const box[]);

void solving_free(solving *s);

#endif
