/* SPDX-License-Identifier: MIT */
/* The first pass of the detection of ridges. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/portable_math.h"
#include "core/status.h"
#include "edge/edge_options.h"
#include "edge/ridge/ridge_detector.h"
#include "gradient/derivative.h"

#define SIGMA_DEFAULT 2.0 /* pixels; suits lines up to 7 pixels wide */
#define SIGMA_LEAST   0.5

enum { HALVES = 2 };

/* Scratch memory of a strip: the strengths of a tile, counts of the histogram's halves, and the
 * range of the bins that are counted; the cursor or the hysteresis follows. */
typedef struct strip_scratch {
    uint32_t counts[HALVES][EG_FIELD_BINS];
    uint32_t first, end; /* bins that may have counts, other than bin 0 */
} strip_scratch;

/* ---- options ---- */

static double choose_sigma(const eg_edges_options *options, const eg_source *source)
{
    if (options->sigma_percent > 0)
        return options->sigma_percent / 100 *
               eg_hypotenuse((double)source->info.width, (double)source->info.height);
    return isnan(options->sigma) ? SIGMA_DEFAULT : options->sigma;
}

static eg_status check_thresholds(const eg_edges_options *options, eg_error *error)
{
    const bool percent = options->unit == EG_UNIT_PERCENT;
    if (!isnan(options->density))
        return eg_fail(error, EG_USAGE, "the method ridge has no density");
    if (options->compat_skimage)
        return eg_fail(error, EG_USAGE, "compatibility with skimage needs the operator sobel3");
    if (options->unit == EG_UNIT_SIGMA && !(isnan(options->low) && isnan(options->high)))
        return eg_fail(error, EG_USAGE,
                       "thresholds of the method ridge are levels per pixel squared or "
                       "percentiles");
    if (options->low < 0 || options->high < 0 ||
        (percent && (options->low > 100 || options->high > 100)))
        return eg_fail(error, EG_USAGE, "thresholds are 0 or more, percentiles 0 to 100");
    return EG_OK;
}

static eg_status check_options(const eg_source *source, const eg_edges_options *options,
                               eg_error *error)
{
    const double sigma = choose_sigma(options, source);
    eg_status status = eg_check_gradient_samples(source, error);
    if (status == EG_OK)
        status = eg_check_one_plane(source, error);
    if (status == EG_OK)
        status = eg_check_edge_options(options, error);
    if (status == EG_OK)
        status = check_thresholds(options, error);
    if (status != EG_OK)
        return status;
    if (!(sigma >= SIGMA_LEAST && sigma <= EG_JET_SIGMA_MOST))
        return eg_fail_file(error, EG_USAGE, source->name,
                            "sigma of the method ridge must be %g to %g pixels, not %g",
                            SIGMA_LEAST, EG_JET_SIGMA_MOST, sigma);
    return eg_check_border(source, options->border, options->border_value, error);
}

/* ---- one strip ---- */

/* State of one tile of a strip. */
typedef struct tile {
    eg_ridge_detector *detector;
    strip_scratch *scratch;
    eg_jet_cursor cursor;
    float *strengths; /* of the tile so far */
    size_t count;
} tile;

static void count_strength(strip_scratch *scratch, size_t half, float strength)
{
    const uint32_t bin = eg_field_bin(strength);
    scratch->counts[half][bin]++;
    if (bin == 0)
        return;
    if (!scratch->end || bin < scratch->first)
        scratch->first = bin;
    if (bin >= scratch->end)
        scratch->end = bin + 1;
}

/* Returns the strength of the pixel's line on the 0..255 scale as a float, 0 if there is none, and
 * counts it. */
static float strength_of(const tile *t, const eg_ridge_rows *rows, size_t x)
{
    const eg_ridge_detector *d = t->detector;
    const eg_ridge_derivatives at = eg_ridge_derivatives_at(rows, x);
    double curvature;
    const eg_ridge_point point = eg_ridge_at(&at, d->kind, &curvature);
    const float strength = (float)(point.strength * d->unit);
    if (isnan(at.x))
        return 0; /* a missing sample */
    if (!d->known)
        count_strength(t->scratch, 0, (float)(curvature * d->unit));
    if (!d->known && strength > 0)
        count_strength(t->scratch, 1, strength);
    return strength;
}

