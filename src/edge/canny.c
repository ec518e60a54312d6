/* SPDX-License-Identifier: MIT */
/* The first pass of eg_edges(): from source rows to planes of bits or to magnitude bins. */
#include <math.h>
#include <string.h>

#include "core/status.h"
#include "edge/canny.h"
#include "edge/holes.h"

/* ---- the first pass: one tile of one strip ---- */

enum { ROW_SAMPLES = EG_TILE + 2 * EG_SMOOTHED_MARGIN, RING = 4 };

/* Working rows of a tile; sample 0 is the tile's first column. */
typedef struct tile_rows {
    char *gx, *gy, *mag; /* rings of RING rows */
    char *zero;          /* row of zero magnitudes outside the image */
    char *plain;   /* floats: ring of magnitudes of responses that are not corrected, see holes.h */
    char *limited; /* floats: row of the lesser of both magnitudes */
    size_t response_stride, magnitude_stride; /* bytes */
    bool missing[RING];                       /* missing samples have influence on the row */
    uint64_t partial[RING][EG_TILE_WORDS];    /* of these rows, see holes.h */
} tile_rows;

static size_t response_bytes(eg_magnitude_kind kind)
{
    return kind == EG_MAGNITUDE_I16_L1 || kind == EG_MAGNITUDE_I16_L2 ? sizeof(int16_t)
                                                                      : sizeof(float);
}

static size_t magnitude_bytes(eg_magnitude_kind kind)
{
    return kind == EG_MAGNITUDE_I16_L1 ? sizeof(int16_t) : sizeof(float);
}

/* Returns true if samples may be missing. */
static bool is_float(eg_magnitude_kind kind)
{
    return kind == EG_MAGNITUDE_F32_L1 || kind == EG_MAGNITUDE_F32_L2;
}

static size_t tile_bytes(eg_magnitude_kind kind)
{
    const size_t magnitude_rows = is_float(kind) ? 2 * (RING + 1) : RING + 1;
    return ROW_SAMPLES * (2 * RING * response_bytes(kind) + magnitude_rows * magnitude_bytes(kind));
}

static tile_rows tile_rows_in(eg_magnitude_kind kind, char *memory)
{
    tile_rows tile = {.response_stride = ROW_SAMPLES * response_bytes(kind),
                      .magnitude_stride = ROW_SAMPLES * magnitude_bytes(kind)};
    tile.gx = memory + EG_SMOOTHED_MARGIN * response_bytes(kind);
    tile.gy = tile.gx + RING * tile.response_stride;
    tile.mag =
        memory + 2 * RING * tile.response_stride + EG_SMOOTHED_MARGIN * magnitude_bytes(kind);
    tile.zero = tile.mag + RING * tile.magnitude_stride;
    if (is_float(kind)) {
        tile.plain = tile.zero + tile.magnitude_stride;
        tile.limited = tile.plain + RING * tile.magnitude_stride;
    }
    return tile;
}

static void clear_sample(char *row, ptrdiff_t x, size_t bytes)
{
    memset(row + x * (ptrdiff_t)bytes, 0, bytes);
}

/* Computes responses and magnitudes of row y, including one pixel beyond the tile on both sides. */
static void compute_magnitude_row(const eg_canny *canny, eg_tile_cursor *cursor, tile_rows *tile,
                                  size_t y, size_t width)
{
    const size_t slot = y % RING, bytes = magnitude_bytes(canny->scale.kind);
    char *gx = tile->gx + slot * tile->response_stride - response_bytes(canny->scale.kind);
    char *gy = tile->gy + slot * tile->response_stride - response_bytes(canny->scale.kind);
    char *mag = tile->mag + slot * tile->magnitude_stride - bytes;
    tile->missing[slot] = eg_tile_cursor_row(cursor, (ptrdiff_t)y, gx, gy);
    if (tile->missing[slot]) {
        void *plain = tile->plain + slot * tile->magnitude_stride - bytes;
        canny->magnitude(plain, gx, gy, width + 2);
        eg_tile_cursor_correct(cursor, (ptrdiff_t)y, (float *)(void *)gx, (float *)(void *)gy,
                               tile->partial[slot]);
        canny->magnitude(mag, gx, gy, width + 2);
        eg_lower_missing((const float *)eg_band_row(cursor->band, (ptrdiff_t)y) + cursor->x0, plain,
                         (float *)(void *)mag, width + 2);
    } else {
        canny->magnitude(mag, gx, gy, width + 2);
    }
    if (cursor->x0 < 0)
        clear_sample(mag, 0, bytes);
    if (cursor->x0 + 1 + (ptrdiff_t)width == (ptrdiff_t)cursor->band->width)
        clear_sample(mag, (ptrdiff_t)width + 1, bytes);
}

