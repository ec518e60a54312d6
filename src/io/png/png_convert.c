/* SPDX-License-Identifier: MIT */
/* Converting rows decoded by libpng to grey, to planes of colours, or to elevations. */
#include <math.h>
#include <string.h>

#include "io/pixels/terrain_rgb.h"
#include "io/png/png_read.h"

static void convert_grey(eg_png_source *s, void *out, const uint8_t *in)
{
    if (out != in)
        memcpy(out, in, s->row_bytes);
}

static void convert_colour(eg_png_source *s, void *out, const uint8_t *in)
{
    eg_grey_row8(s->base.ctx, out, in, s->base.info.width, &s->pixels, &s->options);
}

static void convert_masked(eg_png_source *s, void *out, const uint8_t *in)
{
    float *row = out;
    const int depth = s->base.info.depth;
    eg_grey_masked8(s->base.ctx, row, in, s->base.info.width, &s->pixels, &s->options);
    if (!s->values || depth == 8)
        return;
    /* libpng scales samples of fewer bits when it adds an alpha channel */
    const float scale = 255.0F / (float)((1 << depth) - 1);
    for (size_t x = 0; x < s->base.info.width; x++)
        row[x] /= scale;
}

static void convert_16bit(eg_png_source *s, void *out, const uint8_t *in)
{
    const uint16_t *samples = (const uint16_t *)(const void *)in;
    const bool masked = s->options.as_values || s->base.has_mask;
    (masked && s->pixels.alpha_at >= 0 ? eg_grey_masked16 : eg_grey_row16)(
        s->base.ctx, out, samples, s->base.info.width, &s->pixels, &s->options);
}

static void convert_planes(eg_png_source *s, void *out, const uint8_t *in)
{
    const eg_info *info = &s->base.info;
    const bool masked = s->base.has_mask;
    if (info->depth == 16)
        eg_planes_row16(s->base.ctx, out, s->stride / 3, (const uint16_t *)(const void *)in,
                        info->width, &s->pixels, &s->options, masked);
    else
        eg_planes_row8(s->base.ctx, out, s->stride / 3, in, info->width, &s->pixels, &s->options,
                       masked);
}

static void convert_elevations(eg_png_source *s, void *out, const uint8_t *in)
{
    eg_decode_elevations(s->options.encoding, out, s->base.info.sample, in, s->base.info.width,
                         s->pixels.channels);
}

/* Reports a pixel whose palette index has no entry. */
static void check_indices(eg_png_source *s, const uint8_t *in)
{
    unsigned largest = 0;
    if (s->colours < 1 << s->base.info.depth)
        for (size_t x = 0; x < s->base.info.width; x++)
            largest = in[x] > largest ? in[x] : largest;
    if ((int)largest >= s->colours && !s->options.tolerate)
        eg_png_damaged(&s->guard, "is damaged: palette index out of range");
}

/* Converts the last plane first, because the first may be `in`. */
static void convert_palette(eg_png_source *s, void *out, const uint8_t *in)
{
    check_indices(s, in);
    for (size_t k = eg_source_planes(&s->base); k-- > 0;) {
        const uint8_t *palette = s->palette[k];
        uint8_t *row = (uint8_t *)out + k * (s->stride / 3);
        for (size_t x = 0; x < s->base.info.width; x++)
            row[x] = palette[in[x]];
    }
}

static void convert_masked_palette(eg_png_source *s, void *out, const uint8_t *in)
{
    check_indices(s, in);
    for (size_t k = 0; k < eg_source_planes(&s->base); k++) {
        const uint8_t *palette = s->palette[k];
        float *row = (float *)(void *)((char *)out + k * (s->stride / 3));
        for (size_t x = 0; x < s->base.info.width; x++)
            row[x] = s->transparent[in[x]] ? NAN : (float)palette[in[x]];
    }
}

