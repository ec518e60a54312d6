/* SPDX-License-Identifier: MIT */
/* eg_gradient() and eg_gradient_maps(): gradient maps, row by row from source to sinks. */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "gradient/derivative.h"
#include "gradient/field_maps.h"
#include "gradient/jet/jet_maps.h"
#include "gradient/jet/jet_options.h"
#include "gradient/map_output.h"
#include "gradient/missing.h"
#include "gradient/thin_tile.h"

enum { NORMS = 2 };

typedef struct map_pass {
    eg_derivative_stage derivative;
    const eg_map_kernels *kernels;
    eg_map_kernel *kernel[EG_MAX_SINKS];
    eg_keep_kernel *keep_larger[NORMS]; /* of the responses of two planes */
    eg_norm norm[EG_MAX_SINKS];
    bool thin[EG_MAX_SINKS];
    bool any_thin;     /* a map is thinned */
    bool needs[NORMS]; /* a map has that norm */
    size_t planes, count;
    size_t first; /* first row of the maps */
    eg_map_output outputs[EG_MAX_SINKS];
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
    default: /* maps without an operator */
        break;
    }
    return pair ? pair[response_type] : NULL;
}

enum { ROW_SAMPLES = EG_TILE + EG_SMOOTHED_MARGIN }; /* includes slack that whole vectors read */

/* Returns the rows of responses and values of a strip: of three planes the responses of each, and
 * those of the largest magnitude in each norm. */
static size_t scratch_rows(const map_pass *pass)
{
    return pass->planes > 1 ? 2 * (pass->planes + NORMS) + 2 : 4;
}

static eg_thin_map thin_map(const map_pass *pass, size_t i)
{
    return (eg_thin_map){.derivative = &pass->derivative,
                         .magnitude = pass->kernel[i],
                         .keep_larger = pass->keep_larger[pass->norm[i]],
                         .planes = pass->planes};
}

/* Returns the bytes of scratch memory of the maps that are not thinned. */
static size_t plain_bytes(const map_pass *pass)
{
    return scratch_rows(pass) * ROW_SAMPLES * sizeof(float) +
           pass->planes * eg_tile_cursor_scratch(&pass->derivative);
}

static size_t scratch_bytes(const map_pass *pass)
{
    const eg_thin_map thin = thin_map(pass, 0);
    return plain_bytes(pass) + (pass->any_thin ? eg_thin_tile_scratch(&thin) : 0);
}

/* Rows of a tile: responses for each norm, space for converted values, and the samples if some may
 * be missing, else NULL. */
typedef struct map_rows {
    float *gx[NORMS], *gy[NORMS], *values;
    float *directions; /* of a map in colours */
    float *plane_gx[EG_PLANES_MAX], *plane_gy[EG_PLANES_MAX];
    const float *samples;
    size_t width;
} map_rows;

static map_rows map_rows_in(const map_pass *pass, float *memory)
{
    map_rows tile = {.values = memory, .directions = memory + ROW_SAMPLES};
    float *next = memory + 2 * ROW_SAMPLES;
    for (size_t i = 0; i < pass->planes; i++, next += 2 * ROW_SAMPLES) {
        tile.plane_gx[i] = next;
        tile.plane_gy[i] = next + ROW_SAMPLES;
    }
    for (size_t i = 0; i < NORMS; i++) {
        tile.gx[i] = pass->planes > 1 ? next + 2 * i * ROW_SAMPLES : tile.plane_gx[0];
        tile.gy[i] = pass->planes > 1 ? tile.gx[i] + ROW_SAMPLES : tile.plane_gy[0];
    }
    return tile;
}

/* Converts the magnitudes of a row to colours. */
static void colour_row(const map_pass *pass, const eg_map_output *output, eg_norm norm, void *to,
                       size_t x0, size_t y, const map_rows *tile)
{
    pass->kernels->direction[pass->derivative.response_type](
        tile->directions, tile->gx[norm], tile->gy[norm], tile->width,
        (float)pass->derivative.op->divisor, false);
    eg_map_colour(output, to, tile->values, tile->directions, x0, y, tile->width);
}

