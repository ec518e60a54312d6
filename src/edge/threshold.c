/* SPDX-License-Identifier: MIT */
/* Conversion of given thresholds, and choice of automatic ones. */
#include "edge/threshold.h"

#include <math.h>
#include <string.h>

static bool is_float(eg_magnitude_kind kind)
{
    return kind == EG_MAGNITUDE_F32_L1 || kind == EG_MAGNITUDE_F32_L2;
}

static bool is_squared(eg_magnitude_kind kind)
{
    return kind == EG_MAGNITUDE_I16_L2 || kind == EG_MAGNITUDE_F32_L2;
}

/* Converts a response to the magnitudes' unit, before rounding. */
static double to_magnitude(const eg_response_scale *scale, double response)
{
    double threshold = is_float(scale->kind) ? response * scale->white_level / 255
                                             : response / (1 << scale->shift);
    if (scale->kind == EG_MAGNITUDE_I16_L2 && threshold > 32767)
        threshold = 32767;
    if (is_squared(scale->kind) && threshold > 0)
        threshold *= threshold;
    return threshold;
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

/* Returns the magnitude of bin 0 in levels per pixel on the 0..255 scale: half a level for 8-bit
 * samples, whose rounding alone causes smaller ones; otherwise 16 octaves below the maximum. */
static double least_magnitude(const eg_response_scale *scale)
{
    return is_float(scale->kind) ? 1.0 / 256 : 0.5;
}

eg_binning eg_binning_init(const eg_response_scale *scale, eg_thresholds *floor)
{
    double response = least_magnitude(scale) * scale->divisor;
    eg_response_scale squared = *scale;
    squared.kind = is_float(scale->kind) ? EG_MAGNITUDE_F32_L2 : EG_MAGNITUDE_I16_L2;
    eg_binning binning = {float_bits((float)to_magnitude(&squared, response)) >> EG_BIN_SHIFT};
    double first = eg_bin_threshold(&binning, scale, 0);
    *floor = eg_thresholds_from_responses(scale, first, INFINITY);
    return binning;
}

/* Returns the square of an integer magnitude as the bin kernels compute it, rounded to float. */
static float binned_square(eg_magnitude_kind kind, double magnitude)
{
    float m = (float)magnitude;
    return is_squared(kind) ? m : m * m;
}

/* Returns the least float whose square, rounded to float, is at least `square`. */
static float least_root(float square)
{
    float m = sqrtf(square);
    while (m * m >= square)
        m = nextafterf(m, 0);
    while (m * m < square)
        m = nextafterf(m, INFINITY);
    return m;
}

double eg_bin_threshold(const eg_binning *binning, const eg_response_scale *scale, int bin)
{
    float least = bits_float((binning->base + bin) << EG_BIN_SHIFT);
    if (scale->kind == EG_MAGNITUDE_F32_L1)
        return nextafterf(least_root(least), 0) * 255.0 / scale->white_level;
    if (scale->kind == EG_MAGNITUDE_F32_L2)
        return sqrt(nextafterf(least, 0)) * 255 / scale->white_level;
    /* Integers: half a step below the least magnitude in the bin. */
    bool squared = is_squared(scale->kind);
    double first = ceil(squared ? (double)least : sqrt(least));
    while (binned_square(scale->kind, first - 1) >= least)
        first--;
    return (squared ? sqrt(first - 0.5) : first - 0.5) * (1 << scale->shift);
}

/* ---- automatic choice ---- */

/* 2^(1/32): ratio of adjacent bins in the root of the magnitude. */
#define ROOT_STEP 1.0218971486541166
enum { ROOT_BINS_PER_OCTAVE = 32, BINS_PER_OCTAVE = 16 }; /* of the root, of the magnitude */

/* Returns the square root of a bin's magnitude, as a response on the 0..255 scale. A bin is about 8
 * log2(m^2) plus a bias. The bias is kept: it is the same for all binnings and only scales Otsu's
 * criterion. Equal magnitudes give bit-identical roots in all binnings. */
static double bin_root(const eg_magnitude_histogram *histogram, int bin)
{
    const eg_response_scale *scale = &histogram->scale;
    double unit = is_float(scale->kind) ? 255 / scale->white_level : 1 << scale->shift, root = 1;
    int index = histogram->binning.base + bin;
    for (int i = 0; i < index % ROOT_BINS_PER_OCTAVE; i++)
        root *= ROOT_STEP;
    return ldexp(root, index / ROOT_BINS_PER_OCTAVE) * sqrt(unit);
}

/* Starts a merge of several histograms in ascending order of magnitude. */
static void rewind_bins(eg_magnitude_histogram histograms[], size_t count)
{
    for (size_t k = 0; k < count; k++) {
        histograms[k].next_bin = 0;
        histograms[k].next_root = bin_root(&histograms[k], 0);
    }
}

/* Advances the merge and returns the histogram with the next bin, whose root becomes *root; NULL at
 * the end. */
static eg_magnitude_histogram *next_bin(eg_magnitude_histogram histograms[], size_t count,
                                        double *root)
{
    eg_magnitude_histogram *least = NULL;
    for (size_t k = 0; k < count; k++)
        if (histograms[k].next_bin < EG_BINS &&
            (!least || histograms[k].next_root < least->next_root))
            least = &histograms[k];
    if (!least)
        return NULL;
    *root = least->next_root;
    least->next_root = bin_root(least, ++least->next_bin);
    return least;
}

/* Chooses Otsu's threshold (IEEE Trans. SMC 9, 1979): the split into two classes with the largest
 * between-class variance, of the square roots of the local maxima's magnitudes. Magnitudes
 * themselves have a long tail: split by them, a few strong edges hide all others. Split by their
 * logarithms, texture counts as edges. */
static eg_threshold_bins otsu(eg_magnitude_histogram histograms[], size_t count)
{
    double total = 0, moment = 0, root;
    const eg_magnitude_histogram *at;
    rewind_bins(histograms, count);
    while ((at = next_bin(histograms, count, &root))) {
        total += (double)at->counts[at->next_bin - 1];
        moment += (double)at->counts[at->next_bin - 1] * root;
    }
    double below = 0, below_moment = 0, best = -1;
    eg_threshold_bins choice = {0};
    rewind_bins(histograms, count);
    while ((at = next_bin(histograms, count, &root))) {
        double above = total - below;
        if (below > 0 && above > 0) {
            double distance = below_moment / below - (moment - below_moment) / above;
            double score = below * above * distance * distance;
            if (score > best) {
                best = score;
                choice = (eg_threshold_bins){.index = (size_t)(at - histograms),
                                             .high = at->next_bin - 1};
            }
        }
        below += (double)at->counts[at->next_bin - 1];
        below_moment += (double)at->counts[at->next_bin - 1] * root;
    }
    return choice;
}

eg_threshold_bins eg_choose_threshold_bins(eg_magnitude_histogram histograms[], size_t count,
                                           bool hysteresis)
{
    eg_threshold_bins choice = otsu(histograms, count);
    int low = hysteresis ? choice.high - BINS_PER_OCTAVE : choice.high;
    choice.low = low < 0 ? 0 : low;
    return choice;
}
