/* SPDX-License-Identifier: MIT */
/* Thresholds of ridges, marking and hysteresis. */
#include "edge/ridge/ridge_detector.h"

#include <math.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/colour/colour.h"

void eg_ridge_set_thresholds(eg_ridge_detector *d, double low, double high)
{
    if (isnan(low))
        low = high * eg_low_high_ratio(EG_EDGE_RIDGE);
    if (isnan(high))
        high = low / eg_low_high_ratio(EG_EDGE_RIDGE);
    d->low = fmin(low, high);
    d->high = fmax(low, high);
}

/* Says why an image has no ridges. */
static void warn_empty(const eg_field_histogram *histogram, eg_source *source)
{
    if (eg_field_histogram_total(histogram, histogram->all) == 0)
        return; /* eg_note_valid() says so */
    eg_source_warn(source, histogram->differs ? "has no ridge: there are no edges"
                                              : "is constant: there are no edges");
}

static void resolve_thresholds(eg_ridge_detector *d, eg_source *source,
                               const eg_field_histogram *histogram, const eg_edges_options *options)
{
    eg_edges_options chosen = *options;
    d->automatic = isnan(options->low) && isnan(options->high);
    d->flat = d->automatic && eg_field_histogram_total(histogram, histogram->maxima) == 0;
    if (d->flat)
        warn_empty(histogram, source);
    if (d->automatic || options->unit == EG_UNIT_PERCENT)
        eg_field_thresholds(histogram, &chosen);
    eg_ridge_set_thresholds(d, chosen.low, chosen.high);
}

/* ---- marking ---- */

/* Sets *weak to the bits of `lines` whose strengths exceed the low threshold, and returns those
 * that exceed the high one. */
static uint64_t mark_word(const eg_ridge_detector *d, uint64_t lines, uint64_t *weak,
                          const float **next)
{
    const float low = (float)d->low, high = (float)d->high;
    uint64_t kept = 0, strong = 0;
    for (uint64_t left = lines; left; left &= left - 1) {
        const uint64_t bit = left & (0 - left);
        const float strength = *(*next)++;
        kept |= strength > low ? bit : 0;
        strong |= strength > low && strength > high ? bit : 0;
    }
    *weak = kept;
    return strong;
}

static void mark_tile(const eg_ridge_detector *d, const eg_ridge_strip *strip, size_t index)
{
    const size_t words = d->columns / 64, first = index * words;
    const size_t end = first + words < d->planes.words ? first + words : d->planes.words;
    const float *next = strip->strengths[index];
    for (size_t y = strip->rows.y0; y < strip->rows.y1; y++) {
        const uint64_t *lines = d->lines + y * d->planes.words;
        uint64_t *candidate = eg_candidate_row(&d->planes, y), *edge = eg_edge_row(&d->planes, y);
        for (size_t i = first; i < end; i++)
            edge[i] = mark_word(d, lines[i], &candidate[i], &next);
    }
}

static eg_status mark_strip(void *opaque, size_t index, eg_error *error)
{
    const eg_ridge_detector *d = opaque;
    const eg_ridge_strip *strip = &d->strips[index];
    void *scratch = eg_alloc(
        d->ctx, 1, eg_hysteresis_scratch(d->planes.words, strip->rows.y1 - strip->rows.y0), error);
    if (!scratch)
        return eg_failed(error);
    for (size_t i = 0; i < d->tile_count; i++)
        mark_tile(d, strip, i);
    eg_hysteresis_block(&d->planes, strip->rows, d->ctx->cpu, scratch);
    eg_free(scratch);
    return EG_OK;
}

eg_status eg_ridge_mark(eg_ridge_detector *d, eg_error *error)
{
    eg_status status = EG_OK;
    if (!d->known)
        status = eg_parallel_for(d->ctx, d->strip_count, d->planes.width * d->planes.height, d,
                                 mark_strip, error);
    if (status == EG_OK)
        status = eg_hysteresis_across_blocks(d->ctx, &d->planes, d->blocks, d->strip_count, error);
    return status;
}

eg_status eg_ridge_link(eg_ridge_detector *d, eg_source *source,
                        const eg_field_histogram *histogram, const eg_edges_options *options,
                        eg_error *error)
{
    if (!d->known)
        resolve_thresholds(d, source, histogram, options);
    return eg_ridge_mark(d, error);
}

void eg_ridge_result(const eg_ridge_detector *d, eg_edges_result *result)
{
    *result = (eg_edges_result){.low = d->low,
                                .high = d->high,
                                .low_response = (double)NAN,
                                .high_response = (double)NAN,
                                .sigma = d->sigma,
                                .automatic = d->automatic,
                                .flat = d->flat,
                                .edge_pixels = eg_planes_count(&d->planes, d->ctx)};
}
