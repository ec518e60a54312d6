/* SPDX-License-Identifier: MIT */
/* Rows and columns of the field: histogram, interpolation to the resolution of the image, marking.
 */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "edge/colour/colour.h"
#include "gradient/cubic.h"

enum {
    MARGIN = 16, /* samples beside a working row */
    RING = 8,    /* rows of the field */
};

EG_DEFINE_KERNELS_FOR(eg_colour_kernels_for, eg_colour_kernels)

double eg_colour_canny_unit(const eg_colour_canny *canny)
{
    return canny->method == EG_EDGE_BOUNDARY ? 1 : canny->sigma;
}

/* ---- counting ---- */

/* Counts a magnitude in `counts`, which are those of the histogram. */
static inline void count_magnitude(eg_field_histogram *histogram, uint64_t *counts, float magnitude)
{
    const uint32_t bin = eg_field_bin(magnitude);
    counts[bin]++;
    eg_field_histogram_include(histogram, bin);
}

void eg_count_maxima(eg_field_histogram *histogram, const eg_gradient_field *f, eg_span rows,
                     eg_span columns, bool sectors)
{
    enum { CHUNK = 4096 };
    uint64_t maxima[CHUNK / 64], strong[CHUNK / 64];
    const eg_colour_kernels *kernels = eg_colour_kernels_for(f->ctx->cpu);
    for (size_t y = rows.first > 0 ? rows.first : 1; y < rows.end && y + 1 < f->height; y++)
        for (size_t x0 = columns.first; x0 < columns.end; x0 += CHUNK) {
            const size_t width = columns.end - x0 < CHUNK ? columns.end - x0 : CHUNK;
            const size_t at = eg_field_at(f, y, x0);
            const float *row = f->magnitude + at;
            const float *three[3] = {row - f->stride, row, row + f->stride};
            kernels->suppress(maxima, strong, three, f->cosine + at, f->sine + at, width, 0, 0,
                              sectors);
            for (size_t word = 0; word * 64 < width; word++)
                for (uint64_t bits = maxima[word]; bits; bits &= bits - 1) {
                    size_t x = word * 64 + (size_t)__builtin_ctzll(bits);
                    if (x0 + x > 0 && x0 + x + 1 < f->width)
                        count_magnitude(histogram, histogram->maxima, row[x]);
                }
        }
}

void eg_count_magnitudes(eg_field_histogram *histogram, const eg_gradient_field *f,
                         const eg_channels *c, eg_span rows, eg_span columns)
{
    const size_t width = columns.end - columns.first;
    for (size_t y = rows.first; y < rows.end; y++) {
        const float *row = f->magnitude + eg_field_at(f, y, columns.first);
        const float *valid = c->valid ? c->valid + eg_channel_at(c, y, columns.first) : NULL;
        for (size_t x = 0; x < width; x++)
            if (!valid || valid[x] > 0)
                count_magnitude(histogram, histogram->all, row[x]);
    }
}

/* ---- marking ---- */

/* Working rows of a tile: the field's rows at the image's width, and rows of the image. */
typedef struct tile_rows {
    const eg_mark_tile *tile;
    const eg_colour_kernels *kernels;
    eg_span field; /* columns of the field that are widened */
    size_t offset; /* of the tile's first column in a widened row */
    size_t stride;
    ptrdiff_t held[RING];             /* field rows in the ring; -1: none */
    float *wide;                      /* ring of rows of each of magnitude, cosine, sine */
    float *magnitude;                 /* ring of 4 image rows */
    float *cosine, *sine;             /* one image row */
    float *padded;                    /* a field row with samples beside it */
    uint64_t *strong;                 /* a row of bits */
    float weights[4 * EG_FACTOR_MAX]; /* of interpolation */
} tile_rows;

/* Sets the weights of interpolation for each pixel of a sample. */
static void set_weights(float weights[], size_t factor)
{
    for (size_t p = 0; p < factor; p++) {
        double of_sample[4];
        eg_cubic_weights(((double)p + 0.5) / (double)factor + (p < factor / 2 ? 0.5 : -0.5),
                         of_sample);
        for (size_t i = 0; i < 4; i++)
            weights[4 * p + i] = (float)of_sample[i];
    }
}

static size_t row_stride(size_t columns, size_t factor)
{
    return (columns + 3 * factor + 2 * MARGIN + 15) / 16 * 16;
}

size_t eg_mark_scratch(size_t columns, size_t factor)
{
    const size_t rows = factor > 1 ? RING * 3 + 4 + 2 + 1 : 0;
    return rows * row_stride(columns, factor) * sizeof(float) + (columns + 63) / 64 * 8;
}

