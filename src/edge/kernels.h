/* SPDX-License-Identifier: MIT */
/*
 * Row kernels of edge detection: magnitudes, non-maximum suppression, thresholds and bins. There is
 * a set for each magnitude kind: 16-bit responses with the L1 norm, 16-bit responses with squared
 * L2 magnitudes in 32 bits, and floats with either. All instruction sets give the same bits.
 */
#ifndef EG_EDGE_KERNELS_H
#define EG_EDGE_KERNELS_H

#include "core/cpu.h"

/* Thresholds in the unit of the magnitudes: |gx| + |gy|, or gx^2 + gy^2 without the root. */
typedef struct eg_thresholds {
    int32_t low, high; /* for integer magnitudes */
    float low_f, high_f;
} eg_thresholds;

/* Computes mag[x] from gx[x] and gy[x], x = 0 .. width-1. */
typedef void eg_mag_kernel(void *mag, const void *gx, const void *gy, size_t width);

/* Sets bits 0 .. width-1 of `candidate` (m > low, and a local maximum if the kernel thins) and of
 * `strong` (candidates with m > high); the remaining bits of the last word are 0. mag[0], mag[1]
 * and mag[2] are the rows above, at and below, read from x = -1 to width and up to 64 samples
 * further, whose values are ignored. */
typedef void eg_candidate_kernel(uint64_t *candidate, uint64_t *strong, const void *gx,
                                 const void *gy, const void *const mag[3], size_t width,
                                 const eg_thresholds *thresholds);

typedef enum eg_magnitude_kind {
    EG_MAGNITUDE_I16_L1,
    EG_MAGNITUDE_I16_L2,
    EG_MAGNITUDE_F32_L1,
    EG_MAGNITUDE_F32_L2
} eg_magnitude_kind;
enum { EG_MAGNITUDE_KINDS = 4 };

/* Automatic thresholds use bins of magnitudes: the exponent and three fraction bits of the squared
 * magnitude as a float. A bin is about 4 % wide in magnitude, so 256 bins span 16 octaves.
 * Thresholds between bins can be applied to bins alone. */
enum { EG_BINS = 256, EG_BIN_SHIFT = 20 };

/* Bytes behind the last bin that kernels may overwrite, or read and ignore. */
enum { EG_BINS_SLACK = 64 };

/* Computes the bins of magnitudes mag[0 .. width-1]: the shifted bits of the squared magnitude
 * minus `base`, clamped to 0 .. 255. */
typedef void eg_bin_kernel(uint8_t *bins, const void *mag, size_t width, int32_t base);

typedef struct eg_edge_kernels {
    eg_mag_kernel *magnitude[EG_MAGNITUDE_KINDS];
    eg_candidate_kernel *thin[EG_MAGNITUDE_KINDS];      /* non-maximum suppression and thresholds */
    eg_candidate_kernel *threshold[EG_MAGNITUDE_KINDS]; /* thresholds alone */
    eg_bin_kernel *bin[EG_MAGNITUDE_KINDS];

    /* Appends the bins of the candidates of `words` words to `to`, bins[0] belonging to their first
     * bit. Returns the new end of `to`; up to EG_BINS_SLACK bytes past it may be overwritten. */
    uint8_t *(*gather_bins)(uint8_t *to, const uint8_t *bins, const uint64_t *candidate,
                            size_t words);

    /* Classifies the candidates of `words` words by their bins, one for each set bit: keeps those
     * of bin `low` or more, and sets those of bin `high` or more in `edge`. Returns the end of the
     * bins read; up to EG_BINS_SLACK bytes past it may be read. */
    const uint8_t *(*classify)(uint64_t *candidate, uint64_t *edge, size_t words,
                               const uint8_t *bins, uint8_t low, uint8_t high);

    /* Expands bits to bytes, 0 or 255. */
    void (*expand_bits)(uint8_t *out, const uint64_t *bits, size_t width);
} eg_edge_kernels;

const eg_edge_kernels *eg_edge_kernels_for(eg_cpu_level threshold);

#endif
