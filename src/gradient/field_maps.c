/* SPDX-License-Identifier: MIT */
/* Maps of the gradient field of Gaussian derivatives. */
#include "gradient/field_maps.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "gradient/derivative.h"
#include "gradient/missing.h"
#include "gradient/tensor.h"

#define SIGMA_DEFAULT 1.0
#define SIGMA_LEAST   0.5
enum { SIGMA_MOST = EG_TENSOR_RADIUS_MAX / 3 };

/* The same as in eg_edges(). */
static const float channel_weights[] = {1, EG_OPPONENT_WEIGHT, EG_OPPONENT_WEIGHT};

/* ---- the field as a source of rows ---- */

enum { MAGNITUDE, COSINE, SINE, FIELD_PLANES };

/* Source of the rows of a field, in three planes. Missing samples are NaN in the first. */
typedef struct field_source {
    eg_source base;
    const eg_gradient_field *field;
    const eg_channels *channels;
} field_source;

static void copy_row(const field_source *s, size_t y, char *to, size_t plane_bytes)
{
    const eg_gradient_field *f = s->field;
    const float *planes[] = {[MAGNITUDE] = f->magnitude, [COSINE] = f->cosine, [SINE] = f->sine};
    for (size_t i = 0; i < FIELD_PLANES; i++)
        memcpy(to + i * plane_bytes, planes[i] + y * f->stride, f->width * sizeof(float));
    if (!s->channels->missing)
        return;
    const uint64_t *missing = s->channels->missing + y * s->channels->missing_words;
    float *magnitude = (float *)(void *)to;
    for (size_t x = 0; x < f->width; x++)
        if (missing[x / 64] >> x % 64 & 1)
            magnitude[x] = NAN;
}

static eg_status field_read(eg_source *source, void *rows, size_t stride, size_t count,
                            eg_error *error)
{
    (void)error;
    for (size_t i = 0; i < count; i++)
        copy_row((field_source *)source, source->next_row + i, (char *)rows + i * stride,
                 stride / FIELD_PLANES);
    return EG_OK;
}

static field_source source_of(const eg_gradient_field *field, const eg_channels *channels)
{
    static const eg_source_ops ops = {.read = field_read, .skip = eg_skip_noop};
    field_source source = {.base = {.ops = &ops, .ctx = field->ctx, .internal = true},
                           .field = field,
                           .channels = channels};
    source.base.info.width = field->width;
    source.base.info.height = field->end - field->first;
    source.base.info.sample = EG_F32;
    source.base.info.planes = FIELD_PLANES;
    source.base.info.white_level = 255;
    return source;
}

/* ---- maps ---- */

typedef struct field_pass {
    const eg_map_kernels *kernels;
    const eg_map_output *outputs;
    size_t count;
} field_pass;

/* Computes the values of a map. The tensor has twice the angle of the gradient, which has no sign:
 * directions are 0 up to 180 degrees. */
static void compute_values(const field_pass *pass, bool direction, const eg_band *band, size_t y,
                           float *values)
{
    const float *magnitude = eg_band_plane(band, (ptrdiff_t)y, MAGNITUDE);
    if (!direction) {
        memcpy(values, magnitude, band->width * sizeof *values);
        return;
    }
    pass->kernels->direction[EG_RESPONSE_F32](values, eg_band_plane(band, (ptrdiff_t)y, COSINE),
                                              eg_band_plane(band, (ptrdiff_t)y, SINE), band->width,
                                              1, false);
    for (size_t x = 0; x < band->width; x++)
        values[x] = isnan(magnitude[x]) ? NAN : values[x] / 2;
}

/* Converts a row of magnitudes to colours. A row of scratch follows `values`. */
static void colour_row(const field_pass *pass, const eg_map_output *output, const eg_band *band,
                       size_t y, void *to, float *values)
{
    float *directions = values + band->width + EG_BAND_SLACK;
    compute_values(pass, true, band, y, directions);
    eg_map_colour(output, to, values, directions, 0, y, band->width);
}

