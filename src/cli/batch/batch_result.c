/* SPDX-License-Identifier: MIT */
/* Records the result of one file of a batch run: in the manifest, the JSON lines, the report page
 * and the progress, or as a failure. One thread at a time. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "cli/batch/batch_run.h"
#include "cli/support/progress_line.h"

/* Adds output `index` to the manifest, unless a neighbour was missing: the next run computes it
 * again. Reports the first failure and then stops trying. */
static void add_to_manifest(batch_job *job, size_t index)
{
    batch *b = job->batch;
    const struct batch_written *written = &job->written[index];
    char key[PATH_MAX + 32], path[PATH_MAX];
    batch_entry entry = {
        .input_size = job->item->size,
        .input_modified = job->item->modified,
        .output_size = written->size,
        .output_modified = written->modified,
        .options_hash = batch_item_hash(b, job->item),
        .width = job->record.width,
        .height = job->record.height,
        .has_edges = job->record.has_edges,
        .edges = job->record.edges,
    };
    if (!b->manifest || b->manifest_failed || !written->exists || job->result.lost_neighbours ||
        !batch_manifest_key(b, job->item, index, key, sizeof key, path, sizeof path) ||
        batch_manifest_add(b->manifest, key, &entry))
        return;
    message("the manifest cannot be written: %s; the next run will compute these files again",
            strerror(errno));
    b->manifest_failed = true;
}

static bool disk_is_full(const char *folder)
{
    struct statvfs about;
    return statvfs(folder, &about) == 0 && about.f_bavail < 16;
}

/* Reports a failure. Stops the run if --fail-fast was given, or if the disk is full, because every
 * further file would fail too. */
static void record_failure(batch_job *job)
{
    batch *b = job->batch;
    job->record.outcome = OUTCOME_FAILED;
    job->record.code = exit_code(job->error.status);
    job->record.reason = job->error.message;
    batch_raise_exit_code(b, job->record.code);
    if (b->progress.kind == CLI_PROGRESS_JSON) {
        flockfile(stderr);
        batch_print_json_line(stderr, b->work, &b->progress, &job->record);
        funlockfile(stderr);
    } else {
        report_error(b->settings, &job->error);
    }
    if (b->work->batch->fail_fast)
        b->stop = true;
    for (size_t i = 0; job->error.status == EG_FILE && !b->stop && i < b->work->count; i++)
        if (disk_is_full(b->work->outputs[i].path)) {
            message("%s: the disk is full; free some space and run the same command to continue",
                    b->work->outputs[i].path);
            b->stop = true;
        }
}

/* Ends the JSON lines after a write error. Says nothing if standard output is a pipe whose reader
 * has closed it. */
static void close_json_lines(batch *b)
{
    const int code = errno_exit_code(errno);
    if (b->json_lines != stdout || errno != EPIPE) {
        message("%s: cannot be written: %s", b->work->batch->json_lines, strerror(errno));
    }
    if (b->json_lines == stdout)
        clearerr(stdout);
    else
        fclose(b->json_lines);
    b->json_lines = NULL;
    batch_raise_exit_code(b, code);
}

static void report_lost_neighbours(batch_job *job)
{
    const raster_result *result = &job->result;
    char more[48] = "";
    if (!result->lost_neighbours || job->batch->settings->quiet)
        return;
    if (result->lost_neighbours > 1)
        snprintf(more, sizeof more, " (and %zu more)", result->lost_neighbours - 1);
    message("warning: %s: computed without a neighbour%s: %s", job->item->input, more,
            result->lost_neighbour);
}

void batch_job_record(batch_job *job)
{
    batch *b = job->batch;
    const bool good = job->error.status == EG_OK;
    const bool done = good && job->record.outcome == OUTCOME_DONE;
    if (!good)
        record_failure(job);
    if (done)
        report_lost_neighbours(job);
    for (size_t i = 0; done && i < b->work->count; i++)
        add_to_manifest(job, i);
    if (done && b->work->batch->report.print_line) {
        raster_print_report(b->work, job->item->input, &job->result);
    }
    if (b->json_lines == stdout || (b->work->single_file && b->settings->json))
        progress_line_clear(); /* both streams may be one terminal */
    if (b->work->single_file && b->settings->json && good)
        b->work->print_json(b->work, job->item->input, &job->result);
    else if (b->work->single_file && b->settings->json)
        raster_print_failure(b->work, job->item->input, &job->error, &job->result);
    job->record.before = job->thumbnails.before;
    job->record.after = job->thumbnails.after;
    if (b->json_lines && !batch_print_json_line(b->json_lines, b->work, &b->progress, &job->record))
        close_json_lines(b);
    if (b->page && !b->page_error.status)
        report_add(b->page, &job->record, &b->page_error);
    batch_progress_add(&b->progress, &job->record);
}
