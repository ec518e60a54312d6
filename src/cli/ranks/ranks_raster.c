/* SPDX-License-Identifier: MIT */
/*
 * One raster distributed over all ranks. Each rank opens the input, computes some of its rows as
 * part of the whole raster, and writes them to its part of a VRT or sends them to rank 0. After
 * each step ranks_agree() makes all ranks stop if one failed. Files are renamed to their final
 * names in the last steps, when no rank failed.
 */
#include "cli/ranks/ranks_raster.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/ranks/ranks.h"
#include "cli/raster/raster_progress.h"
#include "cli/support/file_check.h"

typedef struct distributed_raster {
    const raster_work *work;
    const char *input;
    eg_context *ctx;
    eg_source *source; /* NULL if this rank has no rows */
    eg_sink *sinks[RASTER_OUTPUTS];
    rank_rows rows[RASTER_OUTPUTS]; /* of outputs that are one file, which rank 0 writes */
    eg_outputs *outputs;            /* files that this rank writes */
    eg_outputs *vrts;               /* rank 0: the VRTs */
    size_t *first;                  /* first row of each rank that has rows, then the height */
    int ranks;                      /* number of ranks that have rows: 0 .. ranks - 1 */
    raster_result result;
    raster_progress progress;
    bool all_nodata; /* no rank read a cell with data */
} distributed_raster;

/* ---- distribution of rows -------------------------------------------------------------------- */

/* Returns the granularity of the distribution: the height of a tile, halved until each rank has
 * about four units. */
static size_t rows_per_unit(const distributed_raster *r, size_t height)
{
    int tile = r->work->settings->write.tile;
    size_t rows = tile > 0 ? (size_t)tile : 256;
    while (rows > 1 && height < 4 * rows * (size_t)rank_count())
        rows /= 2;
    return rows;
}

static eg_status distribute_rows(distributed_raster *r, size_t height, eg_error *error)
{
    const size_t unit = rows_per_unit(r, height), units = (height + unit - 1) / unit;
    const size_t ranks = units < (size_t)rank_count() ? units : (size_t)rank_count();
    r->first = malloc((ranks + 1) * sizeof *r->first);
    if (!r->first)
        return ranks_fail(error, EG_NO_MEMORY, "out of memory");
    r->ranks = (int)ranks;
    for (size_t i = 0; i < ranks; i++)
        r->first[i] = units * i / ranks * unit;
    r->first[ranks] = height;
    return EG_OK;
}

static bool has_rows(const distributed_raster *r)
{
    return rank_number() < r->ranks;
}

/* ---- input ----------------------------------------------------------------------------------- */

/* Rejects pipes, which several processes cannot read. */
static eg_status check_regular_file(const distributed_raster *r, eg_error *error)
{
    struct stat about;
    if (rank_count() == 1)
        return EG_OK;
    if (strcmp(r->input, "-") == 0)
        return ranks_fail(error, EG_USAGE,
                          "standard input cannot be read by several ranks: name a file");
    if (stat(r->input, &about) == 0 && !S_ISREG(about.st_mode))
        return ranks_fail(error, EG_USAGE,
                          "%s: cannot be read by several ranks: name a regular file", r->input);
    return EG_OK;
}

static eg_status open_input(distributed_raster *r, eg_error *error)
{
    const cli_settings *settings = r->work->settings;
    eg_config config = settings->config;
    config.cancel = signal_caught();
    if (config.threads == 0)
        config.threads = rank_processors();
    if (rank_count() == 1) /* of several, rank 0 would know its own rows only */
        raster_progress_start(&r->progress, r->work, r->input, &config);
    eg_status status = eg_context_new(&r->ctx, &config, error);
    if (status == EG_OK)
        status = check_regular_file(r, error);
    if (status == EG_OK)
        status = eg_source_open(&r->source, r->ctx, r->input, &settings->read, error);
    if (status != EG_OK)
        return status;
    r->result.info = *eg_source_info(r->source);
    return EG_OK;
}

/* Fails if this rank's input differs from that of rank 0, as on machines without a shared file
 * system. */
static eg_status check_same_input(distributed_raster *r, eg_error *error)
{
    const eg_info *mine = &r->result.info;
    eg_info first = *mine;
    ranks_broadcast(&first, sizeof first, 0);
    if (first.width == mine->width && first.height == mine->height &&
        first.sample == mine->sample && first.depth == mine->depth)
        return EG_OK;
    return ranks_fail(
        error, EG_BAD_INPUT,
        "%s: rank %d reads a different file than rank 0: put it on a shared file system", r->input,
        rank_number());
}

