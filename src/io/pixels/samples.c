/* SPDX-License-Identifier: MIT */
/*
 * Conversion of decoded samples to rows. Colours of 8 and 16 bits are converted to grey by grey.h.
 * Single channels are widened to a type that represents them exactly, compared with the nodata
 * value, and then scaled or narrowed, 512 samples at a time.
 */
#include "io/pixels/samples.h"
#include "io/pixels/terrain_rgb.h"
#include "io/pixels/widen.h"
#include "io/read_options.h"

#include <math.h>
#include <string.h>

enum { CHUNK = EG_WIDEN_MOST };

#define CONST_OF(type, p) ((const type *)(const void *)(p))

/* ---- single channels ------------------------------------------------------------------------- */

/* Replaces nodata by NaN, inverts and scales. Nodata is compared first, with the stored values. */
static void process_floats(const eg_samples *s, float *row, size_t count)
{
    const float low = (float)s->nodata_range.low, high = (float)s->nodata_range.high;
    if (s->has_nodata)
        for (size_t i = 0; i < count; i++)
            row[i] = row[i] >= low && row[i] <= high ? NAN : row[i];
    const float white = s->max ? (float)s->max : s->white_level;
    if (s->inverted)
        for (size_t i = 0; i < count; i++)
            row[i] = white - row[i];
    if (s->max)
        for (size_t i = 0; i < count; i++)
            row[i] = (float)(row[i] * 65535.0 / s->max);
}

static void process_doubles(const eg_samples *s, double *row, size_t count)
{
    if (s->has_nodata)
        for (size_t i = 0; i < count; i++)
            row[i] = eg_is_nodata(&s->nodata_range, row[i]) ? (double)NAN : row[i];
    if (s->inverted)
        for (size_t i = 0; i < count; i++)
            row[i] = (double)s->white_level - row[i];
    if (s->scaled)
        for (size_t i = 0; i < count; i++)
            row[i] = row[i] * s->scale + s->offset;
}

/* Copies every `step`-th sample to a contiguous array. */
static void gather_samples(void *out, const uint8_t *in, size_t bytes, size_t step, size_t count)
{
    uint8_t *to = out;
    if (bytes == 1)
        for (size_t i = 0; i < count; i++)
            to[i] = in[i * step];
    else if (bytes == 2)
        for (size_t i = 0; i < count; i++)
            memcpy(to + 2 * i, in + 2 * i * step, 2);
    else if (bytes == 4)
        for (size_t i = 0; i < count; i++)
            memcpy(to + 4 * i, in + 4 * i * step, 4);
    else
        for (size_t i = 0; i < count; i++)
            memcpy(to + 8 * i, in + 8 * i * step, 8);
}

/* Converts `count` contiguous samples of one channel. */
static void convert_channel(const eg_samples *s, void *out, const uint8_t *in, size_t count)
{
    double wide[CHUNK];
    if (!eg_needs_double(s->kind) && s->out != EG_F64) {
        eg_widen_to_floats(s->kind, out, in, count);
        process_floats(s, out, count);
        return;
    }
    double *row = s->out == EG_F64 ? out : wide;
    eg_widen_to_doubles(s->kind, row, in, count);
    process_doubles(s, row, count);
    if (s->out == EG_F32)
        for (size_t i = 0; i < count; i++)
            ((float *)out)[i] = (float)row[i];
}

/* Sets the values of transparent pixels, whose alpha is 0, to NaN. `in` is the first pixel. */
static void remove_transparent(const eg_samples *s, void *out, const uint8_t *in, size_t count)
{
    static const uint8_t zero[sizeof(uint64_t)] = {0};
    const size_t step = (size_t)s->pixels.channels * s->bytes;
    in += (size_t)s->pixels.alpha_at * s->bytes;
    for (size_t i = 0; i < count; i++) {
        if (memcmp(in + i * step, zero, s->bytes) != 0)
            continue;
        if (s->out == EG_F64)
            ((double *)out)[i] = (double)NAN;
        else
            ((float *)out)[i] = NAN;
    }
}

