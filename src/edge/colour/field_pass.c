/* SPDX-License-Identifier: MIT */
/* Memory of a pass that computes the field in tiles, and its tiles. */
#include "edge/colour/field_pass.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/size.h"
#include "core/status.h"

eg_span eg_span_widened(eg_span span, size_t margin, size_t count)
{
    return (eg_span){span.first > margin ? span.first - margin : 0,
                     eg_min_size(span.end + margin, count)};
}

eg_span eg_span_reduced(eg_span span, size_t factor)
{
    return (eg_span){span.first / factor, (span.end + factor - 1) / factor};
}

/* ---- memory ---- */

/* Returns `bytes` of memory at *at, or NULL while the sizes are added up. */
static void *take(char *memory, size_t *at, size_t bytes)
{
    void *taken = memory ? memory + *at : NULL;
    *at += (bytes + 63) / 64 * 64;
    return taken;
}

/* Sets the addresses in a worker's memory; NULL: none yet. Returns its size. */
static size_t lay_out(eg_pass_worker *w, const eg_field_pass *pass, char *memory)
{
    const eg_colour_canny *c = pass->canny;
    const size_t f = c->factor, radius = pass->derivative->radius, around = pass->around;
    const size_t columns = eg_min_size(c->tile_columns / f + 2 * around, c->channels.width);
    const size_t rows = eg_min_size(pass->rows_most / f + 2 + 2 * around, c->channels.height);
    const size_t wide = eg_min_size(columns + 2 * radius, c->channels.width);
    const size_t high = eg_min_size(rows + 2 * radius, c->channels.height);
    const size_t pixels = eg_min_size(c->tile_columns, c->channels.full_width);
    size_t at = 0;
    w->channels = c->channels;
    w->channels.stride = (wide + 15) / 16 * 16 + 16;
    w->channels.right = wide;
    w->channels.missing_words = (pixels + 63) / 64;
    w->field = (eg_gradient_field){.ctx = c->ctx,
                                   .width = c->channels.width,
                                   .height = c->channels.height,
                                   .stride = (columns + 63) / 16 * 16};
    const size_t plane = high * w->channels.stride * sizeof(float),
                 field = (rows + 1) * w->field.stride * sizeof(float);
    for (size_t i = 0; i < w->channels.count && !pass->whole; i++)
        w->channels.plane[i] = take(memory, &at, plane);
    float **fields[] = {&w->field.magnitude, &w->field.cosine, &w->field.sine};
    for (size_t i = 0; i < 3; i++) {
        float *rows_memory = take(memory, &at, field);
        *fields[i] = rows_memory ? rows_memory + 16 : NULL;
    }
    if (pass->has_missing) {
        w->channels.valid = take(memory, &at, plane);
        w->channels.largest = take(memory, &at, high * sizeof(float));
        w->channels.missing = take(memory, &at, pass->rows_most * w->channels.missing_words * 8);
        w->field.exponent = take(memory, &at, rows * sizeof(int));
    }
    w->reducing = take(memory, &at, pass->whole ? 0 : eg_channels_scratch(&w->channels));
    w->deriving =
        take(memory, &at, eg_gradient_field_scratch(w->channels.count, pass->derivative, columns));
    if (pass->field_only)
        return at;
    w->marking = take(memory, &at, eg_mark_scratch(pixels, f));
    w->linking = take(memory, &at, eg_hysteresis_scratch(c->planes.words, pass->rows_most));
    w->kept = take(memory, &at, c->known ? 0 : pass->rows_most * pixels * sizeof(float));
    return at;
}

eg_status eg_field_pass_allocate_workers(eg_field_pass *pass, eg_error *error)
{
    eg_context *ctx = pass->canny->ctx;
    pass->workers = eg_calloc(ctx, pass->worker_count, sizeof *pass->workers, error);
    if (!pass->workers)
        return eg_failed(error);
    for (size_t i = 0; i < pass->worker_count; i++) {
        eg_pass_worker *w = &pass->workers[i];
        atomic_flag_clear(&w->busy);
        w->memory = eg_calloc(ctx, 1, lay_out(w, pass, NULL), error);
        if (!w->memory)
            return eg_failed(error);
        lay_out(w, pass, w->memory);
        eg_status status =
            pass->field_only ? EG_OK : eg_field_histogram_new(&w->histogram, ctx, error);
        if (status != EG_OK)
            return status;
    }
    return EG_OK;
}

void eg_field_pass_release(eg_field_pass *pass)
{
    for (size_t i = 0; pass->workers && i < pass->worker_count; i++) {
        eg_free(pass->workers[i].memory);
        eg_field_histogram_free(&pass->workers[i].histogram);
    }
    eg_free(pass->workers);
}

/* Returns true if all magnitudes are kept, for EG_EDGE_THRESHOLD. */
static bool keeps_field(const eg_colour_canny *canny)
{
    return canny->method == EG_EDGE_THRESHOLD && !canny->known && !canny->count_only;
}

