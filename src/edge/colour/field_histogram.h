/* SPDX-License-Identifier: MIT */
/*
 * Histogram of the magnitudes of a gradient field: of all pixels, and of the local maxima. A bin is
 * the upper bits of a float, 256 bins for each factor of two, so that the histogram needs no range
 * and histograms of several images or row blocks add up exactly.
 */
#ifndef EG_EDGE_FIELD_HISTOGRAM_H
#define EG_EDGE_FIELD_HISTOGRAM_H

#include <stdint.h>
#include <string.h>

#include "core/context.h"

enum { EG_FIELD_BIN_SHIFT = 15, EG_FIELD_BINS = 1 << 16 };

/* Least sigma of a gradient field, in pixels. */
#define EG_LEAST_FIELD_SIGMA 0.5

typedef struct eg_field_histogram {
    uint64_t *all;    /* EG_FIELD_BINS counts of all magnitudes; NULL: not allocated */
    uint64_t *maxima; /* EG_FIELD_BINS counts of the local maxima; in the memory of `all` */
    double sigma;     /* magnitudes of the bins for one level per pixel; 0: nothing is added yet */
    bool differs;     /* samples of the image differ from each other */
    /* Bins first .. end - 1 and bin 0 have all counts, so that most of the memory is never touched:
     * an image has magnitudes of some tens of octaves. first is at least 1; end 0: only bin 0. */
    uint32_t first, end;
} eg_field_histogram;

/* Allocates an empty histogram. */
eg_status eg_field_histogram_new(eg_field_histogram *histogram, eg_context *ctx, eg_error *error);
void eg_field_histogram_free(eg_field_histogram *histogram); /* accepts a zeroed one */

/* Removes all counts. */
void eg_field_histogram_clear(eg_field_histogram *histogram);

/* Exchanges two histograms: an empty one receives the counts of the other without touching the
 * memory of both. */
void eg_field_histogram_swap(eg_field_histogram *a, eg_field_histogram *b);

/* Adds counts. If the fields have different sigmas, the bins of the sum become those of gradients
 * in levels per pixel: sigma 1. */
void eg_field_histogram_add(eg_field_histogram *sum, const eg_field_histogram *other);

/* Returns the bin of a magnitude, which is not negative. */
static inline uint32_t eg_field_bin(float magnitude)
{
    uint32_t bits;
    memcpy(&bits, &magnitude, sizeof bits);
    return (bits & INT32_MAX) >> EG_FIELD_BIN_SHIFT; /* a NaN may have a sign */
}

/* Returns the least magnitude of a bin. */
static inline double eg_field_bin_magnitude(uint32_t bin)
{
    float magnitude;
    bin <<= EG_FIELD_BIN_SHIFT;
    memcpy(&magnitude, &bin, sizeof magnitude);
    return (double)magnitude;
}

/* Notes that a bin has counts: called for every bin that is incremented. */
static inline void eg_field_histogram_include(eg_field_histogram *histogram, uint32_t bin)
{
    if (bin == 0)
        return;
    histogram->first = histogram->end && histogram->first < bin ? histogram->first : bin;
    histogram->end = histogram->end > bin ? histogram->end : bin + 1;
}

/* Returns the least bin after `bin` that may have counts; EG_FIELD_BINS: none. With it, a loop from
 * bin 0 visits all counts in ascending order. */
static inline uint32_t eg_field_next_bin(const eg_field_histogram *histogram, uint32_t bin)
{
    const uint32_t next = bin + 1 < histogram->first ? histogram->first : bin + 1;
    return next < histogram->end ? next : EG_FIELD_BINS;
}

/* Returns the sum of the counts `all` or `maxima` of the histogram. */
uint64_t eg_field_histogram_total(const eg_field_histogram *histogram, const uint64_t *counts);

/* Returns the magnitude that a share (0 .. 1) of those counted in `all` or `maxima` of the
 * histogram do not exceed, interpolated linearly in its bin; 0 if nothing is counted. */
double eg_quantile(const eg_field_histogram *histogram, const uint64_t *counts, double share);

#endif
