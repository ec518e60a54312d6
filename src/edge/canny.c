/* SPDX-License-Identifier: MIT */
/* The first pass of eg_edges(): from the source's rows to bits, or to what thresholds are chosen
 * from. */
#include <math.h>
#include <string.h>

#include "core/status.h"
#include "edge/canny.h"

/* ---- the first pass: one tile of one strip ---- */

enum { ROW_SAMPLES = EG_TILE + 2 * EG_SMOOTHED_MARGIN, RING = 4 };

/* Rows that a tile is worked through with; sample 0 stands for the tile's first column. */
typedef struct tile_rows {
    char *gx, *gy, *mag;     /* rings of RING rows */
    char *zero;              /* magnitudes outside the image */
    size_t sum_row, mag_row; /* bytes a row */
} tile_rows;

static size_t sum_bytes(eg_response_kind kind)
{
    return kind == EG_RESPONSE_I16_L1 || kind == EG_RESPONSE_I16_L2 ? sizeof(int16_t)
                                                                    : sizeof(float);
}

static size_t mag_bytes(eg_response_kind kind)
{
    return kind == EG_RESPONSE_I16_L1 ? sizeof(int16_t) : sizeof(float);
}

static size_t tile_bytes(eg_response_kind kind)
{
    return ROW_SAMPLES * (2 * RING * sum_bytes(kind) + (RING + 1) * mag_bytes(kind));
}

static tile_rows tile_rows_in(eg_response_kind kind, char *memory)
{
    tile_rows t = {.sum_row = ROW_SAMPLES * sum_bytes(kind),
                   .mag_row = ROW_SAMPLES * mag_bytes(kind)};
    t.gx = memory + EG_SMOOTHED_MARGIN * sum_bytes(kind);
    t.gy = t.gx + RING * t.sum_row;
    t.mag = memory + 2 * RING * t.sum_row + EG_SMOOTHED_MARGIN * mag_bytes(kind);
    t.zero = t.mag + RING * t.mag_row;
    return t;
}

static void clear_sample(char *row, ptrdiff_t x, size_t bytes)
{
    memset(row + x * (ptrdiff_t)bytes, 0, bytes);
}

/* Sums and magnitudes of row y, one pixel further than the tile on both sides. */
static void advance(const eg_canny *m, eg_tile_cursor *walk, const tile_rows *t, size_t y,
                    size_t width)
{
    const size_t slot = y % RING;
    char *gx = t->gx + slot * t->sum_row - sum_bytes(m->scale.kind);
    char *gy = t->gy + slot * t->sum_row - sum_bytes(m->scale.kind);
    char *mag = t->mag + slot * t->mag_row;
    size_t bytes = mag_bytes(m->scale.kind);
    eg_tile_cursor_row(walk, (ptrdiff_t)y, gx, gy);
    m->magnitude(mag - bytes, gx, gy, width + 2);
    if (walk->x0 < 0)
        clear_sample(mag, -1, bytes);
    if (walk->x0 + 1 + (ptrdiff_t)width == (ptrdiff_t)walk->band->width)
        clear_sample(mag, (ptrdiff_t)width, bytes);
}

/* Where the bits of row y of a tile go. */
typedef struct row_bits {
    uint64_t *candidate, *strong;
} row_bits;

/* A plane that is not there has `spare` in its place. */
static row_bits row_bits_at(const eg_canny *m, size_t y, size_t x0, row_bits spare)
{
    if (m->planes.candidate)
        spare.candidate = eg_candidate_row(&m->planes, y - m->span.first) + x0 / 64;
    if (m->planes.edge)
        spare.strong = eg_edge_row(&m->planes, y - m->span.first) + x0 / 64;
    return spare;
}

static void mark_row(const eg_canny *m, const tile_rows *t, const eg_band *band, row_bits bits,
                     size_t width, size_t y)
{
    const void *mag[3];
    for (size_t j = 0; j < 3; j++) {
        bool outside = (y == 0 && j == 0) || (y + 1 == band->height && j == 2);
        mag[j] = outside ? t->zero : t->mag + ((y + j + RING - 1) % RING) * t->mag_row;
    }
    size_t slot = y % RING;
    m->mark(bits.candidate, bits.strong, t->gx + slot * t->sum_row, t->gy + slot * t->sum_row, mag,
            width, &m->levels);
}

static void mark_tile(const eg_canny *m, const eg_band *band, eg_canny_strip *strip, size_t x0,
                      eg_span rows, char *scratch, uint8_t *codes)
{
    const size_t width = band->width - x0 < EG_TILE ? band->width - x0 : EG_TILE;
    const size_t first = rows.first > 0 ? rows.first - 1 : 0;
    const size_t last = rows.end < band->height ? rows.end : band->height - 1;
    tile_rows t = tile_rows_in(m->scale.kind, scratch);
    eg_tile_cursor walk;
    memset(t.zero - EG_SMOOTHED_MARGIN * mag_bytes(m->scale.kind), 0, t.mag_row);
    eg_tile_cursor_begin(&walk, &m->front, band, (ptrdiff_t)x0 - 1, width + 2, (ptrdiff_t)first,
                         scratch + tile_bytes(m->scale.kind));

    /* Automatic: what is strong is not known yet. A histogram keeps no bits at all. */
    uint64_t candidate[EG_TILE / 64] = {0}, strong[EG_TILE / 64] = {0};
    size_t ready = first; /* rows below this one have their sums */
    for (size_t y = rows.first; y < rows.end; y++) {
        for (; ready <= last && ready <= y + 1; ready++)
            advance(m, &walk, &t, ready, width);
        row_bits bits = row_bits_at(m, y, x0, (row_bits){candidate, strong});
        mark_row(m, &t, band, bits, width, y);
        if (m->automatic)
            eg_collect_bins(m, strip, bits.candidate, width, t.mag + (y % RING) * t.mag_row, codes);
    }
}

