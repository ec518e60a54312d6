/* SPDX-License-Identifier: MIT */
/* One tile of a pass over jet maps. */
#include "gradient/jet/jet_tile.h"

#include <math.h>
#include <string.h>

#include "core/copy.h"
#include "gradient/jet/zero_crossings.h"
#include "gradient/missing.h"
#include "gradient/thin.h"

enum { NEIGHBOURS = 3, THIN_ROWS = 3 * NEIGHBOURS + 1, CROSSING_ROWS = NEIGHBOURS + 1 };

/* State of one tile. Rows of the maps begin row_margin samples before the tile. */
typedef struct tile {
    eg_jet_pass *pass;
    const eg_band *band;
    size_t x0, width, y0, y1;
    size_t from, count; /* columns of the jets */
    eg_jet_cursor cursors[EG_JETS];
    float *values; /* a row of a map, of the columns of the jets */
    float *rows;   /* working rows of the maps, one map after another */
    size_t stride;
    const eg_rows *out;
} tile;

/* ---- working memory ---- */

static size_t row_stride(const eg_jet_pass *pass)
{
    return (pass->columns + 2 * pass->row_margin + EG_BAND_SLACK + 15) / 16 * 16;
}

/* Returns the working rows of map i. */
static size_t map_rows(const eg_jet_pass *pass, size_t i)
{
    const eg_gradient_options *options = &pass->options[i];
    return options->thin                      ? THIN_ROWS
           : options->zero_crossings          ? CROSSING_ROWS
           : options->map == EG_MAP_COHERENCE ? eg_coherence_rows(pass)
                                              : 0;
}

static size_t rows_before(const eg_jet_pass *pass, size_t i)
{
    size_t rows = 0;
    for (size_t k = 0; k < i; k++)
        rows += map_rows(pass, k);
    return rows;
}

/* Returns working row `row` of map i, from the tile's first column on. */
static float *working_row(const tile *t, size_t i, size_t row)
{
    return t->rows + (rows_before(t->pass, i) + row) * t->stride + t->pass->row_margin;
}

static size_t cursor_bytes(const eg_jet_pass *pass, size_t jet)
{
    return pass->jets[jet].parts
               ? eg_jet_scratch(&pass->jets[jet], pass->columns + 2 * pass->margin)
               : 0;
}

size_t eg_jet_tile_scratch(const eg_jet_pass *pass)
{
    size_t bytes = (1 + rows_before(pass, pass->count)) * row_stride(pass) * sizeof(float);
    for (size_t i = 0; i < EG_JETS; i++)
        bytes += cursor_bytes(pass, i);
    return bytes;
}

/* ---- the values of a map ---- */

/* Computes the values of map i from the jets, for the columns of the jets. */
static void compute_values(const tile *t, size_t i)
{
    const eg_jet_kernels *k = t->pass->kernels;
    const eg_map_kernels *m = t->pass->map_kernels;
    const eg_gradient_options *options = &t->pass->options[i];
    float *const *g = t->cursors[EG_JET_GAUSSIAN].part;
    float *const *d = t->cursors[EG_JET_DIFFERENCES].part;
    float *v = t->values;
    switch (options->map) {
    case EG_MAP_MAGNITUDE:
        (options->norm == EG_NORM_L1 ? m->magnitude_l1 : m->magnitude_l2)[EG_RESPONSE_F32](
            v, g[EG_JET_X], g[EG_JET_Y], t->count, 1, false);
        break;
    case EG_MAP_X:
        memcpy(v, g[EG_JET_X], t->count * sizeof *v);
        break;
    case EG_MAP_Y:
        memcpy(v, g[EG_JET_Y], t->count * sizeof *v);
        break;
    case EG_MAP_DIRECTION:
        m->direction[EG_RESPONSE_F32](v, g[EG_JET_X], g[EG_JET_Y], t->count, 1, false);
        break;
    case EG_MAP_LAPLACIAN:
        k->sum(v, d[EG_JET_XX], d[EG_JET_YY], t->count);
        break;
    case EG_MAP_LOG:
        k->sum(v, g[EG_JET_XX], g[EG_JET_YY], t->count);
        break;
    case EG_MAP_DOG:
        k->difference(v, t->cursors[EG_JET_WIDE].part[EG_JET_VALUE], g[EG_JET_VALUE], t->count);
        break;
    case EG_MAP_HESSIAN_DET:
        k->determinant(v, g[EG_JET_XX], g[EG_JET_XY], g[EG_JET_YY], t->count);
        break;
    case EG_MAP_HESSIAN_MAX:
    case EG_MAP_HESSIAN_MIN:
        k->eigenvalue[options->map == EG_MAP_HESSIAN_MIN](v, g[EG_JET_XX], g[EG_JET_XY],
                                                          g[EG_JET_YY], t->count);
        break;
    case EG_MAP_COHERENCE: /* has rows of its own */
        break;
    }
}