static void convert_elevation_palette(eg_png_source *s, void *out, const uint8_t *in)
{
    float *floats = out;
    double *doubles = out;
    check_indices(s, in);
    for (size_t x = 0; x < s->base.info.width; x++)
        if (s->base.info.sample == EG_F64)
            doubles[x] = s->elevations[in[x]];
        else
            floats[x] = (float)s->elevations[in[x]];
}

/* Computes grey or colours, and elevation, of the palette's entries. Missing entries are 0, or NaN
 * elevations. Indices that are values stand for themselves. */
static void read_palette(eg_png_source *s)
{
    static const eg_pixels rgba = {3, 4, 3};
    uint8_t entries[EG_PNG_PALETTE][4];
    png_colorp colour = NULL;
    png_bytep alpha = NULL;
    int alpha_count = 0;

    png_get_PLTE(s->guard.png, s->guard.info, &colour, &s->colours);
    png_get_tRNS(s->guard.png, s->guard.info, &alpha, &alpha_count, NULL);
    for (int i = 0; i < s->colours; i++) {
        entries[i][0] = colour[i].red;
        entries[i][1] = colour[i].green;
        entries[i][2] = colour[i].blue;
        entries[i][3] = i < alpha_count ? alpha[i] : 255;
        s->transparent[i] = entries[i][3] == 0;
    }
    if (s->base.info.planes == 3)
        eg_planes_row8(s->base.ctx, s->palette[0], EG_PNG_PALETTE, entries[0], (size_t)s->colours,
                       &rgba, &s->options, false);
    else
        eg_grey_row8(s->base.ctx, s->palette[0], entries[0], (size_t)s->colours, &rgba,
                     &s->options);
    for (int i = 0; i < EG_PNG_PALETTE && eg_reads_indices(&s->options); i++)
        s->palette[0][i] = (uint8_t)i;
    for (int i = 0; i < EG_PNG_PALETTE; i++)
        s->elevations[i] = (double)NAN;
    if (eg_decodes_colours(&s->options))
        eg_decode_elevations(s->options.encoding, s->elevations, EG_F64, entries[0],
                             (size_t)s->colours, rgba.channels);
}

/* Converts a transparent colour (tRNS) to an alpha channel, if alpha is used: for compositing, as a
 * mask, or as nodata of elevations. */
static void expand_transparent_colour(eg_png_source *s)
{
    const eg_read_options *options = &s->options;
    bool has_nodata =
        eg_decodes_colours(options) || (options->as_values && s->base.info.depth == 16);
    if ((options->alpha == EG_ALPHA_IGNORE && !has_nodata) || s->pixels.alpha_at >= 0 ||
        !png_get_valid(s->guard.png, s->guard.info, PNG_INFO_tRNS))
        return;
    png_set_tRNS_to_alpha(s->guard.png);
    s->pixels.alpha_at = s->pixels.channels++;
}

void eg_png_start_rows(void *opaque)
{
    eg_png_source *s = opaque;
    png_structp png = s->guard.png;
    const eg_info *info = &s->base.info;

    if (png_get_color_type(png, s->guard.info) == PNG_COLOR_TYPE_PALETTE) {
        png_set_packing(png);
        read_palette(s);
        s->convert = eg_decodes_colours(&s->options) ? convert_elevation_palette
                     : s->base.has_mask              ? convert_masked_palette
                                                     : convert_palette;
    } else {
        if (info->depth < 8 && s->values)
            png_set_packing(png);
        else if (info->depth < 8)
            png_set_expand_gray_1_2_4_to_8(png);
        expand_transparent_colour(s);
        s->convert = s->base.info.planes == 3          ? convert_planes
                     : eg_decodes_colours(&s->options) ? convert_elevations
                     : info->depth == 16               ? convert_16bit
                     : s->base.has_mask                ? convert_masked
                     : s->pixels.channels == 1         ? convert_grey
                                                       : convert_colour;
    }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (info->depth == 16)
        png_set_swap(png);
#endif
    s->passes = png_set_interlace_handling(png);
    png_read_update_info(png, s->guard.info);
    s->row_bytes = png_get_rowbytes(png, s->guard.info);
}
