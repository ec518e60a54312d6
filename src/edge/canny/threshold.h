/* SPDX-License-Identifier: MIT */
/* Conversion of thresholds, from and to responses on the 0..255 scale. */
#ifndef EG_EDGE_THRESHOLD_H
#define EG_EDGE_THRESHOLD_H

#include "edge/canny/kernels.h"
#include "edgegrad.h"

/* Relation of the kernels' magnitudes to responses on the 0..255 scale. */
typedef struct eg_response_scale {
    eg_magnitude_kind kind;
    int divisor;        /* response to a ramp of one level per pixel */
    int shift;          /* integer responses were divided by 2^shift */
    double white_level; /* stored intensity that equals 255 */
} eg_response_scale;

bool eg_is_float_magnitude(eg_magnitude_kind kind);

/* Returns the response on the 0..255 scale of one unit of the kernels' responses. */
double eg_response_unit(const eg_response_scale *scale);

/* Converts thresholds given as responses on the 0..255 scale to the kernels' unit: integers are
 * rounded, clamped and squared as cv::Canny does. */
eg_thresholds eg_thresholds_from_responses(const eg_response_scale *scale, double low_response,
                                           double high_response);

/* Returns the index of the lowest bin of integer magnitudes that can become edges: half a level per
 * pixel, because rounding alone causes smaller ones. */
int32_t eg_least_integer_bin(const eg_response_scale *scale);

/* Returns the thresholds of a first pass that collects bins: *base is the least bin of integer
 * magnitudes; all float magnitudes above 0 are collected. */
eg_thresholds eg_collection_thresholds(const eg_response_scale *scale, int32_t *base);

/* Returns the response that exactly the magnitudes of the bin with this index and of higher bins
 * exceed. */
double eg_bin_threshold(const eg_response_scale *scale, int32_t index);

#endif