/* Sets the values of a row at missing samples to NaN, from image column `from` on. */
static void mark_missing(const tile *t, size_t y, size_t from, size_t count, float *values)
{
    if (t->band->sample != EG_F32)
        return;
    const float *samples = (const float *)eg_band_row(t->band, (ptrdiff_t)y) + from;
    for (size_t x = 0; x < count; x++)
        if (eg_is_missing(samples[x]))
            values[x] = NAN;
}

/* ---- output ---- */

static char *output_row(const tile *t, size_t i, size_t y)
{
    return (char *)t->out[i].data + (y - t->y0) * t->out[i].stride +
           eg_row_bytes(t->pass->outputs[i].sample, t->x0);
}

/* Writes a row of values of map i, which begin at the tile's first column. */
static void write_values(const tile *t, size_t i, size_t y, const float *values)
{
    const eg_map_output *output = &t->pass->outputs[i];
    char *to = output_row(t, i, y);
    if (output->sample == EG_F32)
        memcpy(to, values, t->width * sizeof *values);
    else
        eg_map_convert(t->pass->map_kernels, output, to, values, t->width);
}

static void write_bits(const tile *t, size_t i, size_t y, const uint64_t *bits)
{
    char *to = output_row(t, i, y);
    if (t->pass->outputs[i].sample == EG_BIT)
        memcpy(to, bits, eg_row_bytes(EG_BIT, t->width));
    else
        eg_expand_bits((uint8_t *)to, bits, t->width);
}

/* ---- maps that need the rows around ---- */

/* Returns the index of the copy of row y of a ring of three. */
static size_t slot(size_t y)
{
    return y % NEIGHBOURS;
}

/* Copies a row of the jets' columns to a working row: the tile and a column on both sides, which is
 * `outside` beyond the image. */
static void keep_row(const tile *t, float *to, const float *from, float outside)
{
    const ptrdiff_t shift = (ptrdiff_t)t->x0 - (ptrdiff_t)t->from;
    const bool right = t->x0 + t->width < t->band->width;
    to[-1] = t->x0 > 0 ? from[shift - 1] : outside;
    memcpy(to, from + shift, t->width * sizeof *to);
    to[t->width] = right ? from[shift + (ptrdiff_t)t->width] : outside;
}

/* Sets rows[] to the rows of a ring around row y; those outside the image are row `outside`. */
static void rows_around(const tile *t, size_t i, size_t y, size_t outside, const float *rows[3])
{
    rows[0] = working_row(t, i, y > 0 ? slot(y - 1) : outside);
    rows[1] = working_row(t, i, slot(y));
    rows[2] = working_row(t, i, y + 1 < t->band->height ? slot(y + 1) : outside);
}

static void keep_thin_rows(const tile *t, size_t i, size_t y)
{
    float *const *part = t->cursors[EG_JET_GAUSSIAN].part;
    keep_row(t, working_row(t, i, slot(y)), t->values, 0);
    keep_row(t, working_row(t, i, NEIGHBOURS + slot(y)), part[EG_JET_X], 0);
    keep_row(t, working_row(t, i, 2 * NEIGHBOURS + slot(y)), part[EG_JET_Y], 0);
}

static void write_thin_row(const tile *t, size_t i, size_t y)
{
    const float *magnitude[3];
    rows_around(t, i, y, THIN_ROWS - 1, magnitude);
    eg_thin_row(t->values, magnitude, working_row(t, i, NEIGHBOURS + slot(y)),
                working_row(t, i, 2 * NEIGHBOURS + slot(y)), t->width);
    write_values(t, i, y, t->values);
}

static void write_crossings(const tile *t, size_t i, size_t y)
{
    uint64_t bits[EG_JET_TILE / 64];
    const float *rows[3];
    rows_around(t, i, y, CROSSING_ROWS - 1, rows);
    eg_zero_crossings_row(bits, rows, t->width, t->pass->slope[i]);
    write_bits(t, i, y, bits);
}

static eg_coherence_tile coherence_tile(const tile *t, size_t i)
{
    return (eg_coherence_tile){.pass = t->pass,
                               .memory = working_row(t, i, 0) - t->pass->row_margin,
                               .stride = t->stride,
                               .x0 = t->x0,
                               .width = t->width,
                               .image_width = t->band->width,
                               .image_height = t->band->height};
}

/* ---- rows ---- */

