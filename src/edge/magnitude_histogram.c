/* SPDX-License-Identifier: MIT */
/* Counts of magnitudes by bin. The bins of floats cover 16 octaves below the largest magnitude and
 * move up with it. */
#include "edge/magnitude_histogram.h"

#include <string.h>

#include "core/status.h"

eg_status eg_magnitude_histogram_init(eg_magnitude_histogram *histogram, eg_context *ctx,
                                      const eg_response_scale *scale, eg_error *error)
{
    const bool floats = eg_is_float_magnitude(scale->kind);
    *histogram = (eg_magnitude_histogram){
        .scale = *scale,
        .bins = floats ? EG_FLOAT_BINS : EG_INTEGER_BINS,
        .base = floats ? -EG_FLOAT_BINS : eg_least_integer_bin(scale),
    };
    histogram->counts = eg_calloc(ctx, (size_t)histogram->bins, sizeof *histogram->counts, error);
    return histogram->counts ? EG_OK : eg_failed(error);
}

void eg_magnitude_histogram_release(eg_magnitude_histogram *histogram)
{
    eg_free(histogram->counts);
    histogram->counts = NULL;
}

/* Moves the bins of floats up so that `index` is in the last one. */
static void move_up_to(eg_magnitude_histogram *histogram, int32_t index)
{
    const int32_t up = index - (histogram->base + histogram->bins - 1);
    if (up <= 0)
        return;
    const int32_t kept = up < histogram->bins ? histogram->bins - up : 0;
    memmove(histogram->counts, histogram->counts + (histogram->bins - kept),
            (size_t)kept * sizeof *histogram->counts);
    memset(histogram->counts + kept, 0,
           (size_t)(histogram->bins - kept) * sizeof *histogram->counts);
    histogram->counts[0] = 0;
    histogram->base += up;
}

void eg_magnitude_histogram_add(eg_magnitude_histogram *histogram, int32_t first,
                                const uint64_t *counts, size_t count)
{
    const bool floats = eg_is_float_magnitude(histogram->scale.kind);
    while (count > 0 && counts[count - 1] == 0)
        count--;
    if (floats && count > 0)
        move_up_to(histogram, first + (int32_t)count - 1);
    for (size_t i = 0; i < count; i++) {
        int32_t bin = first + (int32_t)i - histogram->base;
        if (bin >= (floats ? 1 : 0))
            histogram->counts[bin] += counts[i];
    }
}

eg_bin_range eg_magnitude_histogram_range(const eg_magnitude_histogram *histogram)
{
    eg_bin_range range = {0, histogram->bins};
    while (range.end > 0 && histogram->counts[range.end - 1] == 0)
        range.end--;
    while (range.first < range.end && histogram->counts[range.first] == 0)
        range.first++;
    return range;
}
