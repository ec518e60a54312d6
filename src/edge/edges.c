/* SPDX-License-Identifier: MIT */
/*
 * eg_edges(). First pass, strip by strip while the source is decoded: front end, magnitudes,
 * non-maximum suppression, two bits a pixel. Where thresholds are automatic they come out of a
 * histogram that pass collects, with a byte kept for each ridge; the source is read once either way.
 * Then linking, then the rows of bits go to the sink.
 */
#include "edge/edges.h"

#include <math.h>
#include <string.h>

#include "core/copy.h"
#include "core/status.h"

/* ---- the first pass: one tile of one strip ---- */

enum { ROW_SAMPLES = EG_TILE + 2 * EG_FRONT_MARGIN, RING = 4 };

/* Rows that a tile is worked through with; sample 0 stands for the tile's first column. */
typedef struct tile_rows {
    char *gx, *gy, *mag;     /* rings of RING rows */
    char *zero;              /* magnitudes outside the image */
    size_t sum_row, mag_row; /* bytes a row */
} tile_rows;

static size_t sum_bytes(eg_sum_kind kind)
{
    return kind == EG_KIND_I16_L1 || kind == EG_KIND_I16_L2 ? sizeof(int16_t) : sizeof(float);
}

static size_t mag_bytes(eg_sum_kind kind)
{
    return kind == EG_KIND_I16_L1 ? sizeof(int16_t) : sizeof(float);
}

static size_t tile_bytes(eg_sum_kind kind)
{
    return ROW_SAMPLES * (2 * RING * sum_bytes(kind) + (RING + 1) * mag_bytes(kind));
}

static tile_rows tile_rows_in(eg_sum_kind kind, char *memory)
{
    tile_rows t = {.sum_row = ROW_SAMPLES * sum_bytes(kind),
                   .mag_row = ROW_SAMPLES * mag_bytes(kind)};
    t.gx = memory + EG_FRONT_MARGIN * sum_bytes(kind);
    t.gy = t.gx + RING * t.sum_row;
    t.mag = memory + 2 * RING * t.sum_row + EG_FRONT_MARGIN * mag_bytes(kind);
    t.zero = t.mag + RING * t.mag_row;
    return t;
}

static void clear_sample(char *row, ptrdiff_t x, size_t bytes)
{
    memset(row + x * (ptrdiff_t)bytes, 0, bytes);
}

/* Sums and magnitudes of row y, one pixel further than the tile on both sides. */
static void advance(const eg_marking *m, eg_walk *walk, const tile_rows *t, size_t y, size_t width)
{
    const size_t slot = y % RING;
    char *gx = t->gx + slot * t->sum_row - sum_bytes(m->scale.kind);
    char *gy = t->gy + slot * t->sum_row - sum_bytes(m->scale.kind);
    char *mag = t->mag + slot * t->mag_row;
    size_t bytes = mag_bytes(m->scale.kind);
    eg_walk_row(walk, (ptrdiff_t)y, gx, gy);
    m->magnitude(mag - bytes, gx, gy, width + 2);
    if (walk->x0 < 0)
        clear_sample(mag, -1, bytes);
    if (walk->x0 + 1 + (ptrdiff_t)width == (ptrdiff_t)walk->band->width)
        clear_sample(mag, (ptrdiff_t)width, bytes);
}

static void mark_row(const eg_marking *m, const tile_rows *t, const eg_band *band, size_t x0,
                     size_t width, size_t y)
{
    const void *mag[3];
    for (size_t j = 0; j < 3; j++) {
        bool outside = (y == 0 && j == 0) || (y + 1 == band->height && j == 2);
        mag[j] = outside ? t->zero : t->mag + ((y + j + RING - 1) % RING) * t->mag_row;
    }
    size_t slot = y % RING;
    uint64_t nowhere[EG_TILE / 64]; /* automatic: what is strong is not known yet */
    uint64_t *strong = m->planes.edge ? eg_edge_row(&m->planes, y) + x0 / 64 : nowhere;
    m->mark(eg_candidate_row(&m->planes, y) + x0 / 64, strong, t->gx + slot * t->sum_row,
            t->gy + slot * t->sum_row, mag, width, &m->levels);
}