/* Allocates what remains of the strips: planes of bits, and the magnitudes of the field or tables
 * of those of local maxima. */
static eg_status allocate_results(eg_field_pass *pass, eg_error *error)
{
    eg_colour_canny *c = pass->canny;
    eg_planes *p = &c->planes;
    const size_t bytes = p->words * sizeof(uint64_t);
    if (keeps_field(c)) {
        const eg_span rows = eg_span_widened(eg_span_reduced(pass->span, c->factor),
                                             eg_field_around(c->factor), c->channels.height);
        if (pass->has_missing)
            c->channels.missing = eg_calloc(c->ctx, p->height, bytes, error);
        if (pass->has_missing && !c->channels.missing)
            return eg_failed(error);
        return eg_magnitudes_new(&c->field, &c->channels, rows.first, rows.end, error);
    }
    if (c->count_only)
        return EG_OK;
    c->blocks = eg_alloc(c->ctx, c->block_count, sizeof *c->blocks, error);
    eg_status status = c->blocks ? EG_OK : eg_failed(error);
    if (status == EG_OK)
        status = eg_planes_allocate(p, c->ctx, &p->candidate, error);
    if (status == EG_OK)
        status = eg_planes_allocate(p, c->ctx, &p->edge, error);
    if (status == EG_OK && !c->known && c->adjustable)
        status = eg_planes_allocate(p, c->ctx, &c->maxima, error);
    if (status != EG_OK || c->known)
        return status;
    if (!c->adjustable)
        c->maxima = p->candidate;
    c->kept = eg_calloc(c->ctx, c->block_count * c->tile_count, sizeof *c->kept, error);
    return c->kept ? EG_OK : eg_failed(error);
}

eg_status eg_field_pass_allocate(eg_field_pass *pass, eg_error *error)
{
    eg_status status = allocate_results(pass, error);
    return status == EG_OK ? eg_field_pass_allocate_workers(pass, error) : status;
}

/* ---- one tile ---- */

eg_pass_worker *eg_field_pass_claim(eg_field_pass *pass)
{
    for (size_t i = 0;; i = (i + 1) % pass->worker_count)
        if (!atomic_flag_test_and_set(&pass->workers[i].busy))
            return &pass->workers[i];
}

/* Copies the magnitudes and the missing pixels of a tile to those of the image. */
static void keep_field(const eg_field_pass *pass, const eg_pass_worker *w, eg_span rows,
                       eg_span columns)
{
    eg_colour_canny *c = pass->canny;
    const size_t f = c->factor;
    const eg_span own = eg_span_reduced(columns, f);
    /* Each row of the field belongs to one strip; those outside the window to the outermost. */
    const size_t from = rows.first == pass->span.first ? w->field.first : (rows.first + f - 1) / f;
    const size_t to = rows.end == pass->span.end ? w->field.end : (rows.end + f - 1) / f;
    for (size_t y = from; y < to; y++)
        memcpy(c->field.magnitude + eg_field_at(&c->field, y, own.first),
               w->field.magnitude + eg_field_at(&w->field, y, own.first),
               (own.end - own.first) * sizeof(float));
    const size_t words = (columns.end - columns.first + 63) / 64;
    for (size_t y = rows.first; w->channels.missing && y < rows.end; y++)
        memcpy(c->channels.missing + (y - pass->span.first) * c->planes.words + columns.first / 64,
               w->channels.missing + (y - rows.first) * w->channels.missing_words,
               words * sizeof(uint64_t));
}

/* Counts the magnitudes of a tile, and unless `maxima` is false its local maxima. */
static void count_tile(const eg_field_pass *pass, eg_pass_worker *w, const eg_channels *channels,
                       eg_span rows, eg_span columns, bool maxima)
{
    const size_t f = pass->canny->factor;
    const eg_span own = {(rows.first + f - 1) / f, (rows.end + f - 1) / f},
                  across = eg_span_reduced(columns, f);
    eg_count_magnitudes(&w->histogram, &w->field, channels, own, across);
    if (maxima)
        eg_count_maxima(&w->histogram, &w->field, own, across, pass->canny->sectors);
}

/* Keeps the magnitudes of the local maxima of a tile, and counts them if those of the image are
 * those of the field. */
static eg_status keep_maxima(const eg_field_pass *pass, eg_pass_worker *w, const eg_mark_tile *tile,
                             eg_kept_tile *kept, bool count, eg_error *error)
{
    for (size_t i = 0; count && i < tile->kept_count; i++) {
        const uint32_t bin = eg_field_bin(w->kept[i]);
        w->histogram.maxima[bin]++;
        eg_field_histogram_include(&w->histogram, bin);
    }
    kept->count = tile->kept_count;
    if (!kept->count)
        return EG_OK;
    kept->magnitudes =
        eg_alloc(pass->canny->ctx, kept->count + EG_KEPT_SLACK, sizeof(float), error);
    if (!kept->magnitudes)
        return eg_failed(error);
    memcpy(kept->magnitudes, w->kept, kept->count * sizeof(float));
    /* No result depends on the slack, but Memcheck cannot follow the deposit of bits. */
    memset(kept->magnitudes + kept->count, 0, EG_KEPT_SLACK * sizeof(float));
    return EG_OK;
}

