/* SPDX-License-Identifier: MIT */
/* eg_gradient() and eg_gradient_maps(): gradient maps, row by row from source to sinks. */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "gradient/derivative.h"
#include "gradient/missing.h"

/* One map and its sample type. */
typedef struct map_output {
    eg_map_kernel *kernel;
    eg_sample sample;
    bool is_direction; /* integer values wrap around */
    float scale, offset;
} map_output;

typedef struct map_pass {
    eg_derivative_stage derivative;
    const eg_map_kernels *kernels;
    size_t count;
    map_output outputs[EG_MAX_SINKS];
    atomic_bool any_valid; /* a valid sample was read */
} map_pass;

void eg_gradient_default(eg_gradient_options *options)
{
    *options = (eg_gradient_options){.op = "sobel3"};
}

static eg_map_kernel *find_map_kernel(const eg_map_kernels *kernels, eg_response_type response_type,
                                      const eg_gradient_options *options)
{
    const bool l1 = options->norm == EG_NORM_L1;
    eg_map_kernel *const *pair = NULL;
    switch (options->map) {
    case EG_MAP_MAGNITUDE:
        pair = l1 ? kernels->magnitude_l1 : kernels->magnitude_l2;
        break;
    case EG_MAP_X:
        pair = kernels->x;
        break;
    case EG_MAP_Y:
        pair = kernels->y;
        break;
    case EG_MAP_DIRECTION:
        pair = kernels->direction;
        break;
    }
    return pair ? pair[response_type] : NULL;
}

static eg_status choose_output_sample(map_output *output, const eg_sink *sink, int depth,
                                      eg_error *error)
{
    if (depth == 0)
        depth = eg_sink_accepts(sink, EG_F32) ? 32 : 8;
    if (depth != 8 && depth != 16 && depth != 32)
        return eg_fail(error, EG_USAGE, "the depth of a map must be 8, 16 or 32 bits, not %d",
                       depth);
    output->sample = depth == 8 ? EG_U8 : depth == 16 ? EG_U16 : EG_F32;
    if (!eg_sink_accepts(sink, output->sample))
        return eg_sink_refuse(sink, output->sample,
                              depth == 8    ? "a map of 8 bits"
                              : depth == 16 ? "a map of 16 bits"
                                            : "a map of 32 bits",
                              error);
    return EG_OK;
}

/* Sets scale and offset that turn the float map into an integer map; see eg_gradient_options. */
static void set_scale(map_output *output, const eg_gradient_options *options, float white_level)
{
    static const double default_scale[] = {
        [EG_MAP_MAGNITUDE] = 2, [EG_MAP_X] = 1, [EG_MAP_Y] = 1, [EG_MAP_DIRECTION] = 256.0 / 360};
    bool is_signed = options->map == EG_MAP_X || options->map == EG_MAP_Y;
    output->is_direction = options->map == EG_MAP_DIRECTION;
    double scale = options->scale > 0 ? options->scale : default_scale[options->map];
    if (!output->is_direction)
        scale *= 255.0 / white_level;
    double finer = output->sample != EG_U16 ? 1 : output->is_direction ? 256 : 257;
    output->scale = (float)(scale * finer);
    output->offset = is_signed ? (float)(128 * finer) : 0;
}

static void convert_row(const eg_map_kernels *k, const map_output *output, void *out,
                        const float *values, size_t width)
{
    if (output->sample == EG_U8 && output->is_direction)
        k->wrap_u8(out, values, width, output->scale);
    else if (output->sample == EG_U8)
        k->quantise_u8(out, values, width, output->scale, output->offset);
    else if (output->is_direction)
        k->wrap_u16(out, values, width, output->scale);
    else
        k->quantise_u16(out, values, width, output->scale, output->offset);
}

enum { ROW_SAMPLES = EG_TILE + EG_SMOOTHED_MARGIN }; /* includes slack that whole vectors read */

/* Returns the scratch bytes of a strip: two rows of responses, one of values, and the tile
 * cursor's. */
static size_t scratch_bytes(const map_pass *pass)
{
    return 3 * ROW_SAMPLES * sizeof(float) + eg_tile_cursor_scratch(&pass->derivative);
}

/* Rows of a tile: responses, space for converted values, and the samples if some may be missing,
 * else NULL. */
typedef struct map_rows {
    float *gx, *gy, *values;
    const float *samples;
    size_t width;
} map_rows;

/* Computes one row of every map, from column x0 on. `row` is the index of the row in `out`. */
static void compute_map_row(const map_pass *pass, const eg_rows out[], size_t x0, size_t row,
                            const map_rows *tile)
{
    for (size_t i = 0; i < pass->count; i++) {
        const map_output *output = &pass->outputs[i];
        char *to = (char *)out[i].data + row * out[i].stride + eg_row_bytes(output->sample, x0);
        bool direct = output->sample == EG_F32;
        float *result = direct ? (float *)(void *)to : tile->values;
        output->kernel(result, tile->gx, tile->gy, tile->width, (float)pass->derivative.op->divisor,
                       direct && out[i].nontemporal);
        for (size_t x = 0; tile->samples && x < tile->width; x++)
            if (eg_is_missing(tile->samples[x]))
                result[x] = NAN;
        if (!direct)
            convert_row(pass->kernels, output, to, result, tile->width);
    }
}

