/* SPDX-License-Identifier: MIT */
/* What the parts of `edgegrad descent` share: a run of the optimiser, its log, its report. */
#ifndef CLI_DESCENT_DESCENT_H
#define CLI_DESCENT_DESCENT_H

#include "cli/cli.h"

/* The options of `descent`; NULL: not given. */
typedef struct descent_settings {
    cli_settings common;
    eg_descent_options optimizer;
    eg_ground_options ground; /* of --field */
    int steps, batch;
    uint64_t seed;
    const char *method, *from, *from_pixel, *trace, *plot, *field, *model, *data, *target;
    const char *range, *axes;
    bool equal;
} descent_settings;

enum { DESCENT_KEPT = 1 << 14 }; /* points of the way kept for pictures */

/* What is kept of the walk while it goes on: a file, a way for the picture, a line on the terminal.
 */
typedef struct descent_log {
    eg_context *ctx; /* that signals do not cancel: what was reached is written */
    eg_file *trace;
    eg_error error;
    size_t steps; /* asked for */
    size_t variables;
    double *way; /* DESCENT_KEPT times two coordinates, those of `axes` */
    size_t axes[2];
    size_t kept, stride;
    double shown; /* when the terminal was last told */
    bool terminal, told;
} descent_log;

/* The whole of a run, from either kind of objective. */
typedef struct descent_run {
    const cli_line *line;
    const cli_settings *settings;
    descent_settings *options;
    eg_context *ctx;
    eg_objective objective;
    const char *names[EG_EXPR_VARIABLES];
    double start[EG_EXPR_VARIABLES], x[EG_EXPR_VARIABLES];
    size_t axes[2]; /* of the picture */
    size_t points;  /* of the data that each value sums over; 0: none */
    descent_log log;
    eg_descent_result result;
    eg_error error;
} descent_run;

/* One kind each; they return an exit code. */
int descent_on_expression(const cli_line *line, descent_settings *options);
int descent_on_data(const cli_line *line, descent_settings *options);
int descent_on_field(const cli_line *line, descent_settings *options);

/* Reads --from into run->start: "5,5" or "x=5,y=5"; names that are missing keep what is there. */
int descent_start(descent_run *run);

/* Reads --axes. */
int descent_axes(descent_run *run, size_t axes[2]);

/* A context whose work Ctrl-C ends. */
eg_status descent_context(descent_run *run);

/* Runs the optimiser from run->start to run->x, with its log. */
eg_status descent_go(descent_run *run);
void descent_end(descent_run *run);

/* ---- descent_log.c */

eg_status descent_log_begin(descent_log *log, const descent_run *run, eg_error *error);
void descent_log_step(void *log, const eg_descent_step *step);
eg_status descent_log_finish(descent_log *log, eg_error *error); /* commits the trace */
void descent_log_end(descent_log *log);

/* ---- descent_plot.c */

/* Whether the options for pictures make sense. */
int descent_plot_check(const cli_line *line, const descent_settings *options);

/* Draws the run if that was asked for; `expr` may be NULL, then the objective is asked point by
 * point. */
int descent_plot(descent_run *run, const eg_expr *expr, const char *what);

/* ---- descent_report.c */

/* Prints what came of it; `more` (may be NULL) adds lines or members about the data. */
void descent_report(const descent_run *run, const char *what,
                    void (*more)(const descent_run *run, void *json_or_null));
int descent_exit_code(const descent_run *run);

#endif
