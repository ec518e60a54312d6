/* SPDX-License-Identifier: MIT */
/* Row kernels of the boundary detector. */
#include <math.h>

#include "core/level.h"
#include "edge/colour/features.h"

static void scale(float *restrict out, const float *restrict in, size_t width, float factor)
{
    for (size_t x = 0; x < width; x++)
        out[x] = in[x] * factor;
}

static void square(float *restrict out, const float *restrict in, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = in[x] * in[x];
}

static void smooth_across(float *restrict out, const float *restrict in, size_t width,
                          const float *restrict weights, size_t radius)
{
    enum { CHUNK = 1024 }; /* which stays in the cache */
    for (size_t x0 = 0; x0 < width; x0 += CHUNK) {
        const size_t end = width - x0 < CHUNK ? width : x0 + CHUNK;
        for (size_t x = x0; x < end; x++)
            out[x] = in[x] * weights[0];
        for (size_t k = 1; k <= radius; k++) {
            const float *before = in - k, *after = in + k;
            for (size_t x = x0; x < end; x++)
                out[x] += (before[x] + after[x]) * weights[k];
        }
    }
}

static void smooth_down(float *restrict out, const float *const rows[], size_t width,
                        const float *restrict weights, size_t radius)
{
    const float *at = rows[radius];
    for (size_t x = 0; x < width; x++)
        out[x] = at[x] * weights[0];
    for (size_t k = 1; k <= radius; k++) {
        const float *up = rows[radius - k], *down = rows[radius + k];
        for (size_t x = 0; x < width; x++)
            out[x] += (up[x] + down[x]) * weights[k];
    }
}

static void deviation(float *restrict out, const float *restrict mean, size_t width)
{
    for (size_t x = 0; x < width; x++) {
        float variance = out[x] - mean[x] * mean[x];
        out[x] = sqrtf(variance > 0 ? variance : 0);
    }
}

static void square_valid(float *restrict out, const float *restrict in, const float *restrict valid,
                         size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = in[x] * in[x] / (valid[x] > 0 ? valid[x] : 1);
}

static void deviation_valid(float *restrict out, const float *restrict mean,
                            const float *restrict smooth, const float *restrict valid, size_t width)
{
    for (size_t x = 0; x < width; x++) {
        const float divisor = smooth[x] > 0 ? smooth[x] : 1;
        const float average = mean[x] / divisor, squares = out[x] / divisor;
        const float variance = squares - average * average;
        /* Less is rounding, which would differ around each hole. */
        out[x] = sqrtf(variance > 4e-6f * squares ? variance : 0) * valid[x];
    }
}

static void halve(float *restrict out, const float *restrict a, const float *restrict b,
                  size_t width)
{
    for (size_t x = 0; x < width / 2; x++)
        out[x] = (a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1]) / 4;
    if (width % 2)
        out[width / 2] = (a[width - 1] + b[width - 1]) / 2;
}

/* ---- colour histogram ---- */

static inline float look_up(const float *table, float x)
{
    x = x < 0 ? 0 : x;
    x = x > 1 ? 1 : x;
    float at = x * EG_FEATURE_TABLE;
    int32_t i = (int32_t)at;
    return table[i] + (table[i + 1] - table[i]) * (at - (float)i);
}

static void roots(float *const out[3], const float *const planes[3], const float *valid,
                  size_t width)
{
    float *restrict r = out[0], *restrict g = out[1], *restrict b = out[2];
    const float *intensity = planes[0], *rg = planes[1], *by = planes[2];
    for (size_t x = 0; x < width; x++) {
        const float weight = valid ? valid[x] : 1;
        const float share = weight > 0 ? 1 / (255 * weight) : 0;
        const float i = intensity[x] * share;
        if (!rg) {
            r[x] = g[x] = b[x] = i;
            continue;
        }
        const float p = rg[x] * share, q = by[x] * share;
        r[x] = i + p / 2 - q / 3;
        g[x] = i - p / 2 - q / 3;
        b[x] = i + q * 2 / 3;
    }
}

static void lab(float *const rows[3], size_t width, const float *light, const float *curve)
{
    float *restrict l = rows[0], *restrict a = rows[1], *restrict b = rows[2];
    for (size_t i = 0; i < width; i++) {
        const float red = look_up(light, l[i]), green = look_up(light, a[i]),
                    blue = look_up(light, b[i]);
        /* sRGB to XYZ relative to the white D65 */
        float x =
            look_up(curve, (0.412453f * red + 0.357580f * green + 0.180423f * blue) / 0.950456f);
        float y = look_up(curve, 0.212671f * red + 0.715160f * green + 0.072169f * blue);
        float z =
            look_up(curve, (0.019334f * red + 0.119193f * green + 0.950227f * blue) / 1.088754f);
        l[i] = 116 * y - 16;
        a[i] = 500 * (x - y);
        b[i] = 200 * (y - z);
    }
}