/* Addresses of the bits of one row of a tile. */
typedef struct row_bits {
    uint64_t *candidate, *strong;
} row_bits;

/* Returns the addresses of row y at column x0; `unused` replaces planes that are not allocated. */
static row_bits row_bits_at(const eg_canny *canny, size_t y, size_t x0, row_bits unused)
{
    if (canny->planes.candidate)
        unused.candidate = eg_candidate_row(&canny->planes, y - canny->span.first) + x0 / 64;
    if (canny->planes.edge)
        unused.strong = eg_edge_row(&canny->planes, y - canny->span.first) + x0 / 64;
    return unused;
}

/* Removes candidates of a row that are missing, too weak, or there only because of missing samples.
 */
static void remove_candidates(const eg_canny *canny, const tile_rows *tile,
                              const void *const mag[3], eg_hole_rows *rows, row_bits bits)
{
    bool near = false;
    for (size_t j = 0; j < 3; j++) {
        const size_t slot = (rows->y + j + RING - 1) % RING;
        const bool outside = mag[j] == tile->zero, missing = !outside && tile->missing[slot];
        const char *gx = tile->gx + slot * tile->response_stride;
        const char *gy = tile->gy + slot * tile->response_stride;
        const char *plain = tile->plain + slot * tile->magnitude_stride;
        rows->gx[j] = outside ? NULL : (const float *)(const void *)gx;
        rows->gy[j] = outside ? NULL : (const float *)(const void *)gy;
        rows->magnitude[j] = mag[j];
        rows->plain[j] = missing ? (const float *)(const void *)plain : NULL;
        rows->partial[j] = tile->partial[slot];
        near = near || missing;
    }
    if (rows->plain[1])
        eg_clear_missing(rows, &canny->thresholds, bits.candidate, bits.strong);
    if (near && canny->hysteresis)
        eg_clear_slopes(rows, bits.candidate, bits.strong);
}

static void find_row_candidates(const eg_canny *canny, const tile_rows *tile, eg_hole_rows *rows,
                                row_bits bits)
{
    const size_t y = rows->y, slot = y % RING;
    const void *mag[3];
    for (size_t j = 0; j < 3; j++) {
        bool outside = (y == 0 && j == 0) || (y + 1 == rows->band->height && j == 2);
        mag[j] =
            outside ? tile->zero : tile->mag + ((y + j + RING - 1) % RING) * tile->magnitude_stride;
    }
    canny->find_candidates(bits.candidate, bits.strong, tile->gx + slot * tile->response_stride,
                           tile->gy + slot * tile->response_stride, mag, rows->width,
                           &canny->thresholds);
    if (is_float(canny->scale.kind))
        remove_candidates(canny, tile, mag, rows, bits);
}

/* Returns the magnitudes of row y that decide on thresholds. */
static const void *limit_magnitudes(const tile_rows *tile, size_t y, size_t width)
{
    const size_t at = y % RING * tile->magnitude_stride;
    const float *mag = (const float *)(const void *)(tile->mag + at);
    const float *plain = (const float *)(const void *)(tile->plain + at);
    float *limited = (float *)(void *)tile->limited;
    if (!tile->missing[y % RING])
        return mag;
    for (size_t x = 0; x < width; x++)
        limited[x] = plain[x] < mag[x] ? plain[x] : mag[x];
    return limited;
}

