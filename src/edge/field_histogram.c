/* SPDX-License-Identifier: MIT */
/* Histograms of the magnitudes of gradient fields, and their quantiles. */
#include "edge/field_histogram.h"

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

void eg_field_histogram_add(eg_field_histogram *sum, const eg_field_histogram *other)
{
    for (size_t i = 0; i < 2 * EG_FIELD_BINS; i++)
        sum->all[i] += other->all[i];
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
