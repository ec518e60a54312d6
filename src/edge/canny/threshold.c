/* SPDX-License-Identifier: MIT */
/* Conversion of thresholds between responses, magnitudes and bins. */
#include "edge/canny/threshold.h"

#include <math.h>
#include <string.h>

bool eg_is_float_magnitude(eg_magnitude_kind kind)
{
    return kind == EG_MAGNITUDE_F32_L1 || kind == EG_MAGNITUDE_F32_L2;
}

double eg_response_unit(const eg_response_scale *scale)
{
    return eg_is_float_magnitude(scale->kind) ? 255 / scale->white_level : 1 << scale->shift;
}

/* Converts a response to the magnitudes' unit, before rounding. */
static double to_magnitude(const eg_response_scale *scale, double response)
{
    if (eg_is_float_magnitude(scale->kind))
        return response * scale->white_level / 255;
    double threshold = response / (1 << scale->shift);
    if (scale->kind == EG_MAGNITUDE_I16_L1)
        return threshold;
    if (threshold > INT16_MAX)
        threshold = INT16_MAX;
    return threshold > 0 ? threshold * threshold : threshold;
}

/* Rounds a threshold down to an integer, clamped to one below and to the maximum of the magnitude
 * type: no 16-bit magnitude exceeds INT16_MAX, and all exceed -1. */
static int32_t round_threshold(const eg_response_scale *scale, double threshold)
{
    double most = scale->kind == EG_MAGNITUDE_I16_L1 ? INT16_MAX : INT32_MAX;
    threshold = floor(threshold);
    return (int32_t)(threshold > most ? most : threshold < -1 ? -1 : threshold);
}

eg_thresholds eg_thresholds_from_responses(const eg_response_scale *scale, double low_response,
                                           double high_response)
{
    double low = to_magnitude(scale, low_response), high = to_magnitude(scale, high_response);
    return (eg_thresholds){
        .low = round_threshold(scale, low),
        .high = round_threshold(scale, high),
        .low_f = (float)low,
        .high_f = (float)high,
    };
}

/* ---- bins ---- */

static float bits_float(int32_t bits)
{
    float v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

/* Returns the square of an integer magnitude as the bin kernels compute it, rounded to float. */
static float binned_square(eg_magnitude_kind kind, double magnitude)
{
    float m = (float)magnitude;
    return kind == EG_MAGNITUDE_I16_L2 ? m : m * m;
}

int32_t eg_least_integer_bin(const eg_response_scale *scale)
{
    eg_response_scale squared = *scale;
    squared.kind = EG_MAGNITUDE_I16_L2;
    float square = (float)to_magnitude(&squared, 0.5 * scale->divisor);
    int32_t bits;
    memcpy(&bits, &square, sizeof bits);
    return bits >> EG_INTEGER_BIN_SHIFT;
}

eg_thresholds eg_collection_thresholds(const eg_response_scale *scale, int32_t *base)
{
    const bool floats = eg_is_float_magnitude(scale->kind);
    *base = floats ? 0 : eg_least_integer_bin(scale);
    return eg_thresholds_from_responses(scale, floats ? 0 : eg_bin_threshold(scale, *base),
                                        INFINITY);
}

/* Returns the threshold of a bin of floats: the largest float below the bin, which the conversion
 * to a response and back does not change because doubles have 29 more bits. */
static double float_bin_threshold(const eg_response_scale *scale, int32_t index)
{
    return nextafterf(bits_float(index << EG_FLOAT_BIN_SHIFT), 0) * 255.0 / scale->white_level;
}

/* Returns the threshold of a bin of integers: half a step below the least magnitude in the bin. */
static double integer_bin_threshold(const eg_response_scale *scale, int32_t index)
{
    const bool squared = scale->kind == EG_MAGNITUDE_I16_L2;
    float least = bits_float(index << EG_INTEGER_BIN_SHIFT);
    double first = ceil(squared ? (double)least : sqrt(least));
    while (binned_square(scale->kind, first - 1) >= least)
        first--;
    return (squared ? sqrt(first - 0.5) : first - 0.5) * (1 << scale->shift);
}

double eg_bin_threshold(const eg_response_scale *scale, int32_t index)
{
    return eg_is_float_magnitude(scale->kind) ? float_bin_threshold(scale, index)
                                              : integer_bin_threshold(scale, index);
}
