/* SPDX-License-Identifier: MIT */
/* Conversion to grey by the kernels of the instruction set in use. */
#include "io/pixels/grey.h"

#include <math.h>
#include <string.h>

static EG_DEFINE_KERNELS_FOR(kernels_for, eg_grey_kernels)

    void eg_grey_row8(const eg_context *ctx, uint8_t *out, const uint8_t *in, size_t width,
                      const eg_pixels *pixels, const eg_read_options *options)
{
    kernels_for(ctx->cpu)->row8(out, in, width, pixels, options);
}

void eg_grey_row16(const eg_context *ctx, float *out, const uint16_t *in, size_t width,
                   const eg_pixels *pixels, const eg_read_options *options)
{
    kernels_for(ctx->cpu)->row16(out, in, width, pixels, options);
}

enum { CHUNK = 512 };

void eg_grey_masked8(const eg_context *ctx, float *out, const uint8_t *in, size_t width,
                     const eg_pixels *pixels, const eg_read_options *options)
{
    const size_t channels = (size_t)pixels->channels;
    uint8_t grey[CHUNK];
    for (size_t x = 0; x < width; x += CHUNK) {
        size_t count = width - x < CHUNK ? width - x : CHUNK;
        const uint8_t *from = in + x * channels, *alpha = from + pixels->alpha_at;
        eg_grey_row8(ctx, grey, from, count, pixels, options);
        for (size_t i = 0; i < count; i++)
            out[x + i] = alpha[i * channels] ? (float)grey[i] : NAN;
    }
}

void eg_grey_masked16(const eg_context *ctx, float *out, const uint16_t *in, size_t width,
                      const eg_pixels *pixels, const eg_read_options *options)
{
    const size_t channels = (size_t)pixels->channels;
    const uint16_t *alpha = in + pixels->alpha_at;
    eg_grey_row16(ctx, out, in, width, pixels, options);
    for (size_t x = 0; x < width; x++)
        out[x] = alpha[x * channels] ? out[x] : NAN;
}

/* Sets the layout and the background of plane `i` alone, so that the grey kernels extract it. */
static void single_plane(eg_pixels *pixels, eg_read_options *options, int i)
{
    pixels->colour = 1;
    if (pixels->alpha_at >= 0)
        pixels->alpha_at -= i;
    memset(options->over, options->over[i], sizeof options->over);
}

/* Returns plane `i` of a row of planes `plane_bytes` apart. */
static void *plane_at(void *out, size_t plane_bytes, int i)
{
    return (char *)out + (size_t)i * plane_bytes;
}

void eg_planes_row8(const eg_context *ctx, void *out, size_t plane_bytes, const uint8_t *in,
                    size_t width, const eg_pixels *pixels, const eg_read_options *options,
                    bool masked)
{
    if (!masked && pixels->colour == 3 && pixels->channels == 3) {
        uint8_t *const planes[] = {plane_at(out, plane_bytes, 0), plane_at(out, plane_bytes, 1),
                                   plane_at(out, plane_bytes, 2)};
        kernels_for(ctx->cpu)->split8(planes, in, width);
        return;
    }
    for (int i = 0; i < 3; i++) {
        eg_pixels plane = *pixels;
        eg_read_options plane_options = *options;
        single_plane(&plane, &plane_options, i);
        if (masked)
            eg_grey_masked8(ctx, plane_at(out, plane_bytes, i), in + i, width, &plane,
                            &plane_options);
        else
            eg_grey_row8(ctx, plane_at(out, plane_bytes, i), in + i, width, &plane, &plane_options);
    }
}

void eg_planes_row16(const eg_context *ctx, float *out, size_t plane_bytes, const uint16_t *in,
                     size_t width, const eg_pixels *pixels, const eg_read_options *options,
                     bool masked)
{
    for (int i = 0; i < 3; i++) {
        eg_pixels plane = *pixels;
        eg_read_options plane_options = *options;
        single_plane(&plane, &plane_options, i);
        (masked ? eg_grey_masked16 : eg_grey_row16)(ctx, plane_at(out, plane_bytes, i), in + i,
                                                    width, &plane, &plane_options);
    }
}
