/* SPDX-License-Identifier: MIT */
/*
 * The colour detector strip by strip: the field of a strip is computed while the image is read, in
 * tiles of columns, and only bits and the magnitudes of the local maxima are kept.
 *
 * With given thresholds the tiles mark candidates and strong pixels. Otherwise they mark all local
 * maxima and keep their magnitudes until the histogram of the image has chosen the thresholds.
 * EG_EDGE_THRESHOLD, which does not thin, keeps all magnitudes of the field.
 */
#include <math.h>

#include "core/context.h"
#include "core/size.h"
#include "core/status.h"
#include "edge/colour/field_pass.h"

enum { TILE_COLUMNS = 512 }; /* of the field; a multiple of 64 */

/* ---- one strip ---- */

static eg_status run_strip(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                           size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)scratch, (void)out;
    eg_field_pass *s = stage->opaque;
    eg_colour_canny *c = s->canny;
    const eg_span rows = {y0, y1};
    const size_t tile = c->tile_columns, width = c->planes.width;
    eg_pass_worker *w = eg_field_pass_claim(s);
    eg_field_pass_begin_strip(s, w, band, rows);
    eg_status status = EG_OK;
    for (size_t x = 0; x < width && status == EG_OK; x += tile)
        status = eg_field_pass_tile(s, w, band, strip, rows,
                                    (eg_span){x, eg_min_size(x + tile, width)}, error);
    if (status == EG_OK && c->blocks) {
        c->blocks[strip] = (eg_block_rows){y0 - s->span.first, y1 - s->span.first};
        if (c->known)
            eg_hysteresis_block(&c->planes, c->blocks[strip], c->ctx->cpu, w->linking);
    }
    atomic_flag_clear(&w->busy);
    return status;
}

/* ---- the image ---- */

eg_status eg_colour_strips_measure(eg_colour_canny *canny, eg_source *source,
                                   const eg_edges_options *options,
                                   const eg_gaussian_derivative *derivative, eg_error *error)
{
    const eg_info *info = &source->info;
    const size_t factor = canny->factor, around = eg_field_around(factor) + derivative->radius;
    const float sigma = (float)(canny->sigma / (double)factor);
    const double unit = eg_colour_canny_unit(canny);
    eg_channels_describe(&canny->channels, source, factor);
    eg_field_pass s = {.canny = canny,
                       .border = options->border,
                       .derivative = derivative,
                       .weights = {sigma, EG_OPPONENT_WEIGHT * sigma, EG_OPPONENT_WEIGHT * sigma},
                       .white_level = info->white_level,
                       .has_missing = info->sample == EG_F32,
                       .around = eg_field_around(factor),
                       .span = eg_source_span(source)};
    eg_seen_init(&s.seen);
    const eg_stage stage = {
        .halo = (around + 1) * factor, .opaque = &s, .run = run_strip, .scratch = 0};
    if (canny->known) {
        eg_colour_canny_resolve(canny, source, &canny->histogram, options);
        s.low = (float)(canny->low * unit);
        s.high = (float)(canny->high * unit);
    }
    s.rows_most = eg_pipeline_rows(source, &stage) + stage.halo;
    canny->block_count = eg_pipeline_strips(source, &stage);
    canny->tile_columns = TILE_COLUMNS * factor;
    canny->tile_count = (info->width + canny->tile_columns - 1) / canny->tile_columns;
    const size_t pixels = info->width * (s.span.end - s.span.first);
    s.worker_count =
        eg_min_size((size_t)eg_thread_count_for(canny->ctx, pixels), canny->block_count);
    eg_status status = eg_field_pass_allocate(&s, error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, NULL, 0, error);
    if (status == EG_OK)
        eg_field_pass_collect(&s);
    eg_field_pass_release(&s);
    return status;
}

/* ---- marking from kept magnitudes ---- */

/* Sets the candidates and the strong pixels of a tile of a strip. */
static void filter_tile(const eg_colour_canny *c, eg_block_rows rows, size_t index, float low,
                        float high)
{
    const eg_colour_kernels *kernels = eg_colour_kernels_for(c->ctx->cpu);
    const size_t words = c->planes.words, from = index % c->tile_count * c->tile_columns / 64,
                 count = eg_min_size(c->tile_columns / 64, words - from);
    static const float none[EG_KEPT_SLACK] = {0};
    const float *magnitude = c->kept[index].count ? c->kept[index].magnitudes : none;
    for (size_t y = rows.y0; y < rows.y1; y++) {
        const size_t at = y * words + from;
        magnitude = kernels->classify(c->planes.candidate + at, c->planes.edge + at, c->maxima + at,
                                      count, magnitude, low, high);
    }
}

static eg_status filter_strip(void *opaque, size_t strip, eg_error *error)
{
    eg_colour_canny *c = opaque;
    const eg_block_rows rows = c->blocks[strip];
    const double unit = eg_colour_canny_unit(c);
    void *scratch =
        eg_alloc(c->ctx, 1, eg_hysteresis_scratch(c->planes.words, rows.y1 - rows.y0), error);
    if (!scratch)
        return eg_failed(error);
    for (size_t i = 0; i < c->tile_count; i++)
        filter_tile(c, rows, strip * c->tile_count + i, (float)(c->low * unit),
                    (float)(c->high * unit));
    eg_hysteresis_block(&c->planes, rows, c->ctx->cpu, scratch);
    eg_free(scratch);
    return EG_OK;
}

eg_status eg_colour_strips_mark(eg_colour_canny *canny, eg_error *error)
{
    return eg_parallel_for(canny->ctx, canny->block_count,
                           canny->planes.width * canny->planes.height, canny, filter_strip, error);
}
