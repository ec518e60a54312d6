/* SPDX-License-Identifier: MIT */
/* Writing the report of a run: a line of JSON for each record, what is known of the run at the end.
 */
#include "cli/report/report.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/report/report_page.h"

struct report {
    eg_file *file;
    char *title;
    char **words;
    size_t count;
    double started; /* seconds since 1970 */
    eg_error error; /* the first failure: nothing that follows can mend it */
    char folder[PATH_MAX];
};

/* Hands the failure on, if there was one. */
static eg_status told(const report *r, eg_error *error)
{
    if (r->error.status != EG_OK && error && error->status == EG_OK)
        *error = r->error;
    return r->error.status;
}

/* ---- opening --------------------------------------------------------------------------------- */

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

static double clock_now(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static eg_status out_of_memory(eg_error *error)
{
    if (error && error->status == EG_OK) {
        error->status = EG_NO_MEMORY;
        snprintf(error->message, sizeof error->message, "out of memory for the report");
    }
    return EG_NO_MEMORY;
}

eg_status report_open(report **made, eg_context *ctx, const report_about *about, eg_error *error)
{
    *made = NULL;
    report *r = calloc(1, sizeof *r);
    if (!r || !copy_about(r, about)) {
        report_close(r);
        return out_of_memory(error);
    }
    r->started = clock_now();
    if (!page_folder_of(r->folder, sizeof r->folder, about->path))
        r->folder[0] = '\0'; /* no links then */
    if (eg_file_create(&r->file, ctx, about->path, &r->error) == EG_OK)
        page_begin(r->file, &r->error);
    eg_status status = told(r, error);
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
    eg_file_close(r->file);
    for (size_t i = 0; i < r->count; i++)
        free(r->words[i]);
    free(r->words);
    free(r->title);
    free(r);
}

/* ---- records --------------------------------------------------------------------------------- */

static void put_key(report *r, const char *key)
{
    page_text(r->file, ",\"", &r->error);
    page_text(r->file, key, &r->error);
    page_text(r->file, "\":", &r->error);
}

static void put_string(report *r, const char *key, const char *text)
{
    put_key(r, key);
    page_string(r->file, text, &r->error);
}

/* Numbers that are not finite are left out. */
static void put_number(report *r, const char *key, double value)
{
    char text[40];
    if (!isfinite(value))
        return;
    snprintf(text, sizeof text, "%.10g", value);
    put_key(r, key);
    page_text(r->file, text, &r->error);
}

static void put_count(report *r, const char *key, uint64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRIu64, value);
    put_key(r, key);
    page_text(r->file, text, &r->error);
}

static void put_link(report *r, const char *key, const char *path)
{
    char url[3 * PATH_MAX + 1];
    if (!path || !*path || strcmp(path, "-") == 0 || !r->folder[0] ||
        !page_link(url, sizeof url, r->folder, path))
        return;
    put_key(r, key);
    page_text(r->file, "\"", &r->error);
    page_text(r->file, url, &r->error);
    page_text(r->file, "\"", &r->error);
}

static void put_thumb(report *r, const char *key, const cli_thumb *thumb)
{
    if (!thumb->bytes || !thumb->size)
        return;
    put_key(r, key);
    page_text(r->file, "\"", &r->error);
    page_base64(r->file, thumb->bytes, thumb->size, &r->error);
    page_text(r->file, "\"", &r->error);
}

static void put_edges(report *r, const cli_marked *edges)
{
    put_number(r, "low", edges->low);
    put_number(r, "high", edges->high);
    put_number(r, "share", edges->share);
    put_key(r, "automatic");
    page_text(r->file, edges->automatic ? "true" : "false", &r->error);
}

/* The reason without the file's name, which the page has beside it. */
static const char *reason_of(const cli_record *record)
{
    const char *reason = record->reason ? record->reason : "";
    size_t length = record->input ? strlen(record->input) : 0;
    if (length && strncmp(reason, record->input, length) == 0 &&
        strncmp(reason + length, ": ", 2) == 0)
        return reason + length + 2;
    return reason;
}

/* The order of the first three is that of report_page.h. */
eg_status report_add(report *r, const cli_record *record, eg_error *error)
{
    static const char *const outcomes[] = {
        [OUTCOME_DONE] = "done", [OUTCOME_CURRENT] = "current", [OUTCOME_FAILED] = "failed"};
    page_text(r->file, PAGE_RECORD PAGE_FOLDER PAGE_NAME, &r->error);
    page_string(r->file, record->name, &r->error);
    put_string(r, "outcome", outcomes[record->outcome]);
    if (record->outcome == OUTCOME_FAILED) {
        put_count(r, "code", (uint64_t)record->code);
        put_string(r, "reason", reason_of(record));
    }
    put_link(r, "input", record->input);
    if (record->outcome != OUTCOME_FAILED)
        put_link(r, "output", record->output);
    put_count(r, "inputBytes", record->input_bytes);
    put_count(r, "outputBytes", record->output_bytes);
    put_count(r, "width", record->width);
    put_count(r, "height", record->height);
    put_number(r, "seconds", record->seconds);
    if (record->has_edges)
        put_edges(r, &record->edges);
    put_thumb(r, "before", &record->before);
    put_thumb(r, "after", &record->after);
    page_text(r->file, "}" PAGE_TAIL "\n", &r->error);
    return told(r, error);
}

/* ---- the end --------------------------------------------------------------------------------- */

eg_status report_commit(report *r, double seconds, bool stopped, eg_error *error)
{
    page_text(r->file, PAGE_RUN PAGE_FOLDER PAGE_NAME, &r->error);
    page_string(r->file, r->title, &r->error);
    put_string(r, "version", EG_VERSION);
    put_number(r, "started", floor(r->started));
    put_number(r, "seconds", seconds);
    put_key(r, "stopped");
    page_text(r->file, stopped ? "true" : "false", &r->error);
    put_key(r, "command");
    for (size_t i = 0; i < r->count; i++) {
        page_text(r->file, i ? "," : "[", &r->error);
        page_string(r->file, r->words[i], &r->error);
    }
    page_text(r->file, r->count ? "]}" PAGE_TAIL "\n" : "[]}" PAGE_TAIL "\n", &r->error);
    page_end(r->file, &r->error);
    if (r->error.status == EG_OK)
        eg_file_commit(r->file, &r->error);
    return told(r, error);
}
