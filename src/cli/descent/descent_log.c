/* SPDX-License-Identifier: MIT */
/* Keeping what happens on the way: the trace file, the way for the picture, the line on a terminal.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/descent/descent.h"

#define SHOW_EVERY 0.2 /* seconds */

static double seconds_now(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void put(descent_log *log, const char *text, size_t length)
{
    if (log->error.status == EG_OK)
        eg_file_write(log->trace, text, length, &log->error);
}

static void put_heading(descent_log *log, const descent_run *run)
{
    char text[64];
    put(log, "step", 4);
    for (size_t i = 0; i < log->variables; i++) {
        put(log, ",", 1);
        put(log, run->names[i], strlen(run->names[i]));
    }
    int length = snprintf(text, sizeof text, ",value,gradient_norm,rate\n");
    put(log, text, (size_t)length);
}

eg_status descent_log_begin(descent_log *log, const descent_run *run, eg_error *error)
{
    const descent_settings *d = run->options;
    *log = (descent_log){
        .variables = run->objective.variables, .stride = 1, .steps = d->optimizer.steps};
    memcpy(log->axes, run->axes, sizeof log->axes);
    log->terminal = isatty(STDERR_FILENO) && !run->settings->quiet;
    log->shown = seconds_now();
    eg_status status = eg_context_new(&log->ctx, &run->settings->config, error);
    if (status == EG_OK && d->trace) {
        status = eg_file_create(&log->trace, log->ctx, d->trace, error);
        if (status == EG_OK)
            put_heading(log, run);
    }
    if (status == EG_OK && d->plot) {
        log->way = malloc(2 * DESCENT_KEPT * sizeof *log->way);
        if (!log->way)
            return error->status = EG_NO_MEMORY;
    }
    return status;
}

static void put_step(descent_log *log, const eg_descent_step *step)
{
    char text[128];
    int length = snprintf(text, sizeof text, "%zu", step->step);
    put(log, text, (size_t)length);
    for (size_t i = 0; i < log->variables; i++) {
        length = snprintf(text, sizeof text, ",%.17g", step->x[i]);
        put(log, text, (size_t)length);
    }
    length = snprintf(text, sizeof text, ",%.17g,%.17g,%.17g\n", step->value, step->gradient_norm,
                      step->rate);
    put(log, text, (size_t)length);
}

/* Keeps every stride-th point; where there are too many, every other of them goes. */
static void keep(descent_log *log, const eg_descent_step *step)
{
    if (step->step % log->stride != 0)
        return;
    if (log->kept == DESCENT_KEPT) {
        for (size_t i = 0; 2 * i < log->kept; i++)
            memcpy(log->way + 2 * i, log->way + 4 * i, 2 * sizeof *log->way);
        log->kept /= 2;
        log->stride *= 2;
        if (step->step % log->stride != 0)
            return;
    }
    log->way[2 * log->kept] = step->x[log->axes[0]];
    log->way[2 * log->kept + 1] = log->variables > 1 ? step->x[log->axes[1]] : step->value;
    log->kept++;
}

static void show(descent_log *log, const eg_descent_step *step)
{
    double now = seconds_now();
    if (now - log->shown < SHOW_EVERY)
        return;
    log->shown = now;
    log->told = true;
    fprintf(stderr, "\rstep %zu of %zu  value %-14.8g gradient %-12.4g", step->step, log->steps,
            step->value, step->gradient_norm);
    fflush(stderr);
}

void descent_log_step(void *opaque, const eg_descent_step *step)
{
    descent_log *log = opaque;
    if (log->trace)
        put_step(log, step);
    if (log->way)
        keep(log, step);
    if (log->terminal)
        show(log, step);
}

eg_status descent_log_finish(descent_log *log, eg_error *error)
{
    if (log->told)
        fprintf(stderr, "\r%78s\r", "");
    if (log->error.status != EG_OK)
        *error = log->error;
    else if (log->trace)
        eg_file_commit(log->trace, error);
    return error->status;
}

void descent_log_end(descent_log *log)
{
    eg_file_close(log->trace);
    free(log->way);
    eg_context_free(log->ctx);
}