static void mark_tile(const eg_marking *m, const eg_band *band, eg_strip *strip, size_t x0,
                      char *scratch, uint8_t *codes)
{
    const size_t width = band->width - x0 < EG_TILE ? band->width - x0 : EG_TILE;
    const size_t first = strip->rows.y0 > 0 ? strip->rows.y0 - 1 : 0;
    const size_t last = strip->rows.y1 < band->height ? strip->rows.y1 : band->height - 1;
    tile_rows t = tile_rows_in(m->scale.kind, scratch);
    eg_walk walk;
    memset(t.zero - EG_FRONT_MARGIN * mag_bytes(m->scale.kind), 0, t.mag_row);
    eg_walk_begin(&walk, &m->front, band, (ptrdiff_t)x0 - 1, width + 2, (ptrdiff_t)first,
                  scratch + tile_bytes(m->scale.kind));

    size_t ready = first; /* rows below this one have their sums */
    for (size_t y = strip->rows.y0; y < strip->rows.y1; y++) {
        for (; ready <= last && ready <= y + 1; ready++)
            advance(m, &walk, &t, ready, width);
        mark_row(m, &t, band, x0, width, y);
        if (m->automatic)
            eg_collect_codes(m, strip, x0, width, y, t.mag + (y % RING) * t.mag_row, codes);
    }
}

/* ---- the first pass: strips ---- */

static size_t strip_scratch(const eg_marking *m, size_t strip_rows)
{
    size_t work = tile_bytes(m->scale.kind) + eg_walk_scratch();
    size_t codes = m->automatic ? m->planes.width * strip_rows + EG_CODES_SLACK : 0;
    size_t link = eg_link_scratch(m->planes.words, strip_rows);
    return work + (codes > link ? codes : link);
}

static eg_status mark_strip(const eg_stage *stage, const eg_band *band, size_t index, size_t y0,
                            size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)out;
    const eg_marking *m = stage->self;
    eg_strip *strip = &m->strips[index];
    strip->rows = (eg_block_rows){y0, y1};
    char *tail = (char *)scratch + tile_bytes(m->scale.kind) + eg_walk_scratch();
    for (size_t x0 = 0; x0 < band->width; x0 += EG_TILE)
        mark_tile(m, band, strip, x0, scratch, (uint8_t *)tail);
    if (m->automatic)
        return eg_keep_codes(m, strip, (uint8_t *)tail, error);
    if (m->hysteresis)
        eg_link_block(&m->planes, strip->rows, tail);
    return EG_OK;
}

eg_status eg_allocate_plane(const eg_marking *m, uint64_t **plane, eg_error *error)
{
    *plane = eg_alloc(m->ctx, m->planes.height, m->planes.words * sizeof(uint64_t), error);
    return *plane ? EG_OK : eg_failed(error);
}

static eg_status first_pass(eg_marking *m, eg_source *source, eg_error *error)
{
    eg_stage stage = {.self = m, .run = mark_strip};
    eg_front_stage(&m->front, &stage, 1);
    m->strip_count = eg_pipeline_strips(source, &stage);
    stage.scratch = strip_scratch(m, eg_pipeline_rows(source, &stage) + stage.halo);
    m->strips = eg_calloc(m->ctx, m->strip_count, sizeof *m->strips, error);
    if (!m->strips)
        return eg_failed(error);
    eg_status status = eg_allocate_plane(m, &m->planes.candidate, error);
    if (status == EG_OK && !m->automatic)
        status = eg_allocate_plane(m, &m->planes.edge, error);
    return status == EG_OK ? eg_pipeline_run(source, &stage, NULL, 0, error) : status;
}

/* ---- linking, and the way out ---- */

static eg_status link_all(eg_marking *m, eg_error *error)
{
    if (!m->hysteresis)
        return EG_OK;
    eg_block_rows *blocks = eg_alloc(m->ctx, m->strip_count, sizeof *blocks, error);
    if (!blocks)
        return eg_failed(error);
    for (size_t k = 0; k < m->strip_count; k++)
        blocks[k] = m->strips[k].rows;
    eg_status status = eg_link_seams(m->ctx, &m->planes, blocks, m->strip_count, error);
    eg_free(blocks);
    return status;
}

typedef struct plane_source {
    eg_source base;
    const eg_planes *planes;
} plane_source;

static eg_status plane_read(eg_source *source, void *rows, size_t stride, size_t count,
                            eg_error *error)
{
    (void)error;
    const eg_planes *planes = ((plane_source *)source)->planes;
    for (size_t i = 0; i < count; i++)
        memcpy((char *)rows + i * stride, eg_edge_row(planes, source->next_row + i),
               planes->words * sizeof(uint64_t));
    return EG_OK;
}

