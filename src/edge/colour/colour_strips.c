/* SPDX-License-Identifier: MIT */
/*
 * The colour detector strip by strip: the field of a strip is computed while the image is read, in
 * tiles of columns, and only bits and the magnitudes of the local maxima are kept.
 *
 * With given thresholds the tiles mark candidates and strong pixels. Otherwise they mark all local
 * maxima and keep their magnitudes until the histogram of the image has chosen the thresholds.
 * EG_EDGE_THRESHOLD, which does not thin, keeps all magnitudes of the field.
 */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "edge/colour/colour.h"

enum { TILE_COLUMNS = 512 }; /* of the field; a multiple of 64 */

/* Memory of a thread. */
typedef struct worker {
    atomic_flag busy;
    eg_channels channels; /* of a tile */
    eg_gradient_field field;
    eg_field_histogram histogram;
    void *reducing, *deriving, *marking, *linking; /* working rows */
    float *kept;
    char *memory; /* of all these, other than the histogram */
} worker;

typedef struct strips {
    eg_colour_canny *canny;
    eg_border border;
    const eg_gaussian_derivative *derivative;
    float weights[3];
    float white_level;
    float low, high;  /* thresholds as magnitudes of the field */
    bool has_missing; /* samples may be missing: they are floats */
    eg_span span;     /* rows of the image that strips cover */
    size_t rows_most; /* most rows of a strip */
    worker *workers;
    size_t worker_count;
    eg_samples_seen seen;
    atomic_bool missing;
} strips;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Returns the span with `margin` samples around it, clipped to 0 .. count. */
static eg_span widened(eg_span span, size_t margin, size_t count)
{
    return (eg_span){span.first > margin ? span.first - margin : 0,
                     smaller(span.end + margin, count)};
}

/* Returns the samples of the field that a span of the image overlaps. */
static eg_span reduced(eg_span span, size_t factor)
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
static size_t lay_out(worker *w, const strips *s, char *memory)
{
    const eg_colour_canny *c = s->canny;
    const size_t f = c->factor, radius = s->derivative->radius, around = eg_field_around(f);
    const size_t columns = smaller(TILE_COLUMNS + 2 * around, c->channels.width);
    const size_t rows = smaller(s->rows_most / f + 2 + 2 * around, c->channels.height);
    const size_t wide = smaller(columns + 2 * radius, c->channels.width);
    const size_t high = smaller(rows + 2 * radius, c->channels.height);
    const size_t pixels = smaller(TILE_COLUMNS * f, c->channels.full_width);
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
    for (size_t i = 0; i < w->channels.count; i++)
        w->channels.plane[i] = take(memory, &at, plane);
    float **fields[] = {&w->field.magnitude, &w->field.cosine, &w->field.sine};
    for (size_t i = 0; i < 3; i++) {
        float *rows_memory = take(memory, &at, field);
        *fields[i] = rows_memory ? rows_memory + 16 : NULL;
    }
    if (s->has_missing) {
        w->channels.valid = take(memory, &at, plane);
        w->channels.largest = take(memory, &at, high * sizeof(float));
        w->channels.missing = take(memory, &at, s->rows_most * w->channels.missing_words * 8);
        w->field.exponent = take(memory, &at, rows * sizeof(int));
    }
    w->reducing = take(memory, &at, eg_channels_scratch(&w->channels));
    w->deriving =
        take(memory, &at, eg_gradient_field_scratch(w->channels.count, s->derivative, columns));
    w->marking = take(memory, &at, eg_mark_scratch(pixels, f));
    w->linking = take(memory, &at, eg_hysteresis_scratch(c->planes.words, s->rows_most));
    w->kept = take(memory, &at, c->known ? 0 : s->rows_most * pixels * sizeof(float));
    return at;
}

static eg_status allocate_workers(strips *s, eg_error *error)
{
    eg_context *ctx = s->canny->ctx;
    s->workers = eg_calloc(ctx, s->worker_count, sizeof *s->workers, error);
    if (!s->workers)
        return eg_failed(error);
    for (size_t i = 0; i < s->worker_count; i++) {
        worker *w = &s->workers[i];
        atomic_flag_clear(&w->busy);
        w->memory = eg_calloc(ctx, 1, lay_out(w, s, NULL), error);
        if (!w->memory)
            return eg_failed(error);
        lay_out(w, s, w->memory);
        eg_status status = eg_field_histogram_new(&w->histogram, ctx, error);
        if (status != EG_OK)
            return status;
    }
    return EG_OK;
}

