/* SPDX-License-Identifier: MIT */
/* Row kernels that choose between the responses of the planes of a colour image. */
#include "core/level.h"
#include "gradient/kernels.h"
#include "gradient/simd.h"

/* ---- 16-bit responses: exact ---- */

EG_INLINE int32_t magnitude_i16(int32_t x, int32_t y, bool l1)
{
    return l1 ? (x < 0 ? -x : x) + (y < 0 ? -y : y) : x * x + y * y;
}

EG_INLINE void larger_i16(int16_t *restrict gx, int16_t *restrict gy,
                          const int16_t *restrict other_x, const int16_t *restrict other_y,
                          size_t width, bool l1)
{
    for (size_t i = 0; i < width; i++) {
        const int32_t own = magnitude_i16(gx[i], gy[i], l1);
        const int16_t larger =
            (int16_t) - (magnitude_i16(other_x[i], other_y[i], l1) > own); /* all bits, or none */
        gx[i] = (int16_t)((other_x[i] & larger) | (gx[i] & ~larger));
        gy[i] = (int16_t)((other_y[i] & larger) | (gy[i] & ~larger));
    }
}

static void larger_l2_i16(void *gx, void *gy, const void *other_x, const void *other_y,
                          size_t width)
{
    larger_i16(gx, gy, other_x, other_y, width, false);
}

static void larger_l1_i16(void *gx, void *gy, const void *other_x, const void *other_y,
                          size_t width)
{
    larger_i16(gx, gy, other_x, other_y, width, true);
}

/* ---- floats ---- */

/* Returns the magnitudes; infinite ones become NaN, as those that edges are found in. */
EG_INLINE eg_vf magnitude_f32(eg_vf x, eg_vf y, bool l1)
{
    const eg_v32 no_sign = (eg_v32){0} + INT32_MAX;
    eg_vf m = l1 ? (eg_vf)((eg_v32)x & no_sign) + (eg_vf)((eg_v32)y & no_sign) : eg_hypotf(x, y);
    return m + m * 0;
}

EG_INLINE void larger_f32(float *gx, float *gy, const float *other_x, const float *other_y,
                          size_t width, bool l1)
{
    for (size_t i = 0; i < width; i += EG_LANES32) {
        const eg_vf x = eg_loadf(gx + i), y = eg_loadf(gy + i);
        const eg_vf u = eg_loadf(other_x + i), v = eg_loadf(other_y + i);
        const eg_vf own = magnitude_f32(x, y, l1), other = magnitude_f32(u, v, l1);
        const eg_v32 larger = ~(eg_v32)(other <= own) & (eg_v32)(own * 0 == 0);
        const eg_v32 kept_x = ((eg_v32)u & larger) | ((eg_v32)x & ~larger);
        const eg_v32 kept_y = ((eg_v32)v & larger) | ((eg_v32)y & ~larger);
        memcpy(gx + i, &kept_x, sizeof kept_x);
        memcpy(gy + i, &kept_y, sizeof kept_y);
    }
}

static void larger_l2_f32(void *gx, void *gy, const void *other_x, const void *other_y,
                          size_t width)
{
    larger_f32(gx, gy, other_x, other_y, width, false);
}

static void larger_l1_f32(void *gx, void *gy, const void *other_x, const void *other_y,
                          size_t width)
{
    larger_f32(gx, gy, other_x, other_y, width, true);
}

extern const eg_plane_kernels EG_AT_LEVEL(eg_plane_kernels);
const eg_plane_kernels EG_AT_LEVEL(eg_plane_kernels) = {
    .larger_l2 = {larger_l2_i16, larger_l2_f32},
    .larger_l1 = {larger_l1_i16, larger_l1_f32},
};
