/* SPDX-License-Identifier: MIT */
/* Thresholds given and thresholds found. */
#include "edge/threshold.h"

#include <math.h>
#include <string.h>

static bool is_float(eg_response_kind kind)
{
    return kind == EG_RESPONSE_F32_L1 || kind == EG_RESPONSE_F32_L2;
}

static bool is_squared(eg_response_kind kind)
{
    return kind == EG_RESPONSE_I16_L2 || kind == EG_RESPONSE_F32_L2;
}

/* A threshold in the kernels' unit, before rounding. */
static double to_kernel(const eg_scale *scale, double sum)
{
    double level =
        is_float(scale->kind) ? sum * scale->white_level / 255 : sum / (1 << scale->shift);
    if (scale->kind == EG_RESPONSE_I16_L2 && level > 32767)
        level = 32767;
    if (is_squared(scale->kind) && level > 0)
        level *= level;
    return level;
}

/* Everything above INT16_MAX is out of reach of 16-bit magnitudes, everything below 0 is below all.
 */
static int32_t to_integer(const eg_scale *scale, double level)
{
    double most = scale->kind == EG_RESPONSE_I16_L1 ? INT16_MAX : INT32_MAX;
    level = floor(level);
    return (int32_t)(level > most ? most : level < -1 ? -1 : level);
}

eg_thresholds eg_thresholds_from_responses(const eg_scale *scale, double low_sum, double high_sum)
{
    double low = to_kernel(scale, low_sum), high = to_kernel(scale, high_sum);
    return (eg_thresholds){
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

eg_binning eg_binning_init(const eg_scale *scale, eg_thresholds *floor)
{
    double sum = least_magnitude(scale) * scale->divisor;
    eg_scale squared = *scale;
    squared.kind = is_float(scale->kind) ? EG_RESPONSE_F32_L2 : EG_RESPONSE_I16_L2;
    eg_binning coder = {float_bits((float)to_kernel(&squared, sum)) >> EG_BIN_SHIFT};
    double first = eg_bin_response(&coder, scale, 0);
    *floor = eg_thresholds_from_responses(scale, first, INFINITY);
    return coder;
}

/* The square of an integer magnitude as its code sees it: rounded to a float. */
static float seen_square(eg_response_kind kind, double magnitude)
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

double eg_bin_response(const eg_binning *coder, const eg_scale *scale, int code)
{
    float least = bits_float((coder->base + code) << EG_BIN_SHIFT);
    if (scale->kind == EG_RESPONSE_F32_L1)
        return nextafterf(least_root(least), 0) * 255.0 / scale->white_level;
    if (scale->kind == EG_RESPONSE_F32_L2)
        return sqrt(nextafterf(least, 0)) * 255 / scale->white_level;
    /* Integers: half a step below the first one that has the code. */
    bool squared = is_squared(scale->kind);
    double first = ceil(squared ? (double)least : sqrt(least));
    while (seen_square(scale->kind, first - 1) >= least)
        first--;
    return (squared ? sqrt(first - 0.5) : first - 0.5) * (1 << scale->shift);
}

/* ---- the automatic choice ---- */

#define CODE_STEP 1.0218971486541166 /* 2^(1/32): a code's in the root of a magnitude */
enum { CODES_TO_TWO = 32, CODES_TO_OCTAVE = 16 }; /* for roots, for magnitudes to double */

/* The root of the magnitude, in the operator's sums on the 0..255 scale, that a code stands for.
 * The code of a square is 8 times its logarithm with a bias that all codings share, and which is
 * left in. What is equal comes out equal to the last bit. */
static double root_of(const eg_histogram_bins *coded, int code)
{
    const eg_scale *scale = &coded->scale;
    double unit = is_float(scale->kind) ? 255 / scale->white_level : 1 << scale->shift, root = 1;
    int place = coded->coder.base + code;
    for (int i = 0; i < place % CODES_TO_TWO; i++)
        root *= CODE_STEP;
    return ldexp(root, place / CODES_TO_TWO) * sqrt(unit);
}

/* Goes through the codes of several codings in ascending order of what they stand for. */
static void rewind_codes(eg_histogram_bins coded[], size_t count)
{
    for (size_t k = 0; k < count; k++) {
        coded[k].next = 0;
        coded[k].root = root_of(&coded[k], 0);
    }
}

/* The next code's coding, which moves on; NULL past the last. *root: what the code stands for. */
static eg_histogram_bins *next_code(eg_histogram_bins coded[], size_t count, double *root)
{
    eg_histogram_bins *least = NULL;
    for (size_t k = 0; k < count; k++)
        if (coded[k].next < EG_BINS && (!least || coded[k].root < least->root))
            least = &coded[k];
    if (!least)
        return NULL;
    *root = least->root;
    least->root = root_of(least, ++least->next);
    return least;
}

/* Otsu's threshold (IEEE Trans. SMC 9, 1979): the split into two classes that sets their means
 * furthest apart, here of the square roots of the ridges' magnitudes. Roots, because magnitudes
 * have a long tail: split by the magnitudes themselves, a few hard edges hide all others; split by
 * their logarithms, texture counts as edges. */
static eg_bin_choice otsu(eg_histogram_bins coded[], size_t count)
{
    double total = 0, moment = 0, root;
    const eg_histogram_bins *at;
    rewind_codes(coded, count);
    while ((at = next_code(coded, count, &root))) {
        total += (double)at->histogram[at->next - 1];
        moment += (double)at->histogram[at->next - 1] * root;
    }
    double below = 0, below_moment = 0, best = -1;
    eg_bin_choice choice = {0};
    rewind_codes(coded, count);
    while ((at = next_code(coded, count, &root))) {
        double above = total - below;
        if (below > 0 && above > 0) {
            double apart = below_moment / below - (moment - below_moment) / above;
            double score = below * above * apart * apart;
            if (score > best) {
                best = score;
                choice = (eg_bin_choice){.index = (size_t)(at - coded), .high = at->next - 1};
            }
        }
        below += (double)at->histogram[at->next - 1];
        below_moment += (double)at->histogram[at->next - 1] * root;
    }
    return choice;
}

eg_bin_choice eg_choose_bins(eg_histogram_bins coded[], size_t count, bool hysteresis)
{
    eg_bin_choice choice = otsu(coded, count);
    int low = hysteresis ? choice.high - CODES_TO_OCTAVE : choice.high;
    choice.low = low < 0 ? 0 : low;
    return choice;
}
