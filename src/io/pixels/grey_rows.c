/* SPDX-License-Identifier: MIT */
/*
 * Kernels for the conversion of colour to grey. Each pixel layout has its own loop: an inlined body
 * whose layout is constant at every call, so that the compiler sees fixed strides and no branches.
 */
#include <string.h>

#include "core/level.h"
#include "io/pixels/grey.h"
#include "io/pixels/simd.h"

enum { CHUNK = 512 }; /* pixels converted at a time into a buffer, so that the loops vectorise */

/* Returns t / 255 rounded to nearest, exact for 0 <= t <= 255 * 255. There are no ties, because 255
 * is odd; so the result equals (t + 127) / 255. */
static inline unsigned divide_255(unsigned t)
{
    t += 128;
    return (t + (t >> 8)) >> 8;
}

EG_INLINE void body8(uint8_t *out, const uint8_t *in, size_t width, int colour, int channels,
                     int alpha_at, unsigned back)
{
    for (size_t x = 0; x < width; x++) {
        const uint8_t *p = in + x * (size_t)channels;
        unsigned y = colour == 1 ? p[0] : eg_grey8(p[0], p[1], p[2]);
        if (alpha_at >= 0)
            y = divide_255(p[alpha_at] * y + (255u - p[alpha_at]) * back);
        out[x] = (uint8_t)y;
    }
}

EG_INLINE void body16(float *out, const uint16_t *in, size_t width, int colour, int channels,
                      int alpha_at, double back)
{
    for (size_t x = 0; x < width; x++) {
        const uint16_t *p = in + x * (size_t)channels;
        float y = p[0];
        /* The weights sum to 65536, so that the sum fits 32 bits and grey pixels keep their value.
         */
        if (colour == 3)
            y = (float)(19595u * p[0] + 38470u * p[1] + 7471u * p[2]) * (1.0f / 65536);
        /* In double precision, where the products are exact, so that opaque pixels keep their
         * value. */
        if (alpha_at >= 0)
            y = (float)((p[alpha_at] * (double)y + (65535 - p[alpha_at]) * back) / 65535);
        out[x] = y;
    }
}

/* Row functions of one pixel layout. */
typedef struct layout {
    int colour, channels, alpha_at;
    void (*row8)(uint8_t *restrict out, const uint8_t *restrict in, size_t width, unsigned back);
    void (*row16)(float *restrict out, const uint16_t *restrict in, size_t width, double back);
} layout;

/* Defines the pair of row functions of a layout. */
#define LAYOUT(name, colour, channels, alpha_at)                                                   \
    static void name##_8(uint8_t *restrict out, const uint8_t *restrict in, size_t width,          \
                         unsigned back)                                                            \
    {                                                                                              \
        body8(out, in, width, colour, channels, alpha_at, back);                                   \
    }                                                                                              \
    static void name##_16(float *restrict out, const uint16_t *restrict in, size_t width,          \
                          double back)                                                             \
    {                                                                                              \
        body16(out, in, width, colour, channels, alpha_at, back);                                  \
    }

LAYOUT(grey, 1, 1, -1)
LAYOUT(grey_skip, 1, 2, -1)
LAYOUT(grey_over, 1, 2, 1)
LAYOUT(rgb, 3, 3, -1)
LAYOUT(rgb_skip, 3, 4, -1)
LAYOUT(rgb_over, 3, 4, 3)
LAYOUT(of_three, 1, 3, -1)
LAYOUT(of_four, 1, 4, -1)
/* planes of RGBA, in rows that begin at their colour */
LAYOUT(red_over, 1, 4, 3)
LAYOUT(green_over, 1, 4, 2)
LAYOUT(blue_over, 1, 4, 1)

static const layout layouts[] = {
    {1, 1, -1, grey_8, grey_16},          {1, 2, -1, grey_skip_8, grey_skip_16},
    {1, 2, 1, grey_over_8, grey_over_16}, {3, 3, -1, rgb_8, rgb_16},
    {3, 4, -1, rgb_skip_8, rgb_skip_16},  {3, 4, 3, rgb_over_8, rgb_over_16},
    {1, 3, -1, of_three_8, of_three_16},  {1, 4, -1, of_four_8, of_four_16},
    {1, 4, 3, red_over_8, red_over_16},   {1, 4, 2, green_over_8, green_over_16},
    {1, 4, 1, blue_over_8, blue_over_16},
};

/* Returns the row functions of a common layout; NULL if it is not one. */
static const layout *find_layout(const eg_pixels *pixels, int alpha_at)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (layouts[i].colour == pixels->colour && layouts[i].channels == pixels->channels &&
            layouts[i].alpha_at == alpha_at)
            return &layouts[i];
    return NULL;
}

/* Returns the index of the alpha channel, -1 if there is none or it is ignored. */
static int alpha_used(const eg_pixels *pixels, const eg_read_options *options)
{
    return options->alpha == EG_ALPHA_OVER ? pixels->alpha_at : -1;
}

/* Returns the grey of the background. */
static unsigned background_grey(const eg_read_options *options)
{
    return eg_grey8(options->over[0], options->over[1], options->over[2]);
}

static void row8(uint8_t *out, const uint8_t *in, size_t width, const eg_pixels *pixels,
                 const eg_read_options *options)
{
    uint8_t chunk[CHUNK];
    int alpha_at = alpha_used(pixels, options);
    unsigned back = background_grey(options);
    const layout *found = find_layout(pixels, alpha_at);
    if (pixels->channels == 1) {
        memmove(out, in, width);
        return;
    }
    for (size_t x = 0; x < width; x += CHUNK) {
        size_t count = width - x < CHUNK ? width - x : CHUNK;
        const uint8_t *from = in + x * (size_t)pixels->channels;
        if (found)
            found->row8(chunk, from, count, back);
        else
            body8(chunk, from, count, pixels->colour, pixels->channels, alpha_at, back);
        memcpy(out + x, chunk, count);
    }
}

static void row16(float *out, const uint16_t *in, size_t width, const eg_pixels *pixels,
                  const eg_read_options *options)
{
    int alpha_at = alpha_used(pixels, options);
    double back = 257.0 * background_grey(options);
    const layout *found = find_layout(pixels, alpha_at);
    if (found)
        found->row16(out, in, width, back);
    else
        body16(out, in, width, pixels->colour, pixels->channels, alpha_at, back);
}

static void split8(uint8_t *const planes[3], const uint8_t *in, size_t width)
{
    size_t x = 0;
#if EG_HAS_SHUFFLES
    for (; x + EG_SPLIT_PIXELS <= width; x += EG_SPLIT_PIXELS)
        eg_split_three((uint8_t *[3]){planes[0] + x, planes[1] + x, planes[2] + x}, in + 3 * x);
#endif
    for (size_t i = 0; i < 3; i++)
        of_three_8(planes[i] + x, in + 3 * x + i, width - x, 0);
}

extern const eg_grey_kernels EG_AT_LEVEL(eg_grey_kernels);
const eg_grey_kernels EG_AT_LEVEL(eg_grey_kernels) = {
    .row8 = row8, .row16 = row16, .split8 = split8};