static void find_tile_candidates(eg_canny *canny, const eg_band *band, eg_canny_strip *strip,
                                 size_t x0, eg_span rows, char *scratch, void *bins)
{
    const size_t width = band->width - x0 < EG_TILE ? band->width - x0 : EG_TILE;
    const size_t first = rows.first > 0 ? rows.first - 1 : 0;
    const size_t last = rows.end < band->height ? rows.end : band->height - 1;
    tile_rows tile = tile_rows_in(canny->scale.kind, scratch);
    eg_tile_cursor cursor;
    memset(tile.zero - EG_SMOOTHED_MARGIN * magnitude_bytes(canny->scale.kind), 0,
           tile.magnitude_stride);
    eg_tile_cursor_begin(&cursor, &canny->derivative, band, (ptrdiff_t)x0 - 1, width + 2,
                         (ptrdiff_t)first, scratch + tile_bytes(canny->scale.kind));

    /* With automatic thresholds no strong pixels are known yet; a histogram alone keeps no bits at
     * all. */
    uint64_t candidate[EG_TILE / 64] = {0}, strong[EG_TILE / 64] = {0};
    size_t ready = first; /* first row without responses */
    for (size_t y = rows.first; y < rows.end; y++) {
        for (; ready <= last && ready <= y + 1; ready++)
            compute_magnitude_row(canny, &cursor, &tile, ready, width);
        row_bits bits = row_bits_at(canny, y, x0, (row_bits){candidate, strong});
        find_row_candidates(canny, &tile,
                            &(eg_hole_rows){.band = band, .x0 = x0, .y = y, .width = width}, bits);
        if (!canny->automatic)
            continue;
        const void *mag = limit_magnitudes(&tile, y, width);
        eg_collect_bins(canny, strip, bits.candidate, width, mag, bins);
        if (!(strip->seen & EG_SEEN_GRADIENT))
            strip->seen |= eg_canny_look(canny, band, y, mag, width);
    }
    if (cursor.any_valid)
        atomic_store_explicit(&canny->any_valid, true, memory_order_relaxed);
}

/* ---- the first pass: strips ---- */

static size_t strip_scratch(const eg_canny *canny, size_t strip_rows)
{
    size_t work = tile_bytes(canny->scale.kind) + eg_tile_cursor_scratch(&canny->derivative);
    size_t bins = canny->automatic ? eg_bin_scratch(canny, strip_rows) : 0;
    size_t flood = eg_hysteresis_scratch(canny->planes.words, strip_rows);
    return work + (bins > flood ? bins : flood);
}

static eg_status run_strip(const eg_stage *stage, const eg_band *band, size_t index, size_t y0,
                           size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)out;
    eg_canny *canny = stage->opaque;
    eg_canny_strip *strip = &canny->strips[index];
    strip->exceeds = eg_canny_may_overflow(canny, band, y0, y1);
    strip->rows = (eg_block_rows){y0 - canny->span.first, y1 - canny->span.first};
    char *strip_memory = (char *)scratch + tile_bytes(canny->scale.kind) +
                         eg_tile_cursor_scratch(&canny->derivative);
    for (size_t x0 = 0; x0 < band->width; x0 += EG_TILE)
        find_tile_candidates(canny, band, strip, x0, (eg_span){y0, y1}, scratch, strip_memory);
    if (canny->automatic)
        return eg_store_bins(canny, strip, strip_memory, error);
    if (canny->hysteresis)
        eg_hysteresis_block(&canny->planes, strip->rows, strip_memory);
    return EG_OK;
}