/* ---- the first pass: strips ---- */

static size_t strip_scratch(const eg_canny *m, size_t strip_rows)
{
    size_t work = tile_bytes(m->scale.kind) + eg_tile_cursor_scratch();
    size_t codes = m->automatic ? m->planes.width * strip_rows + EG_BINS_SLACK : 0;
    size_t link = eg_link_scratch(m->planes.words, strip_rows);
    return work + (codes > link ? codes : link);
}

static eg_status mark_strip(const eg_stage *stage, const eg_band *band, size_t index, size_t y0,
                            size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)out;
    const eg_canny *m = stage->opaque;
    eg_canny_strip *strip = &m->strips[index];
    strip->rows = (eg_block_rows){y0 - m->span.first, y1 - m->span.first};
    char *tail = (char *)scratch + tile_bytes(m->scale.kind) + eg_tile_cursor_scratch();
    for (size_t x0 = 0; x0 < band->width; x0 += EG_TILE)
        mark_tile(m, band, strip, x0, (eg_span){y0, y1}, scratch, (uint8_t *)tail);
    if (m->automatic)
        return eg_keep_bins(m, strip, (uint8_t *)tail, error);
    if (m->hysteresis)
        eg_link_block(&m->planes, strip->rows, tail);
    return EG_OK;
}

eg_status eg_canny_first_pass(eg_canny *m, eg_source *source, eg_error *error)
{
    eg_stage stage = {.opaque = m, .run = mark_strip};
    eg_derivative_stage_needs(&m->front, &stage, 1);
    m->strip_count = eg_pipeline_strips(source, &stage);
    stage.scratch = strip_scratch(m, eg_pipeline_rows(source, &stage) + stage.halo);
    m->strips = eg_calloc(m->ctx, m->strip_count, sizeof *m->strips, error);
    if (!m->strips)
        return eg_failed(error);
    eg_status status = m->histogram ? EG_OK : eg_allocate_plane(m, &m->planes.candidate, error);
    if (status == EG_OK && !m->automatic)
        status = eg_allocate_plane(m, &m->planes.edge, error);
    return status == EG_OK ? eg_pipeline_run(source, &stage, NULL, 0, error) : status;
}

/* ---- from options to a marking ---- */

/* Settles low_sum and high_sum; both NaN where they are to be found. */
static void settle_thresholds(eg_canny *m, const eg_edges_options *options)
{
    double low = options->low, high = options->high;
    if (options->method == EG_EDGE_THRESHOLD)
        low = high;
    if (isnan(low))
        low = high * EG_LOW_TO_HIGH;
    if (isnan(high))
        high = low / EG_LOW_TO_HIGH;
    if (low > high) {
        double swap = low;
        low = high;
        high = swap;
    }
    double unit = options->unit == EG_UNIT_PIXEL ? m->scale.divisor : 1;
    m->low_sum = low * unit;
    m->high_sum = high * unit;
    m->automatic = isnan(low);
}

eg_status eg_canny_init(eg_canny *m, const eg_source *source, const eg_edges_options *options,
                        eg_error *error)
{
    const eg_derivative_options front = {options->op, options->sigma, options->border,
                                         options->border_value};
    *m = (eg_canny){.ctx = source->ctx};
    m->planes.width = source->info.width;
    m->span = eg_source_span(source);
    m->planes.height = m->span.end - m->span.first;
    m->planes.words = (m->planes.width + 63) / 64;
    eg_status status = eg_derivative_stage_init(&m->front, source, &front, true, error);
    if (status != EG_OK)
        return status;
    if ((options->norm != EG_NORM_L2 && options->norm != EG_NORM_L1) ||
        (options->method != EG_EDGE_CANNY && options->method != EG_EDGE_THRESHOLD))
        return eg_fail(error, EG_USAGE, "no such method or norm");
    bool integer = source->info.sample == EG_U8, l1 = options->norm == EG_NORM_L1;
    const eg_operator *op = m->front.op;
    m->scale = (eg_scale){
        .kind = integer ? (l1 ? EG_RESPONSE_I16_L1 : EG_RESPONSE_I16_L2)
                        : (l1 ? EG_RESPONSE_F32_L1 : EG_RESPONSE_F32_L2),
        .divisor = op->divisor,
        .shift = integer ? op->shift : 0,
        .white_level = source->info.white_level,
    };
    m->hysteresis = options->method == EG_EDGE_CANNY;
    m->kernels = eg_edge_kernels_for(m->ctx->cpu);
    m->magnitude = m->kernels->magnitude[m->scale.kind];
    m->mark = (m->hysteresis ? m->kernels->thin : m->kernels->above)[m->scale.kind];
    settle_thresholds(m, options);
    if (m->automatic)
        m->coder = eg_binning_init(&m->scale, &m->levels);
    else
        m->levels = eg_thresholds_from_responses(&m->scale, m->low_sum, m->high_sum);
    return EG_OK;
}

void eg_canny_release(eg_canny *m)
{
    for (size_t k = 0; m->strips && k < m->strip_count; k++)
        eg_free(m->strips[k].codes);
    eg_free(m->strips);
    eg_free(m->blocks);
    eg_free(m->planes.edge);
    eg_free(m->planes.candidate);
}
