/* SPDX-License-Identifier: MIT */
/* Histograms of the magnitudes of gradient fields, and their quantiles. */
#include "edge/colour/field_histogram.h"

#include <math.h>

#include "core/status.h"

eg_status eg_field_histogram_new(eg_field_histogram *histogram, eg_context *ctx, eg_error *error)
{
    *histogram = (eg_field_histogram){
        .all = eg_calloc(ctx, 2 * EG_FIELD_BINS, sizeof *histogram->all, error)};
    if (!histogram->all)
        return eg_failed(error);
    histogram->maxima = histogram->all + EG_FIELD_BINS;
    return EG_OK;
}

void eg_field_histogram_free(eg_field_histogram *histogram)
{
    eg_free(histogram->all);
    *histogram = (eg_field_histogram){0};
}

void eg_field_histogram_clear(eg_field_histogram *histogram)
{
    const size_t count = histogram->end > histogram->first ? histogram->end - histogram->first : 0;
    uint64_t *halves[] = {histogram->all, histogram->maxima};
    for (size_t k = 0; k < 2; k++) {
        halves[k][0] = 0;
        memset(halves[k] + histogram->first, 0, count * sizeof **halves);
    }
    histogram->first = histogram->end = 0;
}

void eg_field_histogram_swap(eg_field_histogram *a, eg_field_histogram *b)
{
    const eg_field_histogram saved = *a;
    *a = *b;
    *b = saved;
}

/* Returns the bin of the middle of bin `i` divided by `sigma`. */
static uint32_t divided_bin(uint32_t i, double sigma)
{
    const double middle = (eg_field_bin_magnitude(i) + eg_field_bin_magnitude(i + 1)) / 2;
    return i ? eg_field_bin((float)(middle / sigma)) : 0;
}

/* Adds the counts of `other`, with magnitudes divided by its sigma. */
static void add_divided(eg_field_histogram *sum, const eg_field_histogram *other)
{
    for (uint32_t i = 0; i < EG_FIELD_BINS; i = eg_field_next_bin(other, i)) {
        const uint32_t to = divided_bin(i, other->sigma);
        if (!other->all[i] && !other->maxima[i])
            continue;
        sum->all[to] += other->all[i];
        sum->maxima[to] += other->maxima[i];
        eg_field_histogram_include(sum, to);
    }
}

/* Moves the counts of bin `i` to those of its magnitudes divided by sigma. */
static void divide_bin(eg_field_histogram *histogram, uint32_t i)
{
    uint64_t *halves[] = {histogram->all, histogram->maxima};
    const uint32_t to = divided_bin(i, histogram->sigma);
    for (size_t k = 0; k < 2; k++) {
        const uint64_t count = halves[k][i];
        halves[k][i] = 0;
        halves[k][to] += count;
        if (count)
            eg_field_histogram_include(histogram, to);
    }
}

/* Divides the magnitudes of a histogram by its sigma. */
static void divide_by_sigma(eg_field_histogram *histogram)
{
    const uint32_t first = histogram->first, end = histogram->end;
    if (histogram->sigma > 1) /* bins move to bins that are read already */
        for (uint32_t i = first; i < end; i++)
            divide_bin(histogram, i);
    else
        for (uint32_t i = end; i > first; i--)
            divide_bin(histogram, i - 1);
    histogram->sigma = 1;
}

void eg_field_histogram_add(eg_field_histogram *sum, const eg_field_histogram *other)
{
    if (sum->sigma <= 0)
        sum->sigma = other->sigma;
    const bool same = !(sum->sigma < other->sigma || sum->sigma > other->sigma);
    if (!same && (sum->sigma < 1 || sum->sigma > 1))
        divide_by_sigma(sum);
    if (!same) {
        add_divided(sum, other);
    } else {
        for (uint32_t i = 0; i < EG_FIELD_BINS; i = eg_field_next_bin(other, i)) {
            sum->all[i] += other->all[i];
            sum->maxima[i] += other->maxima[i];
        }
        if (other->end) {
            eg_field_histogram_include(sum, other->first);
            eg_field_histogram_include(sum, other->end - 1);
        }
    }
    sum->differs |= other->differs;
}

uint64_t eg_field_histogram_total(const eg_field_histogram *histogram, const uint64_t *counts)
{
    uint64_t sum = counts[0];
    for (uint32_t i = histogram->first; i < histogram->end; i++)
        sum += counts[i];
    return sum;
}

double eg_quantile(const eg_field_histogram *histogram, const uint64_t *counts, double share)
{
    const double wanted = share * (double)eg_field_histogram_total(histogram, counts);
    double below = 0;
    for (uint32_t i = 0; i < EG_FIELD_BINS; i = eg_field_next_bin(histogram, i)) {
        double count = (double)counts[i];
        if (count > 0 && below + count >= wanted) {
            double low = eg_field_bin_magnitude(i), high = eg_field_bin_magnitude(i + 1);
            return low + (high - low) * fmin((wanted - below) / count, 1);
        }
        below += count;
    }
    return 0;
}