static eg_status run_field(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                           size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)strip, (void)error;
    const field_pass *pass = stage->opaque;
    for (size_t y = y0; y < y1; y++)
        for (size_t i = 0; i < pass->count; i++) {
            const eg_map_output *output = &pass->outputs[i];
            char *to = (char *)out[i].data + (y - y0) * out[i].stride;
            float *values = output->sample == EG_F32 ? (float *)(void *)to : scratch;
            compute_values(pass, output->is_direction, band, y, values);
            if (output->sample == EG_RGB)
                colour_row(pass, output, band, y, to, values);
            else if (output->sample != EG_F32)
                eg_map_convert(pass->kernels, output, to, values, band->width);
        }
    return EG_OK;
}

/* ---- options ---- */

static eg_status check_options(const eg_source *source, const eg_gradient_options options[],
                               size_t count, eg_error *error)
{
    const double sigma = options->sigma;
    eg_status status = eg_check_gradient_samples(source, error);
    if (status != EG_OK)
        return status;
    if (options->border != EG_BORDER_REPLICATE && options->border != EG_BORDER_REFLECT)
        return eg_fail(error, EG_USAGE,
                       "the operator gaussian needs the border rule replicate or reflect");
    if (sigma != 0 && !(sigma >= SIGMA_LEAST && sigma <= SIGMA_MOST))
        return eg_fail(error, EG_USAGE,
                       "sigma of a map with the operator gaussian must be %g to %d pixels, not %g",
                       SIGMA_LEAST, SIGMA_MOST, sigma);
    for (size_t i = 0; i < count; i++)
        if (options[i].map == EG_MAP_X || options[i].map == EG_MAP_Y)
            return eg_fail(error, EG_USAGE,
                           "the operator gaussian has no maps x and y, because its gradient has "
                           "no sign: choose magnitude or direction");
    return EG_OK;
}

/* Returns true if a pixel of the window is not missing. */
static bool any_valid(const eg_channels *channels, eg_span span)
{
    for (size_t y = 0; channels->missing && y < span.end - span.first; y++) {
        const uint64_t *missing = channels->missing + y * channels->missing_words;
        for (size_t x = 0; x < channels->full_width; x++)
            if (!(missing[x / 64] >> x % 64 & 1))
                return true;
    }
    return !channels->missing;
}

/* Computes the field of the window of `source`. Free channels and field also on failure. */
static eg_status compute_field(eg_gradient_field *field, eg_channels *channels, eg_source *source,
                               const eg_gradient_options *options, eg_error *error)
{
    const eg_span span = eg_source_span(source);
    eg_gaussian_derivative derivative;
    eg_status status = eg_gaussian_derivative_init(
        &derivative, options->sigma == 0 ? SIGMA_DEFAULT : options->sigma, error);
    if (status == EG_OK)
        status = eg_channels_read(channels, source, 1, derivative.radius + 1, NULL, error);
    if (status == EG_OK)
        status = eg_gradient_field_compute(field, channels, &derivative, channel_weights,
                                           options->border, span.first, span.end, error);
    eg_channels_drop(channels);
    return status;
}

eg_status eg_field_maps(eg_source *source, eg_sink *const sinks[],
                        const eg_gradient_options options[], const eg_map_output outputs[],
                        size_t count, eg_error *error)
{
    eg_channels channels = {0};
    eg_gradient_field field = {0};
    field_pass pass = {eg_map_kernels_for(source->ctx->cpu), outputs, count};
    eg_status status = check_options(source, options, count, error);
    if (status == EG_OK)
        status = compute_field(&field, &channels, source, options, error);
    if (status == EG_OK)
        status = eg_map_begin_sinks(source, sinks, outputs, count, error);
    if (status == EG_OK) {
        field_source rows = source_of(&field, &channels);
        const eg_stage stage = {.scratch = 2 * (field.width + EG_BAND_SLACK) * sizeof(float),
                                .opaque = &pass,
                                .run = run_field};
        status = eg_pipeline_run(&rows.base, &stage, sinks, count, error);
    }
    if (status == EG_OK)
        eg_note_valid(source, any_valid(&channels, eg_source_span(source)));
    eg_gradient_field_free(&field);
    eg_channels_free(&channels);
    return status;
}
