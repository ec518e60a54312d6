/* SPDX-License-Identifier: MIT */
/* One file of a batch run: checks whether it is up to date, computes it, records the result. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "cli/batch/batch_run.h"
#include "cli/support/progress_line.h"

eg_config batch_job_config(const batch *b, int threads, size_t memory)
{
    eg_config config = b->settings->config;
    config.threads = threads;
    config.max_memory = memory;
    config.cancel = signal_caught();
    if (b->work->single_file)
        raster_progress_start(b->file_progress, b->work, b->list.items[0].input, &config);
    return config;
}

size_t batch_memory_of_jobs(const batch *b)
{
    return b->settings->config.max_memory - (b->borders ? batch_borders_memory(b->settings) : 0);
}

size_t batch_memory_per_job(const batch *b)
{
    size_t memory = batch_memory_of_jobs(b) / (size_t)b->threads;
    return memory ? memory : 1;
}

void batch_raise_exit_code(batch *b, int code)
{
    if (code > b->exit_code)
        b->exit_code = code;
}

/* ---- running --------------------------------------------------------------------------------- */

void batch_job_start(batch_job *job, batch *b, batch_item *item)
{
    *job = (batch_job){.batch = b, .item = item, .threads = 1};
    job->record = (cli_record){.name = item->input + item->relative_offset,
                               .input = item->input,
                               .input_bytes = item->size,
                               .input_size_unknown = item->missing || item->streaming,
                               .seconds = (double)NAN,
                               .outputs = job->outputs};
}

bool batch_job_name_outputs(batch_job *job)
{
    const raster_work *work = job->batch->work;
    bool fits = true;
    for (size_t i = 0; i < work->count; i++) {
        job->outputs[i] = job->paths[i];
        fits = fits && batch_output_path(work, job->item, i, job->paths[i], PATH_MAX);
    }
    job->record.output = job->outputs[0];
    return fits;
}

static bool set_error(batch_job *job, eg_status status, const char *path, const char *text)
{
    job->error.status = status;
    snprintf(job->error.message, sizeof job->error.message, "%s: %s", path, text);
    return false;
}

/* Names the outputs and creates their folders. Returns false on failure. */
static bool prepare_outputs(batch_job *job)
{
    const raster_work *work = job->batch->work;
    if (!batch_job_name_outputs(job))
        return set_error(job, EG_FILE, job->item->input, "the name of its output is too long");
    for (size_t i = 0; i < work->count && !work->single_file; i++)
        if (!batch_make_folders(job->paths[i]))
            return set_error(job, EG_FILE, job->paths[i], strerror(errno));
    return true;
}

/* Computes the outputs with the neighbours of the item. */
static void compute_item(batch_job *job, const eg_config *config)
{
    const batch *b = job->batch;
    const batch_item *item = job->item;
    raster_neighbour *neighbours = malloc((item->neighbour_count + 1) * sizeof *neighbours);
    const raster_input input = {item->input, neighbours, item->neighbour_count};
    if (!neighbours) {
        set_error(job, EG_NO_MEMORY, item->input, "out of memory for the list of neighbours");
        return;
    }
    for (size_t i = 0; i < item->neighbour_count; i++) {
        const batch_neighbour *n = &item->neighbours[i];
        neighbours[i] = (raster_neighbour){
            .path = b->list.items[n->item].input,
            .border =
                b->borders && n->border ? batch_borders_take(b->borders, n->item, config) : NULL,
            .column = n->column,
            .row = n->row};
    }
    bool own[RASTER_OUTPUTS];
    for (size_t i = 0; i < b->work->count; i++)
        own[i] = batch_is_own(b, job->item, i);
    raster_compute(b->work, config, &input, job->outputs, own, &job->result,
                   b->page_wanted ? &job->thumbnails : NULL, &job->error);
    for (size_t i = 0; i < item->neighbour_count; i++)
        if (neighbours[i].border)
            batch_borders_release(b->borders, item->neighbours[i].item);
    free(neighbours);
}

/* Returns true if the input has the size and time of when it was listed. */
static bool input_unchanged(const batch_item *item)
{
    uint64_t size;
    int64_t modified;
    return item->streaming || (batch_stat(item->input, &size, &modified) && size == item->size &&
                               modified == item->modified);
}

/* Fails if the input or a neighbour changed since it was listed. */
static void check_inputs(batch_job *job)
{
    const batch_item *item = job->item, *items = job->batch->list.items;
    if (job->error.status == EG_OK && !input_unchanged(item))
        set_error(
            job, EG_BAD_INPUT, item->input,
            "changed while it was read, so its output may mix old and new content; run again");
    for (size_t i = 0; i < item->neighbour_count && job->error.status == EG_OK; i++)
        if (!input_unchanged(&items[item->neighbours[i].item]))
            set_error(job, EG_BAD_INPUT, item->input,
                      "a neighbour changed while it was read, so the output may mix old and new "
                      "content; run again");
}

static void fill_record(batch_job *job)
{
    const raster_result *result = &job->result;
    cli_record *record = &job->record;
    record->width = result->info.width;
    record->height = result->info.height;
    record->seconds = result->seconds;
    record->has_edges = result->has_edges && job->error.status == EG_OK;
    if (record->has_edges) {
        const eg_edges_result *edges = &result->edges;
        double pixels = (double)record->width * (double)record->height;
        record->edges =
            (cli_edge_stats){edges->low, edges->high, (double)edges->edge_pixels / pixels,
                             edges->automatic || job->batch->work->batch->auto_shared};
    }
}

static void compute_outputs(batch_job *job, const eg_config *config)
{
    const raster_work *work = job->batch->work;
    compute_item(job, config);
    fill_record(job);
    check_inputs(job);
    job->record.output_bytes = 0;
    for (size_t i = 0; job->error.status == EG_OK && i < work->count; i++) {
        struct batch_written *written = &job->written[i];
        written->exists = batch_stat(job->outputs[i], &written->size, &written->modified);
        job->record.output_bytes += written->exists ? written->size : 0;
    }
}

void batch_job_run(batch_job *job)
{
    const batch *b = job->batch;
    if (!prepare_outputs(job))
        return;
    const eg_config config = batch_job_config(b, job->threads, job->memory);
    if (!batch_is_up_to_date(b, job->item, &job->record)) {
        compute_outputs(job, &config);
        return;
    }
    job->record.outcome = OUTCOME_UP_TO_DATE;
    job->record.seconds = 0;
    if (b->page_wanted)
        raster_read_thumbnails(b->work, &config, job->item->input, job->outputs[0],
                               &job->thumbnails);
}

void batch_job_free(batch_job *job)
{
    raster_thumbnails_free(&job->thumbnails);
}

/* ---- recording the result: one thread at a time ---------------------------------------------- */

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
    if (b->json_lines != stdout || errno != EPIPE) {
        message("%s: cannot be written: %s", b->work->batch->json_lines, strerror(errno));
    }
    if (b->json_lines == stdout)
        clearerr(stdout);
    else
        fclose(b->json_lines);
    b->json_lines = NULL;
    batch_raise_exit_code(b, EXIT_FILE);
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

static void record_result(batch_job *job)
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

void batch_job_finish(batch_job *job)
{
    batch *b = job->batch;
    pthread_mutex_lock(&b->lock);
    if (job->error.status == EG_LIMIT_EXCEEDED && job->memory != b->settings->config.max_memory)
        b->retry[b->retry_count++] = job->item;
    else if (job->error.status == EG_CANCELLED)
        b->stop = true;
    else
        record_result(job);
    pthread_mutex_unlock(&b->lock);
    batch_job_free(job);
}
