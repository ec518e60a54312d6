/* SPDX-License-Identifier: MIT */
/* Parts of `edgegrad surface`. */
#ifndef CLI_SURFACE_SURFACE_H
#define CLI_SURFACE_SURFACE_H

#include "cli/support/blocks.h"
#include "cli/support/formula.h"
#include "cli/support/formula_file.h"

/* Arrows of a plot. ARROWS_AUTO: the flux with --flux, else the gradient. */
typedef enum surface_arrows {
    ARROWS_AUTO,
    ARROWS_GRADIENT,
    ARROWS_DESCENT,
    ARROWS_FLUX,
    ARROWS_NONE
} surface_arrows;

/* The options of `surface`; NULL: not given. */
typedef struct surface_settings {
    cli_settings common;
    const char *at, *along, *level, *to, *errors, *implicit, *flux, *grid, *field;
    const char *output, *plot, *range, *axes, *work, *view;
    double azimuth, elevation;         /* of --view, degrees */
    const char *critical, *in, *roots; /* boxes: of --critical, --lagrange and --roots */
    cli_texts with, constants, lagrange, intersect;
    double seconds; /* --time */
    int digits;     /* significant digits of printed numbers */
    bool check, derivative;
    surface_arrows arrows;
    bool latex, python, c, steps; /* outputs for other programs, and derivations */
    const char *function, *table, *expr_file;
} surface_settings;

/* A variable of the operand or of another formula, as --with defines it. */
typedef struct surface_with {
    char *name;
    eg_expr *expr; /* the formula, in its own variables */
    eg_expr *full; /* the formula with all of --with substituted */
} surface_with;

/* The numbers of a job, exactly as they were typed, and the properties of f at the point. */
typedef struct surface_exact {
    eg_reals *reals;
    eg_real point[EG_EXPR_VARIABLES], along[EG_EXPR_VARIABLES], to[EG_EXPR_VARIABLES];
    eg_real errors[EG_EXPR_VARIABLES], level, flux;
    eg_real value, gradient[EG_EXPR_VARIABLES], norm;
    eg_real_sign criticality; /* EG_SIGN_ZERO: the gradient is 0; EG_SIGN_POSITIVE: it is not;
                                 EG_SIGN_UNKNOWN: undecided */
} surface_exact;

typedef struct surface_job {
    const cli_args *args;
    const cli_settings *settings;
    const surface_settings *options; /* options of the command */
    eg_context *ctx;
    formula_source source; /* EXPR, or the formula of --expr-file */
    formula_constants constants;
    eg_expr *f;     /* the function reported on */
    eg_expr *inner; /* with --with: the operand, into which `with` was
                       substituted to give f; else NULL */
    surface_with with[OPTION_TEXTS_LIMIT];
    size_t with_order[OPTION_TEXTS_LIMIT]; /* indices of `with`: a formula after those it uses */
    size_t with_count;
    bool equation;                           /* EXPR is left = right: f is left - right */
    eg_expr *constraint[OPTION_TEXTS_LIMIT]; /* --lagrange */
    size_t constraint_count;
    size_t n; /* variables of f */
    double point[EG_EXPR_VARIABLES], along[EG_EXPR_VARIABLES], to[EG_EXPR_VARIABLES];
    double errors[EG_EXPR_VARIABLES];
    double level, flux;
    size_t implicit; /* variable of --implicit */
    eg_surface at;   /* analysis of f at the point */
    surface_exact exact;
    block_writer block_writer;
} surface_job;

/* All functions that return int return an exit code, after a message unless it is EXIT_DONE. */

/* ---- preparation ---- */

/* Reads the expression and all options, analyses the point, and checks that it fits the options.
 * (surface_parse.c) */
int surface_prepare(surface_job *job);

/* Reads the expression, --with and --lagrange only. (surface_parse.c) */
int surface_read_formulas(surface_job *job);

/* Reads --with and substitutes it into job->inner to give job->f. (surface_with.c) */
int surface_substitute(surface_job *job);
void surface_free_with(surface_job *job);

/* Returns the index in job->with of a variable, -1 if --with does not give it. */
int surface_find_with(const surface_job *job, const char *name);
void surface_free(surface_job *job);

/* ---- sections of the report ---- */

int surface_report_formulas(surface_job *job); /* formulas of the derivatives */
int surface_report_implicit_formulas(
    surface_job *job);                          /* formulas of --implicit, without a point */
int surface_report_default(surface_job *job);   /* value ... Hessian */
int surface_report_singular(surface_job *job);  /* a point without a gradient */
int surface_report_chain(surface_job *job);     /* chain rule of --with */
int surface_report_requested(surface_job *job); /* sections that options request */

