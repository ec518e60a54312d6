/* SPDX-License-Identifier: MIT */
/* Counts of magnitudes by bin, as lists of the bins that are not empty. */
#include "edge/canny/magnitude_histogram.h"

#include <string.h>

#include "core/status.h"

void eg_magnitude_histogram_release(eg_magnitude_histogram *histogram)
{
    eg_free(histogram->bins);
    histogram->bins = NULL;
    histogram->count = 0;
}

eg_status eg_magnitude_histogram_set(eg_magnitude_histogram *histogram, eg_context *ctx,
                                     int32_t base, const uint64_t counts[], size_t count,
                                     eg_error *error)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        used += counts[i] > 0;
    if (!used)
        return EG_OK;
    histogram->bins = eg_alloc(ctx, used, sizeof *histogram->bins, error);
    if (!histogram->bins)
        return eg_failed(error);
    for (size_t i = 0; i < count; i++)
        if (counts[i] > 0)
            histogram->bins[histogram->count++] = (eg_bin_count){base + (int64_t)i, counts[i]};
    return EG_OK;
}

/* Merges two lists of bins and returns the number of bins. */
static size_t merge_bins(eg_bin_count *to, const eg_bin_count *a, size_t a_count,
                         const eg_bin_count *b, size_t b_count)
{
    size_t count = 0, i = 0, j = 0;
    while (i < a_count || j < b_count) {
        if (j == b_count || (i < a_count && a[i].index < b[j].index)) {
            to[count++] = a[i++];
        } else if (i == a_count || b[j].index < a[i].index) {
            to[count++] = b[j++];
        } else {
            to[count++] = (eg_bin_count){a[i].index, a[i].count + b[j].count};
            i++;
            j++;
        }
    }
    return count;
}

/* Drops bins of floats that are 16 octaves below the last one or more. */
static void drop_low_bins(eg_magnitude_histogram *histogram)
{
    size_t first = 0;
    if (!eg_is_float_magnitude(histogram->scale.kind) || !histogram->count)
        return;
    const int64_t last = histogram->bins[histogram->count - 1].index;
    while (histogram->bins[first].index < last - EG_FLOAT_BINS + 2)
        first++;
    histogram->count -= first;
    memmove(histogram->bins, histogram->bins + first, histogram->count * sizeof *histogram->bins);
}

eg_status eg_magnitude_histogram_add(eg_magnitude_histogram *histogram, eg_context *ctx,
                                     const eg_bin_count bins[], size_t count, eg_error *error)
{
    if (!count)
        return EG_OK;
    eg_bin_count *sum = eg_alloc(ctx, histogram->count + count, sizeof *sum, error);
    if (!sum)
        return eg_failed(error);
    size_t total = merge_bins(sum, histogram->bins, histogram->count, bins, count);
    eg_free(histogram->bins);
    histogram->bins = sum;
    histogram->count = total;
    drop_low_bins(histogram);
    return EG_OK;
}
