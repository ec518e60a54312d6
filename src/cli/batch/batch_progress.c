/* SPDX-License-Identifier: MIT */
/* How far a run over many files is, on standard error: a line that is overwritten, or JSON lines.
 */
#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/batch/batch.h"
#include "cli/ranks/ranks.h"
#include "cli/support/json.h"

enum { BAR = 24, LINE = 200 };

static const double between_lines = 0.1, between_objects = 0.5; /* s */

double batch_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void batch_progress_begin(batch_progress *p, const raster_work *work, size_t files, uint64_t bytes)
{
    *p = (batch_progress){.kind = work->batch->progress, .files = files, .bytes = bytes};
    if (p->kind == CLI_PROGRESS_AUTO)
        p->kind =
            isatty(STDERR_FILENO) && !work->settings->quiet ? CLI_PROGRESS_LINE : CLI_PROGRESS_NONE;
    if (rank_number() > 0)
        p->kind = CLI_PROGRESS_NONE;
    p->start = p->last = batch_now();
}

static size_t finished(const batch_progress *p)
{
    return p->done + p->current + p->failed;
}

/* Seconds still to go, by bytes; NaN: nobody knows yet. */
static double left(const batch_progress *p)
{
    double passed = batch_now() - p->start, part = (double)p->done_bytes / (double)p->bytes;
    return p->done_bytes && passed > 0.5 ? passed * (1 - part) / part : (double)NAN;
}

static double speed(const batch_progress *p)
{
    double passed = batch_now() - p->start;
    return passed > 0 ? p->pixels / passed / 1e6 : 0;
}

static size_t columns(void)
{
    struct winsize window;
    bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0;
    return known && window.ws_col < LINE ? window.ws_col : 80;
}

static void clock_text(char *out, size_t size, double seconds)
{
    int s = seconds < 359999 ? (int)ceil(seconds) : 359999;
    if (isnan(seconds))
        snprintf(out, size, "-:--");
    else if (s >= 3600)
        snprintf(out, size, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(out, size, "%d:%02d", s / 60, s % 60);
}

static void put_line(batch_progress *p)
{
    char bar[BAR + 1], remaining[16], text[LINE], failures[32] = "";
    size_t filled = p->files ? BAR * finished(p) / p->files : 0;
    memset(bar, '.', BAR);
    memset(bar, '#', filled);
    bar[BAR] = 0;
    clock_text(remaining, sizeof remaining, left(p));
    if (p->failed)
        snprintf(failures, sizeof failures, "  %zu failed", p->failed);
    int length = snprintf(text, sizeof text, "[%s] %s%s%zu of %zu files  %.3g MP/s  %s left%s", bar,
                          p->what ? p->what : "", p->what ? ": " : "", finished(p), p->files,
                          speed(p), remaining, failures);
    size_t most = columns() - 1;
    fprintf(stderr, "\r%.*s\x1b[K", (int)most, length > 0 ? text : "");
    fflush(stderr);
    p->shown = true;
}

static void put_object(const batch_progress *p, bool end)
{
    json j = {.out = stderr, .in_line = true};
    json_open(&j, NULL, '{');
    json_text(&j, "event", end ? "end" : "progress");
    if (p->what)
        json_text(&j, "what", p->what);
    json_count(&j, "files", p->files);
    json_count(&j, "done", p->done);
    json_count(&j, "current", p->current);
    json_count(&j, "failed", p->failed);
    json_number(&j, "seconds", batch_now() - p->start);
    json_number(&j, "seconds_left", end ? 0 : left(p));
    json_number(&j, "megapixels_per_second", speed(p));
    json_close(&j, '}');
    fflush(stderr);
}

void batch_progress_note(batch_progress *p, const cli_record *record)
{
    p->done += record->outcome == OUTCOME_DONE;
    p->current += record->outcome == OUTCOME_CURRENT;
    p->failed += record->outcome == OUTCOME_FAILED;
    p->done_bytes += record->input_bytes;
    if (record->outcome == OUTCOME_DONE)
        p->pixels += (double)record->width * (double)record->height;
    double now = batch_now();
    if (p->kind == CLI_PROGRESS_LINE && now - p->last >= between_lines) {
        p->last = now;
        put_line(p);
    } else if (p->kind == CLI_PROGRESS_JSON && now - p->last >= between_objects) {
        p->last = now;
        put_object(p, false);
    }
}

void batch_progress_clear(batch_progress *p)
{
    if (p->shown)
        fputs("\r\x1b[K", stderr);
    p->shown = false;
}

void batch_progress_end(batch_progress *p)
{
    batch_progress_clear(p);
    if (p->kind == CLI_PROGRESS_JSON)
        put_object(p, true);
}
