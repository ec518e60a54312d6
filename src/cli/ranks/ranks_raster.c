/* SPDX-License-Identifier: MIT */
/*
 * One raster over all ranks. Each opens it, has some of its rows computed as of the whole, and puts
 * them into a part of a mosaic or sends them to the first rank. Wherever one may have failed all
 * agree on what became of it, so that they end together; and files get their names when everything
 * is well.
 */
#include "cli/ranks/ranks_raster.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/batch/batch.h"
#include "cli/ranks/ranks.h"

typedef struct share {
    const raster_work *work;
    const char *input;
    eg_context *ctx;
    eg_source *source; /* NULL: no rows for this rank */
    eg_sink *sinks[CLI_OUTPUTS];
    shared_rows rows[CLI_OUTPUTS]; /* of outputs that the first rank writes; of the others' */
    size_t *first;                 /* row of each rank that has some, then the height */
    int ranks;                     /* that have some */
    raster_result result;
} share;

/* ---- who has which rows ---- */

/* Rows are cut where rows of tiles end, unless there are few of them. */
static size_t step_of(const share *s, size_t height)
{
    int tile = s->work->settings->write.tile;
    size_t step = tile > 0 ? (size_t)tile : 256;
    while (step > 1 && height < 4 * step * (size_t)rank_count())
        step /= 2;
    return step;
}

static eg_status cut(share *s, size_t height, eg_error *error)
{
    const size_t step = step_of(s, height), steps = (height + step - 1) / step;
    const size_t ranks = steps < (size_t)rank_count() ? steps : (size_t)rank_count();
    s->first = malloc((ranks + 1) * sizeof *s->first);
    if (!s->first)
        return shared_fail(error, EG_NO_MEMORY, "there is no memory left");
    s->ranks = (int)ranks;
    for (size_t i = 0; i < ranks; i++)
        s->first[i] = steps * i / ranks * step;
    s->first[ranks] = height;
    return EG_OK;
}

static bool has_rows(const share *s)
{
    return rank_number() < s->ranks;
}

/* ---- input ---- */

/* Several processes cannot read one pipe. */
static eg_status check_file(const share *s, eg_error *error)
{
    struct stat about;
    if (rank_count() == 1)
        return EG_OK;
    if (strcmp(s->input, "-") == 0)
        return shared_fail(error, EG_USAGE,
                           "standard input cannot be read by several ranks: name a file");
    if (stat(s->input, &about) == 0 && !S_ISREG(about.st_mode))
        return shared_fail(error, EG_USAGE, "%s: is not a file that several ranks can read",
                           s->input);
    return EG_OK;
}

static eg_status open_input(share *s, eg_error *error)
{
    const cli_settings *settings = s->work->settings;
    eg_config config = settings->config;
    config.cancel = signal_caught();
    if (config.threads == 0)
        config.threads = rank_processors();
    eg_status status = eg_context_new(&s->ctx, &config, error);
    if (status == EG_OK)
        status = check_file(s, error);
    if (status == EG_OK)
        status = eg_source_open(&s->source, s->ctx, s->input, &settings->read, error);
    if (status != EG_OK)
        return status;
    s->result.info = *eg_source_info(s->source);
    return EG_OK;
}

/* Machines that do not share their files may have others of that name. */
static eg_status check_same(share *s, eg_error *error)
{
    const eg_info *mine = &s->result.info;
    eg_info first = *mine;
    ranks_broadcast(&first, sizeof first, 0);
    if (first.width == mine->width && first.height == mine->height &&
        first.sample == mine->sample && first.depth == mine->depth)
        return EG_OK;
    return shared_fail(error, EG_BAD_INPUT,
                       "%s: rank %d reads another file of that name than the first one", s->input,
                       rank_number());
}

/* Ranks without rows need no source. */
static eg_status narrow(share *s, eg_error *error)
{
    int mine = rank_number();
    eg_status status = cut(s, s->result.info.height, error);
    if (status != EG_OK)
        return status;
    if (has_rows(s))
        return eg_source_rows(s->source, s->first[mine], s->first[mine + 1] - s->first[mine],
                              error);
    eg_source_close(s->source);
    s->source = NULL;
    return EG_OK;
}

/* ---- outputs ---- */

bool shared_wanted(const raster_work *work)
{
    bool parts = false;
    for (size_t i = 0; i < work->count; i++)
        parts = parts || shared_is_vrt(work->outputs[i].path);
    return parts || rank_count() > 1;
}

static eg_status check_part(const share *s, const char *vrt, eg_error *error)
{
    char path[PATH_MAX];
    const char *format = s->work->settings->write.format;
    if (format && strcmp(format, "tif") != 0 && strcmp(format, "tiff") != 0)
        return shared_fail(error, EG_USAGE, "%s: its parts are TIFFs: leave --format out", vrt);
    for (int i = 0; i < s->ranks; i++) {
        if (!shared_part_path(vrt, i, path, sizeof path))
            return shared_fail(error, EG_FILE, "%s: the name is too long", vrt);
        if (same_file(s->input, path))
            return shared_fail(error, EG_USAGE, "%s: is INPUT, and would be a part of %s", path,
                               vrt);
    }
    return EG_OK;
}

