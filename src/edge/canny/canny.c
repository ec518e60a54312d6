/* SPDX-License-Identifier: MIT */
/* The first pass of eg_edges(): from source rows to planes of bits or to magnitude bins. */
#include <math.h>
#include <string.h>

#include "core/status.h"
#include "edge/canny/canny.h"
#include "edge/canny/holes.h"

/* ---- the first pass: one tile of one strip ---- */

enum { ROW_SAMPLES = EG_TILE + 2 * EG_SMOOTHED_MARGIN, RING = 4, OTHERS = EG_PLANES_MAX - 1 };

/* Working rows of a tile; sample 0 is the tile's first column. */
typedef struct tile_rows {
    char *gx, *gy, *mag; /* rings of RING rows */
    char *zero;          /* row of zero magnitudes outside the image */
    char *plain;   /* floats: ring of magnitudes of responses that are not corrected, see holes.h */
    char *limited; /* floats: row of the lesser of both magnitudes */
    /* three planes: a row of responses of each of the others, and, for floats, their magnitudes */
    char *other_gx, *other_gy, *other_mag, *other_plain;
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

static size_t tile_bytes(const eg_canny *canny)
{
    const eg_magnitude_kind kind = canny->scale.kind;
    const size_t magnitude_rows = is_float(kind) ? 2 * (RING + 1) : RING + 1;
    const size_t one = 2 * RING * response_bytes(kind) + magnitude_rows * magnitude_bytes(kind);
    const size_t others = 2 * OTHERS * response_bytes(kind) + 2 * magnitude_bytes(kind);
    return ROW_SAMPLES * (one + (canny->colours > 1 ? others : 0));
}

static tile_rows tile_rows_in(const eg_canny *canny, char *memory)
{
    const eg_magnitude_kind kind = canny->scale.kind;
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
    if (canny->colours > 1) {
        tile.other_mag = (tile.limited ? tile.limited : tile.zero) + tile.magnitude_stride -
                         EG_SMOOTHED_MARGIN * magnitude_bytes(kind);
        tile.other_plain = tile.other_mag + tile.magnitude_stride;
        tile.other_gx = tile.other_plain + tile.magnitude_stride;
        tile.other_gy = tile.other_gx + OTHERS * tile.response_stride;
    }
    return tile;
}

static void clear_sample(char *row, ptrdiff_t x, size_t bytes)
{
    memset(row + x * (ptrdiff_t)bytes, 0, bytes);
}

/* Cursors of the planes of a tile. */
typedef struct tile_cursors {
    eg_tile_cursor plane[EG_PLANES_MAX];
} tile_cursors;

/* A row of responses and magnitudes of one plane, from one pixel left of the tile on. */
typedef struct plane_row {
    char *gx, *gy, *mag, *plain;
} plane_row;

/* Returns row y of the rings. */
static plane_row ring_row(const eg_canny *canny, const tile_rows *tile, size_t y)
{
    const size_t slot = y % RING, response = response_bytes(canny->scale.kind);
    const size_t bytes = magnitude_bytes(canny->scale.kind);
    return (plane_row){
        .gx = tile->gx + slot * tile->response_stride - response,
        .gy = tile->gy + slot * tile->response_stride - response,
        .mag = tile->mag + slot * tile->magnitude_stride - bytes,
        .plain = tile->plain ? tile->plain + slot * tile->magnitude_stride - bytes : NULL,
    };
}

/* Returns the row of the `i`th other plane. */
static plane_row other_row(const tile_rows *tile, size_t i)
{
    return (plane_row){.gx = tile->other_gx + i * tile->response_stride,
                       .gy = tile->other_gy + i * tile->response_stride,
                       .mag = tile->other_mag,
                       .plain = tile->other_plain};
}

/* Computes the magnitudes of row y, which missing samples have influence on: `plain`, then the
 * responses are corrected, and `mag` is that of the corrected ones. */
static void correct_row(const eg_canny *canny, const eg_tile_cursor *cursor, const plane_row *row,
                        size_t y, uint64_t *partial)
{
    canny->magnitude(row->plain, row->gx, row->gy, cursor->width);
    eg_tile_cursor_correct(cursor, (ptrdiff_t)y, (float *)(void *)row->gx, (float *)(void *)row->gy,
                           partial);
    canny->magnitude(row->mag, row->gx, row->gy, cursor->width);
    eg_lower_missing((const float *)eg_band_row(cursor->band, (ptrdiff_t)y) + cursor->x0,
                     (const float *)(void *)row->plain, (float *)(void *)row->mag, cursor->width);
}

/* Replaces the pixels of a row whose magnitude is smaller than in another plane, as keep_larger()
 * does, by those of the other plane. */
static void keep_larger_corrected(const plane_row *row, const plane_row *other, size_t width)
{
    const float *mag = (const float *)(void *)other->mag;
    const float *from[] = {(const float *)(void *)other->gx, (const float *)(void *)other->gy,
                           (const float *)(void *)other->plain, mag};
    float *own = (float *)(void *)row->mag;
    float *to[] = {(float *)(void *)row->gx, (float *)(void *)row->gy, (float *)(void *)row->plain,
                   own};
    for (size_t x = 0; x < width; x++) {
        if (mag[x] <= own[x] || !(own[x] - own[x] == 0))
            continue;
        for (size_t k = 0; k < 4; k++)
            /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): float rows have `plain` */
            to[k][x] = from[k][x];
    }
}