/* Reduces the rows of a band to the channels of a tile, and returns them as the field sees them. */
static eg_channels reduce_tile(eg_field_pass *pass, eg_pass_worker *w, const eg_band *band,
                               eg_span rows, eg_span columns)
{
    const eg_colour_canny *c = pass->canny;
    eg_channels *tile = &w->channels;
    const eg_span wide = eg_span_widened((eg_span){w->field.left, w->field.right},
                                         pass->derivative->radius, c->channels.width);
    tile->left = wide.first;
    tile->right = wide.end;
    tile->missing_rows = rows;
    tile->missing_columns = columns;
    if (tile->missing)
        memset(tile->missing, 0, (rows.end - rows.first) * tile->missing_words * 8);
    eg_channels seen = *tile;
    if (eg_channels_reduce(tile, band, pass->white_level, w->reducing)) {
        atomic_store(&pass->missing, true);
    } else {
        seen.valid = NULL;
        seen.missing = NULL;
    }
    return seen;
}

void eg_field_pass_begin_strip(eg_field_pass *pass, eg_pass_worker *w, const eg_band *band,
                               eg_span rows)
{
    const eg_channels *all = &pass->canny->channels;
    const eg_span high = eg_span_widened(eg_span_reduced(rows, all->factor),
                                         pass->around + pass->derivative->radius, all->height);
    w->channels.first = high.first;
    w->channels.end = high.end;
    eg_channels_bound(&w->channels, band, pass->white_level, high.first, high.end);
    eg_seen_add(&pass->seen, band, rows.first, rows.end);
}

eg_channels eg_field_pass_derive(eg_field_pass *pass, eg_pass_worker *w, const eg_band *band,
                                 eg_span rows, eg_span columns)
{
    const eg_channels *all = &pass->canny->channels;
    const size_t around = pass->around;
    const eg_span down = eg_span_widened(eg_span_reduced(rows, all->factor), around, all->height);
    const eg_span across =
        eg_span_widened(eg_span_reduced(columns, all->factor), around, all->width);
    w->field.first = down.first;
    w->field.end = down.end;
    w->field.left = across.first;
    w->field.right = across.end;
    const eg_channels seen = band ? reduce_tile(pass, w, band, rows, columns) : *all;
    eg_gradient_field_tile(&w->field, &seen, pass->derivative, pass->weights, pass->border,
                           w->deriving);
    return seen;
}

eg_status eg_field_pass_tile(eg_field_pass *pass, eg_pass_worker *w, const eg_band *band,
                             size_t block, eg_span rows, eg_span columns, eg_error *error)
{
    eg_colour_canny *c = pass->canny;
    const eg_channels seen = eg_field_pass_derive(pass, w, band, rows, columns);
    const size_t at = (rows.first - pass->span.first) * c->planes.words + columns.first / 64;
    const bool marks = !c->count_only && !keeps_field(c);
    /* At full resolution the local maxima that are kept are those to count, unless some are
     * missing. */
    const bool same = marks && !c->known && c->factor == 1 && !seen.missing;
    count_tile(pass, w, &seen, rows, columns, !same);
    if (keeps_field(c))
        keep_field(pass, w, rows, columns);
    if (!marks)
        return EG_OK;
    eg_mark_tile tile = {
        .canny = c,
        .field = &w->field,
        .rows = rows,
        .columns = columns,
        .low = pass->low,
        .high = pass->high,
        .missing = seen.missing,
        .missing_words = seen.missing_words,
        .candidate = (c->known ? c->planes.candidate : c->maxima) + at,
        .strong = c->known ? c->planes.edge + at : NULL,
        .kept = c->known ? NULL : w->kept,
    };
    eg_mark_tile_rows(&tile, w->marking);
    if (c->known)
        return EG_OK;
    const size_t index = block * c->tile_count + columns.first / c->tile_columns;
    return keep_maxima(pass, w, &tile, &c->kept[index], same, error);
}

void eg_field_pass_collect(eg_field_pass *pass)
{
    eg_colour_canny *c = pass->canny;
    eg_field_histogram_swap(&c->histogram, &pass->workers[0].histogram);
    for (size_t i = 1; i < pass->worker_count; i++)
        eg_field_histogram_add(&c->histogram, &pass->workers[i].histogram);
    c->histogram.differs = atomic_load(&pass->seen.differs);
    if (!atomic_load(&pass->missing)) {
        eg_free(c->channels.missing);
        c->channels.missing = NULL;
    }
}
