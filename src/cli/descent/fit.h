/* SPDX-License-Identifier: MIT */
/* Parts of a fit by `edgegrad descent --model`: options, report and plot. */
#ifndef CLI_DESCENT_FIT_H
#define CLI_DESCENT_FIT_H

#include "cli/descent/descent.h"

#define FIT_METHOD                                                                                 \
    "lm" /* the method that eg_fit_solve() is; the others are those of eg_descent() */

enum { FIT_NAME = 256 }; /* bytes of a parameter's name */

typedef struct fit_run {
    descent_run run; /* first member, because print_fit() casts it back */
    eg_table *table;
    eg_fit *fit;
    eg_fit_result solved; /* of --method lm */
    eg_fit_statistics statistics;
    double *covariance;                  /* of the parameters */
    eg_binding fixed[EG_EXPR_VARIABLES]; /* values of --fix */
    char fixed_names[EG_EXPR_VARIABLES + 1][FIT_NAME];
    size_t fixed_count;
} fit_run;

/* ---- fit_options.c: return exit codes, after their message ---- */

extern const cli_group fit_group;

/* Checks the options of fits, and chooses the default of --method. */
int fit_check_options(const cli_args *args, descent_settings *d);

/* Reads --fix into fit->fixed. */
int fit_read_fixed(fit_run *fit);

/* Reads --bounds into fit->fit, and moves the default start into them. */
int fit_read_bounds(fit_run *fit);

/* ---- fit_report.c ---- */

/* Returns true if the run was done by eg_fit_solve(). */
bool fit_is_lm(const fit_run *fit);

/* Prints the report, and the reasons why the end is no minimum with standard errors. */
void fit_report(const fit_run *fit, const char *function);

/* Returns 0 only for a minimum with standard errors. */
int fit_exit_code(const fit_run *fit);

/* ---- fit_plot.c ---- */

/* Returns true if the plot of this fit shows data and curve. */
bool fit_plot_wanted(const fit_run *fit);

/* Plots data, curve and confidence band. Returns an exit code. */
int fit_plot(fit_run *fit);

#endif