/* Computes the magnitudes of row y from the responses, and keeps at each pixel those of the plane
 * with the largest one. */
static void compute_magnitudes(const eg_canny *canny, const tile_cursors *cursors, tile_rows *tile,
                               size_t y)
{
    const plane_row row = ring_row(canny, tile, y);
    const size_t slot = y % RING, width = cursors->plane[0].width;
    if (!tile->missing[slot]) {
        for (size_t i = 1; i < canny->colours; i++) {
            const plane_row other = other_row(tile, i - 1);
            canny->keep_larger(row.gx, row.gy, other.gx, other.gy, width);
        }
        canny->magnitude(row.mag, row.gx, row.gy, width);
        return;
    }
    correct_row(canny, &cursors->plane[0], &row, y, tile->partial[slot]);
    for (size_t i = 1; i < canny->colours; i++) {
        const plane_row other = other_row(tile, i - 1);
        uint64_t partial[EG_TILE_WORDS]; /* that of all planes: they miss the same samples */
        correct_row(canny, &cursors->plane[i], &other, y, partial);
        keep_larger_corrected(&row, &other, width);
    }
}

/* Computes responses and magnitudes of row y, including one pixel beyond the tile on both sides. */
static void compute_magnitude_row(const eg_canny *canny, tile_cursors *cursors, tile_rows *tile,
                                  size_t y, size_t width)
{
    const size_t bytes = magnitude_bytes(canny->scale.kind);
    const eg_tile_cursor *first = &cursors->plane[0];
    bool missing = false;
    for (size_t i = 0; i < canny->colours; i++) {
        const plane_row row = i ? other_row(tile, i - 1) : ring_row(canny, tile, y);
        missing |= eg_tile_cursor_row(&cursors->plane[i], (ptrdiff_t)y, row.gx, row.gy);
    }
    tile->missing[y % RING] = missing;
    compute_magnitudes(canny, cursors, tile, y);
    char *mag = ring_row(canny, tile, y).mag;
    if (first->x0 < 0)
        clear_sample(mag, 0, bytes);
    if (first->x0 + 1 + (ptrdiff_t)width == (ptrdiff_t)first->band->width)
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
    if (!tile->missing[y % RING])
        return mag;
    const float *plain = (const float *)(const void *)(tile->plain + at);
    float *limited = (float *)(void *)tile->limited;
    for (size_t x = 0; x < width; x++)
        limited[x] = plain[x] < mag[x] ? plain[x] : mag[x];
    return limited;
}

/* Places a cursor for each plane at row `first` of a tile. Of planes with the same magnitude the
 * first one counts, which is blue, as in the images of OpenCV. */
static void begin_cursors(const eg_canny *canny, tile_cursors *cursors, const eg_band views[],
                          size_t x0, size_t width, size_t first, char *scratch)
{
    const size_t bytes = eg_tile_cursor_scratch(&canny->derivative);
    size_t i = 0;
    do
        eg_tile_cursor_begin(&cursors->plane[i], &canny->derivative, &views[canny->colours - 1 - i],
                             (ptrdiff_t)x0 - 1, width + 2, (ptrdiff_t)first, scratch + i * bytes);
    while (++i < canny->colours);
}