/* Restricts the source to this rank's rows; closes it if there are none. */
static eg_status select_rows(distributed_raster *r, eg_error *error)
{
    int rank = rank_number();
    eg_status status = distribute_rows(r, r->result.info.height, error);
    if (status != EG_OK)
        return status;
    if (has_rows(r))
        return eg_source_rows(r->source, r->first[rank], r->first[rank + 1] - r->first[rank],
                              error);
    eg_source_close(r->source);
    r->source = NULL;
    return EG_OK;
}

/* ---- outputs --------------------------------------------------------------------------------- */

bool ranks_raster_needed(const raster_work *work)
{
    bool vrt = false;
    for (size_t i = 0; i < work->count; i++)
        vrt = vrt || is_vrt_path(work->outputs[i].path);
    return vrt || rank_count() > 1;
}

/* Checks --format and the paths of all parts of a VRT. */
static eg_status check_parts(const distributed_raster *r, const char *vrt, eg_error *error)
{
    char path[PATH_MAX];
    const char *format = r->work->settings->write.format;
    if (format && strcmp(format, "tif") != 0 && strcmp(format, "tiff") != 0)
        return ranks_fail(error, EG_USAGE, "%s: its parts are TIFFs: leave out --format", vrt);
    for (int i = 0; i < r->ranks; i++) {
        if (!vrt_part_path(vrt, i, path, sizeof path))
            return ranks_fail(error, EG_FILE, "%s: the name is too long", vrt);
        if (same_file(r->input, path))
            return ranks_fail(error, EG_USAGE,
                              "%s: is INPUT, and would be a part of %s: name another VRT", path,
                              vrt);
        if (file_check_replace(r->work->settings, path, NULL, error) != EG_OK)
            return error->status;
    }
    return EG_OK;
}

/* Opens this rank's part of a VRT. */
static eg_status open_part(distributed_raster *r, size_t i, eg_error *error)
{
    char path[PATH_MAX];
    const char *vrt = r->work->outputs[i].path;
    eg_write_options options = r->work->settings->write;
    options.format = "tif";
    options.outputs = r->outputs;
    eg_status status = file_check_replace(r->work->settings, vrt, r->work->replace_advice, error);
    if (status == EG_OK)
        status = check_parts(r, vrt, error);
    if (status != EG_OK || !has_rows(r))
        return status;
    vrt_part_path(vrt, rank_number(), path, sizeof path);
    return eg_sink_open(&r->sinks[i], r->ctx, path, &options, error);
}

/* Opens an output on rank 0, which appends the rows of the other ranks to its own. */
static eg_status open_whole(distributed_raster *r, size_t i, eg_error *error)
{
    const raster_work *work = r->work;
    const char *path = work->outputs[i].path;
    eg_write_options options = work->settings->write;
    options.outputs = r->outputs;
    eg_status status = file_check_replace(work->settings, path, work->replace_advice, error);
    if (status == EG_OK)
        status = eg_sink_open(&r->sinks[i], r->ctx, path, &options, error);
    if (status != EG_OK)
        return status;
    return eg_sink_set_total_rows(r->sinks[i], r->source, error);
}

static eg_status open_outputs(distributed_raster *r, eg_error *error)
{
    eg_status status = eg_outputs_new(&r->outputs, r->ctx, error);
    if (status == EG_OK)
        status = eg_outputs_new(&r->vrts, r->ctx, error);
    for (size_t i = 0; i < r->work->count && status == EG_OK; i++) {
        if (is_vrt_path(r->work->outputs[i].path))
            status = open_part(r, i, error);
        else if (rank_number() == 0)
            status = open_whole(r, i, error);
    }
    return status;
}

/* Opens the temporary storage of rows for outputs that are one file. The rows get a sample type
 * that the file of rank 0 accepts. */
static eg_status open_row_storage(distributed_raster *r, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; i < r->work->count; i++) {
        unsigned samples = 0;
        if (is_vrt_path(r->work->outputs[i].path))
            continue;
        if (rank_number() == 0)
            samples = eg_sink_samples(r->sinks[i]);
        ranks_broadcast(&samples, sizeof samples, 0);
        if (!has_rows(r) || status != EG_OK)
            continue;
        status = rank_rows_open(&r->rows[i], r->result.info.width, error);
        if (status == EG_OK && rank_number() > 0)
            status =
                eg_sink_push(&r->sinks[i], r->ctx, samples, rank_rows_store, &r->rows[i], error);
    }
    return status;
}

/* ---- steps ----------------------------------------------------------------------------------- */

