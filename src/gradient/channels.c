/* SPDX-License-Identifier: MIT */
/* Reading an image into channel planes. */
#include "gradient/channels.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

extern const eg_channel_kernels eg_channel_kernels_baseline;
#if defined(__x86_64__)
extern const eg_channel_kernels eg_channel_kernels_v3, eg_channel_kernels_v4;
#endif

const eg_channel_kernels *eg_channel_kernels_for(eg_cpu_level level)
{
    static const eg_channel_kernels *const tables[EG_CPU_LEVELS] = {
        [EG_CPU_BASELINE] = &eg_channel_kernels_baseline,
#if defined(__x86_64__)
        [EG_CPU_V3] = &eg_channel_kernels_v3,
        [EG_CPU_V4] = &eg_channel_kernels_v4,
#endif
    };
    return tables[level];
}

/* State of the stage that fills the planes. */
typedef struct reducer {
    eg_channels *channels;
    const eg_channel_kernels *kernels;
    eg_span span; /* rows of the image that strips cover */
    float white_level;
    atomic_bool missing; /* a sample is not finite */
    atomic_bool differs; /* samples of a plane differ from each other */
} reducer;

/* Working rows of a strip. */
typedef struct strip_rows {
    float *sums, *counts, *grouped;
} strip_rows;

/* Sums groups of `factor` columns; the last group may be cut off by the border of the image. */
static void group_columns(const reducer *r, const float *sums, float *out, size_t image_width)
{
    const eg_channels *c = r->channels;
    const size_t f = c->factor, whole = image_width / f;
    r->kernels->group(out, sums, whole, f);
    if (whole < c->width) {
        float sum = 0;
        for (size_t x = whole * f; x < image_width; x++)
            sum += sums[x];
        out[whole] = sum * ((float)f / (float)(image_width - whole * f));
    }
}

/* Marks the missing pixels of image row y, if it belongs to the window. */
static void note_missing(const reducer *r, const float *in, size_t y)
{
    const eg_channels *c = r->channels;
    if (y < r->span.first || y >= r->span.end)
        return;
    uint64_t *words = c->missing + (y - r->span.first) * c->missing_words;
    for (size_t x = 0; x < c->full_width; x++)
        if (!(in[x] - in[x] == 0))
            words[x / 64] |= (uint64_t)1 << (x % 64);
}

/* Returns true if the samples of a row equal each other and the first one of the image row before.
 */
static bool is_constant(const eg_band *band, size_t y, size_t plane)
{
    const size_t bytes = eg_row_bytes(band->sample, 1);
    const char *row = eg_band_plane(band, (ptrdiff_t)y, plane);
    const char *above = y > band->first ? eg_band_plane(band, (ptrdiff_t)y - 1, plane) : row;
    return memcmp(row, row + bytes, (band->width - 1) * bytes) == 0 &&
           memcmp(row, above, bytes) == 0;
}

/* Averages the pixels of a row of boxes, which begins at image row y * factor, into a plane. */
static void reduce_plane(reducer *r, const eg_band *band, size_t plane, size_t y, strip_rows *rows)
{
    const eg_channels *c = r->channels;
    const size_t f = c->factor, top = y * f;
    const size_t height = band->height - top < f ? band->height - top : f;
    float *out = eg_channel_row(c, plane, y);
    size_t missing = 0;
    for (size_t k = 0; k < height; k++) {
        const void *in = eg_band_plane(band, (ptrdiff_t)(top + k), plane);
        if (!atomic_load_explicit(&r->differs, memory_order_relaxed) &&
            !is_constant(band, top + k, plane))
            atomic_store(&r->differs, true);
        if (band->sample == EG_U8) {
            r->kernels->add_u8(rows->sums, in, band->width, k == 0);
            continue;
        }
        size_t found = r->kernels->add_f32(rows->sums, rows->counts, in, band->width, k == 0);
        if (found)
            note_missing(r, in, top + k);
        missing += found;
    }
    group_columns(r, rows->sums, out, band->width);
    float *valid = c->valid ? c->valid + (y - c->first) * c->stride : NULL;
    if (missing) {
        const float count = (float)(f * height);
        group_columns(r, rows->counts, rows->grouped, band->width);
        r->kernels->complete(out, rows->grouped, c->width, count);
        for (size_t x = 0; x < c->width; x++)
            valid[x] = fminf(valid[x], rows->grouped[x] / count);
        atomic_store(&r->missing, true);
    }
    r->kernels->root(out, c->width, 255 / sqrtf(r->white_level * (float)(f * height)));
}

