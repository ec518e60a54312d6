/* SPDX-License-Identifier: MIT */
/*
 * Otsu's threshold (IEEE Trans. SMC 9, 1979): the split into two classes with the largest
 * between-class variance, of the square roots of the local maxima's magnitudes. Magnitudes
 * themselves have a long tail: split by them, a few strong edges hide all others. Split by their
 * logarithms, texture counts as edges.
 *
 * Multiplying all magnitudes by a power of two moves all bins of floats by the same number, and
 * nothing here depends on their absolute position: the split stays the same.
 */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "edge/magnitude_histogram.h"

/* 2^(1/32): ratio of adjacent bins of integers in the root of the magnitude, which doubles every
 * ROOT_BINS_PER_OCTAVE bins. */
#define ROOT_STEP 1.0218971486541166
enum { ROOT_BINS_PER_OCTAVE = 2 * EG_INTEGER_BINS_PER_OCTAVE };

/* 2^-0.25: roots of integers have the factor 2^31.75, see integer_root(). */
#define ROOT_2_POWER_MINUS_QUARTER 0.8408964152537145

/* Local maxima of several histograms in ascending order of magnitude. */
typedef struct merge {
    eg_magnitude_histogram *histograms;
    size_t count;
    double scale;  /* factor of float magnitudes, a power of two */
    double factor; /* factor of their square roots */
    double least;  /* least response of floats: 16 octaves below the largest of all */
} merge;

