/* SPDX-License-Identifier: MIT */
/* The parts of edgegrad surface. */
#ifndef CLI_SURFACE_SURFACE_H
#define CLI_SURFACE_SURFACE_H

#include "cli/support/blocks.h"
#include "cli/support/formula.h"

/* The options of `surface`; NULL: not given. */
typedef struct surface_settings {
    cli_settings common;
    const char *at, *along, *level, *to, *errors, *implicit, *lagrange, *flux, *grid, *field;
    const char *output, *plot, *range, *axes;
    cli_texts with, lets;
    int digits; /* of numbers for people */
    bool check;
} surface_settings;

/* A variable of the expression that --with makes a function of others. */
typedef struct surface_with {
    eg_expr *expr; /* of the variables of surface_job.f; NULL: a variable kept as it is */
    uint64_t uses; /* which of them occur in it */
} surface_with;

/* All that was asked for, as numbers and expressions. */
typedef struct surface_job {
    const cli_line *line;
    const cli_settings *settings;
    const surface_settings *asked;
    eg_context *ctx;
    formula_lets lets;
    eg_expr *f;     /* what everything is said of */
    eg_expr *inner; /* with --with: the operand, of which `f` is made; else NULL */
    surface_with with[EG_EXPR_VARIABLES];
    eg_expr *constraint; /* --lagrange */
    size_t n;            /* variables of f */
    double point[EG_EXPR_VARIABLES], along[EG_EXPR_VARIABLES], to[EG_EXPR_VARIABLES];
    double errors[EG_EXPR_VARIABLES];
    double level, flux;
    size_t implicit; /* a variable */
    eg_surface at;
    sheet sheet;
} surface_job;

/* ---- before the first line is printed (surface_settle.c); all return exit codes ---- */

int surface_settle(surface_job *job);
int surface_substitute(surface_job *job); /* --with (surface_chain.c) */
void surface_close(surface_job *job);

/* ---- blocks of the report; all return exit codes ---- */

int surface_formulas(surface_job *job); /* without a point */
int surface_basics(surface_job *job);   /* value ... Hessian (surface_basics.c) */
int surface_rough(surface_job *job);    /* where there is no gradient (surface_rough.c) */
int surface_chain(surface_job *job);    /* (surface_chain.c) */
int surface_extras(surface_job *job);   /* what options ask for (surface_extras.c) */

/* ---- pictures (surface_plot.c); nothing where none was asked for ---- */

int surface_plot(surface_job *job);
int surface_plot_field(surface_job *job, const eg_grid *grid);

/* ---- without a report ---- */

int surface_grid(surface_job *job);  /* (surface_grid.c) */
int surface_field(surface_job *job); /* (surface_field.c) */

/* ---- words (surface_words.c) ---- */

/* The expression as text, to be freed; NULL where memory ran out. */
char *surface_print(const eg_expr *expr);

/* The derivative by a variable, as text to be freed. */
int surface_derivative(const surface_job *job, const eg_expr *expr, size_t variable, char **text);

/* "2*x*y = 1"; only once where both are the same, or `number` is NULL. */
void surface_equals(char *out, size_t size, const char *formula, const char *number);

/* "2*x - y": numbers in front of names, 0s left out. */
void surface_sum(const sheet *s, char *out, size_t size, const double factors[],
                 const char *const names[], size_t n, double constant);

/* "x + 2*y + 3*z = 14", without a whole number that divides all. */
void surface_plane(const sheet *s, char *out, size_t size, const double normal[],
                   const char *const names[], size_t n, double constant);

/* The names of f's variables. */
void surface_names(const eg_expr *expr, const char *names[EG_EXPR_VARIABLES]);

/* "x = 1, y = 2" */
void surface_place(const sheet *s, char *out, size_t size, const eg_expr *expr,
                   const double point[]);

/* What the Hessian's signs are called. */
const char *surface_extremum(eg_extremum extremum);

static inline int surface_status(const surface_job *job, const eg_error *error)
{
    return error->status == EG_OK ? EXIT_DONE : report_error(job->settings, error);
}

#endif