static void free_workers(strips *s)
{
    for (size_t i = 0; s->workers && i < s->worker_count; i++) {
        eg_free(s->workers[i].memory);
        eg_field_histogram_free(&s->workers[i].histogram);
    }
    eg_free(s->workers);
}

/* Returns true if all magnitudes are kept, for EG_EDGE_THRESHOLD. */
static bool keeps_field(const eg_colour_canny *canny)
{
    return canny->method == EG_EDGE_THRESHOLD && !canny->known && !canny->count_only;
}

/* Allocates what remains of the strips: planes of bits, and the magnitudes of the field or tables
 * of those of local maxima. `marks_again`: edges are marked with several thresholds. */
static eg_status allocate_results(strips *s, bool marks_again, eg_error *error)
{
    eg_colour_canny *c = s->canny;
    eg_planes *p = &c->planes;
    const size_t bytes = p->words * sizeof(uint64_t);
    if (keeps_field(c)) {
        const eg_span rows =
            widened(reduced(s->span, c->factor), eg_field_around(c->factor), c->channels.height);
        if (s->has_missing)
            c->channels.missing = eg_calloc(c->ctx, p->height, bytes, error);
        if (s->has_missing && !c->channels.missing)
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
    if (status == EG_OK && !c->known && marks_again)
        status = eg_planes_allocate(p, c->ctx, &c->maxima, error);
    if (status != EG_OK || c->known)
        return status;
    if (!marks_again)
        c->maxima = p->candidate;
    c->kept = eg_calloc(c->ctx, c->block_count * c->tile_count, sizeof *c->kept, error);
    return c->kept ? EG_OK : eg_failed(error);
}

/* ---- one strip ---- */

/* Waits for no one: there are as many workers as threads. */
static worker *claim_worker(strips *s)
{
    for (size_t i = 0;; i = (i + 1) % s->worker_count)
        if (!atomic_flag_test_and_set(&s->workers[i].busy))
            return &s->workers[i];
}

/* Copies the magnitudes and the missing pixels of a tile to those of the image. */
static void keep_field(const strips *s, const worker *w, eg_span rows, eg_span columns)
{
    eg_colour_canny *c = s->canny;
    const size_t f = c->factor;
    const eg_span own = reduced(columns, f);
    /* Each row of the field belongs to one strip; those outside the window to the outermost. */
    const size_t from = rows.first == s->span.first ? w->field.first : (rows.first + f - 1) / f;
    const size_t to = rows.end == s->span.end ? w->field.end : (rows.end + f - 1) / f;
    for (size_t y = from; y < to; y++)
        memcpy(c->field.magnitude + eg_field_at(&c->field, y, own.first),
               w->field.magnitude + eg_field_at(&w->field, y, own.first),
               (own.end - own.first) * sizeof(float));
    const size_t words = (columns.end - columns.first + 63) / 64;
    for (size_t y = rows.first; w->channels.missing && y < rows.end; y++)
        memcpy(c->channels.missing + (y - s->span.first) * c->planes.words + columns.first / 64,
               w->channels.missing + (y - rows.first) * w->channels.missing_words,
               words * sizeof(uint64_t));
}

/* Counts the magnitudes of a tile, and unless `maxima` is false its local maxima. */
static void count_tile(const strips *s, worker *w, const eg_channels *channels, eg_span rows,
                       eg_span columns, bool maxima)
{
    const size_t f = s->canny->factor;
    const eg_span own = {(rows.first + f - 1) / f, (rows.end + f - 1) / f},
                  across = reduced(columns, f);
    eg_count_magnitudes(&w->histogram, &w->field, channels, own, across);
    if (maxima)
        eg_count_maxima(&w->histogram, &w->field, own, across, s->canny->sectors);
}

/* Keeps the magnitudes of the local maxima of a tile, and counts them if those of the image are
 * those of the field. */
static eg_status keep_maxima(const strips *s, worker *w, const eg_mark_tile *tile,
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
    kept->magnitudes = eg_alloc(s->canny->ctx, kept->count, sizeof(float), error);
    if (!kept->magnitudes)
        return eg_failed(error);
    memcpy(kept->magnitudes, w->kept, kept->count * sizeof(float));
    return EG_OK;
}

/* Computes the field of a tile. Returns the channels as the field sees them. */
static eg_channels derive_tile(strips *s, worker *w, const eg_band *band, eg_span rows,
                               eg_span columns)
{
    const eg_colour_canny *c = s->canny;
    eg_channels *tile = &w->channels;
    const size_t radius = s->derivative->radius, around = eg_field_around(c->factor);
    const eg_span down = widened(reduced(rows, c->factor), around, c->channels.height),
                  across = widened(reduced(columns, c->factor), around, c->channels.width),
                  wide = widened(across, radius, c->channels.width);
    w->field.first = down.first;
    w->field.end = down.end;
    w->field.left = across.first;
    w->field.right = across.end;
    tile->left = wide.first;
    tile->right = wide.end;
    tile->missing_rows = rows;
    tile->missing_columns = columns;
    if (tile->missing)
        memset(tile->missing, 0, (rows.end - rows.first) * tile->missing_words * 8);
    eg_channels seen = *tile;
    if (eg_channels_reduce(tile, band, s->white_level, w->reducing)) {
        atomic_store(&s->missing, true);
    } else {
        seen.valid = NULL;
        seen.missing = NULL;
    }
    eg_gradient_field_tile(&w->field, &seen, s->derivative, s->weights, s->border, w->deriving);
    return seen;
}

static eg_status run_tile(strips *s, worker *w, const eg_band *band, size_t strip, eg_span rows,
                          eg_span columns, eg_error *error)
{
    eg_colour_canny *c = s->canny;
    const eg_channels seen = derive_tile(s, w, band, rows, columns);
    const size_t at = (rows.first - s->span.first) * c->planes.words + columns.first / 64;
    const bool marks = !c->count_only && !keeps_field(c);
    /* At full resolution the local maxima that are kept are those to count, unless some are
     * missing. */
    const bool same = marks && !c->known && c->factor == 1 && !seen.missing;
    count_tile(s, w, &seen, rows, columns, !same);
    if (keeps_field(c))
        keep_field(s, w, rows, columns);
    if (!marks)
        return EG_OK;
    eg_mark_tile tile = {
        .canny = c,
        .field = &w->field,
        .rows = rows,
        .columns = columns,
        .low = s->low,
        .high = s->high,
        .missing = seen.missing,
        .missing_words = seen.missing_words,
        .candidate = (c->known ? c->planes.candidate : c->maxima) + at,
        .strong = c->known ? c->planes.edge + at : NULL,
        .kept = c->known ? NULL : w->kept,
    };
    eg_mark_tile_rows(&tile, w->marking);
    if (c->known)
        return EG_OK;
    const size_t index = strip * c->tile_count + columns.first / (TILE_COLUMNS * c->factor);
    return keep_maxima(s, w, &tile, &c->kept[index], same, error);
}

static eg_status run_strip(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                           size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)scratch, (void)out;
    strips *s = stage->opaque;
    eg_colour_canny *c = s->canny;
    const eg_span rows = {y0, y1};
    const size_t tile = TILE_COLUMNS * c->factor, width = c->planes.width;
    worker *w = claim_worker(s);
    const eg_span high =
        widened(reduced(rows, c->factor), eg_field_around(c->factor) + s->derivative->radius,
                c->channels.height);
    w->channels.first = high.first;
    w->channels.end = high.end;
    eg_channels_bound(&w->channels, band, s->white_level, high.first, high.end);
    eg_seen_add(&s->seen, band, y0, y1);
    eg_status status = EG_OK;
    for (size_t x = 0; x < width && status == EG_OK; x += tile)
        status = run_tile(s, w, band, strip, rows, (eg_span){x, smaller(x + tile, width)}, error);
    if (status == EG_OK && c->blocks) {
        c->blocks[strip] = (eg_block_rows){y0 - s->span.first, y1 - s->span.first};
        if (c->known)
            eg_hysteresis_block(&c->planes, c->blocks[strip], w->linking);
    }
    atomic_flag_clear(&w->busy);
    return status;
}