/* Finds the lines of row y, whose bits begin at `lines` and `strong`. */
static void find_row(tile *t, size_t y, uint64_t *lines, uint64_t *strong)
{
    const eg_ridge_detector *d = t->detector;
    eg_jet_cursor_row(&t->cursor, y);
    const eg_ridge_rows rows = eg_ridge_rows_of(&t->cursor);
    const float low = d->known ? (float)d->low : 0, high = (float)d->high;
    uint64_t weak[EG_JET_TILE / 64] = {0}, over[EG_JET_TILE / 64] = {0};
    for (size_t x = 0; x < t->cursor.width; x++) {
        const float strength = strength_of(t, &rows, x);
        if (!(strength > low))
            continue;
        weak[x / 64] |= UINT64_C(1) << x % 64;
        if (d->known && strength > high)
            over[x / 64] |= UINT64_C(1) << x % 64;
        if (t->strengths)
            t->strengths[t->count++] = strength;
    }
    const size_t bytes = eg_row_bytes(EG_BIT, t->cursor.width);
    if (lines)
        memcpy(lines, weak, bytes);
    if (strong)
        memcpy(strong, over, bytes);
}

/* Keeps the strengths of a tile. */
static eg_status keep_strengths(const tile *t, float **kept, eg_error *error)
{
    if (!t->count)
        return EG_OK;
    *kept = eg_alloc(t->detector->ctx, t->count, sizeof **kept, error);
    if (!*kept)
        return eg_failed(error);
    memcpy(*kept, t->strengths, t->count * sizeof **kept);
    return EG_OK;
}

/* Returns the bytes of the strengths of a tile. */
static size_t strength_bytes(const eg_ridge_detector *d, size_t rows)
{
    return d->known || d->count_only ? 0 : (rows * d->columns * sizeof(float) + 63) / 64 * 64;
}

static eg_status find_tile(eg_ridge_detector *d, const eg_band *band, eg_ridge_strip *strip,
                           size_t index, eg_span rows, char *scratch, eg_error *error)
{
    const size_t x0 = index * d->columns;
    const size_t width = band->width - x0 < d->columns ? band->width - x0 : d->columns;
    const size_t bytes = strength_bytes(d, rows.end - rows.first);
    tile t = {.detector = d, .scratch = (strip_scratch *)(void *)scratch};
    scratch += sizeof(strip_scratch);
    t.strengths = bytes ? (float *)(void *)scratch : NULL;
    eg_jet_cursor_begin(&t.cursor, &d->jet, band, x0, width, rows.first, scratch + bytes);
    for (size_t y = rows.first; y < rows.end; y++) {
        uint64_t *lines = d->lines, *strong = d->planes.edge;
        if (lines)
            lines += (y - d->span.first) * d->planes.words + x0 / 64;
        if (strong)
            strong = eg_edge_row(&d->planes, y - d->span.first) + x0 / 64;
        find_row(&t, y, lines, strong);
    }
    if (t.cursor.any_valid)
        atomic_store_explicit(&d->any_valid, true, memory_order_relaxed);
    return t.strengths ? keep_strengths(&t, &strip->strengths[index], error) : EG_OK;
}

static eg_status run_strip(const eg_stage *stage, const eg_band *band, size_t index, size_t y0,
                           size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)out;
    eg_ridge_detector *d = stage->opaque;
    eg_ridge_strip *strip = &d->strips[index];
    eg_status status = EG_OK;
    strip->rows = d->blocks[index] = (eg_block_rows){y0 - d->span.first, y1 - d->span.first};
    eg_seen_add(&d->seen, band, y0, y1);
    for (size_t i = 0; status == EG_OK && i < d->tile_count; i++)
        status = find_tile(d, band, strip, i, (eg_span){y0, y1}, scratch, error);
    if (status == EG_OK && d->known)
        eg_hysteresis_block(&d->planes, strip->rows, d->ctx->cpu,
                            (char *)scratch + sizeof(strip_scratch));
    return status;
}

static void move_count(eg_ridge_detector *d, strip_scratch *s, uint32_t bin)
{
    uint64_t *halves[HALVES] = {d->histogram.all, d->histogram.maxima};
    for (size_t half = 0; half < HALVES; half++) {
        halves[half][bin] += s->counts[half][bin];
        if (s->counts[half][bin])
            eg_field_histogram_include(&d->histogram, bin);
        s->counts[half][bin] = 0;
    }
}

/* Moves the counts of a strip to the histogram. */
static eg_status collect_counts(const eg_stage *stage, size_t index, void *scratch, eg_error *error)
{
    (void)index, (void)error;
    eg_ridge_detector *d = stage->opaque;
    strip_scratch *s = scratch;
    move_count(d, s, 0);
    for (uint32_t bin = s->first; bin < s->end; bin++)
        move_count(d, s, bin);
    s->first = s->end = 0;
    return EG_OK;
}

/* ---- the pass ---- */

