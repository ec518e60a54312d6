/* SPDX-License-Identifier: MIT */
/*
 * Row kernels of the gradient, one table for each instruction set. A kernel takes pointers to rows
 * and a width. It may read input rows `origin` samples to the left and `taps` samples to the right
 * of the width (the Gaussian: `radius` on both sides), and in whole vectors up to EG_BAND_SLACK
 * further, whose values are ignored; the caller has padded the borders. All tables give the same
 * bits.
 */
#ifndef EG_GRADIENT_KERNELS_H
#define EG_GRADIENT_KERNELS_H

#include "core/cpu.h"
#include "gradient/operators.h"

/* Computes the responses gx[x] and gy[x], the operator's weighted sums, for x = 0 .. width-1 from
 * its `taps` rows. `scratch` holds two rows of width + EG_MAX_TAPS floats. */
typedef void eg_diff_kernel(void *gx, void *gy, const void *const rows[], size_t width,
                            void *scratch);

typedef struct eg_diff_kernels {
    eg_diff_kernel *u8_i16; /* exact integers, divided by 2^shift and rounded */
    eg_diff_kernel *u8_f32; /* exact integers as floats */
    eg_diff_kernel *f32;    /* subtracts samples before summing */
} eg_diff_kernels;

/* Type of gx and gy; 16-bit integers only for an EG_U8 source. */
typedef enum eg_response_type { EG_RESPONSE_I16, EG_RESPONSE_F32 } eg_response_type;

typedef struct eg_gradient_kernels {
    eg_diff_kernels diff[EG_OPERATORS];

    /* Smooth one row by a symmetric kernel of 2 radius + 1 weights, weights[0] being the middle
     * one, from the 2 radius + 1 rows around it. `out` has room for EG_BAND_SLACK more samples.
     * blur_u8: the kernel sums to 256, and the result is rounded once, halves up. `scratch`: width
     * + 2 radius + 64 floats. */
    void (*blur_u8)(uint8_t *out, const void *const rows[], const uint16_t *weights, size_t radius,
                    size_t width, void *scratch);
    void (*blur_f32)(float *out, const void *const rows[], const float *weights, size_t radius,
                     size_t width, void *scratch);

    /* Returns true if one of `count` samples is missing: NaN or infinite. */
    bool (*has_missing)(const float *samples, size_t count);

    /* Replaces samples of `out` that are NaN or infinite by the normalised convolution: the
     * weighted sum of the valid samples, divided by the sum of their weights. NaN where none is
     * valid. Sets shift_x and shift_y there, unless they are NULL, to the weighted mean of the
     * distances of the valid samples. `scratch`: EG_VALID_SCRATCH bytes for each of width +
     * 2 radius + 64 columns. */
    void (*blur_valid_f32)(float *out, float *shift_x, float *shift_y, const void *const rows[],
                           const float *weights, size_t radius, size_t width, void *scratch);
} eg_gradient_kernels;

enum { EG_VALID_SCRATCH = 3 * sizeof(double) };

/* Computes the float values of a map, see eg_gradient_map, from gx and gy, which are read up to one
 * vector past their end. `streaming`: writes around the cache because `out` is not read soon. */
typedef void eg_map_kernel(float *out, const void *gx, const void *gy, size_t width, float divisor,
                           bool streaming);

/* Map kernels, indexed by eg_response_type. */
typedef struct eg_map_kernels {
    eg_map_kernel *magnitude_l2[2], *magnitude_l1[2], *x[2], *y[2], *direction[2];

    /* Copies a row with streaming stores. */
    void (*stream)(float *out, const float *in, size_t width);

    /* out = round(in * scale + offset), ties to even, clamped to 0 .. 255 or 65535; NaN becomes 0.
     */
    void (*quantise_u8)(uint8_t *out, const float *in, size_t width, float scale, float offset);
    void (*quantise_u16)(uint16_t *out, const float *in, size_t width, float scale, float offset);
    /* out = round(in * scale) modulo 256 or 65536, for directions. */
    void (*wrap_u8)(uint8_t *out, const float *in, size_t width, float scale);
    void (*wrap_u16)(uint16_t *out, const float *in, size_t width, float scale);
} eg_map_kernels;

/* Keeps, of two responses at each pixel, the one with the larger magnitude: replaces gx[x] and
 * gy[x] by other_x[x] and other_y[x] if their magnitude is strictly larger, x = 0 .. width-1 and up
 * to a vector further. A magnitude that is not finite is kept, or replaces a finite one. */
typedef void eg_keep_kernel(void *gx, void *gy, const void *other_x, const void *other_y,
                            size_t width);

/* Indexed by eg_response_type. */
typedef struct eg_plane_kernels {
    eg_keep_kernel *larger_l2[2], *larger_l1[2];
} eg_plane_kernels;

const eg_plane_kernels *eg_plane_kernels_for(eg_cpu_level level);
const eg_map_kernels *eg_map_kernels_for(eg_cpu_level level);
const eg_gradient_kernels *eg_gradient_kernels_for(eg_cpu_level level);

#endif