/* ---- the image ---- */

static void collect(strips *s)
{
    eg_colour_canny *c = s->canny;
    eg_field_histogram_swap(&c->histogram, &s->workers[0].histogram);
    for (size_t i = 1; i < s->worker_count; i++)
        eg_field_histogram_add(&c->histogram, &s->workers[i].histogram);
    c->histogram.differs = atomic_load(&s->seen.differs);
    if (!atomic_load(&s->missing)) {
        eg_free(c->channels.missing);
        c->channels.missing = NULL;
    }
}

eg_status eg_colour_strips_measure(eg_colour_canny *canny, eg_source *source,
                                   const eg_edges_options *options,
                                   const eg_gaussian_derivative *derivative, eg_error *error)
{
    const eg_info *info = &source->info;
    const size_t factor = canny->factor, around = eg_field_around(factor) + derivative->radius;
    const float sigma = (float)(canny->sigma / (double)factor);
    const double unit = eg_colour_canny_unit(canny);
    eg_channels_describe(&canny->channels, source, factor);
    strips s = {.canny = canny,
                .border = options->border,
                .derivative = derivative,
                .weights = {sigma, EG_OPPONENT_WEIGHT * sigma, EG_OPPONENT_WEIGHT * sigma},
                .white_level = info->white_level,
                .has_missing = info->sample == EG_F32,
                .span = eg_source_span(source)};
    eg_seen_init(&s.seen);
    const eg_stage stage = {
        .halo = (around + 1) * factor, .opaque = &s, .run = run_strip, .scratch = 0};
    if (canny->known) {
        eg_colour_canny_resolve(canny, source, &canny->histogram, options);
        s.low = (float)(canny->low * unit);
        s.high = (float)(canny->high * unit);
    }
    s.rows_most = eg_pipeline_rows(source, &stage) + stage.halo;
    canny->block_count = eg_pipeline_strips(source, &stage);
    canny->tile_count = (info->width + TILE_COLUMNS * factor - 1) / (TILE_COLUMNS * factor);
    const size_t pixels = info->width * (s.span.end - s.span.first);
    s.worker_count = smaller((size_t)eg_thread_count_for(canny->ctx, pixels), canny->block_count);
    eg_status status = allocate_results(&s, !isnan(options->density), error);
    if (status == EG_OK)
        status = allocate_workers(&s, error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, NULL, 0, error);
    if (status == EG_OK)
        collect(&s);
    free_workers(&s);
    return status;
}

