/* SPDX-License-Identifier: MIT */
/* One file of a batch run: checks whether it is up to date, and computes it. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/batch/batch_run.h"

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
            return set_error(job, errno == ENOMEM ? EG_NO_MEMORY : EG_FILE, job->paths[i],
                             strerror(errno));
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
                   b->page_wanted ? &job->thumbnails : NULL, &job->files, &job->error);
    for (size_t i = 0; i < item->neighbour_count; i++)
        if (neighbours[i].border)
            batch_borders_release(b->borders, item->neighbours[i].item);
    free(neighbours);
}

/* Fails, with the text `changed`, if the file does not have the size and time of when it was
 * listed. */
static void check_input(batch_job *job, const batch_item *item, const char *changed)
{
    uint64_t size;
    int64_t modified;
    if (job->error.status != EG_OK || item->streaming)
        return;
    const bool known = batch_stat(item->input, &size, &modified);
    if (!known && (errno == EIO || errno == ENOMEM))
        set_error(job, errno == ENOMEM ? EG_NO_MEMORY : EG_FILE, item->input, strerror(errno));
    else if (!known || size != item->size || modified != item->modified)
        set_error(job, EG_BAD_INPUT, job->item->input, changed);
}

/* Fails if the input or a neighbour changed since it was listed. */
static void check_inputs(batch_job *job)
{
    const batch_item *item = job->item, *items = job->batch->list.items;
    check_input(job, item,
                "changed while it was read, so its output may mix old and new content; run again");
    if (item->left_out && job->error.status == EG_OK)
        set_error(job, EG_FILE, item->input,
                  "could not be read when the thresholds of all images were chosen; run again");
    for (size_t i = 0; i < item->neighbour_count; i++)
        check_input(job, &items[item->neighbours[i].item],
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
    compute_item(job, config);
    fill_record(job);
    check_inputs(job);
    if (job->error.status == EG_OK)
        job->record.output_bytes = eg_outputs_bytes(job->files.outputs);
    else
        raster_files_close(&job->files);
}

void batch_job_committed(batch_job *job)
{
    const raster_work *work = job->batch->work;
    raster_files_close(&job->files);
    for (size_t i = 0; job->error.status == EG_OK && i < work->count; i++) {
        struct batch_written *written = &job->written[i];
        written->exists = batch_stat(job->outputs[i], &written->size, &written->modified);
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
                               &job->thumbnails, &job->error);
}

void batch_job_free(batch_job *job)
{
    raster_files_close(&job->files);
    raster_thumbnails_free(&job->thumbnails);
}