static eg_status compute_rows(distributed_raster *r, eg_error *error)
{
    const raster_work *work = r->work;
    const raster_pass pass = {.ctx = r->ctx,
                              .path = r->input,
                              .source = r->source,
                              .sinks = r->sinks,
                              .first = has_rows(r) ? r->first[rank_number()] : 0};
    if (work->compute_on_ranks)
        work->compute_on_ranks(work, &pass, &r->result, error);
    else if (r->source)
        work->compute(work, &pass, &r->result, error);
    for (size_t i = 0; i < work->count && r->sinks[i] && error->status == EG_OK; i++)
        eg_sink_map_scale(r->sinks[i], &r->result.scales[i]);
    return error->status;
}

/* Records whether all cells of all ranks are missing, of which eg_terrain() warns if it has the
 * whole raster. */
static eg_status check_data(distributed_raster *r, eg_error *error)
{
    (void)error;
    r->all_nodata = !ranks_any(r->source && !eg_source_all_nodata(r->source));
    return EG_OK;
}

/* Sends the rows of the other ranks to rank 0, which appends them to the outputs. */
static eg_status collect_rows(distributed_raster *r, eg_error *error)
{
    const eg_grid rest = {.width = r->result.info.width,
                          .height = r->result.info.height - r->first[1],
                          .white_level = r->result.info.white_level};
    for (size_t i = 0; i < r->work->count; i++) {
        if (is_vrt_path(r->work->outputs[i].path) || !has_rows(r))
            continue;
        if (rank_number() > 0)
            rank_rows_send(&r->rows[i], error);
        else if (r->ranks > 1)
            rank_rows_receive(&r->rows[i], r->ctx, r->sinks[i], rest, r->ranks, error);
    }
    return error->status;
}

/* Makes the outputs appear under their final names, on trial. */
static eg_status publish_outputs(distributed_raster *r, eg_error *error)
{
    return eg_outputs_publish(r->outputs, error);
}

/* Makes it final that the outputs and the VRTs have appeared, which cannot fail. */
static eg_status commit_outputs(distributed_raster *r, eg_error *error)
{
    eg_status status = eg_outputs_commit(r->outputs, error);
    return status == EG_OK ? eg_outputs_commit(r->vrts, error) : status;
}

/* Writes the VRTs on rank 0, after their parts have appeared. */
static eg_status write_vrts(distributed_raster *r, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; i < r->work->count && status == EG_OK && rank_number() == 0; i++)
        if (is_vrt_path(r->work->outputs[i].path))
            status = vrt_write(r->ctx, r->vrts, r->work->outputs[i].path, &r->result.scales[i],
                               r->first, r->ranks, error);
    return status == EG_OK ? eg_outputs_publish(r->vrts, error) : status;
}

static eg_status run_steps(distributed_raster *r, eg_error *error)
{
    static eg_status (*const steps[])(distributed_raster * r, eg_error * error) = {
        open_input, check_same_input, select_rows,     open_outputs, open_row_storage, compute_rows,
        check_data, collect_rows,     publish_outputs, write_vrts,   commit_outputs};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        steps[i](r, error);
        if (!ranks_agree(error))
            break;
    }
    return error->status;
}

static void close_all(distributed_raster *r)
{
    for (size_t i = 0; i < r->work->count; i++) {
        eg_sink_close(r->sinks[i]);
        rank_rows_close(&r->rows[i]);
    }
    eg_source_close(r->source);
    eg_outputs_close(r->vrts);
    eg_outputs_close(r->outputs);
    eg_context_free(r->ctx);
    free(r->first);
}

/* Prints the warnings of rank 0. */
static void print_warnings(const distributed_raster *r)
{
    const cli_settings *settings = r->work->settings;
    report_warnings(settings, r->input, r->source);
    if (r->all_nodata && !settings->quiet)
        message("warning: %s: has no cell with data; every cell of the maps is missing", r->input);
}

int ranks_raster_run(const raster_work *work)
{
    distributed_raster r = {.work = work, .input = work->args->operands[0]};
    eg_error error = {0};
    double start = seconds_now();
    eg_status status = run_steps(&r, &error);
    if (status == EG_OK)
        print_warnings(&r);
    close_all(&r);
    if (rank_count() == 1)
        raster_progress_finish(&r.progress);
    r.result.seconds = seconds_now() - start;
    if (status != EG_OK && rank_number() == 0 && work->settings->json)
        raster_print_failure(work, r.input, &error, &r.result);
    if (status != EG_OK)
        return report_error(work->settings, &error);
    if (rank_number() == 0 && work->batch->report.print_line)
        raster_print_report(work, r.input, &r.result);
    if (rank_number() == 0 && work->settings->json)
        work->print_json(work, r.input, &r.result);
    return EXIT_DONE;
}