static eg_status reduce_strip(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                              size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)strip, (void)out, (void)error;
    reducer *r = stage->opaque;
    const eg_channels *c = r->channels;
    strip_rows rows = {.sums = scratch};
    rows.counts = rows.sums + band->width + EG_BAND_SLACK;
    rows.grouped = rows.counts + band->width + EG_BAND_SLACK;
    /* The first and the last strip of a row block also have the margin. */
    const size_t from = y0 == r->span.first ? c->first : (y0 + c->factor - 1) / c->factor;
    const size_t to = y1 == r->span.end ? c->end : (y1 + c->factor - 1) / c->factor;
    for (size_t y = from; y < to; y++) {
        float *valid = c->valid ? c->valid + (y - c->first) * c->stride : NULL;
        for (size_t x = 0; valid && x < c->width; x++)
            valid[x] = 1;
        for (size_t i = 0; i < c->count; i++)
            reduce_plane(r, band, i, y, &rows);
        if (c->count == 3)
            r->kernels->opponent(eg_channel_row(c, 0, y), eg_channel_row(c, 1, y),
                                 eg_channel_row(c, 2, y), c->width);
        for (size_t i = 0; valid && i < c->count; i++)
            r->kernels->multiply(eg_channel_row(c, i, y), valid, c->width);
    }
    return EG_OK;
}

/* ---- planes ---- */

/* Allocates planes for the window of `source` and `margin` rows of the planes around it. */
static eg_status allocate_planes(eg_channels *c, const eg_source *source, size_t margin,
                                 eg_error *error)
{
    const eg_span span = eg_source_span(source);
    const size_t from = span.first / c->factor, to = (span.end + c->factor - 1) / c->factor;
    c->first = from > margin ? from - margin : 0;
    c->end = to + margin < c->height ? to + margin : c->height;
    c->stride = (c->width + 15) / 16 * 16 + 16;
    for (size_t i = 0; i < c->count; i++) {
        c->plane[i] = eg_alloc(c->ctx, c->end - c->first, c->stride * sizeof(float), error);
        if (!c->plane[i])
            return eg_failed(error);
    }
    c->missing_words = (c->full_width + 63) / 64;
    if (source->info.sample != EG_F32)
        return EG_OK;
    c->missing = eg_calloc(c->ctx, span.end - span.first, c->missing_words * 8, error);
    if (!c->missing)
        return eg_failed(error);
    c->valid = eg_alloc(c->ctx, c->end - c->first, c->stride * sizeof(float), error);
    return c->valid ? EG_OK : eg_failed(error);
}

/* Scales planes of very large or small values by a power of two, so that squares stay finite. */
static void normalise_planes(eg_channels *c)
{
    float largest = 0;
    for (size_t i = 0; i < c->count; i++)
        for (size_t y = c->first; y < c->end; y++) {
            const float *row = eg_channel_row(c, i, y);
            for (size_t x = 0; x < c->width; x++)
                largest = fabsf(row[x]) > largest ? fabsf(row[x]) : largest;
        }
    frexpf(largest, &c->exponent);
    if (c->exponent > -16 && c->exponent < 48)
        c->exponent = 0;
    if (largest == 0 || c->exponent == 0)
        return;
    for (size_t i = 0; i < c->count; i++)
        for (size_t y = c->first; y < c->end; y++) {
            float *row = eg_channel_row(c, i, y);
            for (size_t x = 0; x < c->width; x++)
                row[x] = ldexpf(row[x], -c->exponent);
        }
}

eg_status eg_channels_read(eg_channels *channels, eg_source *source, size_t factor, size_t margin,
                           eg_error *error)
{
    const eg_info *info = &source->info;
    const eg_span span = eg_source_span(source);
    *channels = (eg_channels){
        .ctx = source->ctx,
        .count = eg_source_planes(source),
        .factor = factor,
        .full_width = info->width,
        .full_height = info->height,
        .width = (info->width + factor - 1) / factor,
        .height = (info->height + factor - 1) / factor,
    };
    eg_status status = allocate_planes(channels, source, margin, error);
    if (status != EG_OK)
        return status;
    reducer r = {channels, eg_channel_kernels_for(source->ctx->cpu), span, info->white_level, false,
                 false};
    const bool block = span.first > 0 || span.end < info->height;
    const eg_stage stage = {.halo = block ? (margin + 1) * factor : factor - 1,
                            .scratch = 3 * (info->width + EG_BAND_SLACK) * sizeof(float),
                            .opaque = &r,
                            .run = reduce_strip};
    status = eg_pipeline_run(source, &stage, NULL, 0, error);
    channels->differs = atomic_load(&r.differs);
    if (!atomic_load(&r.missing)) {
        eg_free(channels->missing);
        eg_free(channels->valid);
        channels->missing = NULL;
        channels->valid = NULL;
    }
    if (info->sample == EG_F32)
        normalise_planes(channels);
    return status;
}

void eg_channels_drop(eg_channels *channels)
{
    for (size_t i = 0; i < EG_CHANNELS_MAX; i++) {
        eg_free(channels->plane[i]);
        channels->plane[i] = NULL;
    }
    eg_free(channels->valid);
    channels->valid = NULL;
}

void eg_channels_free(eg_channels *channels)
{
    eg_channels_drop(channels);
    eg_free(channels->missing);
    *channels = (eg_channels){0};
}