static void convert_values(const eg_samples *s, void *out, const uint8_t *in, size_t width)
{
    uint64_t gathered[CHUNK];
    size_t step = (size_t)s->pixels.channels, out_bytes = eg_row_bytes(s->out, 1);
    for (size_t x = 0; x < width; x += CHUNK) {
        size_t count = width - x < CHUNK ? width - x : CHUNK;
        const uint8_t *first = in + x * step * s->bytes, *from = first;
        char *to = (char *)out + x * out_bytes;
        if (step > 1) {
            gather_samples(gathered, from, s->bytes, step, count);
            from = (const uint8_t *)gathered;
        }
        convert_channel(s, to, from, count);
        if (s->pixels.alpha_at > 0)
            remove_transparent(s, to, first, count);
    }
}

/* ---- colours --------------------------------------------------------------------------------- */

static bool is_composited(const eg_samples *s)
{
    return s->options->alpha == EG_ALPHA_OVER && s->pixels.alpha_at >= 0;
}

/* Converts colours of other than 8 or 16 bits with the weights of grey.h, in floating point. */
static void convert_weighted(const eg_samples *s, void *out, const uint8_t *in, size_t width)
{
    uint64_t gathered[CHUNK];
    float narrow[3][CHUNK] = {{0}};
    double wide[3][CHUNK] = {{0}};
    size_t step = (size_t)s->pixels.channels;
    for (size_t x = 0; x < width; x += CHUNK) {
        size_t count = width - x < CHUNK ? width - x : CHUNK;
        float *row = (float *)out + x;
        for (size_t c = 0; c < 3; c++) {
            gather_samples(gathered, in + (x * step + c) * s->bytes, s->bytes, step, count);
            if (eg_needs_double(s->kind))
                eg_widen_to_doubles(s->kind, wide[c], (const uint8_t *)gathered, count);
            else
                eg_widen_to_floats(s->kind, narrow[c], (const uint8_t *)gathered, count);
        }
        for (size_t i = 0; i < count; i++)
            row[i] = eg_needs_double(s->kind)
                         ? (float)(0.299 * wide[0][i] + 0.587 * wide[1][i] + 0.114 * wide[2][i])
                         : 0.299f * narrow[0][i] + 0.587f * narrow[1][i] + 0.114f * narrow[2][i];
    }
}

static void convert_bytes(const eg_samples *s, void *out, const uint8_t *in, size_t width)
{
    eg_grey_row8(s->ctx, out, in, width, &s->pixels, s->options);
}

/* Converts colours of 16 bits, or of fewer, which are then scaled and not rounded. */
static void convert_words(const eg_samples *s, void *out, const uint8_t *in, size_t width)
{
    float *row = out;
    eg_grey_row16(s->ctx, row, CONST_OF(uint16_t, in), width, &s->pixels, s->options);
    for (size_t x = 0; s->max && x < width; x++)
        row[x] = (float)(row[x] * 65535.0 / s->max);
}

/* Converts colours premultiplied by alpha: adds the visible part of the background. */
static void convert_associated(const eg_samples *s, void *out, const uint8_t *in, size_t width)
{
    const eg_pixels *pixels = &s->pixels;
    const uint8_t *over = s->options->over;
    const unsigned back = eg_grey8(over[0], over[1], over[2]);
    for (size_t x = 0; x < width; x++) {
        const uint8_t *p = in + x * (size_t)pixels->channels;
        unsigned y = pixels->colour == 1 ? p[0] : eg_grey8(p[0], p[1], p[2]);
        y += ((255u - p[pixels->alpha_at]) * back + 127) / 255;
        ((uint8_t *)out)[x] = (uint8_t)(y < 255 ? y : 255);
    }
}

static void convert_associated_words(const eg_samples *s, void *out, const uint8_t *in,
                                     size_t width)
{
    eg_pixels colours = s->pixels;
    const uint8_t *over = s->options->over;
    const double back = eg_grey8(over[0], over[1], over[2]) / 255.0;
    float *row = out;
    colours.alpha_at = -1;
    eg_grey_row16(s->ctx, row, CONST_OF(uint16_t, in), width, &colours, s->options);
    for (size_t x = 0; x < width; x++) {
        unsigned alpha =
            CONST_OF(uint16_t, in)[x * (size_t)s->pixels.channels + (size_t)s->pixels.alpha_at];
        double y = (double)row[x] + (65535 - alpha) * back;
        row[x] = (float)(y < 65535 ? y : 65535);
    }
}

