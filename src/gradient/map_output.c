/* SPDX-License-Identifier: MIT */
/* Sample types of gradient maps, and the conversion of their float values. */
#include "gradient/map_output.h"

#include <math.h>

#include "core/status.h"
#include "gradient/jet/jet_options.h"

/* Integer values of a map: its default scale in steps per unit, times sigma^power; whether they are
 * centred; the power of intensity levels in the unit. */
typedef struct map_scale {
    double scale;
    int sigma_power;
    bool is_signed;
    int levels;
} map_scale;

static const map_scale map_scales[] = {
    [EG_MAP_MAGNITUDE] = {2, 0, false, 1},
    [EG_MAP_X] = {1, 0, true, 1},
    [EG_MAP_Y] = {1, 0, true, 1},
    [EG_MAP_DIRECTION] = {256.0 / 360, 0, false, 0},
    [EG_MAP_LAPLACIAN] = {2, 2, true, 1},
    [EG_MAP_LOG] = {2, 2, true, 1},
    [EG_MAP_DOG] = {4, 0, true, 1},
    [EG_MAP_HESSIAN_DET] = {0.25, 4, true, 2},
    [EG_MAP_HESSIAN_MAX] = {2, 2, true, 1},
    [EG_MAP_HESSIAN_MIN] = {2, 2, true, 1},
    [EG_MAP_COHERENCE] = {255, 0, false, 0},
};
enum { MAPS = sizeof map_scales / sizeof *map_scales };

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

/* Returns the default scale of a map. */
static double default_scale(const eg_gradient_options *options)
{
    const map_scale *map = &map_scales[options->map];
    const double sigma =
        options->map == EG_MAP_LAPLACIAN ? fmax(eg_jet_sigma(options), 0.5) : eg_jet_sigma(options);
    return map->sigma_power ? map->scale * pow(sigma, map->sigma_power) : map->scale;
}

/* Sets scale and offset that turn a float map into an integer map; see eg_gradient_options. */
static void set_scale(eg_map_output *output, const eg_gradient_options *options, float white_level)
{
    const map_scale *map = &map_scales[options->map];
    output->white_level = options->map == EG_MAP_COHERENCE ? 1 : white_level;
    output->is_direction = options->map == EG_MAP_DIRECTION;
    double scale = options->scale > 0 ? options->scale : default_scale(options);
    for (int i = 0; i < map->levels; i++)
        scale *= 255.0 / white_level;
    double finer = output->sample != EG_U16 ? 1 : output->is_direction ? 256 : 257;
    output->scale = (float)(scale * finer);
    output->offset = map->is_signed ? (float)(128 * finer) : 0;
}

/* Chooses bits or bytes for zero crossings. */
static eg_status choose_mask(eg_map_output *output, const eg_sink *sink, int depth, eg_error *error)
{
    output->sample = eg_sink_accepts(sink, EG_BIT) && depth != 8 ? EG_BIT : EG_U8;
    output->is_mask = true;
    if (!eg_sink_accepts(sink, output->sample))
        return eg_sink_refuse(sink, EG_U8, "zero crossings", error);
    return EG_OK;
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

eg_status eg_map_output_init(eg_map_output *output, const eg_sink *sink,
                             const eg_gradient_options *options, float white_level, eg_error *error)
{
    if ((unsigned)options->map >= MAPS || options->scale < 0 || !isfinite(options->scale) ||
        (options->norm != EG_NORM_L2 && options->norm != EG_NORM_L1))
        return eg_fail(error, EG_USAGE, "unknown map or norm, or invalid scale");
    eg_status status = eg_check_map_choices(options, error);
    if (status == EG_OK)
        status = options->zero_crossings ? choose_mask(output, sink, options->depth, error)
                                         : choose_sample(output, sink, options->depth, error);
    if (status != EG_OK)
        return status;
    set_scale(output, options, white_level);
    return EG_OK;
}

eg_status eg_map_begin_sinks(const eg_source *source, eg_sink *const sinks[],
                             const eg_map_output outputs[], size_t count, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < count; i++) {
        eg_layout layout = eg_layout_of(source, outputs[i].sample);
        layout.white_level = outputs[i].white_level;
        layout.mask = outputs[i].is_mask;
        status = eg_sink_begin(sinks[i], &layout, error);
    }
    return status;
}
