/* SPDX-License-Identifier: MIT */
/* Parts of `edgegrad surface`. */
#ifndef CLI_SURFACE_SURFACE_H
#define CLI_SURFACE_SURFACE_H

#include "cli/support/blocks.h"
#include "cli/support/formula.h"

/* The options of `surface`; NULL: not given. */
typedef struct surface_settings {
    cli_settings common;
    const char *at, *along, *level, *to, *errors, *implicit, *lagrange, *flux, *grid, *field;
    const char *output, *plot, *range, *axes;
    cli_texts with, constants;
    int digits; /* significant digits of printed numbers */
    bool check;
} surface_settings;

/* A variable of the operand, as --with defines it. */
typedef struct surface_with {
    eg_expr *expr; /* in the variables of surface_job.f; NULL: the variable itself */
    uint64_t uses; /* bit mask of the variables of f that it depends on */
} surface_with;

typedef struct surface_job {
    const cli_args *args;
    const cli_settings *settings;
    const surface_settings *options; /* options of the command */
    eg_context *ctx;
    formula_constants constants;
    eg_expr *f;                           /* the function reported on */
    eg_expr *inner;                       /* with --with: the operand, into which `with` was
                                             substituted to give f; else NULL */
    surface_with with[EG_EXPR_VARIABLES]; /* by variable of `inner` */
    eg_expr *constraint;                  /* --lagrange */
    size_t n;                             /* variables of f */
    double point[EG_EXPR_VARIABLES], along[EG_EXPR_VARIABLES], to[EG_EXPR_VARIABLES];
    double errors[EG_EXPR_VARIABLES];
    double level, flux;
    size_t implicit;                  /* variable of --implicit */
    eg_reals *reals;                  /* exact numbers of the report */
    eg_real exact[EG_EXPR_VARIABLES]; /* the coordinates of the point */
    eg_surface at;                    /* analysis of f at the point */
    block_writer block_writer;
} surface_job;

/* All functions that return int return an exit code, after a message unless it is EXIT_DONE. */

/* ---- preparation ---- */

/* Reads the expression and all options, analyses the point, and checks that it fits the options.
 * (surface_parse.c) */
int surface_prepare(surface_job *job);

/* Substitutes --with into job->inner to give job->f. */
int surface_substitute(surface_job *job);
void surface_free(surface_job *job);

/* ---- sections of the report ---- */

int surface_report_formulas(surface_job *job);  /* formulas of the derivatives */
int surface_report_default(surface_job *job);   /* value ... Hessian */
int surface_report_singular(surface_job *job);  /* a point without a gradient */
int surface_report_chain(surface_job *job);     /* chain rule of --with */
int surface_report_requested(surface_job *job); /* sections that options request */

/* ---- plots (surface_plot.c); nothing without --plot ---- */

int surface_plot(surface_job *job);
int surface_plot_raster(surface_job *job, const eg_grid *grid);

/* ---- other outputs ---- */

int surface_write_grid(surface_job *job);    /* --grid */
int surface_report_raster(surface_job *job); /* --field */

/* ---- text (surface_format.c) ---- */

/* Returns the expression as text, to be freed; NULL: no memory. */
char *surface_format_expr(const eg_expr *expr);

/* Stores the derivative by a variable as text, to be freed, in *text. */
int surface_format_derivative(const surface_job *job, const eg_expr *expr, size_t variable,
                              char **text);

/* Writes "2*x*y = 1"; only the formula if both are equal or `number` is NULL. */
void surface_format_equation(char *out, size_t size, const char *formula, const char *number);

/* Writes factors . names + constant without its 0 terms: "2*x - y". */
void surface_format_sum(const block_writer *s, char *out, size_t size, const double factors[],
                        const char *const names[], size_t n, double constant);

/* Writes normal . names = constant, divided by the greatest common divisor of whole numbers:
 * "x + 2*y + 3*z = 14". */
void surface_format_plane(const block_writer *s, char *out, size_t size, const double normal[],
                          const char *const names[], size_t n, double constant);

void surface_variable_names(const eg_expr *expr, const char *names[EG_EXPR_VARIABLES]);

/* Writes "x = 1, y = 2". */
void surface_format_point(const block_writer *s, char *out, size_t size, const eg_expr *expr,
                          const double point[]);

const char *surface_extremum_name(eg_extremum extremum);

static inline int surface_status(const surface_job *job, const eg_error *error)
{
    return error->status == EG_OK ? EXIT_DONE : report_error(job->settings, error);
}

#endif
