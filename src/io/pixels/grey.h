/* SPDX-License-Identifier: MIT */
/*
 * Grey from colour, the one rule for every format: Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601)
 * on the stored, gamma-encoded values, in 16-bit fixed point as libjpeg computes its own Y plane:
 * (19595 R + 38470 G + 7471 B + 32768) >> 16. 16-bit samples keep their fraction.
 */
#ifndef EG_IO_PIXELS_GREY_H
#define EG_IO_PIXELS_GREY_H

#include "core/context.h"

/* What an interleaved row holds. `alpha_at` < 0: no alpha. Grey has colour = 1, RGB 3. */
typedef struct eg_pixels {
    int colour;   /* 1 or 3 colour channels, which come first */
    int channels; /* samples from pixel to pixel */
    int alpha_at; /* index of the alpha sample, or -1 */
} eg_pixels;

/* The grey of one 8-bit colour. */
static inline uint8_t eg_grey8(unsigned r, unsigned g, unsigned b)
{
    return (uint8_t)((19595 * r + 38470 * g + 7471 * b + 32768) >> 16);
}

/* 8-bit rows: `in` may equal `out`. With EG_ALPHA_OVER and an alpha channel the grey is composited
 * over the background's grey: (a Y + (255 - a) B + 127) / 255. */
void eg_grey_row8(const eg_context *ctx, uint8_t *out, const uint8_t *in, size_t width,
                  const eg_pixels *pixels, const eg_read_options *options);

/* 16-bit rows in native byte order, to floats in 0..65535. `in` and `out` must not overlap. */
void eg_grey_row16(const eg_context *ctx, float *out, const uint16_t *in, size_t width,
                   const eg_pixels *pixels, const eg_read_options *options);

/* The same without a context; one table for each instruction set, all with the same results. */
typedef struct eg_grey_kernels {
    void (*row8)(uint8_t *out, const uint8_t *in, size_t width, const eg_pixels *pixels,
                 const eg_read_options *options);
    void (*row16)(float *out, const uint16_t *in, size_t width, const eg_pixels *pixels,
                  const eg_read_options *options);
} eg_grey_kernels;

#endif
