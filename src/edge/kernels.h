/* SPDX-License-Identifier: MIT */
/*
 * Row kernels of the edge stage: magnitudes, and the test that makes a pixel a candidate. There is
 * a set for each kind of sums: 16-bit with the L1 norm, 16-bit with squared L2 magnitudes in 32
 * bits, and floats. All instruction sets give the same bits.
 */
#ifndef EG_EDGE_KERNELS_H
#define EG_EDGE_KERNELS_H

#include "core/cpu.h"

/* Thresholds in the magnitudes' own unit: |gx| + |gy|, or gx^2 + gy^2 without the root. */
typedef struct eg_thresholds {
    int32_t low, high; /* integer sums */
    float low_f, high_f;
} eg_thresholds;

/* mag[x] from gx[x] and gy[x], x = 0 .. width-1. */
typedef void eg_mag_kernel(void *mag, const void *gx, const void *gy, size_t width);

/* Bits 0 .. width-1 of `candidate` (m > low, and a ridge where the kernel thins) and of `strong`
 * (a candidate with m > high); spare bits are 0. mag[0], mag[1], mag[2] are the rows above, at and
 * below; they are read from x = -1 to width, and up to 64 samples further without effect. */
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

/* Automatic thresholds work on codes: the magnitude's square as a float, of which the exponent and
 * three bits of the fraction are kept. A code is a step of about 4 % in magnitude, so a byte spans
 * 16 octaves, and thresholds between codes can be applied to codes alone. */
enum { EG_BINS = 256, EG_BIN_SHIFT = 20 };

/* Bytes behind the last code that kernels may overwrite, or read without effect. */
enum { EG_BINS_SLACK = 64 };

/* Codes of magnitudes mag[0 .. width-1]. `base` is subtracted from the shifted bits
 * of the squared magnitude; codes are cut to 0 .. 255. */
typedef void eg_bin_kernel(uint8_t *bins, const void *mag, size_t width, int32_t base);

typedef struct eg_edge_kernels {
    eg_mag_kernel *magnitude[EG_MAGNITUDE_KINDS];
    eg_candidate_kernel *thin[EG_MAGNITUDE_KINDS];      /* non-maximum suppression and thresholds */
    eg_candidate_kernel *threshold[EG_MAGNITUDE_KINDS]; /* thresholds alone */
    eg_bin_kernel *bin[EG_MAGNITUDE_KINDS];

    /* Appends the codes of the candidates of `words` words, codes[0] being that of their first bit,
     * to `to`; returns its new end, past which EG_BINS_SLACK bytes may be overwritten. */
    uint8_t *(*gather_bins)(uint8_t *to, const uint8_t *bins, const uint64_t *candidate,
                            size_t words);

    /* Sorts the candidates of `words` words by their codes, one for each set bit: keeps those of
     * code `low` or more, and puts those of code `high` or more into `edge`. Returns where the
     * codes end, past which EG_BINS_SLACK bytes may be read. */
    const uint8_t *(*classify)(uint64_t *candidate, uint64_t *edge, size_t words,
                               const uint8_t *bins, uint8_t low, uint8_t high);

    /* Bits as bytes, 0 or 255. */
    void (*expand_bits)(uint8_t *out, const uint64_t *bits, size_t width);
} eg_edge_kernels;

const eg_edge_kernels *eg_edge_kernels_for(eg_cpu_level threshold);

#endif