/* Computes one row of every map, from column x0 on. `row` is the index of the row in `out`, whose
 * first row is row y0 of the maps. */
static void compute_map_row(const map_pass *pass, const eg_rows out[], size_t x0, size_t y0,
                            size_t row, const map_rows *tile)
{
    for (size_t i = 0; i < pass->count; i++) {
        const eg_map_output *output = &pass->outputs[i];
        if (pass->thin[i])
            continue;
        char *to = (char *)out[i].data + row * out[i].stride + eg_row_bytes(output->sample, x0);
        bool direct = output->sample == EG_F32;
        float *result = direct ? (float *)(void *)to : tile->values;
        pass->kernel[i](result, tile->gx[pass->norm[i]], tile->gy[pass->norm[i]], tile->width,
                        (float)pass->derivative.op->divisor, direct && out[i].nontemporal);
        for (size_t x = 0; tile->samples && x < tile->width; x++)
            if (eg_is_missing(tile->samples[x]))
                result[x] = NAN;
        if (output->sample == EG_RGB)
            colour_row(pass, output, pass->norm[i], to, x0, y0 + row, tile);
        else if (!direct)
            eg_map_convert(pass->kernels, output, to, result, tile->width);
    }
}

/* Keeps at each pixel the responses of the plane with the largest magnitude, for the norms that
 * maps have. */
static void choose_planes(const map_pass *pass, const map_rows *tile)
{
    const size_t bytes =
        tile->width *
        (pass->derivative.response_type == EG_RESPONSE_I16 ? sizeof(int16_t) : sizeof(float));
    for (size_t norm = 0; norm < NORMS; norm++) {
        if (!pass->needs[norm])
            continue;
        /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): there are rows for each plane */
        memcpy(tile->gx[norm], tile->plane_gx[0], bytes);
        memcpy(tile->gy[norm], tile->plane_gy[0], bytes);
        for (size_t i = 1; i < pass->planes; i++)
            pass->keep_larger[norm](tile->gx[norm], tile->gy[norm], tile->plane_gx[i],
                                    tile->plane_gy[i], tile->width);
    }
}

/* Computes rows y0 .. y1 - 1 of a tile of every map. If planes have the same magnitude, the first
 * one counts, which is blue, as in eg_edges(). */
static void compute_tile(map_pass *pass, const eg_band views[], size_t x0, size_t y0, size_t y1,
                         float *scratch, const eg_rows out[])
{
    const size_t planes = pass->planes, bytes = eg_tile_cursor_scratch(&pass->derivative);
    char *cursor_scratch = (char *)(scratch + scratch_rows(pass) * ROW_SAMPLES);
    map_rows tile = map_rows_in(pass, scratch);
    eg_tile_cursor cursors[EG_PLANES_MAX] = {0};
    tile.width = views->width - x0 < EG_TILE ? views->width - x0 : EG_TILE;
    for (size_t i = 0; i < planes; i++)
        eg_tile_cursor_begin(&cursors[i], &pass->derivative, &views[planes - 1 - i], (ptrdiff_t)x0,
                             tile.width, (ptrdiff_t)y0, cursor_scratch + i * bytes);
    for (size_t y = y0; y < y1; y++) {
        bool missing = false;
        for (size_t i = 0; i < planes; i++)
            missing |=
                eg_tile_cursor_row(&cursors[i], (ptrdiff_t)y, tile.plane_gx[i], tile.plane_gy[i]);
        tile.samples = missing ? (const float *)eg_band_row(views, (ptrdiff_t)y) + x0 : NULL;
        if (planes > 1)
            choose_planes(pass, &tile);
        compute_map_row(pass, out, x0, y0 - pass->first, y - y0, &tile);
    }
    if (cursors[0].any_valid)
        atomic_store_explicit(&pass->any_valid, true, memory_order_relaxed);
}

