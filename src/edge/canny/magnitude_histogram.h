/* SPDX-License-Identifier: MIT */
/* Histograms of the magnitudes of local maxima, and the thresholds chosen from them. */
#ifndef EG_EDGE_MAGNITUDE_HISTOGRAM_H
#define EG_EDGE_MAGNITUDE_HISTOGRAM_H

#include "core/context.h"
#include "edge/canny/threshold.h"

/* Bits for kinds of magnitudes and samples that an image has: magnitudes that are 0, NaN or greater
 * than 0, and samples that differ. Complete only if no magnitude is greater than 0. */
enum {
    EG_SEEN_ZERO = 1,
    EG_SEEN_NAN = 2,
    EG_SEEN_GRADIENT = 4,
    EG_SEEN_DIFFERENCE = 8,
};

/* Number of local maxima in a bin. */
typedef struct eg_bin_count {
    int64_t index; /* of the bin, see EG_FLOAT_BINS */
    uint64_t count;
} eg_bin_count;

/* The bins that are not empty, by index. Of floats, those in the 16 octaves below the largest
 * magnitude. */
typedef struct eg_magnitude_histogram {
    eg_response_scale scale;
    unsigned seen; /* EG_SEEN_ZERO and so on */
    eg_bin_count *bins;
    size_t count;

    /* state of eg_choose_threshold_bins(), which merges several histograms: factor of the square
     * roots, next bin, and the square root of its magnitude */
    double factor;
    size_t next;
    double next_root;
} eg_magnitude_histogram;

void eg_magnitude_histogram_release(eg_magnitude_histogram *histogram);

/* Sets the bins of an empty histogram: bin `base` + i has counts[i]. */
eg_status eg_magnitude_histogram_set(eg_magnitude_histogram *histogram, eg_context *ctx,
                                     int32_t base, const uint64_t counts[], size_t count,
                                     eg_error *error);

/* Adds bins in the order of their indices. The sum does not depend on the order of additions. */
eg_status eg_magnitude_histogram_add(eg_magnitude_histogram *histogram, eg_context *ctx,
                                     const eg_bin_count bins[], size_t count, eg_error *error);

/* Indices of the lowest bins of candidates and of strong pixels, of the kind of
 * histograms[histogram]. */
typedef struct eg_threshold_bins {
    size_t histogram;
    int32_t low, high;
    bool empty; /* there is no local maximum: no pixel is an edge */
} eg_threshold_bins;

/* Chooses the bins from `count` (at least 1) histograms together by Otsu's method; without
 * `hysteresis` low equals high. */
eg_threshold_bins eg_choose_threshold_bins(eg_magnitude_histogram histograms[], size_t count,
                                           bool hysteresis);

#endif
