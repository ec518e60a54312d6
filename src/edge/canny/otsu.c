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
#include <math.h>
#include <string.h>

#include "edge/canny/magnitude_histogram.h"
#include "edge/otsu.h"

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
    double scale; /* factor of float magnitudes, a power of two */
    double least; /* least response of floats: 16 octaves below the largest of all */
} merge;

/* Returns the magnitude in the middle of a bin of floats. */
static float middle_magnitude(int32_t index)
{
    int32_t bits = index << EG_FLOAT_BIN_SHIFT | 1 << (EG_FLOAT_BIN_SHIFT - 1);
    float v;
    memcpy(&v, &bits, sizeof v);
    return v;
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

/* Prepares a merge. Roots of floats get the factor of integers if there are any; otherwise the
 * magnitudes are divided by 2^exponent of the largest one. */
static merge merge_init(eg_magnitude_histogram histograms[], size_t count)
{
    merge m = {.histograms = histograms, .count = count};
    int largest = 0;
    bool integers = false;
    for (size_t k = 0; k < count; k++) {
        const eg_magnitude_histogram *h = &histograms[k];
        if (!h->count)
            continue;
        const int32_t last = (int32_t)h->bins[h->count - 1].index;
        if (!eg_is_float_magnitude(h->scale.kind))
            integers = true;
        else if (last > largest)
            largest = last;
        m.least = fmax(m.least, eg_bin_threshold(&h->scale, last));
    }
    m.least = ldexp(m.least, -EG_FLOAT_BINS / EG_FLOAT_BINS_PER_OCTAVE);
    m.scale = integers ? 1 : ldexp(1, 127 - largest / EG_FLOAT_BINS_PER_OCTAVE);
    for (size_t k = 0; k < count; k++) {
        eg_magnitude_histogram *h = &histograms[k];
        h->factor = sqrt(eg_response_unit(&h->scale));
        if (integers && eg_is_float_magnitude(h->scale.kind))
            h->factor *= ldexp(ROOT_2_POWER_MINUS_QUARTER, 32);
    }
    return m;
}

/* Moves the cursor of a histogram. The root of a bin's magnitude is that of its response on the
 * 0..255 scale. */
static void place_cursor(const merge *m, eg_magnitude_histogram *histogram, size_t next)
{
    histogram->next = next;
    if (next == histogram->count)
        return;
    const int32_t index = (int32_t)histogram->bins[next].index;
    double root =
        histogram->scale.kind == EG_MAGNITUDE_I16_L1 || histogram->scale.kind == EG_MAGNITUDE_I16_L2
            ? integer_root(index)
            : sqrt((double)middle_magnitude(index) * m->scale);
    histogram->next_root = root * histogram->factor;
}

/* Starts at the lowest bins. */
static void rewind_merge(const merge *m)
{
    for (size_t k = 0; k < m->count; k++) {
        eg_magnitude_histogram *h = &m->histograms[k];
        size_t first = 0;
        if (eg_is_float_magnitude(h->scale.kind))
            while (first < h->count &&
                   eg_bin_threshold(&h->scale, (int32_t)h->bins[first].index) < m->least)
                first++;
        place_cursor(m, h, first);
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
        if (h->next < h->count && (!least || h->next_root < least->next_root))
            least = h;
    }
    if (!least)
        return (merged_bin){0};
    const eg_bin_count *bin = &least->bins[least->next];
    const merged_bin at = {least, (int32_t)bin->index, (double)bin->count, least->next_root};
    place_cursor(m, least, least->next + 1);
    return at;
}

/* Sums up all bins and returns the lowest one. */
static merged_bin sum_bins(const merge *m, eg_otsu_class *total)
{
    *total = (eg_otsu_class){0};
    rewind_merge(m);
    const merged_bin lowest = next_bin(m);
    for (merged_bin at = lowest; at.histogram; at = next_bin(m))
        eg_otsu_add(total, at.count, at.root);
    return lowest;
}

/* Finds the highest bin of the lower class. Returns false if there is only one bin. */
static bool split(const merge *m, eg_otsu_class total, merged_bin *lower)
{
    eg_otsu_class below = {0};
    double best = -1;
    rewind_merge(m);
    for (merged_bin at; (at = next_bin(m)).histogram;) {
        eg_otsu_add(&below, at.count, at.root);
        if (total.count - below.count <= 0)
            break;
        const double score = eg_otsu_score(below, total);
        if (score > best) {
            best = score;
            *lower = at;
        }
    }
    return best >= 0;
}

eg_threshold_bins eg_choose_threshold_bins(eg_magnitude_histogram histograms[], size_t count,
                                           bool hysteresis)
{
    const merge m = merge_init(histograms, count);
    eg_otsu_class total;
    merged_bin at = sum_bins(&m, &total);
    const bool empty = !at.histogram, is_split = !empty && split(&m, total, &at);
    const eg_magnitude_histogram *h = empty ? histograms : at.histogram;
    const bool floats = eg_is_float_magnitude(h->scale.kind);
    const int32_t octave = floats ? EG_FLOAT_BINS_PER_OCTAVE : EG_INTEGER_BINS_PER_OCTAVE;
    eg_threshold_bins choice = {.histogram = (size_t)(h - histograms), .empty = empty};
    int32_t least = 0;
    if (!floats)
        least = eg_least_integer_bin(&h->scale);
    else if (!empty)
        least = (int32_t)h->bins[h->count - 1].index - EG_FLOAT_BINS + 2;
    choice.high = is_split ? at.index + 1 : floats ? at.index : least;
    choice.low = hysteresis ? choice.high - octave : choice.high;
    if (choice.low < least)
        choice.low = least;
    if (choice.low < 0)
        choice.low = 0;
    return choice;
}