/* Converts CMYK of 8 bits, composited over the background if there is an alpha channel. */
static void convert_cmyk(const eg_samples *s, void *out, const uint8_t *in, size_t width)
{
    const eg_pixels *pixels = &s->pixels;
    const uint8_t *over = s->options->over;
    const unsigned back = eg_grey8(over[0], over[1], over[2]);
    const bool composited = is_composited(s);
    for (size_t x = 0; x < width; x++) {
        const uint8_t *p = in + x * (size_t)pixels->channels;
        unsigned y = eg_grey_cmyk8(p), alpha = composited ? p[pixels->alpha_at] : 255;
        ((uint8_t *)out)[x] = (uint8_t)((alpha * y + (255 - alpha) * back + 127) / 255);
    }
}

/* Converts CMYK of 16 bits; the grey is not rounded to an integer. */
static void convert_cmyk_words(const eg_samples *s, void *out, const uint8_t *in, size_t width)
{
    const eg_pixels *pixels = &s->pixels;
    const uint8_t *over = s->options->over;
    const double white = 65535, back = 257.0 * eg_grey8(over[0], over[1], over[2]);
    const bool composited = is_composited(s);
    for (size_t x = 0; x < width; x++) {
        const uint16_t *p = CONST_OF(uint16_t, in) + x * (size_t)pixels->channels;
        double alpha = composited ? p[pixels->alpha_at] : white, key = white - p[3];
        double y = (19595 * (white - p[0]) + 38470 * (white - p[1]) + 7471 * (white - p[2])) /
                   65536 * key / white;
        ((float *)out)[x] = (float)((alpha * y + (white - alpha) * back) / white);
    }
}

/* Decodes elevations in colours of 8 bits; a pixel is missing if it is transparent or has the
 * nodata value in all channels. */
static void convert_elevations(const eg_samples *s, void *out, const uint8_t *in, size_t width)
{
    const eg_pixels *pixels = &s->pixels;
    for (size_t x = 0; x < width; x++) {
        const uint8_t *p = in + x * (size_t)pixels->channels;
        bool missing =
            (pixels->alpha_at >= 0 && p[pixels->alpha_at] == 0) ||
            (s->has_nodata && p[0] == s->nodata && p[1] == s->nodata && p[2] == s->nodata);
        double metres =
            missing ? (double)NAN : eg_decode_elevation(s->options->encoding, p[0], p[1], p[2]);
        if (s->out == EG_F64)
            ((double *)out)[x] = metres;
        else
            ((float *)out)[x] = (float)metres;
    }
}

/* ---- indices --------------------------------------------------------------------------------- */

static void convert_table(const eg_samples *s, void *out, const uint8_t *in, size_t width)
{
    uint8_t *row = out;
    size_t step = (size_t)s->pixels.channels;
    for (size_t x = 0; x < width; x++)
        row[x] = s->table[in[x * step]];
}

/* ---- missing pixels -------------------------------------------------------------------------- */

/* Converts the alpha of `count` pixels to the range 0 .. 1. */
static void convert_alpha(const eg_samples *s, double *out, const uint8_t *in, size_t count)
{
    uint64_t gathered[CHUNK];
    const double opaque = s->max ? s->max : (double)s->white_level;
    gather_samples(gathered, in + (size_t)s->pixels.alpha_at * s->bytes, s->bytes,
                   (size_t)s->pixels.channels, count);
    eg_widen_to_doubles(s->kind, out, (const uint8_t *)gathered, count);
    for (size_t i = 0; i < count; i++)
        out[i] /= opaque;
}

