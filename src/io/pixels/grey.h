/* SPDX-License-Identifier: MIT */
/*
 * Conversion of colour to grey, for all formats: Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601) of
 * the stored, gamma-encoded values, in 16-bit fixed point as in libjpeg: (19595 R + 38470 G + 7471
 * B + 32768) >> 16. The grey of 16-bit samples is not rounded to an integer. CMYK is converted to
 * RGB first: R = (255 - C) (255 - K) / 255, rounded.
 */
#ifndef EG_IO_PIXELS_GREY_H
#define EG_IO_PIXELS_GREY_H

#include "core/context.h"

/* Channels of an interleaved row. */
typedef struct eg_pixels {
    int colour;   /* number of colour channels, which come first: 1 (grey), 3 (RGB), 4 (CMYK) */
    int channels; /* number of all channels */
    int alpha_at; /* index of the alpha channel; -1 if there is none */
} eg_pixels;

/* Returns the grey of an 8-bit colour. */
static inline uint8_t eg_grey8(unsigned r, unsigned g, unsigned b)
{
    return (uint8_t)((19595 * r + 38470 * g + 7471 * b + 32768) >> 16);
}

/* Returns the grey of CMYK inks of 8 bits, 0 for no ink. */
static inline uint8_t eg_grey_cmyk8(const uint8_t inks[4])
{
    unsigned key = 255u - inks[3];
    return eg_grey8(((255u - inks[0]) * key + 127) / 255, ((255u - inks[1]) * key + 127) / 255,
                    ((255u - inks[2]) * key + 127) / 255);
}

/* Converts a row of 8-bit samples to grey; `in` may equal `out`. With EG_ALPHA_OVER and an alpha
 * channel the grey is composited over the grey B of the background: (a Y + (255 - a) B + 127) /
 * 255. */
void eg_grey_row8(const eg_context *ctx, uint8_t *out, const uint8_t *in, size_t width,
                  const eg_pixels *pixels, const eg_read_options *options);

/* Converts a row of 16-bit samples in native byte order to grey in 0..65535, composited in the same
 * way. `in` and `out` must not overlap. */
void eg_grey_row16(const eg_context *ctx, float *out, const uint16_t *in, size_t width,
                   const eg_pixels *pixels, const eg_read_options *options);

/* Convert a row to grey as eg_grey_row8() and eg_grey_row16() do, but to floats that are NaN where
 * alpha is 0. `pixels` has an alpha channel. */
void eg_grey_masked8(const eg_context *ctx, float *out, const uint8_t *in, size_t width,
                     const eg_pixels *pixels, const eg_read_options *options);
void eg_grey_masked16(const eg_context *ctx, float *out, const uint16_t *in, size_t width,
                      const eg_pixels *pixels, const eg_read_options *options);

/* Converts a row of RGB samples to the planes red, green and blue, `plane_bytes` apart, as
 * eg_grey_row8() and eg_grey_row16() convert grey, each composited over its own background; if
 * `masked` as eg_grey_masked8() and eg_grey_masked16(). `in` and `out` must not overlap. */
void eg_planes_row8(const eg_context *ctx, void *out, size_t plane_bytes, const uint8_t *in,
                    size_t width, const eg_pixels *pixels, const eg_read_options *options,
                    bool masked);
void eg_planes_row16(const eg_context *ctx, float *out, size_t plane_bytes, const uint16_t *in,
                     size_t width, const eg_pixels *pixels, const eg_read_options *options,
                     bool masked);

/* Kernels of one instruction set. All give the same results. */
typedef struct eg_grey_kernels {
    void (*row8)(uint8_t *out, const uint8_t *in, size_t width, const eg_pixels *pixels,
                 const eg_read_options *options);
    void (*row16)(float *out, const uint16_t *in, size_t width, const eg_pixels *pixels,
                  const eg_read_options *options);
} eg_grey_kernels;

#endif