/* Returns the magnitude in the middle of a bin of floats. */
static float middle_magnitude(int32_t index)
{
    int32_t bits = index << EG_FLOAT_BIN_SHIFT | 1 << (EG_FLOAT_BIN_SHIFT - 1);
    float v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static int32_t float_index(float magnitude)
{
    int32_t bits;
    memcpy(&bits, &magnitude, sizeof bits);
    return bits >> EG_FLOAT_BIN_SHIFT;
}

/* Returns 2^31.75 times the square root of an integer bin's magnitude. The index is about 8
 * log2(m^2) + 8 * 127. The bias of the exponent is kept: it scales Otsu's criterion only. */
static double integer_root(int32_t index)
{
    double root = 1;
    for (int i = 0; i < index % ROOT_BINS_PER_OCTAVE; i++)
        root *= ROOT_STEP;
    return ldexp(root, index / ROOT_BINS_PER_OCTAVE);
}

/* Returns the square root of a bin's magnitude, as a response on the 0..255 scale. */
static double bin_root(const merge *m, const eg_magnitude_histogram *histogram, int32_t bin)
{
    const int32_t index = histogram->base + bin;
    const double unit = sqrt(eg_response_unit(&histogram->scale));
    if (!eg_is_float_magnitude(histogram->scale.kind))
        return integer_root(index) * unit;
    return sqrt((double)middle_magnitude(index) * m->scale) * m->factor * unit;
}

/* Returns the largest response of a histogram, 0 if it is empty. */
static double largest_response(const eg_magnitude_histogram *histogram)
{
    const eg_bin_range range = eg_magnitude_histogram_range(histogram);
    const bool empty = range.first == range.end;
    return empty ? 0 : eg_bin_threshold(&histogram->scale, histogram->base + range.end - 1);
}

/* Returns the exponent of the largest float magnitude in a histogram. */
static int largest_exponent(const eg_magnitude_histogram *histogram)
{
    return (histogram->base + histogram->bins - 1) / EG_FLOAT_BINS_PER_OCTAVE - 127;
}

/* Prepares a merge. Roots of floats get the factor of integers if there are any; otherwise the
 * magnitudes are divided by 2^exponent of the largest one. */
static merge merge_init(eg_magnitude_histogram histograms[], size_t count)
{
    merge m = {.histograms = histograms, .count = count};
    int exponent = INT_MIN;
    bool integers = false;
    for (size_t k = 0; k < count; k++) {
        const eg_magnitude_histogram *h = &histograms[k];
        if (!eg_is_float_magnitude(h->scale.kind))
            integers = true;
        else if (largest_exponent(h) > exponent)
            exponent = largest_exponent(h);
        m.least = fmax(m.least, largest_response(h));
    }
    m.least = ldexp(m.least, -EG_FLOAT_BINS / EG_FLOAT_BINS_PER_OCTAVE);
    m.scale = integers ? 1 : ldexp(1, -exponent);
    m.factor = integers ? ldexp(ROOT_2_POWER_MINUS_QUARTER, 32) : 1;
    return m;
}

/* Moves the cursor of a histogram to the next bin from `bin` on that may begin an upper class: one
 * that is not empty, or that follows such a bin. */
static void place_cursor(const merge *m, eg_magnitude_histogram *histogram, int32_t bin)
{
    while (bin < histogram->bins && !histogram->counts[bin] &&
           (bin == 0 || !histogram->counts[bin - 1]))
        bin++;
    histogram->next = bin;
    if (bin < histogram->bins)
        histogram->next_root = bin_root(m, histogram, bin);
}

/* Starts at the lowest bins. */
static void rewind_merge(const merge *m)
{
    for (size_t k = 0; k < m->count; k++) {
        eg_magnitude_histogram *h = &m->histograms[k];
        int32_t first = 0;
        if (eg_is_float_magnitude(h->scale.kind))
            first = float_index((float)(m->least / eg_response_unit(&h->scale))) - h->base;
        place_cursor(m, h, first > 0 ? first : 0);
    }
}

/* A bin of the merge. */
typedef struct merged_bin {
    eg_magnitude_histogram *histogram; /* NULL: past the last bin */
    int32_t index;
    double count, root;
} merged_bin;

/* Returns the next bin and advances the merge. Of bins with the same root that of the first
 * histogram comes first. */
static merged_bin next_bin(const merge *m)
{
    eg_magnitude_histogram *least = NULL;
    for (size_t k = 0; k < m->count; k++) {
        eg_magnitude_histogram *h = &m->histograms[k];
        if (h->next < h->bins && (!least || h->next_root < least->next_root))
            least = h;
    }
    if (!least)
        return (merged_bin){0};
    const merged_bin at = {least, least->base + least->next, (double)least->counts[least->next],
                           least->next_root};
    place_cursor(m, least, least->next + 1);
    return at;
}

/* Number of local maxima, and sum of the roots of their magnitudes. */
typedef struct class_sums {
    double count, moment;
} class_sums;

/* Sums up all bins. *lowest receives the first one that is not empty. */
static class_sums sum_bins(const merge *m, merged_bin *lowest)
{
    class_sums total = {0};
    *lowest = (merged_bin){0};
    rewind_merge(m);
    for (merged_bin at; (at = next_bin(m)).histogram;) {
        if (total.count <= 0 && at.count > 0)
            *lowest = at;
        total.count += at.count;
        total.moment += at.count * at.root;
    }
    return total;
}

/* Finds the lowest bin of the upper class. Returns false if there is only one class, whose lowest
 * bin it is then. */
static bool split(const merge *m, merged_bin *upper)
{
    const class_sums total = sum_bins(m, upper);
    class_sums below = {0};
    double best = -1;
    rewind_merge(m);
    for (merged_bin at; (at = next_bin(m)).histogram;) {
        double above = total.count - below.count;
        if (below.count > 0 && above > 0) {
            double distance = below.moment / below.count - (total.moment - below.moment) / above;
            double score = below.count * above * distance * distance;
            if (score > best) {
                best = score;
                *upper = at;
            }
        }
        below.count += at.count;
        below.moment += at.count * at.root;
    }
    return best >= 0;
}

eg_threshold_bins eg_choose_threshold_bins(eg_magnitude_histogram histograms[], size_t count,
                                           bool hysteresis)
{
    const merge m = merge_init(histograms, count);
    merged_bin upper;
    const bool is_split = split(&m, &upper), empty = !upper.histogram;
    const eg_magnitude_histogram *h = empty ? histograms : upper.histogram;
    const bool floats = eg_is_float_magnitude(h->scale.kind);
    eg_threshold_bins choice = {.histogram = (size_t)(h - histograms),
                                .high = is_split || floats ? upper.index : h->base,
                                .empty = empty};
    const int32_t octave = floats ? EG_FLOAT_BINS_PER_OCTAVE : EG_INTEGER_BINS_PER_OCTAVE;
    const int32_t least = floats ? h->base + 1 : h->base;
    choice.low = hysteresis ? choice.high - octave : choice.high;
    if (choice.low < least)
        choice.low = least;
    if (choice.low < 0)
        choice.low = 0;
    return choice;
}
