/* SPDX-License-Identifier: MIT */
/* Thresholds: the user's, in their unit, or chosen from a histogram. */
#ifndef EG_EDGE_THRESHOLD_H
#define EG_EDGE_THRESHOLD_H

#include "edge/kernels.h"
#include "edgegrad.h"

/* How magnitudes as the kernels have them relate to what users say. */
typedef struct eg_response_scale {
    eg_magnitude_kind kind;
    int divisor;        /* operator's sums in a level a pixel */
    int shift;          /* integer sums were divided by 2^shift */
    double white_level; /* stored intensity that counts as 255 */
} eg_response_scale;

/* The kernels' levels for thresholds in the operator's sums on the 0..255 scale: rounded, clamped
 * and squared as cv::Canny does. */
eg_thresholds eg_thresholds_from_responses(const eg_response_scale *scale, double low_response,
                                           double high_response);

typedef struct eg_binning {
    int32_t base; /* bits of the square of the least magnitude, shifted */
} eg_binning;

/* The coder for a scale, and in *levels the floor below which nothing can become an edge. */
eg_binning eg_binning_init(const eg_response_scale *scale, eg_thresholds *floor);

/* The least magnitude that has a code, as a threshold in the operator's sums: what is strictly
 * above it is what has this code or a higher one. */
double eg_bin_threshold(const eg_binning *binning, const eg_response_scale *scale, int bin);

/* How many ridges have which code, and what codes mean. */
typedef struct eg_magnitude_histogram {
    eg_response_scale scale;
    eg_binning binning;
    uint64_t counts[EG_BINS];
    int next_bin;     /* where eg_choose_threshold_bins() is, ... */
    double next_root; /* ... and what that stands for */
} eg_magnitude_histogram;

/* The codes from which pixels are candidates and strong, in the coding of coded[index], chosen from
 * all `count` (at least 1) histograms together. See the source for the rule. */
typedef struct eg_threshold_bins {
    size_t index;
    int low, high;
} eg_threshold_bins;
eg_threshold_bins eg_choose_threshold_bins(eg_magnitude_histogram histograms[], size_t count,
                                           bool hysteresis);

#endif