/* Divides premultiplied colours by alpha. */
static void divide_by_alpha(const eg_samples *s, float *out, const double *alpha, size_t count)
{
    const double white = (double)s->white_level;
    for (size_t i = 0; i < count; i++) {
        double v = (double)out[i] / (alpha[i] < 1 ? alpha[i] : 1);
        out[i] = (float)(v < white ? v : white);
    }
}

void eg_samples_find_nodata(const eg_samples *s, bool *missing, const uint8_t *in, size_t count)
{
    uint64_t gathered[CHUNK];
    double values[CHUNK];
    for (size_t c = 0; c < 3; c++) {
        gather_samples(gathered, in + c * s->bytes, s->bytes, (size_t)s->pixels.channels, count);
        eg_widen_to_doubles(s->kind, values, (const uint8_t *)gathered, count);
        for (size_t i = 0; i < count; i++)
            missing[i] = eg_is_nodata(&s->nodata_range, values[i]) && (c == 0 || missing[i]);
    }
}

/* Finds the missing pixels, and converts premultiplied colours in `out`. */
static void find_missing(const eg_samples *s, bool *missing, float *out, const uint8_t *in,
                         size_t count)
{
    double alpha[CHUNK];
    memset(missing, 0, count * sizeof *missing);
    if (s->nodata_colour)
        eg_samples_find_nodata(s, missing, in, count);
    if (!eg_samples_masked(s))
        return;
    convert_alpha(s, alpha, in, count);
    if (s->associated && !s->options->as_values)
        divide_by_alpha(s, out, alpha, count);
    for (size_t i = 0; i < count; i++)
        missing[i] = missing[i] || !(alpha[i] > 0);
}

/* Converts pixels to floats, missing ones to NaN. */
static void convert_missing(const eg_samples *s, void *out, const uint8_t *in, size_t width)
{
    uint8_t bytes[CHUNK] = {0};
    bool missing[CHUNK];
    const size_t step = (size_t)s->pixels.channels * s->bytes, out_bytes = eg_row_bytes(s->out, 1);
    for (size_t x = 0; x < width; x += CHUNK) {
        size_t count = width - x < CHUNK ? width - x : CHUNK;
        void *to = (char *)out + x * out_bytes;
        float *floats = to;
        double *doubles = to;
        s->convert_valid(s, s->valid_out == EG_U8 ? bytes : to, in + x * step, count);
        for (size_t i = 0; s->valid_out == EG_U8 && i < count; i++)
            floats[i] = bytes[i];
        find_missing(s, missing, floats, in + x * step, count);
        for (size_t i = 0; i < count; i++) {
            if (!missing[i])
                continue;
            if (s->out == EG_F64)
                doubles[i] = (double)NAN;
            else
                floats[i] = NAN;
        }
    }
}

/* ---- which ----------------------------------------------------------------------------------- */

bool eg_samples_wants_planes(const eg_read_options *options)
{
    return options->colour_planes && !options->as_values && !eg_decodes_colours(options);
}

void eg_samples_set_palette(eg_samples *s, uint8_t *table, uint8_t (*palette)[3])
{
    static const eg_pixels rgb = {3, 3, -1};
    bool coloured = false;
    for (int i = 0; i < 256; i++)
        coloured |= palette[i][0] != palette[i][1] || palette[i][0] != palette[i][2];
    eg_grey_row8(s->ctx, table, palette[0], 256, &rgb, s->options);
    s->table = eg_reads_indices(s->options) ? NULL : table;
    s->palette = coloured && eg_samples_wants_planes(s->options) ? palette : NULL;
}

/* Chooses the conversion of colours to grey or, of one of them, to a plane. */
static void choose_colour_conversion(eg_samples *s)
{
    const bool cmyk = s->pixels.colour == 4 && s->planes == 1;
    s->associated = s->associated && s->pixels.colour < 4;
    bool associated = s->associated && is_composited(s);
    s->nodata_colour =
        s->has_nodata && s->kind != EG_KIND_U8 && !is_composited(s) && s->pixels.colour == 3;
    s->has_nodata = s->scaled = false;
    if (s->kind == EG_KIND_U8)
        s->convert = cmyk ? convert_cmyk : associated ? convert_associated : convert_bytes;
    else if (s->kind == EG_KIND_U16)
        s->convert = cmyk         ? convert_cmyk_words
                     : associated ? convert_associated_words
                                  : convert_words;
    else
        s->convert = s->planes == 3 ? convert_values : convert_weighted;
    s->out = s->kind == EG_KIND_U8 ? EG_U8 : EG_F32;
}