/* Writes row y of a map that needs the rows around it. */
static void write_map_row(const tile *t, size_t i, size_t y)
{
    const eg_gradient_options *options = &t->pass->options[i];
    if (y < t->y0 || y >= t->y1)
        return;
    if (options->map == EG_MAP_COHERENCE) {
        const eg_coherence_tile tensor = coherence_tile(t, i);
        eg_coherence_row(&tensor, y, t->values);
        mark_missing(t, y, t->x0, t->width, t->values);
        write_values(t, i, y, t->values);
    } else if (options->thin) {
        write_thin_row(t, i, y);
    } else {
        write_crossings(t, i, y);
    }
}

/* Receives the jets of row y: writes the rows of maps that can be computed now, and keeps what
 * others need. */
static void add_map_row(const tile *t, size_t i, size_t y)
{
    const eg_gradient_options *options = &t->pass->options[i];
    float *const *part = t->cursors[EG_JET_GAUSSIAN].part;
    if (options->map == EG_MAP_COHERENCE) {
        const eg_coherence_tile tensor = coherence_tile(t, i);
        eg_coherence_add(&tensor, y, part[EG_JET_X], part[EG_JET_Y], t->from, t->count);
        return;
    }
    compute_values(t, i);
    mark_missing(t, y, t->from, t->count, t->values);
    if (!options->thin && !options->zero_crossings) {
        if (y >= t->y0 && y < t->y1)
            write_values(t, i, y, t->values + (t->x0 - t->from));
        return;
    }
    if (options->thin)
        keep_thin_rows(t, i, y);
    else
        keep_row(t, working_row(t, i, slot(y)), t->values, NAN);
    if (y > 0)
        write_map_row(t, i, y - 1);
    if (y + 1 == t->band->height)
        write_map_row(t, i, y);
}

/* Writes row y of the coherence, whose rows within reach have been received. */
static void write_coherence(const tile *t, size_t y)
{
    for (size_t i = 0; i < t->pass->count; i++)
        if (t->pass->options[i].map == EG_MAP_COHERENCE)
            write_map_row(t, i, y);
}

/* Sets the rows outside the image: magnitudes of 0, values of NaN. */
static void set_outside_rows(const tile *t)
{
    for (size_t i = 0; i < t->pass->count; i++) {
        const eg_gradient_options *options = &t->pass->options[i];
        if (!options->thin && !options->zero_crossings)
            continue;
        float *row = working_row(t, i, map_rows(t->pass, i) - 1);
        for (ptrdiff_t x = -1; x <= (ptrdiff_t)t->width; x++)
            row[x] = options->thin ? 0 : NAN;
    }
}

static void begin_tile(tile *t, size_t first, char *scratch)
{
    const size_t margin = t->pass->margin, end = t->x0 + t->width + margin;
    t->from = t->x0 > margin ? t->x0 - margin : 0;
    t->count = (end < t->band->width ? end : t->band->width) - t->from;
    t->stride = row_stride(t->pass);
    t->values = (float *)(void *)scratch;
    t->rows = t->values + t->stride;
    scratch += (1 + rows_before(t->pass, t->pass->count)) * t->stride * sizeof(float);
    for (size_t i = 0; i < EG_JETS; scratch += cursor_bytes(t->pass, i++))
        if (t->pass->jets[i].parts)
            eg_jet_cursor_begin(&t->cursors[i], &t->pass->jets[i], t->band, t->from, t->count,
                                first, scratch);
    set_outside_rows(t);
}

void eg_jet_tile_run(eg_jet_pass *pass, const eg_band *band, size_t x0, size_t y0, size_t y1,
                     void *scratch, const eg_rows out[])
{
    const size_t first = y0 > pass->margin ? y0 - pass->margin : 0;
    const size_t width = band->width - x0 < pass->columns ? band->width - x0 : pass->columns;
    tile t = {.pass = pass, .band = band, .x0 = x0, .width = width, .y0 = y0, .y1 = y1, .out = out};
    begin_tile(&t, first, scratch);
    size_t ready = first;
    for (size_t y = y0; y < y1; y++) {
        for (; ready < band->height && ready <= y + pass->margin; ready++) {
            for (size_t i = 0; i < EG_JETS; i++)
                if (pass->jets[i].parts)
                    eg_jet_cursor_row(&t.cursors[i], ready);
            for (size_t i = 0; i < pass->count; i++)
                add_map_row(&t, i, ready);
        }
        write_coherence(&t, y);
    }
    for (size_t i = 0; i < EG_JETS; i++)
        if (t.cursors[i].any_valid)
            atomic_store_explicit(&pass->any_valid, true, memory_order_relaxed);
}