eg_status eg_canny_first_pass(eg_canny *canny, eg_source *source, eg_error *error)
{
    eg_stage stage = {.opaque = canny, .run = run_strip};
    eg_derivative_stage_configure(&canny->derivative, &stage, 1);
    canny->strip_count = eg_pipeline_strips(source, &stage);
    stage.scratch = strip_scratch(canny, eg_pipeline_rows(source, &stage) + stage.halo);
    canny->strips = eg_calloc(canny->ctx, canny->strip_count, sizeof *canny->strips, error);
    if (!canny->strips)
        return eg_failed(error);
    eg_status status =
        canny->histogram_only ? EG_OK : eg_allocate_plane(canny, &canny->planes.candidate, error);
    if (status == EG_OK && !canny->automatic)
        status = eg_allocate_plane(canny, &canny->planes.edge, error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, NULL, 0, error);
    if (status == EG_OK)
        eg_canny_warn_of_overflow(canny, source);
    return status;
}

/* ---- options ---- */

/* Sets low_response and high_response from the options, both NaN if the thresholds are automatic.
 */
static void resolve_thresholds(eg_canny *canny, const eg_edges_options *options)
{
    double low = options->low, high = options->high;
    if (options->method == EG_EDGE_THRESHOLD)
        low = high;
    if (isnan(low))
        low = high * EG_LOW_HIGH_RATIO;
    if (isnan(high))
        high = low / EG_LOW_HIGH_RATIO;
    if (low > high) {
        double swap = low;
        low = high;
        high = swap;
    }
    double unit = options->unit == EG_UNIT_PIXEL ? canny->scale.divisor : 1;
    canny->low_response = low * unit;
    canny->high_response = high * unit;
    canny->automatic = isnan(low);
}

eg_status eg_canny_init(eg_canny *canny, const eg_source *source, const eg_edges_options *options,
                        eg_error *error)
{
    const double sigma = isnan(options->sigma) ? EG_SIGMA_DEFAULT : options->sigma;
    const eg_derivative_options derivative = {options->op, sigma, options->border,
                                              options->border_value};
    *canny = (eg_canny){.ctx = source->ctx, .sigma = sigma};
    atomic_init(&canny->any_valid, false);
    canny->planes.width = source->info.width;
    canny->span = eg_source_span(source);
    canny->planes.height = canny->span.end - canny->span.first;
    canny->planes.words = (canny->planes.width + 63) / 64;
    eg_status status =
        eg_derivative_stage_init(&canny->derivative, source, &derivative, true, error);
    if (status != EG_OK)
        return status;
    if ((options->norm != EG_NORM_L2 && options->norm != EG_NORM_L1) ||
        (options->method != EG_EDGE_CANNY && options->method != EG_EDGE_THRESHOLD))
        return eg_fail(error, EG_USAGE, "unknown edge method or norm");
    canny->derivative.keeps_shifts = source->info.sample == EG_F32;
    bool integer = source->info.sample == EG_U8, l1 = options->norm == EG_NORM_L1;
    const eg_operator *op = canny->derivative.op;
    canny->scale = (eg_response_scale){
        .kind = integer ? (l1 ? EG_MAGNITUDE_I16_L1 : EG_MAGNITUDE_I16_L2)
                        : (l1 ? EG_MAGNITUDE_F32_L1 : EG_MAGNITUDE_F32_L2),
        .divisor = op->divisor,
        .shift = integer ? op->shift : 0,
        .white_level = source->info.white_level,
    };
    canny->hysteresis = options->method == EG_EDGE_CANNY;
    canny->kernels = eg_edge_kernels_for(canny->ctx->cpu);
    canny->magnitude = canny->kernels->magnitude[canny->scale.kind];
    canny->find_candidates =
        (canny->hysteresis ? canny->kernels->thin : canny->kernels->threshold)[canny->scale.kind];
    resolve_thresholds(canny, options);
    if (canny->automatic)
        canny->thresholds = eg_collection_thresholds(&canny->scale, &canny->bin_base);
    else
        canny->thresholds =
            eg_thresholds_from_responses(&canny->scale, canny->low_response, canny->high_response);
    return EG_OK;
}

void eg_canny_release(eg_canny *canny)
{
    for (size_t k = 0; canny->strips && k < canny->strip_count; k++)
        eg_free(canny->strips[k].bins);
    eg_free(canny->strips);
    eg_free(canny->blocks);
    eg_free(canny->planes.edge);
    eg_free(canny->planes.candidate);
}