static void find_tile_candidates(eg_canny *canny, const eg_band views[], eg_canny_strip *strip,
                                 size_t x0, eg_span rows, char *scratch, void *bins)
{
    const eg_band *band = &views[0];
    const size_t width = band->width - x0 < EG_TILE ? band->width - x0 : EG_TILE;
    const size_t first = rows.first > 0 ? rows.first - 1 : 0;
    const size_t last = rows.end < band->height ? rows.end : band->height - 1;
    tile_rows tile = tile_rows_in(canny, scratch);
    tile_cursors cursors;
    memset(tile.zero - EG_SMOOTHED_MARGIN * magnitude_bytes(canny->scale.kind), 0,
           tile.magnitude_stride);
    begin_cursors(canny, &cursors, views, x0, width, first, scratch + tile_bytes(canny));

    /* With automatic thresholds no strong pixels are known yet; a histogram alone keeps no bits at
     * all. */
    uint64_t candidate[EG_TILE / 64] = {0}, strong[EG_TILE / 64] = {0};
    size_t ready = first; /* first row without responses */
    for (size_t y = rows.first; y < rows.end; y++) {
        for (; ready <= last && ready <= y + 1; ready++)
            compute_magnitude_row(canny, &cursors, &tile, ready, width);
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
    if (cursors.plane[0].any_valid)
        atomic_store_explicit(&canny->any_valid, true, memory_order_relaxed);
}

/* ---- the first pass: strips ---- */

/* Returns the bytes of the working rows of a tile and of its cursors, a multiple of 64. */
static size_t work_bytes(const eg_canny *canny)
{
    const size_t bytes =
        canny->skimage
            ? eg_skimage_scratch(canny->skimage, canny->planes.width, canny->colours)
            : tile_bytes(canny) + canny->colours * eg_tile_cursor_scratch(&canny->derivative);
    return (bytes + 63) / 64 * 64;
}

static size_t strip_scratch(const eg_canny *canny, size_t strip_rows)
{
    size_t work = work_bytes(canny);
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
    char *strip_memory = (char *)scratch + work_bytes(canny);
    eg_band views[EG_PLANES_MAX];
    eg_band_planes(views, band, canny->colours);
    if (canny->skimage) {
        const eg_skimage_rows rows = {y0, y1, eg_candidate_row(&canny->planes, strip->rows.y0),
                                      eg_edge_row(&canny->planes, strip->rows.y0)};
        eg_skimage_candidates(canny->skimage, views, canny->colours, &rows, scratch);
        if (eg_skimage_any_valid(band, &rows))
            atomic_store_explicit(&canny->any_valid, true, memory_order_relaxed);
    }
    for (size_t x0 = 0; x0 < band->width && !canny->skimage; x0 += EG_TILE)
        find_tile_candidates(canny, views, strip, x0, (eg_span){y0, y1}, scratch, strip_memory);
    if (canny->automatic)
        return eg_store_bins(canny, strip, strip_memory, error);
    if (canny->hysteresis)
        eg_hysteresis_block(&canny->planes, strip->rows, canny->ctx->cpu, strip_memory);
    return EG_OK;
}

eg_status eg_canny_first_pass(eg_canny *canny, eg_source *source, eg_error *error)
{
    eg_stage stage = {.opaque = canny, .run = run_strip};
    eg_derivative_stage_configure(&canny->derivative, &stage, 1);
    if (canny->skimage)
        stage.halo = eg_skimage_halo(canny->skimage);
    canny->strip_count = eg_pipeline_strips(source, &stage);
    stage.scratch = strip_scratch(canny, eg_pipeline_rows(source, &stage) + stage.halo);
    canny->strips = eg_calloc(canny->ctx, canny->strip_count, sizeof *canny->strips, error);
    if (!canny->strips)
        return eg_failed(error);
    eg_status status = canny->histogram_only ? EG_OK
                                             : eg_planes_allocate(&canny->planes, canny->ctx,
                                                                  &canny->planes.candidate, error);
    if (status == EG_OK && !canny->automatic)
        status = eg_planes_allocate(&canny->planes, canny->ctx, &canny->planes.edge, error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, NULL, 0, error);
    if (status == EG_OK)
        eg_canny_warn_of_overflow(canny, source);
    return status;
}

void eg_canny_release(eg_canny *canny)
{
    for (size_t k = 0; canny->strips && k < canny->strip_count; k++)
        eg_free(canny->strips[k].bins);
    eg_free(canny->strips);
    eg_free(canny->skimage);
    eg_free(canny->blocks);
    eg_free(canny->planes.edge);
    eg_free(canny->planes.candidate);
}
