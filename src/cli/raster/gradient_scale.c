/* SPDX-License-Identifier: MIT */
/* Scales of integer maps from the values of the whole image: --normalize. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ranks/ranks_raster.h"
#include "cli/raster/gradient_options.h"

#define PERCENTILE 99.5

/* A bin has the absolute values with the same sign, exponent and 8 bits of the mantissa. */
enum { BIN_SHIFT = 15, BINS = 1 << (32 - BIN_SHIFT - 1) };

/* The absolute values of a map. */
typedef struct distribution {
    uint64_t count[BINS];
    float largest;
} distribution;

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits & INT32_MAX;
}

/* Adds rows of a map, apart from missing and infinite values; `opaque` is a distribution. */
static eg_status add_rows(void *opaque, const eg_grid *rows, eg_error *error)
{
    distribution *d = opaque;
    (void)error;
    for (size_t y = 0; y < rows->height; y++) {
        const float *row =
            (const float *)(const void *)((const char *)rows->data + y * rows->stride);
        for (size_t x = 0; x < rows->width; x++) {
            const float value = fabsf(row[x]);
            if (!isfinite(value))
                continue;
            d->count[bits_of(value) >> BIN_SHIFT]++;
            d->largest = value > d->largest ? value : d->largest;
        }
    }
    return EG_OK;
}

/* Returns the upper end of the bin that the percentile lies in. */
static double percentile(const distribution *d)
{
    uint64_t total = 0, sum = 0;
    for (size_t i = 0; i < BINS; i++)
        total += d->count[i];
    const double wanted = PERCENTILE / 100 * (double)total;
    for (uint32_t i = 0; i < BINS; i++) {
        sum += d->count[i];
        if ((double)sum < wanted)
            continue;
        const uint32_t bits = (i + 1) << BIN_SHIFT;
        float end;
        memcpy(&end, &bits, sizeof end);
        return (double)(end < d->largest ? end : d->largest);
    }
    return (double)d->largest;
}

eg_status gradient_compute(const gradient_settings *settings, eg_source *source,
                           eg_sink *const sinks[], const eg_gradient_options options[],
                           const eg_boundary_options *boundary, eg_error *error)
{
    if (gradient_is_boundary(settings))
        return eg_boundary_strength(source, sinks[0], boundary, NULL, error);
    return eg_gradient_maps(source, sinks, options, settings->maps.count, error);
}

/* Computes the maps as floats and collects their distributions. */
static eg_status measure(const gradient_settings *settings, const raster_pass *pass,
                         const eg_gradient_options options[], const eg_boundary_options *boundary,
                         distribution distributions[], eg_error *error)
{
    eg_gradient_options floats[OPTION_MAPS_LIMIT];
    eg_boundary_options float_boundary = *boundary;
    eg_sink *sinks[OPTION_MAPS_LIMIT] = {NULL};
    eg_status status = EG_OK;
    float_boundary.depth = 32;
    for (size_t i = 0; i < settings->maps.count && status == EG_OK; i++) {
        floats[i] = options[i];
        floats[i].depth = 32;
        floats[i].colourize = EG_COLOURIZE_NONE;
        status =
            eg_sink_push(&sinks[i], pass->ctx, 1u << EG_F32, add_rows, &distributions[i], error);
    }
    if (status == EG_OK)
        status = gradient_compute(settings, pass->source, sinks, floats, &float_boundary, error);
    for (size_t i = 0; i < settings->maps.count; i++)
        eg_sink_close(sinks[i]);
    return status;
}

#define SCALE_MOST 1e9 /* that of --scale */

/* Returns the scale, in steps of 8 bits per unit on the scale 0..255 of intensities, that makes a
 * value the end of the range; 0, the default, if the value is 0. */
static double scale_for(double value, bool is_signed, double white_level)
{
    return value > 0 ? fmin((is_signed ? 127 : 255) / value * (white_level / 255), SCALE_MOST) : 0;
}

/* Returns the white level of the gradients of a source. */
static double white_level_of(const gradient_settings *settings, const eg_source *source)
{
    if (strcmp(settings->derivative.gradient.op, OPERATOR_GAUSSIAN) == 0)
        return 255;
    return (double)eg_source_info(source)->white_level;
}

eg_status gradient_choose_scales(const gradient_settings *settings, const raster_pass *pass,
                                 bool shared, eg_gradient_options options[],
                                 eg_boundary_options *boundary, eg_error *error)
{
    const size_t count = settings->maps.count;
    distribution *distributions = calloc(count, sizeof *distributions);
    if (!distributions)
        ranks_fail(error, EG_NO_MEMORY, "out of memory for the distribution of a map");
    if (distributions && pass->source && error->status == EG_OK)
        measure(settings, pass, options, boundary, distributions, error);
    if (shared)
        ranks_agree(error);
    for (size_t i = 0; shared && distributions && i < count && error->status == EG_OK; i++)
        ranks_sum_bins(distributions[i].count, BINS, &distributions[i].largest, error);
    const bool good = distributions && pass->source && error->status == EG_OK;
    for (size_t i = 0; good && i < count; i++) {
        const double value = settings->normalize == NORMALIZE_MAX ? (double)distributions[i].largest
                                                                  : percentile(&distributions[i]);
        options[i].scale = scale_for(value, eg_gradient_map_is_signed(options[i].map),
                                     white_level_of(settings, pass->source));
        boundary->scale = options[i].scale;
    }
    free(distributions);
    return error->status;
}