/* Destination of a thinned map. */
typedef struct thin_output {
    const map_pass *pass;
    size_t map, x0, y0, width;
    const eg_rows *out;
} thin_output;

static void write_thinned(void *opaque, size_t y, const float *values)
{
    const thin_output *to = opaque;
    const eg_map_output *output = &to->pass->outputs[to->map];
    const eg_rows *out = &to->out[to->map];
    char *row =
        (char *)out->data + (y - to->y0) * out->stride + eg_row_bytes(output->sample, to->x0);
    if (output->sample == EG_F32)
        memcpy(row, values, to->width * sizeof *values);
    else
        eg_map_convert(to->pass->kernels, output, row, values, to->width);
}

/* Computes rows y0 .. y1 - 1 of a tile of the thinned maps. */
static void compute_thinned(const map_pass *pass, const eg_band views[], size_t x0, size_t y0,
                            size_t y1, void *scratch, const eg_rows out[])
{
    const size_t width = views->width - x0 < EG_TILE ? views->width - x0 : EG_TILE;
    for (size_t i = 0; i < pass->count; i++) {
        const eg_thin_map map = thin_map(pass, i);
        thin_output to = {pass, i, x0, y0, width, out};
        if (pass->thin[i])
            eg_thin_tile(&map, views, x0, width, y0, y1, scratch, write_thinned, &to);
    }
}

static eg_status run_gradient(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                              size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)strip;
    (void)error;
    map_pass *pass = stage->opaque;
    eg_band views[EG_PLANES_MAX];
    eg_band_planes(views, band, pass->planes);
    for (size_t x0 = 0; x0 < band->width; x0 += EG_TILE)
        compute_tile(pass, views, x0, y0, y1, scratch, out);
    for (size_t x0 = 0; pass->any_thin && x0 < band->width; x0 += EG_TILE)
        compute_thinned(pass, views, x0, y0, y1, (char *)scratch + plain_bytes(pass), out);
    return EG_OK;
}

/* Returns true if both options need the same responses or jets, as all maps of a pass must. */
static bool same_derivative(const eg_gradient_options *a, const eg_gradient_options *b)
{
    const bool jets = eg_is_jet_map(a);
    if (jets != eg_is_jet_map(b) || eg_is_farid_map(a) != eg_is_farid_map(b))
        return false;
    const bool same =
        jets ? !(eg_jet_sigma(a) < eg_jet_sigma(b) || eg_jet_sigma(a) > eg_jet_sigma(b))
             : a->op && b->op && strcmp(a->op, b->op) == 0 && a->sigma == b->sigma;
    return same && a->border == b->border &&
           (a->border != EG_BORDER_CONSTANT || a->border_value == b->border_value);
}

/* Prepares the outputs. `white_level` is that of the gradients. */
static eg_status prepare_outputs(eg_map_output outputs[], eg_sink *const sinks[],
                                 const eg_gradient_options options[], size_t count,
                                 float white_level, eg_error *error)
{
    if (count < 1 || count > EG_MAX_SINKS)
        return eg_fail(error, EG_USAGE, "a pass computes 1 to %d maps, not %zu", EG_MAX_SINKS,
                       count);
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < count; i++) {
        for (size_t k = 0; k < i; k++)
            if (sinks[k] == sinks[i])
                return eg_fail(error, EG_USAGE, "two maps of one pass cannot use the same sink");
        if (!same_derivative(&options[0], &options[i]))
            return eg_fail(error, EG_USAGE,
                           eg_is_jet_map(&options[0]) != eg_is_jet_map(&options[i])
                               ? "a pass computes either maps of an operator or maps of Gaussian "
                                 "derivatives: for both choose the operator gaussian-derivative"
                               : "maps of one pass need the same operator, sigma and border");
        status = eg_map_output_init(&outputs[i], sinks[i], &options[i], white_level, error);
    }
    return status;
}

