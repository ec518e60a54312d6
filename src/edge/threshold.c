/* SPDX-License-Identifier: MIT */
/* Thresholds given and thresholds found. */
#include "edge/threshold.h"

#include <math.h>
#include <string.h>

static bool is_float(eg_sum_kind kind)
{
    return kind == EG_KIND_F32_L1 || kind == EG_KIND_F32_L2;
}

static bool is_squared(eg_sum_kind kind)
{
    return kind == EG_KIND_I16_L2 || kind == EG_KIND_F32_L2;
}

/* A threshold in the kernels' unit, before rounding. */
static double to_kernel(const eg_scale *scale, double sum)
{
    double level = is_float(scale->kind) ? sum * scale->white / 255 : sum / (1 << scale->shift);
    if (scale->kind == EG_KIND_I16_L2 && level > 32767)
        level = 32767;
    if (is_squared(scale->kind) && level > 0)
        level *= level;
    return level;
}

/* Everything above INT16_MAX is out of reach of 16-bit magnitudes, everything below 0 is below all. */
static int32_t to_integer(const eg_scale *scale, double level)
{
    double most = scale->kind == EG_KIND_I16_L1 ? INT16_MAX : INT32_MAX;
    level = floor(level);
    return (int32_t)(level > most ? most : level < -1 ? -1 : level);
}

eg_levels eg_levels_from_sums(const eg_scale *scale, double low_sum, double high_sum)
{
    double low = to_kernel(scale, low_sum), high = to_kernel(scale, high_sum);
    return (eg_levels){
        .low = to_integer(scale, low),
        .high = to_integer(scale, high),
        .low_f = (float)low,
        .high_f = (float)high,
    };
}

/* ---- codes ---- */

static int32_t float_bits(float v)
{
    int32_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static float bits_float(int32_t bits)
{
    float v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

/* Least magnitude of interest, in levels of 255 a pixel: for 8-bit samples half a level, less than
 * which rounding makes by itself; for finer samples 16 octaves under the most there can be. */
static double least_magnitude(const eg_scale *scale)
{
    return is_float(scale->kind) ? 1.0 / 256 : 0.5;
}

eg_coder eg_coder_init(const eg_scale *scale, eg_levels *floor)
{
    double sum = least_magnitude(scale) * scale->divisor;
    eg_scale squared = *scale;
    squared.kind = is_float(scale->kind) ? EG_KIND_F32_L2 : EG_KIND_I16_L2;
    eg_coder coder = {float_bits((float)to_kernel(&squared, sum)) >> EG_CODE_SHIFT};
    double first = eg_code_sum(&coder, scale, 0);
    *floor = eg_levels_from_sums(scale, first, INFINITY);
    return coder;
}

/* The square of an integer magnitude as its code sees it: rounded to a float. */
static float seen_square(eg_sum_kind kind, double magnitude)
{
    float m = (float)magnitude;
    return is_squared(kind) ? m : m * m;
}

/* The least float whose square, rounded, reaches `square`. */
static float least_root(float square)
{
    float m = sqrtf(square);
    while (m * m >= square)
        m = nextafterf(m, 0);
    while (m * m < square)
        m = nextafterf(m, INFINITY);
    return m;
}

double eg_code_sum(const eg_coder *coder, const eg_scale *scale, int code)
{
    float least = bits_float((coder->base + code) << EG_CODE_SHIFT);
    if (scale->kind == EG_KIND_F32_L1)
        return nextafterf(least_root(least), 0) * 255.0 / scale->white;
    if (scale->kind == EG_KIND_F32_L2)
        return sqrt(nextafterf(least, 0)) * 255 / scale->white;
    /* Integers: half a step below the first one that has the code. */
    bool squared = is_squared(scale->kind);
    double first = ceil(squared ? (double)least : sqrt(least));
    while (seen_square(scale->kind, first - 1) >= least)
        first--;
    return (squared ? sqrt(first - 0.5) : first - 0.5) * (1 << scale->shift);
}

/* ---- the automatic choice ---- */

/* Otsu's threshold (IEEE Trans. SMC 9, 1979): the split into two classes that sets their means
 * furthest apart, here of the square roots of the ridges' magnitudes. Roots, because magnitudes have
 * a long tail: split by the magnitudes themselves, a few hard edges hide all others; split by their
 * logarithms, texture counts as edges. */
static int otsu(const uint64_t histogram[EG_CODES])
{
    const double step = 1.0218971486541166; /* 2^(1/32): a code's in the root of a magnitude */
    double value[EG_CODES] = {1}, total = 0, moment = 0;
    for (int i = 0; i < EG_CODES; i++) {
        if (i > 0)
            value[i] = value[i - 1] * step;
        total += (double)histogram[i];
        moment += (double)histogram[i] * value[i];
    }
    double below = 0, below_moment = 0, best = -1;
    int split = 0;
    for (int i = 0; i < EG_CODES - 1; i++) {
        below += (double)histogram[i];
        below_moment += (double)histogram[i] * value[i];
        double above = total - below;
        if (below == 0 || above == 0)
            continue;
        double apart = below_moment / below - (moment - below_moment) / above;
        double score = below * above * apart * apart;
        if (score > best) {
            best = score;
            split = i + 1;
        }
    }
    return split;
}

eg_code_pair eg_auto_codes(const uint64_t histogram[EG_CODES], bool hysteresis)
{
    enum { OCTAVE = 16 }; /* codes to a factor of two */
    int high = otsu(histogram);
    int low = hysteresis ? high - OCTAVE : high;
    return (eg_code_pair){low < 0 ? 0 : low, high};
}
