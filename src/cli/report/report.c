/* SPDX-License-Identifier: MIT */
/* Writes the report of a batch: a line of JSON for each record, and one about the run at the end.
 */
#include "cli/report/report.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/report/report_page.h"

struct report {
    page_writer page;
    char *title;
    char **words;
    size_t count;
    double started;        /* seconds since 1970 */
    eg_error error;        /* first error */
    char folder[PATH_MAX]; /* folder of the page, absolute; links are relative to it */
};

/* Copies the first error of the report to `error` and returns its status. */
static eg_status report_status(const report *r, eg_error *error)
{
    if (r->error.status != EG_OK && error && error->status == EG_OK)
        *error = r->error;
    return r->error.status;
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Returns false if memory runs out. */
static bool copy_about(report *r, const report_about *about)
{
    r->title = strdup(about->title);
    r->words = calloc(about->count + 1, sizeof *r->words);
    if (!r->title || !r->words)
        return false;
    for (; r->count < about->count; r->count++)
        if (!(r->words[r->count] = strdup(about->words[r->count])))
            return false;
    return true;
}

/* Returns the seconds since 1970. */
static double clock_now(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

eg_status report_open(report **made, eg_context *ctx, const report_about *about, eg_error *error)
{
    *made = NULL;
    report *r = calloc(1, sizeof *r);
    if (!r || !copy_about(r, about)) {
        report_close(r);
        return fail_no_memory(error, "the report");
    }
    r->started = clock_now();
    if (!page_folder_of(r->folder, sizeof r->folder, about->path))
        r->folder[0] = '\0'; /* no links */
    if (eg_file_create(&r->page.file, ctx, about->path, &r->error) == EG_OK)
        page_begin(&r->page, &r->error);
    eg_status status = report_status(r, error);
    if (status == EG_OK)
        *made = r;
    else
        report_close(r);
    return status;
}

void report_close(report *r)
{
    if (!r)
        return;
    eg_file_close(r->page.file);
    for (size_t i = 0; i < r->count; i++)
        free(r->words[i]);
    free(r->words);
    free(r->title);
    free(r);
}

/* ---- records --------------------------------------------------------------------------------- */

static void write_key(report *r, const char *key)
{
    page_text(&r->page, ",\"", &r->error);
    page_text(&r->page, key, &r->error);
    page_text(&r->page, "\":", &r->error);
}

static void write_string(report *r, const char *key, const char *text)
{
    write_key(r, key);
    page_string(&r->page, text, &r->error);
}

/* Writes a number unless it is infinite or NaN. */
static void write_number(report *r, const char *key, double value)
{
    char text[40];
    if (!isfinite(value))
        return;
    snprintf(text, sizeof text, "%.10g", value);
    write_key(r, key);
    page_text(&r->page, text, &r->error);
}

static void write_count(report *r, const char *key, uint64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRIu64, value);
    write_key(r, key);
    page_text(&r->page, text, &r->error);
}

static void write_link(report *r, const char *key, const char *path)
{
    char url[3 * PATH_MAX + 1];
    if (!path || !*path || strcmp(path, "-") == 0 || !r->folder[0] ||
        !page_link(url, sizeof url, r->folder, path))
        return;
    write_key(r, key);
    page_text(&r->page, "\"", &r->error);
    page_text(&r->page, url, &r->error);
    page_text(&r->page, "\"", &r->error);
}

static void write_thumbnail(report *r, const char *key, const cli_thumbnail *thumbnail)
{
    if (!thumbnail->bytes || !thumbnail->size)
        return;
    write_key(r, key);
    page_text(&r->page, "\"", &r->error);
    page_base64(&r->page, thumbnail->bytes, thumbnail->size, &r->error);
    page_text(&r->page, "\"", &r->error);
}

static void write_edges(report *r, const cli_edge_stats *edges)
{
    write_number(r, "low", edges->low);
    write_number(r, "high", edges->high);
    write_number(r, "share", edges->edge_share);
    write_key(r, "automatic");
    page_text(&r->page, edges->automatic ? "true" : "false", &r->error);
}

/* Returns the reason of a failure without the path of the file, which the page shows beside it. */
static const char *failure_reason(const cli_record *record)
{
    const char *reason = record->reason ? record->reason : "";
    size_t length = record->input ? strlen(record->input) : 0;
    if (length && strncmp(reason, record->input, length) == 0 &&
        strncmp(reason + length, ": ", 2) == 0)
        return reason + length + 2;
    return reason;
}

/* report_page.h relies on the order of folder, name and outcome. */
eg_status report_add(report *r, const cli_record *record, eg_error *error)
{
    static const char *const outcomes[] = {
        [OUTCOME_DONE] = "done", [OUTCOME_UP_TO_DATE] = "current", [OUTCOME_FAILED] = "failed"};
    page_begin_line(&r->page, PAGE_RECORD, &r->error);
    page_text(&r->page, PAGE_FOLDER PAGE_NAME, &r->error);
    page_string(&r->page, record->name, &r->error);
    write_string(r, "outcome", outcomes[record->outcome]);
    if (record->outcome == OUTCOME_FAILED) {
        write_count(r, "code", (uint64_t)record->code);
        write_string(r, "reason", failure_reason(record));
    }
    write_link(r, "input", record->input);
    if (record->outcome != OUTCOME_FAILED)
        write_link(r, "output", record->output);
    write_count(r, "inputBytes", record->input_bytes);
    write_count(r, "outputBytes", record->output_bytes);
    write_count(r, "width", record->width);
    write_count(r, "height", record->height);
    write_number(r, "seconds", record->seconds);
    if (record->has_edges)
        write_edges(r, &record->edges);
    write_thumbnail(r, "before", &record->before);
    write_thumbnail(r, "after", &record->after);
    page_text(&r->page, "}", &r->error);
    page_end_line(&r->page, PAGE_RECORD, &r->error);
    return report_status(r, error);
}

eg_status report_join(report *r, eg_outputs *set, eg_error *error)
{
    return eg_file_join(r->page.file, set, error);
}

/* ---- the end --------------------------------------------------------------------------------- */

eg_status report_commit(report *r, double seconds, bool stopped, eg_error *error)
{
    page_begin_line(&r->page, PAGE_RUN, &r->error);
    page_text(&r->page, PAGE_FOLDER PAGE_NAME, &r->error);
    page_string(&r->page, r->title, &r->error);
    write_string(r, "version", EG_VERSION);
    write_number(r, "started", floor(r->started));
    write_number(r, "seconds", seconds);
    write_key(r, "stopped");
    page_text(&r->page, stopped ? "true" : "false", &r->error);
    write_key(r, "command");
    for (size_t i = 0; i < r->count; i++) {
        page_text(&r->page, i ? "," : "[", &r->error);
        page_string(&r->page, r->words[i], &r->error);
    }
    page_text(&r->page, r->count ? "]}" : "[]}", &r->error);
    page_end_line(&r->page, PAGE_RUN, &r->error);
    page_end(&r->page, &r->error);
    if (r->error.status == EG_OK)
        eg_file_commit(r->page.file, &r->error);
    return report_status(r, error);
}
