/* SPDX-License-Identifier: MIT */
/* Progress over one file on standard error: a line that is overwritten, or JSON lines. */
#include "cli/raster/raster_progress.h"

#include <math.h>
#include <unistd.h>

#include "cli/ranks/ranks.h"
#include "cli/support/json.h"
#include "cli/support/progress_line.h"

/* Seconds: a file that takes less than `line_delay` shows no line. */
static const double line_delay = 1, line_interval = 0.1, object_interval = 0.5;

int raster_progress_kind(const raster_work *work)
{
    int kind = work->batch->progress;
    if (rank_number() > 0)
        return CLI_PROGRESS_NONE;
    if (kind == CLI_PROGRESS_AUTO)
        return isatty(STDERR_FILENO) && !work->settings->quiet ? CLI_PROGRESS_LINE
                                                               : CLI_PROGRESS_NONE;
    return kind;
}

static double share_done(const raster_progress *p)
{
    return p->total ? (double)p->rows / (double)p->total : 0;
}

/* Returns the estimated remaining time; NaN before the first rows and in the first half second. */
static double seconds_left(const raster_progress *p, double passed)
{
    double share = share_done(p);
    return share > 0 && passed > 0.5 ? passed * (1 - share) / share : (double)NAN;
}

static void print_line(const raster_progress *p, double passed)
{
    char bar[PROGRESS_BAR + 1], remaining[16], text[PROGRESS_LINE];
    progress_bar(bar, share_done(p));
    progress_duration(remaining, sizeof remaining, seconds_left(p, passed));
    snprintf(text, sizeof text, "[%s] %.0f %%  %zu of %zu rows  %s left", bar,
             floor(100 * share_done(p)), p->rows, p->total, remaining);
    progress_line_show(text);
}

static void print_object(const raster_progress *p, double passed, bool end)
{
    json j = {.out = stderr, .in_line = true};
    flockfile(stderr);
    json_open(&j, NULL, '{');
    json_text(&j, "event", end ? "end" : "progress");
    json_text(&j, "input", p->input);
    json_count(&j, "rows", p->rows);
    json_number(&j, "rows_total", p->total ? (double)p->total : (double)NAN);
    json_number(&j, "seconds", passed);
    json_number(&j, "seconds_left", end ? 0 : seconds_left(p, passed));
    json_close(&j, '}');
    fflush(stderr);
    funlockfile(stderr);
}

/* eg_config.progress */
static void show_progress(void *opaque, size_t done, size_t total)
{
    raster_progress *p = opaque;
    double now = seconds_now(), passed = now - p->start;
    p->rows = done;
    p->total = total;
    bool line = p->kind == CLI_PROGRESS_LINE && passed >= line_delay &&
                now - p->last_shown >= line_interval;
    bool object = p->kind == CLI_PROGRESS_JSON && now - p->last_shown >= object_interval;
    if (line || object)
        p->last_shown = now;
    if (line)
        print_line(p, passed);
    if (object)
        print_object(p, passed, false);
}

void raster_progress_start(raster_progress *p, const raster_work *work, const char *input,
                           eg_config *config)
{
    *p = (raster_progress){.kind = raster_progress_kind(work), .input = input};
    p->start = p->last_shown = seconds_now();
    if (p->kind == CLI_PROGRESS_NONE)
        return;
    config->progress = show_progress;
    config->opaque = p;
}

void raster_progress_finish(const raster_progress *p)
{
    progress_line_clear();
    if (p->kind == CLI_PROGRESS_JSON)
        print_object(p, seconds_now() - p->start, true);
}
