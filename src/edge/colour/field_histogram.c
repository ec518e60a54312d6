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

/* Adds counts of magnitudes divided by `sigma`. */
static void add_divided(uint64_t *to, const uint64_t *from, double sigma)
{
    for (uint32_t i = 0; i < EG_FIELD_BINS; i++)
        if (from[i]) {
            const double middle = (eg_field_bin_magnitude(i) + eg_field_bin_magnitude(i + 1)) / 2;
            to[i ? eg_field_bin((float)(middle / sigma)) : 0] += from[i];
        }
}

/* Divides the magnitudes of a histogram by its sigma. */
static void divide_by_sigma(eg_field_histogram *histogram)
{
    uint64_t *halves[] = {histogram->all, histogram->maxima};
    for (size_t k = 0; k < 2; k++) {
        uint64_t *counts = halves[k];
        const bool down = histogram->sigma > 1; /* bins move to bins that are read already */
        for (uint32_t n = 1; n < EG_FIELD_BINS; n++) {
            const uint32_t i = down ? n : EG_FIELD_BINS - n;
            const uint64_t count = counts[i];
            const double middle = (eg_field_bin_magnitude(i) + eg_field_bin_magnitude(i + 1)) / 2;
            if (!count)
                continue;
            counts[i] = 0;
            counts[eg_field_bin((float)(middle / histogram->sigma))] += count;
        }
    }
    histogram->sigma = 1;
}

void eg_field_histogram_add(eg_field_histogram *sum, const eg_field_histogram *other)
{
    if (sum->sigma <= 0)
        sum->sigma = other->sigma;
    const bool same = !(sum->sigma < other->sigma || sum->sigma > other->sigma);
    if (!same && (sum->sigma < 1 || sum->sigma > 1))
        divide_by_sigma(sum);
    if (same) {
        for (size_t i = 0; i < 2 * EG_FIELD_BINS; i++)
            sum->all[i] += other->all[i];
    } else {
        add_divided(sum->all, other->all, other->sigma);
        add_divided(sum->maxima, other->maxima, other->sigma);
    }
    sum->differs |= other->differs;
}

uint64_t eg_field_histogram_total(const uint64_t *counts)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < EG_FIELD_BINS; i++)
        sum += counts[i];
    return sum;
}

double eg_quantile(const uint64_t *counts, double share)
{
    const double wanted = share * (double)eg_field_histogram_total(counts);
    double below = 0;
    for (uint32_t i = 0; i < EG_FIELD_BINS; i++) {
        double count = (double)counts[i];
        if (count > 0 && below + count >= wanted) {
            double low = eg_field_bin_magnitude(i), high = eg_field_bin_magnitude(i + 1);
            return low + (high - low) * fmin((wanted - below) / count, 1);
        }
        below += count;
    }
    return 0;
}