static eg_status write_edges(const eg_marking *m, const eg_source *from, eg_sink *sink,
                             eg_error *error)
{
    static const eg_source_ops ops = {.read = plane_read};
    plane_source source = {.base = {.ops = &ops, .ctx = m->ctx}, .planes = &m->planes};
    source.base.info.width = m->planes.width;
    source.base.info.height = m->planes.height;
    source.base.info.sample = EG_BIT;
    source.base.info.white = 255;
    source.base.georef = from->georef;
    return eg_copy(&source.base, sink, m->kernels->expand, error);
}

static uint64_t count_edges(const eg_planes *planes)
{
    uint64_t count = 0;
    for (size_t i = 0; i < planes->words * planes->height; i++)
        count += (uint64_t)__builtin_popcountll(planes->edge[i]);
    return count;
}

static void fill_result(const eg_marking *m, eg_edges_result *result)
{
    double divisor = m->scale.divisor;
    *result = (eg_edges_result){
        .low = m->low_sum / divisor,
        .high = m->high_sum / divisor,
        .low_sum = m->low_sum,
        .high_sum = m->high_sum,
        .automatic = m->automatic,
        .edge_pixels = count_edges(&m->planes),
    };
}

/* ---- the whole ---- */

void eg_edges_default(eg_edges_options *options)
{
    *options = (eg_edges_options){.op = "sobel3", .sigma = 1.4, .low = NAN, .high = NAN};
}

/* Settles low_sum and high_sum; both NaN where they are to be found. */
static void settle_thresholds(eg_marking *m, const eg_edges_options *options)
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

static eg_status prepare(eg_marking *m, eg_source *source, const eg_sink *sink,
                         const eg_edges_options *options, eg_error *error)
{
    const eg_front_options front = {options->op, options->sigma, options->border,
                                    options->border_value};
    m->ctx = source->ctx;
    m->planes.width = source->info.width;
    m->planes.height = source->info.height;
    m->planes.words = (m->planes.width + 63) / 64;
    eg_status status = eg_front_init(&m->front, source, &front, true, error);
    if (status != EG_OK)
        return status;
    if (!eg_sink_accepts(sink, EG_BIT) && !eg_sink_accepts(sink, EG_U8))
        return eg_sink_refuse(sink, EG_BIT, "edges", error);
    if ((options->norm != EG_NORM_L2 && options->norm != EG_NORM_L1) ||
        (options->method != EG_EDGE_CANNY && options->method != EG_EDGE_THRESHOLD))
        return eg_fail(error, EG_USAGE, "no such method or norm");
    bool integer = source->info.sample == EG_U8, l1 = options->norm == EG_NORM_L1;
    const eg_operator *op = m->front.op;
    m->scale = (eg_scale){
        .kind = integer ? (l1 ? EG_KIND_I16_L1 : EG_KIND_I16_L2)
                        : (l1 ? EG_KIND_F32_L1 : EG_KIND_F32_L2),
        .divisor = op->divisor,
        .shift = integer ? op->shift : 0,
        .white = source->info.white,
    };
    m->hysteresis = options->method == EG_EDGE_CANNY;
    m->kernels = eg_edge_kernels_for(m->ctx->cpu);
    m->magnitude = m->kernels->magnitude[m->scale.kind];
    m->mark = (m->hysteresis ? m->kernels->thin : m->kernels->above)[m->scale.kind];
    settle_thresholds(m, options);
    if (m->automatic)
        m->coder = eg_coder_init(&m->scale, &m->levels);
    else
        m->levels = eg_levels_from_sums(&m->scale, m->low_sum, m->high_sum);
    return EG_OK;
}

static void release(eg_marking *m)
{
    for (size_t k = 0; m->strips && k < m->strip_count; k++)
        eg_free(m->strips[k].codes);
    eg_free(m->strips);
    eg_free(m->planes.edge);
    eg_free(m->planes.candidate);
}

static eg_status find_edges(eg_marking *m, eg_source *source, eg_error *error)
{
    eg_status status = first_pass(m, source, error);
    if (status == EG_OK && m->automatic)
        status = eg_apply_codes(m, error);
    return status == EG_OK ? link_all(m, error) : status;
}

eg_status eg_edges(eg_source *source, eg_sink *sink, const eg_edges_options *options,
                   eg_edges_result *result, eg_error *error)
{
    eg_marking m = {0};
    eg_status status = prepare(&m, source, sink, options, error);
    if (status == EG_OK)
        status = find_edges(&m, source, error);
    if (status == EG_OK)
        status = write_edges(&m, source, sink, error);
    if (status == EG_OK && result)
        fill_result(&m, result);
    release(&m);
    eg_name_failure(error, source->name);
    return status;
}
