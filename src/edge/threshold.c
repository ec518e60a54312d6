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

#define CODE_STEP 1.0218971486541166 /* 2^(1/32): a code's in the root of a magnitude */
enum { CODES_TO_TWO = 32, CODES_TO_OCTAVE = 16 }; /* for roots, for magnitudes to double */

/* The root of the magnitude, in the operator's sums on the 0..255 scale, that a code stands for. The code of a
 * square is 8 times its logarithm with a bias that all codings share, and which is left in. What is
 * equal comes out equal to the last bit. */
static double root_of(const eg_coded *coded, int code)
{
    const eg_scale *scale = &coded->scale;
    double unit = is_float(scale->kind) ? 255 / scale->white : 1 << scale->shift, root = 1;
    int place = coded->coder.base + code;
    for (int i = 0; i < place % CODES_TO_TWO; i++)
        root *= CODE_STEP;
    return ldexp(root, place / CODES_TO_TWO) * sqrt(unit);
}

/* Goes through the codes of several codings in ascending order of what they stand for. */
static void rewind_codes(eg_coded coded[], size_t count)
{
    for (size_t k = 0; k < count; k++) {
        coded[k].next = 0;
        coded[k].root = root_of(&coded[k], 0);
    }
}

/* The next code's coding, which moves on; NULL past the last. *root: what the code stands for. */
static eg_coded *next_code(eg_coded coded[], size_t count, double *root)
{
    eg_coded *least = NULL;
    for (size_t k = 0; k < count; k++)
        if (coded[k].next < EG_CODES && (!least || coded[k].root < least->root))
            least = &coded[k];
    if (!least)
        return NULL;
    *root = least->root;
    least->root = root_of(least, ++least->next);
    return least;
}

/* Otsu's threshold (IEEE Trans. SMC 9, 1979): the split into two classes that sets their means
 * furthest apart, here of the square roots of the ridges' magnitudes. Roots, because magnitudes have
 * a long tail: split by the magnitudes themselves, a few hard edges hide all others; split by their
 * logarithms, texture counts as edges. */
static eg_code_choice otsu(eg_coded coded[], size_t count)
{
    double total = 0, moment = 0, root;
    const eg_coded *at;
    rewind_codes(coded, count);
    while ((at = next_code(coded, count, &root))) {
        total += (double)at->histogram[at->next - 1];
        moment += (double)at->histogram[at->next - 1] * root;
    }
    double below = 0, below_moment = 0, best = -1;
    eg_code_choice choice = {0};
    rewind_codes(coded, count);
    while ((at = next_code(coded, count, &root))) {
        double above = total - below;
        if (below > 0 && above > 0) {
            double apart = below_moment / below - (moment - below_moment) / above;
            double score = below * above * apart * apart;
            if (score > best) {
                best = score;
                choice = (eg_code_choice){.index = (size_t)(at - coded), .high = at->next - 1};
            }
        }
        below += (double)at->histogram[at->next - 1];
        below_moment += (double)at->histogram[at->next - 1] * root;
    }
    return choice;
}

eg_code_choice eg_choose_codes(eg_coded coded[], size_t count, bool hysteresis)
{
    eg_code_choice choice = otsu(coded, count);
    int low = hysteresis ? choice.high - CODES_TO_OCTAVE : choice.high;
    choice.low = low < 0 ? 0 : low;
    return choice;
}
