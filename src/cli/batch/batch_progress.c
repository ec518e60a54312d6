/* SPDX-License-Identifier: MIT */
/* Progress of a batch run on standard error: a line that is overwritten, or JSON lines. */
#include <math.h>

#include "cli/batch/batch.h"
#include "cli/raster/raster_progress.h"
#include "cli/support/json.h"
#include "cli/support/progress_line.h"

static const double line_interval = 0.1, object_interval = 0.5; /* s */

void batch_progress_start(batch_progress *p, const raster_work *work, size_t files, uint64_t bytes)
{
    *p = (batch_progress){.kind = raster_progress_kind(work), .files = files, .bytes = bytes};
    if (work->single_file && p->kind == CLI_PROGRESS_LINE) /* its rows are shown instead */
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

static void print_progress_line(const batch_progress *p)
{
    char bar[PROGRESS_BAR + 1], remaining[16], text[PROGRESS_LINE], failures[32] = "";
    progress_bar(bar, p->files ? (double)finished_files(p) / (double)p->files : 0);
    progress_duration(remaining, sizeof remaining, seconds_left(p));
    if (p->failed)
        snprintf(failures, sizeof failures, "  %zu failed", p->failed);
    snprintf(text, sizeof text, "[%s] %s%s%zu of %zu files  %.3g MP/s  %s left%s", bar,
             p->label ? p->label : "", p->label ? ": " : "", finished_files(p), p->files,
             megapixels_per_second(p), remaining, failures);
    progress_line_show(text);
}

static void print_progress_object(const batch_progress *p, bool end)
{
    json j = {.out = stderr, .in_line = true};
    flockfile(stderr);
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
    funlockfile(stderr);
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

void batch_progress_finish(const batch_progress *p)
{
    progress_line_clear();
    if (p->kind == CLI_PROGRESS_JSON)
        print_progress_object(p, true);
}
