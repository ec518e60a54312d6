/* SPDX-License-Identifier: MIT */
/* Progress of a batch run on standard error: a line that is overwritten, or JSON lines. */
#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/batch/batch.h"
#include "cli/ranks/ranks.h"
#include "cli/support/json.h"

enum { BAR_WIDTH = 24, LINE_SIZE = 200 };

static const double line_interval = 0.1, object_interval = 0.5; /* s */

void batch_progress_start(batch_progress *p, const raster_work *work, size_t files, uint64_t bytes)
{
    *p = (batch_progress){.kind = work->batch->progress, .files = files, .bytes = bytes};
    if (p->kind == CLI_PROGRESS_AUTO)
        p->kind =
            isatty(STDERR_FILENO) && !work->settings->quiet ? CLI_PROGRESS_LINE : CLI_PROGRESS_NONE;
    if (rank_number() > 0)
        p->kind = CLI_PROGRESS_NONE;
    p->start = p->last_shown = seconds_now();
}

static size_t finished_files(const batch_progress *p)
{
    return p->done + p->up_to_date + p->failed;
}

/* Returns the estimated remaining time from the share of bytes processed; NaN before the first
 * file is finished and in the first half second. */
static double seconds_left(const batch_progress *p)
{
    double passed = seconds_now() - p->start, share = (double)p->processed_bytes / (double)p->bytes;
    return p->processed_bytes && passed > 0.5 ? passed * (1 - share) / share : (double)NAN;
}

static double megapixels_per_second(const batch_progress *p)
{
    double passed = seconds_now() - p->start;
    return passed > 0 ? p->pixels / passed / 1e6 : 0;
}

/* Returns the width of the terminal in characters; 80 if it is unknown or exceeds
 * LINE_SIZE. */
static size_t terminal_columns(void)
{
    struct winsize window;
    bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0;
    return known && window.ws_col < LINE_SIZE ? window.ws_col : 80;
}

/* Formats a duration as "M:SS" or "H:MM:SS", "-:--" if it is NaN. */
static void format_duration(char *out, size_t size, double seconds)
{
    int s = seconds < 359999 ? (int)ceil(seconds) : 359999;
    if (isnan(seconds))
        snprintf(out, size, "-:--");
    else if (s >= 3600)
        snprintf(out, size, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(out, size, "%d:%02d", s / 60, s % 60);
}

static void print_progress_line(batch_progress *p)
{
    char bar[BAR_WIDTH + 1], remaining[16], text[LINE_SIZE], failures[32] = "";
    size_t filled = p->files ? BAR_WIDTH * finished_files(p) / p->files : 0;
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', filled);
    bar[BAR_WIDTH] = 0;
    format_duration(remaining, sizeof remaining, seconds_left(p));
    if (p->failed)
        snprintf(failures, sizeof failures, "  %zu failed", p->failed);
    int length = snprintf(text, sizeof text, "[%s] %s%s%zu of %zu files  %.3g MP/s  %s left%s", bar,
                          p->label ? p->label : "", p->label ? ": " : "", finished_files(p),
                          p->files, megapixels_per_second(p), remaining, failures);
    size_t width = terminal_columns() - 1;
    fprintf(stderr, "\r%.*s\x1b[K", (int)width, length > 0 ? text : "");
    fflush(stderr);
    p->line_shown = true;
}

static void print_progress_object(const batch_progress *p, bool end)
{
    json j = {.out = stderr, .in_line = true};
    json_open(&j, NULL, '{');
    json_text(&j, "event", end ? "end" : "progress");
    if (p->label)
        json_text(&j, "what", p->label);
    json_count(&j, "files", p->files);
    json_count(&j, "done", p->done);
    json_count(&j, "current", p->up_to_date);
    json_count(&j, "failed", p->failed);
    json_number(&j, "seconds", seconds_now() - p->start);
    json_number(&j, "seconds_left", end ? 0 : seconds_left(p));
    json_number(&j, "megapixels_per_second", megapixels_per_second(p));
    json_close(&j, '}');
    fflush(stderr);
}

void batch_progress_add(batch_progress *p, const cli_record *record)
{
    p->done += record->outcome == OUTCOME_DONE;
    p->up_to_date += record->outcome == OUTCOME_UP_TO_DATE;
    p->failed += record->outcome == OUTCOME_FAILED;
    p->processed_bytes += record->input_bytes;
    if (record->outcome == OUTCOME_DONE)
        p->pixels += (double)record->width * (double)record->height;
    double now = seconds_now();
    if (p->kind == CLI_PROGRESS_LINE && now - p->last_shown >= line_interval) {
        p->last_shown = now;
        print_progress_line(p);
    } else if (p->kind == CLI_PROGRESS_JSON && now - p->last_shown >= object_interval) {
        p->last_shown = now;
        print_progress_object(p, false);
    }
}

void batch_progress_clear(batch_progress *p)
{
    if (p->line_shown)
        fputs("\r\x1b[K", stderr);
    p->line_shown = false;
}

void batch_progress_finish(batch_progress *p)
{
    batch_progress_clear(p);
    if (p->kind == CLI_PROGRESS_JSON)
        print_progress_object(p, true);
}
