/* SPDX-License-Identifier: MIT */
/* eg_boundary_strength(): the strength of boundaries as a map. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "edge/colour/colour.h"
#include "gradient/map_output.h"
#include "gradient/missing.h"

enum { ROWS_AT_ONCE = 64 };

/* Source of the strengths of the image rows that a measured detector holds. */
typedef struct strength_source {
    eg_source base;
    const eg_colour_canny *canny;
    bool thin;
    uint64_t *candidate; /* ROWS_AT_ONCE rows of bits */
    void *scratch;       /* for eg_mark_tile_rows() */
} strength_source;

static eg_status strength_read(eg_source *source, void *rows, size_t stride, size_t count,
                               eg_error *error)
{
    (void)error;
    const strength_source *s = (const strength_source *)source;
    const eg_colour_canny *c = s->canny;
    const size_t words = c->planes.words;
    for (size_t i = 0; i < count; i += ROWS_AT_ONCE) {
        const size_t y = source->next_row + i;
        const size_t now = count - i < ROWS_AT_ONCE ? count - i : ROWS_AT_ONCE;
        eg_mark_tile tile = {
            .canny = c,
            .field = &c->field,
            .rows = {c->first + y, c->first + y + now},
            .columns = {0, c->planes.width},
            .missing = c->channels.missing ? c->channels.missing + y * words : NULL,
            .missing_words = words,
            .candidate = s->candidate,
            .magnitudes = (float *)(void *)((char *)rows + i * stride),
            .magnitudes_stride = stride / sizeof(float),
            .thin = s->thin,
        };
        eg_mark_tile_rows(&tile, s->scratch);
    }
    return EG_OK;
}

/* Sets up the source; strength_release() also on failure. */
static eg_status strength_open(strength_source *s, const eg_colour_canny *canny,
                               const eg_source *from, bool thin, eg_error *error)
{
    static const eg_source_ops ops = {.read = strength_read, .skip = eg_skip_noop};
    const size_t width = canny->planes.width;
    *s = (strength_source){
        .base = {.ops = &ops, .ctx = canny->ctx, .internal = true}, .canny = canny, .thin = thin};
    s->base.info.width = width;
    s->base.info.height = canny->planes.height;
    s->base.info.sample = EG_F32;
    s->base.info.white_level = 255;
    s->base.georef = eg_source_georef(from);
    s->candidate = eg_alloc(canny->ctx, ROWS_AT_ONCE, canny->planes.words * 8, error);
    if (s->candidate)
        s->scratch = eg_calloc(canny->ctx, 1, eg_mark_scratch(width, canny->factor), error);
    return s->scratch ? EG_OK : eg_failed(error);
}

static void strength_release(strength_source *s)
{
    eg_free(s->candidate);
    eg_free(s->scratch);
}

/* Data of the pipeline stage that converts strengths to samples of the map. */
typedef struct strength_pass {
    const eg_map_kernels *kernels;
    eg_map_output output;
} strength_pass;

static eg_status convert_strip(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                               size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)strip, (void)scratch, (void)error;
    const strength_pass *pass = stage->opaque;
    for (size_t y = y0; y < y1; y++) {
        const float *values = eg_band_row(band, (ptrdiff_t)y);
        char *to = (char *)out->data + (y - y0) * out->stride;
        if (pass->output.sample == EG_F32)
            memcpy(to, values, band->width * sizeof *values);
        else
            eg_map_convert(pass->kernels, &pass->output, to, values, band->width);
    }
    return EG_OK;
}

static eg_status write_map(const eg_colour_canny *canny, const eg_source *from, eg_sink *sink,
                           strength_pass *pass, bool thin, eg_error *error)
{
    strength_source rows;
    eg_status status = strength_open(&rows, canny, from, thin, error);
    if (status == EG_OK)
        status = eg_map_begin_sinks(&rows.base, &sink, &pass->output, 1, error);
    if (status == EG_OK) {
        const eg_stage stage = {.opaque = pass, .run = convert_strip};
        status = eg_pipeline_run(&rows.base, &stage, &sink, 1, error);
    }
    if (status == EG_OK)
        status = eg_sink_finish(sink, error);
    strength_release(&rows);
    return status;
}

void eg_boundary_default(eg_boundary_options *options)
{
    *options = (eg_boundary_options){.sigma = (double)NAN};
}

eg_status eg_boundary_strength(eg_source *source, eg_sink *sink, const eg_boundary_options *options,
                               double *sigma, eg_error *error)
{
    const eg_gradient_options map = {.op = "gaussian",
                                     .map = EG_MAP_MAGNITUDE,
                                     .depth = options->depth,
                                     .scale = options->scale == 0 ? 1 : options->scale};
    eg_edges_options edges;
    eg_colour_canny canny = {0};
    strength_pass pass = {.kernels = eg_map_kernels_for(source->ctx->cpu)};
    eg_edges_default(&edges);
    edges.method = EG_EDGE_BOUNDARY;
    edges.sigma = options->sigma;
    edges.sigma_percent = options->sigma_percent;
    eg_status status = eg_map_output_init(&pass.output, sink, &map, 255, error);
    pass.output.name = "boundary strength";
    if (status == EG_OK)
        status = eg_source_as_float(source, false, error);
    if (status == EG_OK)
        status = eg_colour_canny_begin(&canny, source, &edges, error);
    if (status == EG_OK)
        status = write_map(&canny, source, sink, &pass, options->thin, error);
    if (status == EG_OK)
        eg_note_valid(source, eg_field_histogram_total(&canny.histogram, canny.histogram.all) > 0);
    if (sigma)
        *sigma = canny.sigma;
    eg_colour_canny_release(&canny);
    eg_name_failure(error, source->name);
    return status;
}
