/* SPDX-License-Identifier: MIT */
/*
 * Conversion of colour to grey (core/luma.h) or to planes of red, green and blue, for all formats.
 * The grey of 16-bit samples is not rounded to an integer. CMYK is converted to RGB first: R = (255
 * - C) (255 - K) / 255, rounded.
 */
#ifndef EG_IO_PIXELS_GREY_H
#define EG_IO_PIXELS_GREY_H

#include "core/context.h"
#include "core/luma.h"

/* Channels of an interleaved row. */
typedef struct eg_pixels {
    int colour;   /* number of colour channels, which come first: 1 (grey), 3 (RGB), 4 (CMYK) */
    int channels; /* number of all channels */
    int alpha_at; /* index of the alpha channel; -1 if there is none */
} eg_pixels;

/* Returns red (0), green (1) or blue (2) of CMYK inks of 8 bits, 0 for no ink. */
static inline uint8_t eg_colour_of_cmyk8(const uint8_t inks[4], int colour)
{
    return (uint8_t)(((255u - inks[colour]) * (255u - inks[3]) + 127) / 255);
}

/* Returns the grey of CMYK inks of 8 bits, 0 for no ink. */
static inline uint8_t eg_grey_cmyk8(const uint8_t inks[4])
{
    return eg_grey8(eg_colour_of_cmyk8(inks, 0), eg_colour_of_cmyk8(inks, 1),
                    eg_colour_of_cmyk8(inks, 2));
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
    /* Separates pixels of three bytes. */
    void (*split8)(uint8_t *const planes[3], const uint8_t *in, size_t width);
} eg_grey_kernels;

#endif
