/* SPDX-License-Identifier: MIT */
/* Thresholds: the user's, in their unit, or chosen from a histogram. */
#ifndef EG_EDGE_THRESHOLD_H
#define EG_EDGE_THRESHOLD_H

#include "edge/kernels.h"
#include "edgegrad.h"

/* How magnitudes as the kernels have them relate to what users say. */
typedef struct eg_scale {
    eg_sum_kind kind;
    int divisor;  /* operator's sums in a level a pixel */
    int shift;    /* integer sums were divided by 2^shift */
    double white; /* stored intensity that counts as 255 */
} eg_scale;

/* The kernels' levels for thresholds in the operator's sums on the 0..255 scale: rounded, clamped and
 * squared as cv::Canny does. */
eg_levels eg_levels_from_sums(const eg_scale *scale, double low_sum, double high_sum);

typedef struct eg_coder {
    int32_t base; /* bits of the square of the least magnitude, shifted */
} eg_coder;

/* The coder for a scale, and in *levels the floor below which nothing can become an edge. */
eg_coder eg_coder_init(const eg_scale *scale, eg_levels *floor);

/* The least magnitude that has a code, as a threshold in the operator's sums: what is strictly above
 * it is what has this code or a higher one. */
double eg_code_sum(const eg_coder *coder, const eg_scale *scale, int code);

/* How many ridges have which code, and what codes mean. */
typedef struct eg_coded {
    eg_scale scale;
    eg_coder coder;
    uint64_t histogram[EG_CODES];
    int next;    /* where eg_choose_codes() is, ... */
    double root; /* ... and what that stands for */
} eg_coded;

/* The codes from which pixels are candidates and strong, in the coding of coded[index], chosen from all
 * `count` (at least 1) histograms together. See the source for the rule. */
typedef struct eg_code_choice {
    size_t index;
    int low, high;
} eg_code_choice;
eg_code_choice eg_choose_codes(eg_coded coded[], size_t count, bool hysteresis);

#endif