/* Sets the range of missing values. A NaN nodata needs no test, and no integer equals a nodata that
 * a float cannot represent. */
static void choose_nodata(eg_samples *s)
{
    s->nodata_range = eg_nodata_range_of(s->nodata, s->kind == EG_KIND_F32);
    if (isnan(s->nodata) || (!eg_needs_double(s->kind) && s->kind != EG_KIND_F32 &&
                             (double)(float)s->nodata != s->nodata))
        s->has_nodata = false;
}

void eg_samples_choose(eg_samples *s, bool as_values)
{
    bool has_grey_kernel = s->kind == EG_KIND_U8 || s->kind == EG_KIND_U16;
    bool colours = s->pixels.colour >= 3 || s->palette;
    s->planes = colours && !as_values && eg_samples_wants_planes(s->options) ? 3 : 1;
    choose_nodata(s);
    if (eg_decodes_colours(s->options)) {
        s->scaled = false;
        s->convert = convert_elevations;
        s->out = as_values && s->options->encoding == EG_ENCODING_MAPBOX ? EG_F64 : EG_F32;
    } else if (colours || (!as_values && has_grey_kernel && is_composited(s))) {
        choose_colour_conversion(s);
    } else if (s->table) {
        s->scaled = false;
        s->convert = convert_table;
        s->out = EG_U8;
    } else if (as_values) {
        s->max = 0;
        s->convert = convert_values;
        s->out = eg_needs_double(s->kind) || s->scaled ? EG_F64 : EG_F32;
    } else {
        s->convert = s->kind == EG_KIND_U8 ? convert_bytes : convert_values;
        s->out = s->kind == EG_KIND_U8 ? EG_U8 : EG_F32;
    }
    s->has_nodata = s->has_nodata && s->out != EG_U8;
    if (!eg_decodes_colours(s->options) && (eg_samples_masked(s) || s->nodata_colour)) {
        s->convert_valid = s->convert;
        s->valid_out = s->out;
        s->convert = convert_missing;
        s->out = s->out == EG_U8 ? EG_F32 : s->out;
    }
}

bool eg_samples_masked(const eg_samples *s)
{
    return s->options->alpha == EG_ALPHA_MASK && s->pixels.alpha_at >= 0;
}

bool eg_samples_in_place(const eg_samples *s)
{
    bool same = s->kind == EG_KIND_U8    ? s->convert == convert_bytes
                : s->kind == EG_KIND_F32 ? s->out == EG_F32
                                         : s->kind == EG_KIND_F64 && s->out == EG_F64;
    return same && s->pixels.channels == 1 && s->planes == 1;
}

bool eg_samples_plain(const eg_samples *s)
{
    return eg_samples_in_place(s) && !s->has_nodata && !s->inverted && !s->scaled;
}

/* ---- missing rows --------------------------------------------------------------------------- */

void eg_samples_fill(const eg_samples *s, char *rows, size_t stride, size_t columns, size_t count,
                     bool missing)
{
    const size_t planes = (size_t)s->planes;
    for (size_t i = 0; i < count * planes; i++) {
        void *row = rows + i / planes * stride + i % planes * (stride / planes);
        memset(row, 0, eg_row_bytes(s->out, columns));
        for (size_t x = 0; missing && s->out == EG_F32 && x < columns; x++)
            ((float *)row)[x] = NAN;
        for (size_t x = 0; missing && s->out == EG_F64 && x < columns; x++)
            ((double *)row)[x] = (double)NAN;
    }
}

void eg_samples_lose(const eg_samples *s, char *rows, size_t stride, size_t columns, size_t count)
{
    eg_samples_fill(s, rows, stride, columns, count, s->options->as_values || eg_samples_masked(s));
}