static void memberships(float *const bins[], size_t count, const float *restrict values,
                        const float *valid, size_t width, float low, float high)
{
    const float step = (high - low) / (float)(count - 1);
    for (size_t k = 0; k < count; k++) {
        float *restrict out = bins[k];
        const float centre = (float)k;
        for (size_t x = 0; x < width; x++) {
            float value = values[x];
            value = value < low ? low : value;
            value = value > high ? high : value;
            const float place = (value - low) / step;
            /* The distance to bin 1 from below would be rounded. */
            float share = 1 - fabsf(place - centre);
            share = k == 1 && place < 1 ? place : share;
            share = share > 0 ? share : 0;
            out[x] = share * (valid ? valid[x] : 1);
        }
    }
}

/* ---- texture ---- */

static void texture(float *const out[4], const float *const field[3], const float *valid,
                    size_t width)
{
    const float *magnitude = field[0], *cosine = field[1], *sine = field[2];
    float *restrict flat = out[0], *restrict upright = out[1], *restrict rising = out[2],
                    *restrict falling = out[3];
    for (size_t x = 0; x < width; x++) {
        const float m = magnitude[x], squared = m * m + 1e-12f;
        const float energy = sqrtf(m / (m + 4)) * (valid ? valid[x] : 1);
        const float c = cosine[x] / squared, s = sine[x] / squared;
        const float along = energy * c * c, across = energy * s * s;
        flat[x] = c > 0 ? along : 0;
        upright[x] = c > 0 ? 0 : along;
        rising[x] = s > 0 ? across : 0;
        falling[x] = s > 0 ? 0 : across;
    }
}

/* ---- sums of fields ---- */

static void add(float *restrict out, const float *restrict in, float factor, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] += in[x] * factor;
}

static void traces(float *restrict magnitude, const float *restrict cosine,
                   const float *restrict sine, size_t width)
{
    for (size_t x = 0; x < width; x++) {
        float length = sqrtf(cosine[x] * cosine[x] + sine[x] * sine[x]);
        magnitude[x] = 2 * magnitude[x] * magnitude[x] - length;
    }
}

static inline float between(const float *near, const float *far, size_t at, size_t beside)
{
    return 0.75f * (0.75f * near[at] + 0.25f * near[beside]) +
           0.25f * (0.75f * far[at] + 0.25f * far[beside]);
}

static void enlarge(float *restrict out, const float *restrict near, const float *restrict far,
                    size_t width, size_t half_width)
{
    const size_t last = half_width - 1;
    out[0] = between(near, far, 0, 0);
    for (size_t x = 1; x < half_width; x++) {
        out[2 * x - 1] = between(near, far, x - 1, x);
        out[2 * x] = between(near, far, x, x - 1);
    }
    if (2 * last + 1 < width)
        out[2 * last + 1] = between(near, far, last, last);
}

static void add_traces(float *const out[3], const float *const in[3], float strength, size_t width)
{
    float *restrict magnitude = out[0], *restrict cosine = out[1], *restrict sine = out[2];
    const float *trace = in[0], *c = in[1], *s = in[2];
    for (size_t x = 0; x < width; x++) {
        float squared = (trace[x] + sqrtf(c[x] * c[x] + s[x] * s[x])) / 2;
        magnitude[x] += strength * sqrtf(squared > 0 ? squared : 0);
        cosine[x] += strength * strength * c[x];
        sine[x] += strength * strength * s[x];
    }
}

extern const eg_feature_kernels EG_AT_LEVEL(eg_feature_kernels);
const eg_feature_kernels EG_AT_LEVEL(eg_feature_kernels) = {
    .scale = scale,
    .square = square,
    .smooth_across = smooth_across,
    .smooth_down = smooth_down,
    .deviation = deviation,
    .square_valid = square_valid,
    .deviation_valid = deviation_valid,
    .halve = halve,
    .roots = roots,
    .lab = lab,
    .memberships = memberships,
    .texture = texture,
    .add = add,
    .traces = traces,
    .enlarge = enlarge,
    .add_traces = add_traces,
};
