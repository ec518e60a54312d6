/* SPDX-License-Identifier: MIT */
/* Row kernels of Canny on the colour tensor. */
#include "core/level.h"
#include "edge/colour/colour.h"
#include "gradient/simd.h"

EG_INLINE void widen_by(float *restrict out, const float *restrict in, size_t width, size_t factor,
                        const float *restrict weights)
{
    for (size_t x = 0; x < width; x++)
        for (size_t p = 0; p < factor; p++) {
            const float *at = in + x - (p < factor / 2 ? 2 : 1), *w = weights + 4 * p;
            out[factor * x + p] = at[0] * w[0] + at[1] * w[1] + at[2] * w[2] + at[3] * w[3];
        }
}

static void widen(float *restrict out, const float *restrict in, size_t width, size_t factor,
                  const float *restrict weights)
{
    switch (factor) {
    case 2:
        widen_by(out, in, width, 2, weights);
        break;
    case 4:
        widen_by(out, in, width, 4, weights);
        break;
    case 8:
        widen_by(out, in, width, 8, weights);
        break;
    default:
        widen_by(out, in, width, factor, weights);
    }
}

static void blend(float *restrict out, const float *const rows[4], const float weights[4],
                  size_t width)
{
    const float *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3];
    const float w0 = weights[0], w1 = weights[1], w2 = weights[2], w3 = weights[3];
    for (size_t x = 0; x < width; x++)
        out[x] = r0[x] * w0 + r1[x] * w1 + r2[x] * w2 + r3[x] * w3;
}

static inline eg_vf choose(eg_v32 mask, eg_vf yes, eg_vf no)
{
    return (eg_vf)((mask & (eg_v32)yes) | (~mask & (eg_v32)no));
}

static inline eg_vf absolute(eg_vf v)
{
    return (eg_vf)((eg_v32)v & 0x7fffffff);
}

/* Returns the bits of local maxima above `low` among EG_LANES32 pixels. The neighbours along the
 * gradient are interpolated linearly between the nearest axial and diagonal ones. */
static inline uint64_t maxima_at(const float *const magnitude[3], const float *cosine,
                                 const float *sine, size_t x, eg_vf low, bool sectors)
{
    const eg_vf m = eg_loadf(magnitude[1] + x), c = eg_loadf(cosine + x), s = eg_loadf(sine + x);
    uint64_t above = eg_greaterf(m, low);
    if (!above)
        return 0;
    /* The tangent of the angle to the nearer axis is |sin 2a| / (1 + |cos 2a|). */
    const eg_vf length = eg_sqrtf(c * c + s * s), tiny = {0};
    eg_vf tangent = absolute(s) / (length + absolute(c) + (tiny + 1e-37f));
    if (sectors) /* the nearest of the four directions: 22.5 degrees apart from the axis */
        tangent = choose(tangent > 0.41421356f, tiny + 1, tiny);
    const eg_v32 flat = c >= 0, down = s >= 0;
    const float *up = magnitude[0] + x, *at = magnitude[1] + x, *below = magnitude[2] + x;
    eg_vf above_row = eg_loadf(up), below_row = eg_loadf(below);
    eg_vf axial_plus = choose(flat, eg_loadf(at + 1), choose(down, below_row, above_row));
    eg_vf axial_minus = choose(flat, eg_loadf(at - 1), choose(down, above_row, below_row));
    eg_vf diagonal_plus = choose(down, eg_loadf(below + 1), eg_loadf(up + 1));
    eg_vf diagonal_minus = choose(down, eg_loadf(up - 1), eg_loadf(below - 1));
    eg_vf plus = axial_plus * (1 - tangent) + diagonal_plus * tangent;
    eg_vf minus = axial_minus * (1 - tangent) + diagonal_minus * tangent;
    return above & eg_greater_equalf(m, plus) & eg_greaterf(m, minus);
}

static void suppress(uint64_t *candidate, uint64_t *strong, const float *const magnitude[3],
                     const float *cosine, const float *sine, size_t width, float low, float high,
                     bool sectors)
{
    const eg_vf zero = {0}, lows = zero + low, highs = zero + high;
    for (size_t word = 0; word * 64 < width; word++) {
        uint64_t maxima = 0, above = 0;
        for (size_t i = 0; i < 64 && word * 64 + i < width; i += EG_LANES32) {
            const size_t x = word * 64 + i;
            uint64_t bits = maxima_at(magnitude, cosine, sine, x, lows, sectors);
            maxima |= bits << i;
            if (bits)
                above |= eg_greaterf(eg_loadf(magnitude[1] + x), highs) << i;
        }
        if (width - word * 64 < 64)
            maxima &= ((uint64_t)1 << (width - word * 64)) - 1;
        candidate[word] = maxima;
        strong[word] = maxima & above;
    }
}

static void exceed(uint64_t *strong, const float *magnitude, size_t width, float high)
{
    const eg_vf zero = {0}, highs = zero + high;
    for (size_t word = 0; word * 64 < width; word++) {
        uint64_t bits = 0;
        for (size_t i = 0; i < 64 && word * 64 + i < width; i += EG_LANES32)
            bits |= eg_greaterf(eg_loadf(magnitude + word * 64 + i), highs) << i;
        if (width - word * 64 < 64)
            bits &= ((uint64_t)1 << (width - word * 64)) - 1;
        strong[word] = bits;
    }
}

static const float *classify(uint64_t *candidate, uint64_t *strong, const uint64_t *maxima,
                             size_t words, const float *magnitude, float low, float high)
{
    const eg_vf zero = {0}, lows = zero + low, highs = zero + high;
    for (size_t word = 0; word < words; word++) {
        const uint64_t bits = maxima[word];
        const int count = __builtin_popcountll(bits);
        uint64_t over_low = 0, over_high = 0;
        for (int i = 0; i < count; i += EG_LANES32) {
            const eg_vf m = eg_loadf(magnitude + i);
            over_low |= eg_greaterf(m, lows) << i;
            over_high |= eg_greaterf(m, highs) << i;
        }
        candidate[word] = eg_deposit_bits(over_low, bits);
        strong[word] = eg_deposit_bits(over_high, bits);
        magnitude += count;
    }
    return magnitude;
}

extern const eg_colour_kernels EG_AT_LEVEL(eg_colour_kernels);
const eg_colour_kernels EG_AT_LEVEL(eg_colour_kernels) = {
    .widen = widen,
    .blend = blend,
    .suppress = suppress,
    .exceed = exceed,
    .classify = classify,
};