static eg_status open_part(share *s, size_t i, eg_error *error)
{
    char path[PATH_MAX];
    const char *vrt = s->work->outputs[i].path;
    eg_write_options options = s->work->settings->write;
    options.format = "tif";
    eg_status status = check_part(s, vrt, error);
    if (status != EG_OK || !has_rows(s))
        return status;
    shared_part_path(vrt, rank_number(), path, sizeof path);
    status = eg_sink_open(&s->sinks[i], s->ctx, path, &options, error);
    if (status == EG_OK)
        eg_sink_defer_commit(s->sinks[i]);
    return status;
}

/* The first rank's file; the others' rows follow its own. */
static eg_status open_whole(share *s, size_t i, eg_error *error)
{
    const raster_work *work = s->work;
    eg_status status =
        eg_sink_open(&s->sinks[i], s->ctx, work->outputs[i].path, &work->settings->write, error);
    if (status != EG_OK)
        return status;
    eg_sink_defer_commit(s->sinks[i]);
    return eg_sink_set_total_rows(s->sinks[i], s->source, error);
}

static eg_status open_outputs(share *s, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; i < s->work->count && status == EG_OK; i++) {
        if (shared_is_vrt(s->work->outputs[i].path))
            status = open_part(s, i, error);
        else if (rank_number() == 0)
            status = open_whole(s, i, error);
    }
    return status;
}

/* Other ranks make what the first one's files can hold. */
static eg_status open_rows(share *s, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; i < s->work->count; i++) {
        unsigned samples = 0;
        if (shared_is_vrt(s->work->outputs[i].path))
            continue;
        if (rank_number() == 0)
            samples = eg_sink_samples(s->sinks[i]);
        ranks_broadcast(&samples, sizeof samples, 0);
        if (!has_rows(s) || status != EG_OK)
            continue;
        status = shared_rows_open(&s->rows[i], s->result.info.width, error);
        if (status == EG_OK && rank_number() > 0)
            status =
                eg_sink_push(&s->sinks[i], s->ctx, samples, shared_rows_keep, &s->rows[i], error);
    }
    return status;
}

/* ---- the work ---- */

static eg_status compute(share *s, eg_error *error)
{
    const raster_work *work = s->work;
    if (work->compute_shared)
        return work->compute_shared(work, s->ctx, s->source, s->sinks, &s->result, error);
    return s->source ? work->compute(work, s->source, s->sinks, &s->result, error) : EG_OK;
}

/* What one process says by itself. */
static eg_status check_cells(share *s, eg_error *error)
{
    if (ranks_any(s->source && !eg_source_all_nodata(s->source)))
        return EG_OK;
    return shared_fail(error, EG_BAD_INPUT, "%s: all of its cells are missing", s->input);
}

static eg_status collect(share *s, eg_error *error)
{
    const eg_grid rest = {.width = s->result.info.width,
                          .height = s->result.info.height - s->first[1],
                          .white_level = s->result.info.white_level};
    for (size_t i = 0; i < s->work->count; i++) {
        if (shared_is_vrt(s->work->outputs[i].path) || !has_rows(s))
            continue;
        if (rank_number() > 0)
            shared_rows_send(&s->rows[i], error);
        else if (s->ranks > 1)
            shared_rows_receive(&s->rows[i], s->ctx, s->sinks[i], rest, s->ranks, error);
    }
    return error->status;
}

static eg_status commit(share *s, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; i < s->work->count && status == EG_OK; i++)
        if (s->sinks[i])
            status = eg_sink_commit(s->sinks[i], error);
    return status;
}

/* They name parts that are there. */
static eg_status write_mosaics(share *s, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; i < s->work->count && status == EG_OK && rank_number() == 0; i++)
        if (shared_is_vrt(s->work->outputs[i].path))
            status = shared_vrt_write(s->ctx, s->work->outputs[i].path, s->first, s->ranks, error);
    return status;
}

/* After each step all ranks agree whether to go on. */
static eg_status run_steps(share *s, eg_error *error)
{
    static eg_status (*const steps[])(share * s, eg_error * error) = {
        open_input, check_same,  narrow,  open_outputs, open_rows,
        compute,    check_cells, collect, commit,       write_mosaics};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        steps[i](s, error);
        if (!shared_agree(error))
            break;
    }
    return error->status;
}

static void release(share *s)
{
    for (size_t i = 0; i < s->work->count; i++) {
        eg_sink_close(s->sinks[i]);
        shared_rows_close(&s->rows[i]);
    }
    eg_source_close(s->source);
    eg_context_free(s->ctx);
    free(s->first);
}

int shared_run(const raster_work *work)
{
    share s = {.work = work, .input = work->line->operands[0]};
    eg_error error = {0};
    double start = batch_now();
    eg_status status = run_steps(&s, &error);
    release(&s);
    s.result.seconds = batch_now() - start;
    if (status != EG_OK)
        return report_error(work->settings, &error);
    if (rank_number() == 0 && work->batch->report.asked)
        raster_report(work, s.input, &s.result);
    if (rank_number() == 0 && work->settings->json)
        work->tell(work, s.input, &s.result);
    return EXIT_DONE;
}
