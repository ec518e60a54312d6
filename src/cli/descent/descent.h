/* SPDX-License-Identifier: MIT */
/* Parts of `edgegrad descent`: a run of the optimiser, its log, its report and its plot. */
#ifndef CLI_DESCENT_DESCENT_H
#define CLI_DESCENT_DESCENT_H

#include "cli/cli.h"

/* The options of `descent`; NULL: not given. */
typedef struct descent_settings {
    cli_settings common;
    eg_descent_options optimizer;
    eg_ground_options ground; /* for --field */
    int steps, batch, epochs, warmup;
    uint64_t seed;
    const char *method, *from, *from_pixel, *trace, *plot, *field, *model, *data, *target;
    const char *weights, *sigma, *fix, *bounds; /* of fits */
    const char *range, *axes, *compare;
    bool equal;
} descent_settings;

enum { PATH_SAMPLE_SIZE = 1 << 14 };

/* Points of a path for its plot: every `stride`-th. */
typedef struct path_sample {
    double *xy; /* PATH_SAMPLE_SIZE + 1 points; NULL: none are stored */
    size_t count;
    size_t stride; /* steps */
} path_sample;

/* Observer of a run: trace file, points for the plot, progress line on a terminal. */
typedef struct descent_log {
    eg_context *ctx;     /* of the outputs, not cancelled by signals: they are written after one */
    eg_outputs *outputs; /* --trace and --plot, which appear together */
    eg_file *trace;
    eg_error error; /* of the trace */
    size_t steps;   /* most steps */
    size_t variables;
    size_t axes[2]; /* variables that the plot shows */
    path_sample path;
    double last_display; /* time of the last progress line */
    bool terminal;       /* progress is wanted */
} descent_log;

typedef struct descent_run {
    const cli_args *args;
    const cli_settings *settings;
    descent_settings *options;
    eg_context *ctx;
    eg_objective objective;
    const char *names[EG_EXPR_VARIABLES];
    double start[EG_EXPR_VARIABLES], x[EG_EXPR_VARIABLES];
    size_t axes[2]; /* variables that the plot shows */
    size_t points;  /* data points summed by each evaluation; 0: the objective is an expression */
    descent_log log;
    eg_descent_result result;
    eg_error error;
} descent_run;

/* Run the command on its three kinds of input. Return an exit code. */
int descent_run_expression(const cli_args *args, descent_settings *options);
int descent_run_fit(const cli_args *args, descent_settings *options);
int descent_run_flow_path(const cli_args *args, descent_settings *options);

/* Parses the operand into *expr, which the caller frees, and prepares the run: names, start, axes.
 * Returns an exit code. */
int descent_prepare(descent_run *run, eg_expr **expr);

/* Reads --from, "5,5" or "x=5,y=5", into run->start. Parameters of a fit that it does not name keep
 * their values. Returns an exit code. */
int descent_read_start(descent_run *run);

/* Reads --axes into run->axes; without it, the first two variables. Returns an exit code. */
int descent_read_axes(descent_run *run);

/* Creates run->ctx, which signals cancel. */
eg_status descent_new_context(descent_run *run);

/* Minimises from run->start to run->x, and writes the log. */
eg_status descent_optimize(descent_run *run);
void descent_free(descent_run *run);

/* ---- descent_log.c ---- */

eg_status descent_log_open(descent_log *log, const descent_run *run, eg_error *error);
void descent_log_step(void *log, const eg_descent_step *step);
eg_status descent_log_commit(descent_log *log, eg_error *error);
void descent_log_close(descent_log *log);

/* Makes the trace and the plot appear, both or none. Returns an exit code. */
int descent_commit_outputs(descent_run *run);

/* Allocates the points. False: no memory. */
bool path_sample_new(path_sample *path);

/* Stores the point if `step` is a multiple of the stride; doubles the stride when they are full. */
void path_sample_add(path_sample *path, size_t step, double x, double y);

/* ---- descent_plot.c ---- */

/* Checks the plot options. Returns an exit code. */
int descent_plot_check(const cli_args *args, const descent_settings *options);

/* Draws --plot. `expr` is the objective as an expression; NULL: evaluate run->objective point by
 * point. Returns an exit code. */
int descent_plot(descent_run *run, const eg_expr *expr, const char *function);

/* Chooses the ranges of a plot around the path; of one variable y is NaN: that of the curve. */
void descent_plot_ranges(const descent_run *run, eg_plot_options *options);

/* Draws a run into a new plot, which the caller frees also after a failure. */
eg_status descent_plot_new(descent_run *run, const eg_expr *expr, eg_plot_options *options,
                           eg_plot **plot);

/* ---- descent_compare.c ---- */

/* Runs the methods of --compare from one start, and reports on them side by side. Returns an exit
 * code. */
int descent_run_comparison(const cli_args *args, descent_settings *options);

/* Checks the options beside --compare. Returns an exit code, after its message. */
int descent_compare_check(const cli_args *args, const descent_settings *options);

/* ---- descent_report.c ---- */

/* Prints the report. `function` describes the objective; `print_fit`, which may be NULL, adds lines
 * or JSON members (`writer`, a json, is not NULL) about the fit. */
void descent_report(const descent_run *run, const char *function,
                    void (*print_fit)(const descent_run *run, void *writer));
int descent_exit_code(const descent_run *run);

#endif
