/* SPDX-License-Identifier: MIT */
/*
 * The row kernels of the gradient, one table for each instruction set. Kernels are leaves: rows in,
 * rows out, a width. Input rows may be read `origin` samples left and `taps` samples right of the
 * width (the Gaussian: `radius` both ways), and by whole vectors up to EG_BAND_SLACK further
 * without effect; borders were settled by padding before. Every table gives the same bits.
 */
#ifndef EG_GRADIENT_KERNELS_H
#define EG_GRADIENT_KERNELS_H

#include "core/cpu.h"
#include "gradient/operators.h"

/* gx[x] and gy[x], the operator's weighted sums at x = 0 .. width-1, from its `taps` rows.
 * `scratch` holds two rows of width + EG_MAX_TAPS floats. */
typedef void eg_diff_kernel(void *gx, void *gy, const void *const rows[], size_t width,
                            void *scratch);

typedef struct eg_diff_kernels {
    eg_diff_kernel *u8_i16; /* exact integers, divided by 2^shift */
    eg_diff_kernel *u8_f32; /* exact integers as floats */
    eg_diff_kernel *f32;    /* differences are formed before they are summed */
} eg_diff_kernels;

/* Integers (i16, only for an EG_U8 source) or floats for gx and gy. */
typedef enum eg_response_type { EG_RESPONSE_I16, EG_RESPONSE_F32 } eg_response_type;

typedef struct eg_gradient_kernels {
    eg_diff_kernels diff[EG_OPERATORS];

    /* One row smoothed by a symmetric kernel of 2 radius + 1 weights of which weights[0] is the
     * middle, from the 2 radius + 1 rows about it; `out` has room for EG_BAND_SLACK more. u8:
     * weights sum to 256 in both directions and rounding is to nearest, halves up, once. `scratch`:
     * a row of width + 2 radius + 64 floats. */
    void (*blur_u8)(uint8_t *out, const void *const rows[], const uint16_t *weights, size_t radius,
                    size_t width, void *scratch);
    void (*blur_f32)(float *out, const void *const rows[], const float *weights, size_t radius,
                     size_t width, void *scratch);
} eg_gradient_kernels;

/* A map's values in floats from the sums gx and gy, which may be read a vector past their end; see
 * eg_gradient_map. `far`: `out` will not be read soon, write past the cache. */
typedef void eg_map_kernel(float *out, const void *gx, const void *gy, size_t width, float divisor,
                           bool streaming);

/* One for each kind of sums, at [eg_response_type]. */
typedef struct eg_map_kernels {
    eg_map_kernel *magnitude_l2[2], *magnitude_l1[2], *x[2], *y[2], *direction[2];

    /* Copies a row to memory that will not be read soon. */
    void (*stream)(float *out, const float *in, size_t width);

    /* round(in * scale + offset), ties to even, clamped to 0 .. 255 or 65535; NaN gives 0. */
    void (*quantise_u8)(uint8_t *out, const float *in, size_t width, float scale, float offset);
    void (*quantise_u16)(uint16_t *out, const float *in, size_t width, float scale, float offset);
    /* Directions: round(in * scale) modulo 256 or 65536. */
    void (*wrap_u8)(uint8_t *out, const float *in, size_t width, float scale);
    void (*wrap_u16)(uint16_t *out, const float *in, size_t width, float scale);
} eg_map_kernels;

const eg_map_kernels *eg_map_kernels_for(eg_cpu_level level);
const eg_gradient_kernels *eg_gradient_kernels_for(eg_cpu_level level);

#endif
