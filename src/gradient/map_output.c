/* SPDX-License-Identifier: MIT */
/* Sample types of gradient maps, and the conversion of their float values. */
#include "gradient/map_output.h"

#include <math.h>

#include "core/status.h"
#include "gradient/colour_wheel.h"
#include "gradient/operators.h"

static const struct kind {
    const char *name;
    double scale; /* default of eg_gradient_options.scale */
    bool is_signed;
} kinds[] = {
    [EG_MAP_MAGNITUDE] = {"magnitude", 2, false},
    [EG_MAP_X] = {"x derivative", 1, true},
    [EG_MAP_Y] = {"y derivative", 1, true},
    [EG_MAP_DIRECTION] = {"direction", 256.0 / 360, false},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

bool eg_gradient_map_is_signed(eg_gradient_map map)
{
    return (unsigned)map < KINDS && kinds[map].is_signed;
}

static eg_status choose_sample(eg_map_output *output, const eg_sink *sink, int depth,
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

/* Chooses EG_RGB for a map in colours. */
static eg_status choose_colours(eg_map_output *output, const eg_sink *sink,
                                const eg_gradient_options *options, eg_error *error)
{
    if (options->colourize != EG_COLOURIZE_DIRECTION || options->map != EG_MAP_MAGNITUDE ||
        (options->depth != 0 && options->depth != 8))
        return eg_fail(error, EG_USAGE,
                       "only the magnitude has colours of direction, with a depth of 8 bits");
    output->sample = EG_RGB;
    output->hue_factor = eg_is_gaussian(options->op) ? 2 : 1;
    return eg_sink_accepts(sink, EG_RGB) ? EG_OK : eg_sink_refuse(sink, EG_RGB, "colours", error);
}

/* Sets scale and offset that turn a float map into an integer map; see eg_gradient_options. */
static void set_scale(eg_map_output *output, const eg_gradient_options *options, float white_level)
{
    output->white_level = white_level;
    output->is_direction = options->map == EG_MAP_DIRECTION;
    double scale = options->scale > 0 ? options->scale : kinds[options->map].scale;
    if (!output->is_direction)
        scale *= 255.0 / white_level;
    double finer = output->sample != EG_U16 ? 1 : output->is_direction ? 256 : 257;
    output->scale = (float)(scale * finer);
    output->offset = kinds[options->map].is_signed ? (float)(128 * finer) : 0;
    output->name = kinds[options->map].name;
    output->unit = output->is_direction ? "degrees"
                   : eg_is_gaussian(options->op)
                       ? "levels of the square root of intensity per pixel"
                       : "levels per pixel";
}

void eg_map_convert(const eg_map_kernels *k, const eg_map_output *output, void *out,
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

void eg_map_colour(const eg_map_output *output, void *out, const float *magnitude,
                   const float *direction, size_t x0, size_t y, size_t width)
{
    const eg_map_mask *mask = &output->mask;
    eg_colour_wheel_row(out, magnitude, direction, width, output->scale, output->hue_factor,
                        mask->bits ? mask->bits + y * mask->words : NULL, x0);
}

eg_status eg_map_output_init(eg_map_output *output, const eg_sink *sink,
                             const eg_gradient_options *options, float white_level, eg_error *error)
{
    eg_status status = options->colourize ? choose_colours(output, sink, options, error)
                                          : choose_sample(output, sink, options->depth, error);
    if (status != EG_OK)
        return status;
    if (options->map < EG_MAP_MAGNITUDE || options->map > EG_MAP_DIRECTION || options->scale < 0 ||
        !isfinite(options->scale) || (options->norm != EG_NORM_L2 && options->norm != EG_NORM_L1))
        return eg_fail(error, EG_USAGE, "unknown map or norm, or invalid scale");
    set_scale(output, options, white_level);
    return EG_OK;
}

/* Returns what the samples of an output stand for. */
static eg_map_scale map_scale(const eg_map_output *output)
{
    const bool floats = output->sample == EG_F32;
    return (eg_map_scale){.map = output->name,
                          .unit = output->unit,
                          .scale = floats ? 1 : (double)output->scale,
                          .offset = floats ? 0 : (double)output->offset};
}

eg_status eg_map_begin_sinks(const eg_source *source, eg_sink *const sinks[],
                             const eg_map_output outputs[], size_t count, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < count; i++) {
        eg_layout layout = eg_layout_of(source, outputs[i].sample);
        layout.white_level = outputs[i].white_level;
        layout.map = map_scale(&outputs[i]);
        status = eg_sink_begin(sinks[i], &layout, error);
    }
    return status;
}
