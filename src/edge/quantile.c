/* SPDX-License-Identifier: MIT */
/* Quantiles of magnitudes. */
#include "edge/quantile.h"

#include <math.h>

uint64_t eg_quantile_total(const uint64_t *counts)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < EG_QUANTILE_BINS; i++)
        sum += counts[i];
    return sum;
}

double eg_quantile(const uint64_t *counts, double share)
{
    const double wanted = share * (double)eg_quantile_total(counts);
    double below = 0;
    for (uint32_t i = 0; i < EG_QUANTILE_BINS; i++) {
        double count = (double)counts[i];
        if (count > 0 && below + count >= wanted) {
            double low = eg_quantile_magnitude(i), high = eg_quantile_magnitude(i + 1);
            return low + (high - low) * fmin((wanted - below) / count, 1);
        }
        below += count;
    }
    return 0;
}