static void init_detector(eg_ridge_detector *d, eg_source *source, const eg_edges_options *options)
{
    const bool given = !isnan(options->low) || !isnan(options->high);
    eg_ridge_jet_init(&d->jet, source, d->sigma);
    d->kind = options->ridges;
    d->border = options->border;
    d->border_value = options->border_value;
    d->unit = 255 / (double)source->info.white_level;
    d->columns = eg_jet_tile(&d->jet);
    d->span = eg_source_span(source);
    d->planes.width = source->info.width;
    d->planes.height = d->span.end - d->span.first;
    d->planes.words = (d->planes.width + 63) / 64;
    d->tile_count = (d->planes.width + d->columns - 1) / d->columns;
    d->known = given && options->unit != EG_UNIT_PERCENT && !d->count_only && !d->adjustable;
}

/* Allocates what the strips keep. */
static eg_status allocate_strips(eg_ridge_detector *d, eg_error *error)
{
    eg_context *ctx = d->ctx;
    d->strips = eg_calloc(ctx, d->strip_count, sizeof *d->strips, error);
    if (!d->strips)
        return eg_failed(error);
    d->blocks = eg_calloc(ctx, d->strip_count, sizeof *d->blocks, error);
    if (!d->blocks)
        return eg_failed(error);
    float **tiles = eg_calloc(ctx, d->strip_count * d->tile_count, sizeof *tiles, error);
    if (!tiles)
        return eg_failed(error);
    for (size_t k = 0; k < d->strip_count; k++)
        d->strips[k].strengths = tiles + k * d->tile_count;
    if (d->count_only)
        return EG_OK;
    eg_status status = eg_planes_allocate(&d->planes, ctx, &d->planes.candidate, error);
    d->lines = d->planes.candidate;
    if (status == EG_OK && d->adjustable)
        status = eg_planes_allocate(&d->planes, ctx, &d->lines, error);
    return status == EG_OK ? eg_planes_allocate(&d->planes, ctx, &d->planes.edge, error) : status;
}

static eg_status run_pass(eg_ridge_detector *d, eg_source *source, eg_error *error)
{
    const size_t reach = eg_jet_reach(&d->jet);
    eg_stage stage = {.halo = reach,
                      .pad = reach,
                      .border = d->border,
                      .border_value = (float)d->border_value,
                      .opaque = d,
                      .run = run_strip,
                      .collect = collect_counts};
    const size_t rows = eg_pipeline_rows(source, &stage) + stage.halo;
    const size_t work = strength_bytes(d, rows) + eg_jet_scratch(&d->jet, d->columns);
    const size_t flood = eg_hysteresis_scratch(d->planes.words, rows);
    stage.scratch = sizeof(strip_scratch) + (work > flood ? work : flood);
    d->strip_count = eg_pipeline_strips(source, &stage);
    eg_status status = eg_field_histogram_new(&d->histogram, d->ctx, error);
    d->histogram.sigma = 1;
    if (status == EG_OK)
        status = allocate_strips(d, error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, NULL, 0, error);
    d->histogram.differs = atomic_load(&d->seen.differs);
    return status;
}

/* Runs the pass of a detector whose `count_only` and `adjustable` are set. */
static eg_status begin(eg_ridge_detector *d, eg_source *source, const eg_edges_options *options,
                       eg_error *error)
{
    d->ctx = source->ctx;
    atomic_init(&d->any_valid, false);
    eg_seen_init(&d->seen);
    eg_status status = check_options(source, options, error);
    if (status != EG_OK)
        return status;
    d->sigma = choose_sigma(options, source);
    init_detector(d, source, options);
    if (d->known)
        eg_ridge_set_thresholds(d, options->low, options->high);
    return run_pass(d, source, error);
}

eg_status eg_ridge_begin(eg_ridge_detector *detector, eg_source *source,
                         const eg_edges_options *options, eg_error *error)
{
    *detector = (eg_ridge_detector){0};
    return begin(detector, source, options, error);
}

eg_status eg_ridge_begin_adjustable(eg_ridge_detector *detector, eg_source *source,
                                    const eg_edges_options *options, eg_error *error)
{
    *detector = (eg_ridge_detector){.adjustable = true};
    return begin(detector, source, options, error);
}

eg_status eg_ridge_count(eg_ridge_detector *detector, eg_source *source,
                         const eg_edges_options *options, eg_error *error)
{
    *detector = (eg_ridge_detector){.count_only = true};
    return begin(detector, source, options, error);
}

void eg_ridge_release(eg_ridge_detector *d)
{
    for (size_t i = 0; d->strips && d->strips->strengths && i < d->strip_count * d->tile_count; i++)
        eg_free(d->strips->strengths[i]);
    eg_free(d->strips ? d->strips->strengths : NULL);
    eg_free(d->strips);
    eg_free(d->blocks);
    eg_field_histogram_free(&d->histogram);
    if (d->lines != d->planes.candidate)
        eg_free(d->lines);
    eg_free(d->planes.candidate);
    eg_free(d->planes.edge);
}
