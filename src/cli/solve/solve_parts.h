/* SPDX-License-Identifier: MIT */
/* The parts of solve_run(). They return an exit code, after a message unless it is EXIT_DONE or
 * EXIT_NEGATIVE. */
#ifndef CLI_SOLVE_SOLVE_PARTS_H
#define CLI_SOLVE_SOLVE_PARTS_H

#include "cli/solve/solve.h"

/* Returns the options of eg_solve_...() that the settings ask for. */
static inline eg_solve_options solve_library_options(const surface_job *job)
{
    enum { JSON_DIGITS = 20 };
    int digits = job->options->digits;
    if (job->block_writer.j && digits < JSON_DIGITS)
        digits = JSON_DIGITS;
    return (eg_solve_options){.seconds = job->options->seconds, .digits = digits};
}

int solve_critical(surface_job *job); /* --critical */
int solve_roots(surface_job *job);    /* --roots */
int solve_lagrange(surface_job *job); /* --lagrange with --in */

/* Traces the curve job->f = 0 in a box, and draws it with --plot. Sets *curve, which the caller
 * frees, to NULL unless that is done. (solve_curve.c) */
int solve_curve(surface_job *job, const solve_box *box, eg_trace **curve);

/* Checks --output, which needs a curve, and writes the lines of one to that file.
 * (solve_curve_file.c) */
int solve_check_curve_file(const surface_job *job, bool is_curve);
int solve_write_curve(surface_job *job, const solve_box *box, const eg_trace *curve);

/* Reports a curve. (solve_curve.c) */
int solve_report_curve(surface_job *job, const eg_trace *curve);

enum { SOLVE_EQUATIONS = 2 * EG_SOLVE_VARIABLES };

/* The equations of --roots, in the same variables. */
typedef struct solve_equations {
    char *typed;                      /* backs those of the operand */
    char *copies[OPTION_TEXTS_LIMIT]; /* of --intersect */
    const char *text[SOLVE_EQUATIONS];
    eg_expr *expr[SOLVE_EQUATIONS];
    size_t count;
} solve_equations;

/* Reads them, and sets job->f to the first one. The caller frees them, also after an error.
 * (solve_system.c) */
int solve_read_equations(surface_job *job, solve_equations *equations);
void solve_free_equations(surface_job *job, solve_equations *equations);

/* Writes where the functions have values, unless that is the whole box. (solve_box.c) */
void solve_print_defined(surface_job *job, eg_defined defined);

#endif
