/* SPDX-License-Identifier: MIT */
/*
 * Conversion of colours to three planes: each channel is converted as a single one, by the
 * functions that convert to grey. CMYK and palettes become RGB first, 512 pixels at a time.
 */
#include <math.h>
#include <string.h>

#include "io/pixels/samples.h"

enum { CHUNK = 512 };

/* Pixels of red, green, blue and alpha. */
typedef union rgba_chunk {
    uint8_t bytes[CHUNK][4];
    uint16_t words[CHUNK][4];
} rgba_chunk;

/* ---- to RGB ---------------------------------------------------------------------------------- */

static void look_up(const eg_samples *s, uint8_t out[][4], const uint8_t *in, size_t count)
{
    const eg_pixels *pixels = &s->pixels;
    for (size_t x = 0; x < count; x++) {
        const uint8_t *p = in + x * (size_t)pixels->channels;
        memcpy(out[x], s->palette[p[0]], 3);
        out[x][3] = pixels->alpha_at >= 0 ? p[pixels->alpha_at] : 255;
    }
}

/* Convert CMYK, as grey.h says. */
static void convert_inks8(const eg_samples *s, uint8_t out[][4], const uint8_t *in, size_t count)
{
    const eg_pixels *pixels = &s->pixels;
    for (size_t x = 0; x < count; x++) {
        const uint8_t *p = in + x * (size_t)pixels->channels;
        for (int i = 0; i < 3; i++)
            out[x][i] = eg_colour_of_cmyk8(p, i);
        out[x][3] = pixels->alpha_at >= 0 ? p[pixels->alpha_at] : 255;
    }
}

static void convert_inks16(const eg_samples *s, uint16_t out[][4], const uint16_t *in, size_t count)
{
    const eg_pixels *pixels = &s->pixels;
    for (size_t x = 0; x < count; x++) {
        const uint16_t *p = in + x * (size_t)pixels->channels;
        const uint32_t key = 65535u - p[3];
        for (int i = 0; i < 3; i++)
            out[x][i] = (uint16_t)(((65535u - p[i]) * key + 32767) / 65535);
        out[x][3] = pixels->alpha_at >= 0 ? p[pixels->alpha_at] : 65535;
    }
}

static bool becomes_rgb(const eg_samples *s)
{
    return s->palette || s->pixels.colour == 4;
}

/* Converts `count` pixels to red, green, blue and alpha. */
static const uint8_t *convert_to_rgb(const eg_samples *s, rgba_chunk *chunk, const uint8_t *in,
                                     size_t count)
{
    if (s->palette)
        look_up(s, chunk->bytes, in, count);
    else if (s->bytes == 1)
        convert_inks8(s, chunk->bytes, in, count);
    else
        convert_inks16(s, chunk->words, (const uint16_t *)(const void *)in, count);
    return (const uint8_t *)chunk;
}

/* ---- planes ---------------------------------------------------------------------------------- */

/* Sets *plane to the conversion of channel i of RGB pixels alone, from its own first sample on, and
 * *options to its options, with its own background. */
static void set_plane(const eg_samples *s, int i, eg_samples *plane, eg_read_options *options)
{
    *options = *s->options;
    memset(options->over, s->options->over[i], sizeof options->over);
    *plane = *s;
    plane->options = options;
    plane->nodata_colour = false; /* found in all channels */
    if (becomes_rgb(s))
        plane->pixels = (eg_pixels){.channels = 4, .alpha_at = s->pixels.alpha_at >= 0 ? 3 : -1};
    plane->pixels.colour = 1;
    if (plane->pixels.alpha_at >= 0)
        plane->pixels.alpha_at -= i;
}

/* Makes pixels missing in all planes that are nodata, or missing in one. */
static void join_missing(const eg_samples *s, float *const planes[3], const uint8_t *in,
                         size_t count)
{
    bool nodata[CHUNK] = {false};
    if (s->nodata_colour)
        eg_samples_find_nodata(s, nodata, in, count);
    for (size_t x = 0; x < count; x++)
        if (nodata[x] || isnan(planes[0][x]) || isnan(planes[1][x]) || isnan(planes[2][x]))
            planes[0][x] = planes[1][x] = planes[2][x] = NAN;
}

/* Converts a row to planes `plane_bytes` apart. */
static void convert_planes(const eg_samples *s, char *out, size_t plane_bytes, const uint8_t *in,
                           size_t width)
{
    const size_t in_bytes = (size_t)s->pixels.channels * s->bytes,
                 out_bytes = eg_row_bytes(s->out, 1);
    rgba_chunk chunk;
    eg_samples planes[3];
    eg_read_options options[3];
    for (int i = 0; i < 3; i++)
        set_plane(s, i, &planes[i], &options[i]);
    for (size_t x = 0; x < width; x += CHUNK) {
        const size_t count = width - x < CHUNK ? width - x : CHUNK;
        const uint8_t *from = in + x * in_bytes;
        const uint8_t *rgb = becomes_rgb(s) ? convert_to_rgb(s, &chunk, from, count) : from;
        void *to[3];
        for (size_t i = 0; i < 3; i++) {
            to[i] = out + i * plane_bytes + x * out_bytes;
            planes[i].convert(&planes[i], to[i], rgb + i * s->bytes, count);
        }
        if (s->out == EG_F32)
            join_missing(s, (float *const[3]){to[0], to[1], to[2]}, from, count);
    }
}

void eg_samples_convert(const eg_samples *s, void *out, size_t stride, const uint8_t *in,
                        size_t width)
{
    if (s->planes == 3)
        convert_planes(s, out, stride / 3, in, width);
    else
        s->convert(s, out, in + s->first * s->bytes, width);
}
