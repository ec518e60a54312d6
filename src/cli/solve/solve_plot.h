/* SPDX-License-Identifier: MIT */
/* Plots of --critical, --lagrange with --in and --roots. They return an exit code, after a message
 * unless it is EXIT_DONE, and do nothing without --plot. */
#ifndef CLI_SOLVE_SOLVE_PLOT_H
#define CLI_SOLVE_SOLVE_PLOT_H

#include "cli/solve/solve.h"

/* Draws level curves of f, or the graph of a function of one variable, with the critical points. */
int solve_plot_critical(surface_job *job, const solve_box *box, const eg_solutions *solutions);

/* Draws level curves of f through the points, the constraints, and the gradients at the points. */
int solve_plot_lagrange(surface_job *job, const solve_box *box, const eg_solutions *solutions);

/* Draws the curves of equations, and the points in which they meet. */
int solve_plot_roots(surface_job *job, const solve_box *box, const eg_expr *const equations[],
                     size_t count, const eg_solutions *solutions);

/* Draws a traced curve. */
int solve_plot_curve(surface_job *job, const solve_box *box, const eg_trace *curve);

#endif
