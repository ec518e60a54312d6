/* SPDX-License-Identifier: MIT */
/* The image of edges in a style. Thick or inverted edges are drawn in a plane of their own, which
 * has one bit for each pixel; the plane of thin edges stays as it is. */
#include "edge/style/style.h"

#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "core/thread_pool.h"
#include "edge/canny/canny.h"
#include "edge/style/dilation.h"

enum { ROWS_PER_JOB = 64 };

/* A plane that is drawn from the plane of thin edges. */
typedef struct drawing {
    eg_context *ctx;
    const eg_planes *planes;
    const eg_edge_rows *around;
    eg_disc disc;
    bool invert;
    uint64_t last_word; /* the bits of a row's last word that are pixels */
    uint64_t *drawn;
} drawing;

/* Returns row y of the edges, which may lie outside the planes; NULL: there is none. */
static const uint64_t *edge_row(const drawing *d, ptrdiff_t y)
{
    const eg_edge_rows *around = d->around;
    const size_t height = d->planes->height, words = d->planes->words;
    if (y < 0)
        return around && (size_t)-y <= around->above_count
                   ? around->above + ((size_t)-y - 1) * words
                   : NULL;
    if ((size_t)y < height)
        return eg_edge_row(d->planes, (size_t)y);
    return around && (size_t)y - height < around->below_count
               ? around->below + ((size_t)y - height) * words
               : NULL;
}

static void draw_row(const drawing *d, size_t y, uint64_t *scratch)
{
    const size_t words = d->planes->words;
    uint64_t *out = d->drawn + y * words;
    memset(out, 0, words * sizeof *out);
    for (int dy = -d->disc.above; dy <= d->disc.below; dy++) {
        const uint64_t *row = edge_row(d, (ptrdiff_t)y - dy);
        const int i = dy + d->disc.above;
        if (row)
            eg_dilate_row(out, row, words, d->disc.run[i].first, d->disc.run[i].last, scratch);
    }
    for (size_t i = 0; d->invert && i < words; i++)
        out[i] = ~out[i];
    out[words - 1] &= d->last_word;
}

static eg_status draw_rows(void *opaque, size_t index, eg_error *error)
{
    const drawing *d = opaque;
    const size_t y0 = index * ROWS_PER_JOB, height = d->planes->height;
    const size_t y1 = height - y0 < ROWS_PER_JOB ? height : y0 + ROWS_PER_JOB;
    uint64_t *scratch = eg_alloc(d->ctx, d->planes->words + 2, sizeof *scratch, error);
    if (!scratch)
        return eg_failed(error);
    for (size_t y = y0; y < y1; y++)
        draw_row(d, y, scratch);
    eg_free(scratch);
    return EG_OK;
}

/* Allocates and draws d->drawn, freed by eg_free() also on failure. */
static eg_status draw(drawing *d, const eg_edge_style *style, eg_error *error)
{
    const eg_planes *p = d->planes;
    eg_status status = eg_planes_allocate(p, d->ctx, &d->drawn, error);
    if (status != EG_OK)
        return status;
    d->disc = eg_disc_of(style->thickness > 1 ? style->thickness : 1);
    d->invert = style->invert;
    d->last_word = ~(uint64_t)0 >> (63 - (p->width - 1) % 64);
    return eg_parallel_for(d->ctx, (p->height + ROWS_PER_JOB - 1) / ROWS_PER_JOB,
                           p->width * p->height, d, draw_rows, error);
}

/* Checks that the second source of the image has the same rows as the first. */
static eg_status check_same_rows(const eg_source *image, const eg_source *from, eg_error *error)
{
    const eg_span a = eg_source_span(image), b = eg_source_span(from);
    if (image->info.width == from->info.width && image->info.height == from->info.height &&
        a.first == b.first && a.end == b.end)
        return EG_OK;
    return eg_fail(error, EG_BAD_INPUT,
                   "changed while it was read: it had %zu x %zu pixels, now %zu x %zu",
                   from->info.width, from->info.height, image->info.width, image->info.height);
}

static eg_status write_drawn(const eg_planes *planes, const eg_source *from, eg_sink *sink,
                             const eg_edges_options *options, const eg_edges_result *found,
                             eg_error *error)
{
    const eg_edge_style *style = &options->style;
    if (style->paint == EG_PAINT_MASK)
        return eg_planes_write(planes, style->invert, from, sink, error);
    eg_status status = check_same_rows(style->image, from, error);
    if (status != EG_OK)
        return status;
    return style->paint == EG_PAINT_OVERLAY
               ? eg_edges_overlay(planes, from, sink, style, error)
               : eg_edges_directions(planes, sink, options, found, error);
}

eg_status eg_edges_write(const eg_planes *planes, const eg_edge_rows *around, const eg_source *from,
                         eg_sink *sink, const eg_edges_options *options,
                         const eg_edges_result *found, eg_error *error)
{
    const eg_edge_style *style = &options->style;
    if (style->thickness <= 1 && !style->invert)
        return write_drawn(planes, from, sink, options, found, error);
    drawing d = {.ctx = from->ctx, .planes = planes, .around = around};
    eg_planes drawn = *planes;
    eg_status status = draw(&d, style, error);
    drawn.edge = d.drawn;
    if (status == EG_OK)
        status = write_drawn(&drawn, from, sink, options, found, error);
    eg_free(d.drawn);
    return status;
}

/* Checks the second source of the image. */
static eg_status check_image(const eg_edge_style *style, eg_error *error)
{
    if (style->paint == EG_PAINT_MASK || style->image)
        return EG_OK;
    return eg_fail(error, EG_USAGE, "edges in colour need a second source of the image");
}

eg_status eg_edge_style_check(const eg_edges_options *options, const eg_sink *sink, eg_error *error)
{
    const eg_edge_style *style = &options->style;
    if (style->thickness < 0 || style->thickness > EG_THICKNESS_MAX)
        return eg_fail(error, EG_USAGE, "edges are 1 to %d pixels thick, not %d", EG_THICKNESS_MAX,
                       style->thickness);
    if (style->paint < EG_PAINT_MASK || style->paint > EG_PAINT_DIRECTION)
        return eg_fail(error, EG_USAGE, "unknown paint of edges");
    if (style->paint == EG_PAINT_DIRECTION && options->method == EG_EDGE_RIDGE)
        return eg_fail(error, EG_USAGE, "the method ridge has no colours of direction");
    if (style->paint != EG_PAINT_MASK && style->invert)
        return eg_fail(error, EG_USAGE, "edges in colour cannot be inverted");
    if (style->paint != EG_PAINT_MASK)
        return eg_sink_accepts(sink, EG_RGB) ? check_image(style, error)
                                             : eg_sink_refuse(sink, EG_RGB, "colours", error);
    return eg_sink_accepts(sink, EG_BIT) || eg_sink_accepts(sink, EG_U8)
               ? EG_OK
               : eg_sink_refuse(sink, EG_BIT, "edges", error);
}