int surface_report_lagrange(surface_job *job); /* multipliers of --lagrange */

int surface_report_steps(surface_job *job); /* --steps; nothing without it (surface_steps.c) */

/* Prints a note about numbers whose digits are not all certain. (surface_exact.c) */
void surface_print_certainty(const surface_job *job);

/* ---- plots (surface_plot.c); nothing without --plot ---- */

/* Writes the file of --plot, unless the exact numbers, which decide what it shows, ran out of
 * memory. */
eg_status surface_write_plot(const surface_job *job, eg_plot *plot, eg_error *error);

int surface_plot(surface_job *job);

/* Clips the lengths of arrows x, y, dx, dy ... to their 90th percentile, because one near a pole
 * would reduce all others to dots. At most SURFACE_ARROWS. (surface_arrows.c) */
enum { SURFACE_ARROWS = 400 };
void surface_clip_arrows(double *arrows, size_t count);

/* Writes --view; nothing without it. (surface_view.c) */
int surface_view(surface_job *job);

/* The options of --view. (surface_view_options.c) */
extern const cli_group surface_view_group;
int surface_plot_graph(surface_job *job); /* of one variable (surface_graph.c) */
int surface_plot_raster(surface_job *job, const eg_grid *grid);

/* ---- other outputs ---- */

int surface_write_grid(surface_job *job);    /* --grid */
int surface_write_table(surface_job *job);   /* --table */
int surface_report_raster(surface_job *job); /* --field */

/* ---- options (surface_options.c) ---- */

extern const cli_group surface_point_group, surface_analysis_group, surface_plot_group,
    surface_text_group, surface_grid_group;

/* ---- outputs for other programs (surface_text.c) ---- */

extern const cli_option surface_text_options[];

/* Returns the name of the option for such an output, NULL if none is given; checks that the others
 * fit it; writes it. */
const char *surface_text_option(const surface_settings *options);
int surface_check_text_options(const cli_args *args, const surface_settings *options);
int surface_report_text(surface_job *job);

/* Writes a text to the file of --output, or to standard output. */
int surface_write_text(const surface_job *job, const char *text, size_t size);

/* Prints the formulas of --latex. (surface_latex.c) */
int surface_print_latex(surface_job *job, FILE *out);

/* ---- text (surface_format.c) ---- */

/* Returns the expression as text, to be freed. */
char *surface_format_expr(const eg_expr *expr);

/* Stores the derivative by a variable as text, to be freed, in *text. */
int surface_format_derivative(const surface_job *job, const eg_expr *expr, size_t variable,
                              char **text);

/* Return a text to be freed by the caller. A sum is factors . names + constant
 * without its 0 terms: "2*x - y". A plane is normal . names = constant, divided by the greatest
 * common divisor of whole numbers: "x + 2*y + 3*z = 14". */
char *surface_sum_text(block_writer *s, const eg_real factors[], const char *const names[],
                       size_t n, eg_real constant);
char *surface_plane_text(block_writer *s, const eg_real normal[], const char *const names[],
                         size_t n, eg_real constant);

/* Returns "x = 1, y = 2", to be freed by the caller. */
char *surface_point_text(block_writer *s, const eg_expr *expr, const eg_real point[]);

/* Prints "label   2*x*y = 1"; only the formula if both are equal or the number is EG_REAL_NONE.
 * (surface_basics.c) */
void surface_print_equation(block_writer *s, const char *label, const char *formula,
                            eg_real number);

/* ---- exact numbers (surface_exact.c) ---- */

/* Computes value, gradient and norm at the point. */
int surface_prove_point(surface_job *job);

/* Returns true if f depends on an operation that is singular at the point, as abs at 0: second
 * derivatives by the rules of differentiation need not be those of f there. */
bool surface_is_singular(const surface_job *job);

/* Returns sqrt(a . a). */
eg_real surface_length(eg_reals *reals, const eg_real a[], size_t n);

/* Sets out[i] = a[i] * factor. */
void surface_scale(eg_reals *reals, const eg_real a[], eg_real factor, size_t n, eg_real out[]);

void surface_variable_names(const eg_expr *expr, const char *names[EG_EXPR_VARIABLES]);

/* Writes a formula as it was typed, with blanks in place of line ends; "..." if it does not fit. */
void surface_format_typed(char *out, size_t size, const char *text);

/* Writes the set that the report is about: EXPR as typed if it is an equation, else "f = 2". */
void surface_format_set(const surface_job *job, char *out, size_t size, double level);

const char *surface_extremum_name(eg_extremum extremum);

static inline int surface_status(const surface_job *job, const eg_error *error)
{
    return error->status == EG_OK ? EXIT_DONE : report_error(job->settings, error);
}

#endif
