/* SPDX-License-Identifier: MIT */
/*
 * Histograms of magnitudes from which quantiles are taken. A bin is the upper bits of a float: 512
 * bins for each factor of two, over every finite magnitude, so that the histogram needs no range
 * and histograms of several images or row blocks add up.
 */
#ifndef EG_EDGE_QUANTILE_H
#define EG_EDGE_QUANTILE_H

#include <stdint.h>
#include <string.h>

enum { EG_QUANTILE_SHIFT = 14, EG_QUANTILE_BINS = 1 << 17 };

/* Returns the bin of a magnitude, which is not negative. */
static inline uint32_t eg_quantile_bin(float magnitude)
{
    uint32_t bits;
    memcpy(&bits, &magnitude, sizeof bits);
    return bits >> EG_QUANTILE_SHIFT;
}

/* Returns the least magnitude of a bin. */
static inline double eg_quantile_magnitude(uint32_t bin)
{
    float magnitude;
    bin <<= EG_QUANTILE_SHIFT;
    memcpy(&magnitude, &bin, sizeof magnitude);
    return (double)magnitude;
}

/* Returns the sum of the counts of EG_QUANTILE_BINS bins. */
uint64_t eg_quantile_total(const uint64_t *counts);

/* Returns the magnitude that a share (0 .. 1) of the counted ones do not exceed, interpolated
 * linearly in its bin; 0 if nothing is counted. */
double eg_quantile(const uint64_t *counts, double share);

#endif