/* ---- marking from kept magnitudes ---- */

/* Sets the candidates and the strong pixels of a tile of a strip. */
static void filter_tile(const eg_colour_canny *c, eg_block_rows rows, size_t index, float low,
                        float high)
{
    const size_t words = c->planes.words,
                 from = index % c->tile_count * TILE_COLUMNS * c->factor / 64,
                 to = smaller(from + TILE_COLUMNS * c->factor / 64, words);
    const float *magnitude = c->kept[index].magnitudes;
    for (size_t y = rows.y0; y < rows.y1; y++)
        for (size_t i = from; i < to; i++) {
            uint64_t candidate = 0, strong = 0;
            for (uint64_t bits = c->maxima[y * words + i]; bits; bits &= bits - 1) {
                const float m = *magnitude++;
                const uint64_t bit = bits & -bits;
                candidate |= m > low ? bit : 0;
                strong |= m > high ? bit : 0;
            }
            c->planes.candidate[y * words + i] = candidate;
            c->planes.edge[y * words + i] = strong;
        }
}

static eg_status filter_strip(void *opaque, size_t strip, eg_error *error)
{
    eg_colour_canny *c = opaque;
    const eg_block_rows rows = c->blocks[strip];
    const double unit = eg_colour_canny_unit(c);
    void *scratch =
        eg_alloc(c->ctx, 1, eg_hysteresis_scratch(c->planes.words, rows.y1 - rows.y0), error);
    if (!scratch)
        return eg_failed(error);
    for (size_t i = 0; i < c->tile_count; i++)
        filter_tile(c, rows, strip * c->tile_count + i, (float)(c->low * unit),
                    (float)(c->high * unit));
    eg_hysteresis_block(&c->planes, rows, scratch);
    eg_free(scratch);
    return EG_OK;
}

eg_status eg_colour_strips_mark(eg_colour_canny *canny, eg_error *error)
{
    return eg_parallel_for(canny->ctx, canny->block_count,
                           canny->planes.width * canny->planes.height, canny, filter_strip, error);
}