static void prepare_rows(tile_rows *r, const eg_mark_tile *tile, void *scratch)
{
    const size_t f = tile->canny->factor, columns = tile->columns.end - tile->columns.first;
    const size_t first = tile->columns.first / f, end = (tile->columns.end + f - 1) / f;
    r->tile = tile;
    r->kernels = eg_colour_kernels_for(tile->canny->ctx->cpu);
    r->field = (eg_span){first > 0 ? first - 1 : 0,
                         end < tile->field->width ? end + 1 : tile->field->width};
    r->offset = tile->columns.first - r->field.first * f;
    r->stride = row_stride(columns, f);
    r->strong = scratch;
    r->wide = (float *)(void *)(r->strong + (columns + 63) / 64);
    r->magnitude = r->wide + 3 * RING * r->stride;
    r->cosine = r->magnitude + 4 * r->stride;
    r->sine = r->cosine + r->stride;
    r->padded = r->sine + r->stride;
    for (size_t i = 0; i < RING; i++)
        r->held[i] = -1;
    set_weights(r->weights, f);
}

static size_t clamp_row(ptrdiff_t y, size_t height)
{
    return y < 0 ? 0 : y >= (ptrdiff_t)height ? height - 1 : (size_t)y;
}

/* Returns the ring slot of a field row, interpolated to the image's width. */
static size_t widen_row(tile_rows *r, size_t y)
{
    const eg_gradient_field *f = r->tile->field;
    const size_t slot = y % RING, width = r->field.end - r->field.first;
    if (r->held[slot] == (ptrdiff_t)y)
        return slot;
    const float *planes[3] = {f->magnitude, f->cosine, f->sine};
    const size_t count = r->tile->canny->method == EG_EDGE_THRESHOLD ? 1 : 3;
    const size_t left = r->field.first > 2 ? 2 : r->field.first, end = f->width - r->field.end,
                 right = end > 2 ? 2 : end;
    for (size_t i = 0; i < count; i++) {
        float *in = r->padded + MARGIN;
        memcpy(in - left, planes[i] + eg_field_at(f, y, r->field.first - left),
               (left + width + right) * sizeof *in);
        for (size_t k = left; k < 2; k++)
            in[-(ptrdiff_t)k - 1] = in[-(ptrdiff_t)left];
        for (size_t k = right; k < 2; k++)
            in[width + k] = in[width + right - 1];
        r->kernels->widen(r->wide + (3 * slot + i) * r->stride + MARGIN, in, width,
                          r->tile->canny->factor, r->weights);
    }
    r->held[slot] = (ptrdiff_t)y;
    return slot;
}

/* Sets the weights of four rows of cosines or sines, which are brought to the same exponent. */
static void balance_rows(const eg_gradient_field *f, const size_t rows[4], float weights[4])
{
    int most = f->exponent[rows[0] - f->first];
    for (size_t k = 1; k < 4; k++) {
        const int exponent = f->exponent[rows[k] - f->first];
        most = exponent > most ? exponent : most;
    }
    for (size_t k = 0; k < 4; k++)
        weights[k] = ldexpf(weights[k], 2 * (f->exponent[rows[k] - f->first] - most));
}

/* Interpolates plane `i` of the field at image row y. */
static void interpolate_row(tile_rows *r, size_t y, size_t i, float *out)
{
    const eg_gradient_field *f = r->tile->field;
    const size_t factor = r->tile->canny->factor, phase = y % factor;
    const ptrdiff_t from = (ptrdiff_t)(y / factor) - (phase < factor / 2 ? 2 : 1);
    const float *rows[4];
    float weights[4];
    size_t at[4];
    memcpy(weights, r->weights + 4 * phase, sizeof weights);
    for (size_t k = 0; k < 4; k++) {
        at[k] = clamp_row(from + (ptrdiff_t)k, f->height);
        size_t slot = widen_row(r, at[k]);
        rows[k] = r->wide + (3 * slot + i) * r->stride + MARGIN;
    }
    if (i > 0 && f->exponent)
        balance_rows(f, at, weights);
    r->kernels->blend(out, rows, weights, (r->field.end - r->field.first) * factor);
}

/* Returns image row y of the magnitudes, from the tile's first column on. */
static const float *magnitude_at(const tile_rows *r, size_t y)
{
    const eg_gradient_field *f = r->tile->field;
    if (r->tile->canny->factor == 1)
        return f->magnitude + eg_field_at(f, y, r->tile->columns.first);
    return r->magnitude + y % 4 * r->stride + MARGIN + r->offset;
}

/* Clears the bits of the outermost columns of the image. */
static void clear_sides(const eg_mark_tile *tile, uint64_t *bits)
{
    const size_t columns = tile->columns.end - tile->columns.first;
    if (tile->columns.first == 0)
        bits[0] &= ~(uint64_t)1;
    if (tile->columns.end == tile->canny->planes.width)
        bits[(columns - 1) / 64] &= ~((uint64_t)1 << ((columns - 1) % 64));
}

