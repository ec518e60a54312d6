/* SPDX-License-Identifier: MIT */
/* Observes a run: writes the trace file, stores points for the plot, shows progress on a terminal.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/descent/descent.h"
#include "cli/support/progress_line.h"

#define DISPLAY_INTERVAL 0.2 /* seconds */

/* ---- points for the plot ---- */

bool path_sample_new(path_sample *path)
{
    /* One point more than path_sample_add() stores: the plot of a flow path appends its end. */
    path->xy = malloc(2 * (PATH_SAMPLE_SIZE + 1) * sizeof *path->xy);
    path->stride = 1;
    return path->xy != NULL;
}

void path_sample_add(path_sample *path, size_t step, double x, double y)
{
    if (step % path->stride != 0)
        return;
    if (path->count == PATH_SAMPLE_SIZE) {
        for (size_t i = 0; 2 * i < path->count; i++)
            memcpy(path->xy + 2 * i, path->xy + 4 * i, 2 * sizeof *path->xy);
        path->count /= 2;
        path->stride *= 2;
        if (step % path->stride != 0)
            return;
    }
    path->xy[2 * path->count] = x;
    path->xy[2 * path->count + 1] = y;
    path->count++;
}

/* ---- the log ---- */

static void write_trace(descent_log *log, const char *text)
{
    if (log->error.status == EG_OK)
        eg_file_write(log->trace, text, strlen(text), &log->error);
}

eg_status descent_log_open(descent_log *log, const descent_run *run, eg_error *error)
{
    const descent_settings *d = run->options;
    *log = (descent_log){.variables = run->objective.variables, .steps = d->optimizer.steps};
    memcpy(log->axes, run->axes, sizeof log->axes);
    log->terminal = isatty(STDERR_FILENO) && !run->settings->quiet;
    log->last_display = seconds_now();
    eg_status status = eg_context_new(&log->ctx, &run->settings->config, error);
    if (status == EG_OK)
        status = eg_outputs_new(&log->outputs, log->ctx, error);
    if (status == EG_OK && d->trace) {
        status = eg_file_create(&log->trace, log->ctx, d->trace, error);
        if (status == EG_OK && strcmp(d->trace, "-") != 0) /* which comes before the report */
            status = eg_file_join(log->trace, log->outputs, error);
        if (status == EG_OK) {
            write_trace(log, "step");
            for (size_t i = 0; i < log->variables; i++) {
                write_trace(log, ",");
                write_trace(log, run->names[i]);
            }
            write_trace(log, ",value,gradient_norm,rate\n");
        }
    }
    if (status == EG_OK && d->plot && !path_sample_new(&log->path))
        return fail_no_memory(error, "the path of the plot");
    return status;
}

static void trace_step(descent_log *log, const eg_descent_step *step)
{
    char text[128];
    snprintf(text, sizeof text, "%zu", step->step);
    write_trace(log, text);
    for (size_t i = 0; i < log->variables; i++) {
        snprintf(text, sizeof text, ",%.17g", step->x[i]);
        write_trace(log, text);
    }
    snprintf(text, sizeof text, ",%.17g,%.17g,%.17g\n", step->value, step->gradient_norm,
             step->rate);
    write_trace(log, text);
}

static void display_progress(descent_log *log, const eg_descent_step *step)
{
    double now = seconds_now();
    if (now - log->last_display < DISPLAY_INTERVAL)
        return;
    log->last_display = now;
    char text[PROGRESS_LINE];
    snprintf(text, sizeof text, "step %zu of %zu  value %-14.8g gradient %-12.4g", step->step,
             log->steps, step->value, step->gradient_norm);
    progress_line_show(text);
}

void descent_log_step(void *opaque, const eg_descent_step *step)
{
    descent_log *log = opaque;
    if (log->trace)
        trace_step(log, step);
    if (log->path.xy)
        path_sample_add(&log->path, step->step, step->x[log->axes[0]],
                        log->variables > 1 ? step->x[log->axes[1]] : step->value);
    if (log->terminal)
        display_progress(log, step);
}

eg_status descent_log_commit(descent_log *log, eg_error *error)
{
    progress_line_clear();
    if (log->error.status != EG_OK)
        *error = log->error;
    else if (log->trace)
        eg_file_commit(log->trace, error);
    return error->status;
}

int descent_commit_outputs(descent_run *run)
{
    eg_outputs_commit(run->log.outputs, &run->error);
    return report_error(run->settings, &run->error);
}

void descent_log_close(descent_log *log)
{
    eg_file_close(log->trace);
    eg_outputs_close(log->outputs);
    free(log->path.xy);
    eg_context_free(log->ctx);
}