static eg_status prepare_pass(map_pass *pass, const eg_source *source,
                              const eg_gradient_options options[], eg_error *error)
{
    const eg_plane_kernels *planes = eg_plane_kernels_for(source->ctx->cpu);
    const eg_derivative_options derivative = {options->op, options->sigma, options->border,
                                              options->border_value};
    eg_status status =
        eg_derivative_stage_init(&pass->derivative, source, &derivative, false, error);
    if (status != EG_OK)
        return status;
    const eg_response_type type = pass->derivative.response_type;
    pass->kernels = eg_map_kernels_for(source->ctx->cpu);
    pass->planes = eg_source_planes(source);
    pass->keep_larger[EG_NORM_L2] = planes->larger_l2[type];
    pass->keep_larger[EG_NORM_L1] = planes->larger_l1[type];
    for (size_t i = 0; i < pass->count; i++) {
        pass->kernel[i] = find_map_kernel(pass->kernels, type, &options[i]);
        pass->norm[i] = options[i].norm;
        pass->needs[options[i].norm] = true;
        pass->thin[i] = options[i].thin;
        pass->any_thin |= options[i].thin;
    }
    pass->derivative.keeps_shifts = pass->any_thin && source->info.sample == EG_F32;
    return EG_OK;
}

static eg_status compute_maps(eg_source *source, eg_sink *const sinks[],
                              const eg_gradient_options options[], map_pass *pass, eg_error *error)
{
    eg_status status = prepare_pass(pass, source, options, error);
    if (status != EG_OK)
        return status;
    eg_stage stage = {.scratch = scratch_bytes(pass), .opaque = pass, .run = run_gradient};
    eg_derivative_stage_configure(&pass->derivative, &stage, pass->any_thin);
    status = eg_map_begin_sinks(source, sinks, pass->outputs, pass->count, error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, sinks, pass->count, error);
    if (status == EG_OK)
        eg_note_valid(source, atomic_load(&pass->any_valid));
    return status;
}

/* Computes maps, those in colours only of the pixels of the mask. */
static eg_status run_maps(eg_source *source, eg_sink *const sinks[],
                          const eg_gradient_options options[], const eg_map_mask *mask,
                          size_t count, eg_error *error)
{
    map_pass pass = {.count = count, .first = eg_source_span(source).first};
    eg_status status = eg_source_as_float(source, false, error);
    if (status != EG_OK)
        return status;
    const bool jets = count > 0 && eg_is_jet_map(options);
    const bool gaussian = !jets && count > 0 && eg_is_gaussian(options->op);
    atomic_init(&pass.any_valid, false);
    status = prepare_outputs(pass.outputs, sinks, options, count,
                             gaussian ? 255 : source->info.white_level, error);
    for (size_t i = 0; status == EG_OK && i < count; i++)
        pass.outputs[i].mask = *mask;
    if (status == EG_OK && jets)
        status = eg_jet_maps(source, sinks, options, pass.outputs, count, error);
    else if (status == EG_OK && gaussian)
        status = eg_field_maps(source, sinks, options, pass.outputs, count, error);
    else if (status == EG_OK)
        status = compute_maps(source, sinks, options, &pass, error);
    for (size_t i = 0; status == EG_OK && i < count; i++)
        status = eg_sink_finish(sinks[i], error);
    eg_name_failure(error, source->name);
    return status;
}

eg_status eg_gradient_maps(eg_source *source, eg_sink *const sinks[],
                           const eg_gradient_options options[], size_t count, eg_error *error)
{
    return run_maps(source, sinks, options, &(eg_map_mask){0}, count, error);
}

eg_status eg_gradient_masked(eg_source *source, eg_sink *sink, const eg_gradient_options *options,
                             const eg_map_mask *mask, eg_error *error)
{
    return run_maps(source, &sink, options, mask, 1, error);
}

eg_status eg_gradient(eg_source *source, eg_sink *sink, const eg_gradient_options *options,
                      eg_error *error)
{
    return eg_gradient_maps(source, &sink, options, 1, error);
}
