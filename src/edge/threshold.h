/* SPDX-License-Identifier: MIT */
/* Thresholds given by the user, or chosen from a histogram. */
#ifndef EG_EDGE_THRESHOLD_H
#define EG_EDGE_THRESHOLD_H

#include "edge/kernels.h"
#include "edgegrad.h"

/* Relation of the kernels' magnitudes to responses on the 0..255 scale. */
typedef struct eg_response_scale {
    eg_magnitude_kind kind;
    int divisor;        /* response to a ramp of one level per pixel */
    int shift;          /* integer responses were divided by 2^shift */
    double white_level; /* stored intensity that equals 255 */
} eg_response_scale;

/* Converts thresholds given as responses on the 0..255 scale to the kernels' unit: rounded, clamped
 * and squared as cv::Canny does. */
eg_thresholds eg_thresholds_from_responses(const eg_response_scale *scale, double low_response,
                                           double high_response);

typedef struct eg_binning {
    int32_t base; /* shifted float bits of the square of the least magnitude */
} eg_binning;

/* Returns the binning of a scale. *floor receives the thresholds below which no pixel can become an
 * edge. */
eg_binning eg_binning_init(const eg_response_scale *scale, eg_thresholds *floor);

/* Returns the response that exactly the magnitudes of this and higher bins exceed. */
double eg_bin_threshold(const eg_binning *binning, const eg_response_scale *scale, int bin);

/* Number of local maxima in each bin. */
typedef struct eg_magnitude_histogram {
    eg_response_scale scale;
    eg_binning binning;
    uint64_t counts[EG_BINS];
    int next_bin;     /* merge cursor of eg_choose_threshold_bins(): next bin, ... */
    double next_root; /* ... and the square root of its magnitude */
} eg_magnitude_histogram;

/* Lowest bins of candidates and of strong pixels, in the binning of histograms[index]. */
typedef struct eg_threshold_bins {
    size_t index;
    int low, high;
} eg_threshold_bins;

/* Chooses the bins from `count` (at least 1) histograms together by Otsu's method; without
 * `hysteresis` low equals high. */
eg_threshold_bins eg_choose_threshold_bins(eg_magnitude_histogram histograms[], size_t count,
                                           bool hysteresis);

#endif