/* Sets the bits of the candidates and the strong pixels of a row, except the outermost pixels of
 * the image. */
static void suppress_row(tile_rows *r, size_t y, uint64_t *candidate, uint64_t *strong)
{
    const eg_mark_tile *t = r->tile;
    const eg_colour_canny *c = t->canny;
    const eg_gradient_field *f = t->field;
    const size_t columns = t->columns.end - t->columns.first, words = (columns + 63) / 64;
    if (y == 0 || y + 1 == c->channels.full_height || c->planes.width < 3) {
        memset(candidate, 0, words * sizeof *candidate);
        memset(strong, 0, words * sizeof *strong);
        return;
    }
    const float *cosine = r->cosine + MARGIN + r->offset, *sine = r->sine + MARGIN + r->offset;
    if (c->factor == 1) {
        cosine = f->cosine + eg_field_at(f, y, t->columns.first);
        sine = f->sine + eg_field_at(f, y, t->columns.first);
    } else {
        interpolate_row(r, y, 1, r->cosine + MARGIN);
        interpolate_row(r, y, 2, r->sine + MARGIN);
    }
    const float *rows[3];
    for (size_t k = 0; k < 3; k++)
        rows[k] = magnitude_at(r, y + k - 1);
    r->kernels->suppress(candidate, strong, rows, cosine, sine, columns, t->low, t->high,
                         c->sectors);
    clear_sides(t, candidate);
    clear_sides(t, strong);
}

/* Appends the magnitudes of the candidates of a row to those kept. */
static void keep_row(eg_mark_tile *tile, const float *magnitude, const uint64_t *candidate)
{
    const size_t columns = tile->columns.end - tile->columns.first;
    float *out = tile->kept + tile->kept_count;
    for (size_t i = 0; i * 64 < columns; i++)
        for (uint64_t bits = candidate[i]; bits; bits &= bits - 1)
            *out++ = magnitude[i * 64 + (size_t)__builtin_ctzll(bits)];
    tile->kept_count = (size_t)(out - tile->kept);
}

static bool is_set(const uint64_t *bits, size_t x)
{
    return bits[x / 64] >> x % 64 & 1;
}

/* Writes row `at` of the map of magnitudes. */
static void write_magnitudes(const eg_mark_tile *tile, size_t at, const float *magnitude,
                             const uint64_t *candidate, const uint64_t *missing)
{
    const size_t columns = tile->columns.end - tile->columns.first;
    float *out = tile->magnitudes + at * tile->magnitudes_stride;
    /* Cubic interpolation may fall below 0 beside an edge. */
    for (size_t x = 0; x < columns; x++)
        out[x] = magnitude[x] > 0 ? magnitude[x] : 0;
    for (size_t x = 0; tile->thin && x < columns; x++)
        out[x] = is_set(candidate, x) ? out[x] : 0;
    for (size_t x = 0; missing && x < columns; x++)
        out[x] = is_set(missing, x) ? NAN : out[x];
}

static void mark_row(tile_rows *r, eg_mark_tile *tile, size_t y)
{
    const size_t columns = tile->columns.end - tile->columns.first, words = (columns + 63) / 64,
                 at = y - tile->rows.first, stride = tile->canny->planes.words;
    uint64_t *candidate = tile->candidate + at * stride;
    uint64_t *strong = tile->strong ? tile->strong + at * stride : r->strong;
    if (tile->canny->method == EG_EDGE_THRESHOLD) {
        r->kernels->exceed(strong, magnitude_at(r, y), columns, tile->high);
        memcpy(candidate, strong, words * sizeof *strong);
    } else {
        suppress_row(r, y, candidate, strong);
    }
    const uint64_t *missing = tile->missing ? tile->missing + at * tile->missing_words : NULL;
    for (size_t i = 0; missing && i < words; i++) {
        candidate[i] &= ~missing[i];
        strong[i] &= ~missing[i];
    }
    if (tile->kept)
        keep_row(tile, magnitude_at(r, y), candidate);
    if (tile->magnitudes)
        write_magnitudes(tile, at, magnitude_at(r, y), candidate, missing);
}

void eg_mark_tile_rows(eg_mark_tile *tile, void *scratch)
{
    const size_t height = tile->canny->channels.full_height;
    tile_rows r;
    prepare_rows(&r, tile, scratch);
    size_t ready = tile->rows.first > 0 ? tile->rows.first - 1 : 0;
    for (size_t y = tile->rows.first; y < tile->rows.end; y++) {
        for (; tile->canny->factor > 1 && ready <= y + 1 && ready < height; ready++)
            interpolate_row(&r, ready, 0, r.magnitude + ready % 4 * r.stride + MARGIN);
        mark_row(&r, tile, y);
    }
}
