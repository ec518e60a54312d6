/* SPDX-License-Identifier: MIT */
/*
 * Row kernels of edge detection: magnitudes, non-maximum suppression, thresholds and bins. There is
 * a set for each magnitude kind: 16-bit responses with the L1 norm, 16-bit responses with squared
 * L2 magnitudes in 32 bits, and floats with either norm. All instruction sets give the same bits.
 */
#ifndef EG_EDGE_KERNELS_H
#define EG_EDGE_KERNELS_H

#include <stdbool.h>

#include "core/cpu.h"

/* Thresholds in the unit of the magnitudes: |gx| + |gy|; gx^2 + gy^2 (integers) or its root
 * (floats).
 */
typedef struct eg_thresholds {
    int32_t low, high; /* for integer magnitudes */
    float low_f, high_f;
} eg_thresholds;

/* Computes mag[x] from gx[x] and gy[x], x = 0 .. width-1; float kernels in whole vectors, up to 15
 * samples further. The squares of floats neither overflow nor underflow. Infinite magnitudes become
 * NaN, which exceeds no threshold. */
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

/*
 * Automatic thresholds use bins of magnitudes. The index of a bin is the leading bits of a float,
 * so bins are proportional to magnitudes, and comparing bins equals comparing magnitudes with the
 * least one of a bin.
 *
 * Integers: exponent and 3 fraction bits of the squared magnitude. A bin is about 4 % wide in
 * magnitude, and 256 bins span 16 octaves, more than the responses of any operator.
 * Floats: exponent and 12 fraction bits of the magnitude. A bin is 0.012 to 0.024 % wide. 2^16 bins
 * span 16 octaves below the largest magnitude, whatever it is.
 */
enum {
    EG_INTEGER_BINS = 256,
    EG_INTEGER_BIN_SHIFT = 20,
    EG_INTEGER_BINS_PER_OCTAVE = 16, /* of magnitude, not of its square */
    EG_FLOAT_BINS = 1 << 16,
    EG_FLOAT_BIN_SHIFT = 11,
    EG_FLOAT_BINS_PER_OCTAVE = 4096
};

/* Bins behind the last one that kernels may overwrite, or read and ignore. */
enum { EG_BINS_SLACK = 64 };

/* Computes the bins of integer magnitudes mag[0 .. width-1]: their indices minus `base`, clamped to
 * 0 .. 255. */
typedef void eg_bin_kernel(uint8_t *bins, const void *mag, size_t width, int32_t base);

/* Appends the bins of the candidates among integer magnitudes. */
typedef uint8_t *eg_collect_kernel(uint8_t *to, const void *mag, const uint64_t *candidate,
                                   size_t words, int32_t base);

typedef struct eg_edge_kernels {
    eg_mag_kernel *magnitude[EG_MAGNITUDE_KINDS];
    eg_candidate_kernel *thin[EG_MAGNITUDE_KINDS];      /* non-maximum suppression and thresholds */
    eg_candidate_kernel *threshold[EG_MAGNITUDE_KINDS]; /* thresholds alone */

    /* Returns true if the absolute value of a sample exceeds `limit`. */
    bool (*exceeds)(const float *row, size_t width, float limit);

    /* Returns the number of bits that are set. */
    uint64_t (*count_bits)(const uint64_t *words, size_t count);

    /* Expands bits to bytes, 0 or 255. */
    void (*expand_bits)(uint8_t *out, const uint64_t *bits, size_t width);
} eg_edge_kernels;

const eg_edge_kernels *eg_edge_kernels_for(eg_cpu_level level);

typedef struct eg_bin_kernels {
    eg_bin_kernel *bin[EG_MAGNITUDE_KINDS]; /* NULL for floats */

    /* Append the bins (NULL for floats), or the float magnitudes, of the candidates of `words`
     * words to `to`; mag[0] belongs to the first bit. Return the new end of `to`; up to
     * EG_BINS_SLACK bins past it may be overwritten. */
    eg_collect_kernel *collect[EG_MAGNITUDE_KINDS];
    float *(*gather_magnitudes)(float *to, const float *mag, const uint64_t *candidate,
                                size_t words);

    /* Computes the bins of `count` positive finite magnitudes: their indices minus the base that is
     * returned, which makes the largest one INT16_MAX. INT16_MIN has all magnitudes that are 16
     * octaves smaller or more. */
    int32_t (*bin_floats)(int16_t *bins, const float *mag, size_t count);

    /* Classify the candidates of `words` words by their bins, one for each set bit: keep those of
     * bin `low` or more (above bin `under_low`), and set those of bin `high` or more (above bin
     * `under_high`) in `edge`. Return the end of the bins read; up to EG_BINS_SLACK bins past it
     * may be read. */
    const uint8_t *(*classify)(uint64_t *candidate, uint64_t *edge, size_t words,
                               const uint8_t *bins, uint8_t low, uint8_t high);
    const int16_t *(*classify_floats)(uint64_t *candidate, uint64_t *edge, size_t words,
                                      const int16_t *bins, int16_t under_low, int16_t under_high);
} eg_bin_kernels;

const eg_bin_kernels *eg_bin_kernels_for(eg_cpu_level level);

/* Kernels that thin with neighbours interpolated along the gradient. */
typedef struct eg_interpolated_kernels {
    eg_candidate_kernel *thin[EG_MAGNITUDE_KINDS]; /* m > behind, m >= ahead */
} eg_interpolated_kernels;

const eg_interpolated_kernels *eg_interpolated_kernels_for(eg_cpu_level level);

#endif