static void compute_tile(map_pass *pass, const eg_band *band, size_t x0, size_t y0, size_t y1,
                         float *scratch, const eg_rows out[])
{
    map_rows tile = {.width = band->width - x0 < EG_TILE ? band->width - x0 : EG_TILE};
    tile.gx = scratch;
    tile.gy = tile.gx + ROW_SAMPLES;
    tile.values = tile.gy + ROW_SAMPLES;
    eg_tile_cursor cursor;
    eg_tile_cursor_begin(&cursor, &pass->derivative, band, (ptrdiff_t)x0, tile.width, (ptrdiff_t)y0,
                         tile.values + ROW_SAMPLES);
    for (size_t y = y0; y < y1; y++) {
        bool missing = eg_tile_cursor_row(&cursor, (ptrdiff_t)y, tile.gx, tile.gy);
        tile.samples = missing ? (const float *)eg_band_row(band, (ptrdiff_t)y) + x0 : NULL;
        compute_map_row(pass, out, x0, y - y0, &tile);
    }
    if (cursor.any_valid)
        atomic_store_explicit(&pass->any_valid, true, memory_order_relaxed);
}

static eg_status run_gradient(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                              size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)strip;
    (void)error;
    for (size_t x0 = 0; x0 < band->width; x0 += EG_TILE)
        compute_tile(stage->opaque, band, x0, y0, y1, scratch, out);
    return EG_OK;
}

static eg_status prepare_output(map_output *output, const map_pass *pass, const eg_source *source,
                                const eg_sink *sink, const eg_gradient_options *options,
                                eg_error *error)
{
    eg_status status = choose_output_sample(output, sink, options->depth, error);
    if (status != EG_OK)
        return status;
    output->kernel = find_map_kernel(pass->kernels, pass->derivative.response_type, options);
    if (!output->kernel || options->scale < 0 || !isfinite(options->scale) ||
        (options->norm != EG_NORM_L2 && options->norm != EG_NORM_L1))
        return eg_fail(error, EG_USAGE, "unknown map or norm, or invalid scale");
    set_scale(output, options, source->info.white_level);
    return EG_OK;
}

/* Returns true if both options need the same responses, as all maps of a pass must. */
static bool same_derivative(const eg_gradient_options *a, const eg_gradient_options *b)
{
    return a->op && b->op && strcmp(a->op, b->op) == 0 && a->sigma == b->sigma &&
           a->border == b->border &&
           (a->border != EG_BORDER_CONSTANT || a->border_value == b->border_value);
}

static eg_status prepare_pass(map_pass *pass, const eg_source *source, eg_sink *const sinks[],
                              const eg_gradient_options options[], size_t count, eg_error *error)
{
    if (count < 1 || count > EG_MAX_SINKS)
        return eg_fail(error, EG_USAGE, "a pass computes 1 to %d maps, not %zu", EG_MAX_SINKS,
                       count);
    const eg_derivative_options derivative = {options->op, options->sigma, options->border,
                                              options->border_value};
    eg_status status =
        eg_derivative_stage_init(&pass->derivative, source, &derivative, false, error);
    pass->kernels = eg_map_kernels_for(source->ctx->cpu);
    pass->count = count;
    for (size_t i = 0; status == EG_OK && i < count; i++) {
        for (size_t k = 0; k < i; k++)
            if (sinks[k] == sinks[i])
                return eg_fail(error, EG_USAGE, "two maps of one pass cannot use the same sink");
        if (!same_derivative(&options[0], &options[i]))
            return eg_fail(error, EG_USAGE,
                           "maps of one pass need the same operator, sigma and border");
        status = prepare_output(&pass->outputs[i], pass, source, sinks[i], &options[i], error);
    }
    return status;
}

static eg_status begin_sinks(const map_pass *pass, const eg_source *source, eg_sink *const sinks[],
                             eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < pass->count; i++) {
        const eg_layout layout = eg_layout_of(source, pass->outputs[i].sample);
        status = eg_sink_begin(sinks[i], &layout, error);
    }
    return status;
}

eg_status eg_gradient_maps(eg_source *source, eg_sink *const sinks[],
                           const eg_gradient_options options[], size_t count, eg_error *error)
{
    map_pass pass = {0};
    atomic_init(&pass.any_valid, false);
    eg_status status = prepare_pass(&pass, source, sinks, options, count, error);
    if (status != EG_OK)
        return status;
    eg_stage stage = {.scratch = scratch_bytes(&pass), .opaque = &pass, .run = run_gradient};
    eg_derivative_stage_configure(&pass.derivative, &stage, 0);
    status = begin_sinks(&pass, source, sinks, error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, sinks, count, error);
    if (status == EG_OK)
        eg_note_valid(source, atomic_load(&pass.any_valid));
    for (size_t i = 0; status == EG_OK && i < count; i++)
        status = eg_sink_finish(sinks[i], error);
    eg_name_failure(error, source->name);
    return status;
}

eg_status eg_gradient(eg_source *source, eg_sink *sink, const eg_gradient_options *options,
                      eg_error *error)
{
    return eg_gradient_maps(source, &sink, options, 1, error);
}
