/* SPDX-License-Identifier: MIT */
/* Thresholds: the user's, in their unit, or chosen from a histogram. */
#ifndef EG_EDGE_THRESHOLD_H
#define EG_EDGE_THRESHOLD_H

#include "edge/kernels.h"
#include "edgegrad.h"

/* How magnitudes as the kernels have them relate to what users say. */
typedef struct eg_scale {
    eg_response_kind kind;
    int divisor;        /* operator's sums in a level a pixel */
    int shift;          /* integer sums were divided by 2^shift */
    double white_level; /* stored intensity that counts as 255 */
} eg_scale;

/* The kernels' levels for thresholds in the operator's sums on the 0..255 scale: rounded, clamped
 * and squared as cv::Canny does. */
eg_thresholds eg_thresholds_from_responses(const eg_scale *scale, double low_sum, double high_sum);

typedef struct eg_binning {
    int32_t base; /* bits of the square of the least magnitude, shifted */
} eg_binning;

/* The coder for a scale, and in *levels the floor below which nothing can become an edge. */
eg_binning eg_binning_init(const eg_scale *scale, eg_thresholds *floor);

/* The least magnitude that has a code, as a threshold in the operator's sums: what is strictly
 * above it is what has this code or a higher one. */
double eg_bin_response(const eg_binning *coder, const eg_scale *scale, int code);

/* How many ridges have which code, and what codes mean. */
typedef struct eg_histogram_bins {
    eg_scale scale;
    eg_binning coder;
    uint64_t histogram[EG_BINS];
    int next;    /* where eg_choose_bins() is, ... */
    double root; /* ... and what that stands for */
} eg_histogram_bins;

/* The codes from which pixels are candidates and strong, in the coding of coded[index], chosen from
 * all `count` (at least 1) histograms together. See the source for the rule. */
typedef struct eg_bin_choice {
    size_t index;
    int low, high;
} eg_bin_choice;
eg_bin_choice eg_choose_bins(eg_histogram_bins coded[], size_t count, bool hysteresis);

#endif
