/* SPDX-License-Identifier: MIT */
/* Histograms of the magnitudes of local maxima, and the thresholds chosen from them. */
#ifndef EG_EDGE_MAGNITUDE_HISTOGRAM_H
#define EG_EDGE_MAGNITUDE_HISTOGRAM_H

#include "core/context.h"
#include "edge/threshold.h"

/* What was seen of an image, as bits: magnitudes that are 0, NaN or greater than 0, and samples that
 * differ. Complete only if no magnitude is greater than 0. */
enum {
    EG_SEEN_ZERO = 1,
    EG_SEEN_NAN = 2,
    EG_SEEN_GRADIENT = 4,
    EG_SEEN_DIFFERENCE = 8,
};

/* Number of local maxima in each bin. For floats the last bin has the largest magnitude so far, and
 * bin 0 stays empty. */
typedef struct eg_magnitude_histogram {
    eg_response_scale scale;
    unsigned seen; /* EG_SEEN_ZERO and so on */
    int32_t base;  /* index of bin 0 */
    int32_t bins;  /* EG_INTEGER_BINS or EG_FLOAT_BINS */
    uint64_t *counts;

    /* cursor of eg_choose_threshold_bins(), which merges several histograms: next bin, and the
     * square root of its magnitude */
    int32_t next;
    double next_root;
} eg_magnitude_histogram;

/* Initialises an empty histogram, released by eg_magnitude_histogram_release(). */
eg_status eg_magnitude_histogram_init(eg_magnitude_histogram *histogram, eg_context *ctx,
                                      const eg_response_scale *scale, eg_error *error);
void eg_magnitude_histogram_release(eg_magnitude_histogram *histogram);

/* Adds `count` counts, of the bins from index `first` on. Of floats, only magnitudes in the 16
 * octaves below the largest one remain: the sum does not depend on the order of additions. */
void eg_magnitude_histogram_add(eg_magnitude_histogram *histogram, int32_t first,
                                const uint64_t *counts, size_t count);

/* Range of the bins that are not empty. */
typedef struct eg_bin_range {
    int32_t first, end;
} eg_bin_range;

eg_bin_range eg_magnitude_histogram_range(const eg_magnitude_histogram *histogram);

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
