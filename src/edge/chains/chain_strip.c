/* SPDX-License-Identifier: MIT */
/*
 * Fragments of a strip. A fragment begins at a pixel where a chain begins or comes from another
 * strip, and follows the links until the chain ends or leaves the strip. What is left are rings.
 *
 * A chain crosses between strips by a link from the last row of one to the first row of the next.
 * These links are numbered by the column of the upper pixel, then of the lower one.
 */
#include "edge/chains/chain_strip.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/lines/polyline.h"

/* ---- pixels ---- */

static size_t count_pixels(const eg_planes *planes, size_t y0, size_t y1)
{
    size_t count = 0;
    for (const uint64_t *word = eg_edge_row(planes, y0), *end = eg_edge_row(planes, y1); word < end;
         word++)
        count += (size_t)__builtin_popcountll(*word);
    return count;
}

eg_status eg_chain_strip_list(eg_chain_strip *strip, eg_context *ctx, const eg_planes *planes,
                              size_t y0, size_t y1, eg_error *error)
{
    const size_t count = count_pixels(planes, y0, y1), words = planes->words;
    eg_status status = eg_growing_resize(&strip->pixels, ctx, count, sizeof(eg_chain_pixel), error);
    if (status == EG_OK)
        status = eg_growing_resize(&strip->refined, ctx, count, sizeof(eg_chain_point), error);
    if (status == EG_OK)
        status = eg_growing_resize(&strip->ranks, ctx, (y1 - y0) * words, sizeof(uint32_t), error);
    if (status != EG_OK)
        return status;
    eg_chain_pixel *pixels = strip->pixels.items;
    uint32_t *rank = strip->ranks.items, at = 0;
    for (size_t y = y0; y < y1; y++)
        for (size_t i = 0; i < words; i++) {
            *rank++ = at;
            for (uint64_t bits = eg_edge_row(planes, y)[i]; bits; bits &= bits - 1) {
                const size_t x = 64 * i + (size_t)__builtin_ctzll(bits);
                pixels[at++] = (eg_chain_pixel){
                    .x = (uint32_t)x,
                    .y = (uint32_t)(y - y0),
                    .links = (uint8_t)eg_pixel_links(planes, (ptrdiff_t)x, (ptrdiff_t)y)};
            }
        }
    return EG_OK;
}

size_t eg_chain_strip_index(const eg_chain_strip *strip, const eg_planes *planes, size_t y0,
                            size_t x, size_t y)
{
    const uint64_t word = eg_edge_row(planes, y0 + y)[x / 64];
    const uint64_t before = word & (((uint64_t)1 << x % 64) - 1);
    return ((const uint32_t *)strip->ranks.items)[y * planes->words + x / 64] +
           (size_t)__builtin_popcountll(before);
}

/* ---- crossings ---- */

/* Links downwards, in the order of the columns that they lead to. */
enum { DOWN_LEFT = 3, DOWN = 2, DOWN_RIGHT = 1 };

/* Returns the number of links downwards to columns up to x + dx. */
static uint32_t count_down(unsigned links, int dx)
{
    return (links >> DOWN_LEFT & 1) + (dx >= 0 ? links >> DOWN & 1 : 0) +
           (dx > 0 ? links >> DOWN_RIGHT & 1 : 0);
}

/* Sets number[x] to that of the first crossing downwards from pixel x of row y, for the edge pixels
 * of the row. Returns the number of crossings. */
static size_t number_crossings(const eg_planes *planes, size_t y, uint32_t *number)
{
    uint32_t count = 0;
    for (size_t i = 0; i < planes->words; i++)
        for (uint64_t bits = eg_edge_row(planes, y)[i]; bits; bits &= bits - 1) {
            const size_t x = 64 * i + (size_t)__builtin_ctzll(bits);
            number[x] = count;
            count += count_down(eg_pixel_links(planes, (ptrdiff_t)x, (ptrdiff_t)y), 1);
        }
    return count;
}

/* ---- fragments ---- */

typedef struct linker {
    eg_chain_strip *strip;
    eg_context *ctx;
    const eg_planes *planes;
    size_t y0, y1;
    const uint32_t *above, *below; /* numbers of crossings, by the column of the upper pixel */
} linker;

/* Returns true if a link leads out of the strip. */
static bool leaves(const linker *l, const eg_chain_pixel *p, unsigned link)
{
    const ptrdiff_t y = (ptrdiff_t)p->y + eg_link_dy[link];
    return y < 0 || (size_t)y >= l->y1 - l->y0;
}

/* Returns the end of a fragment whose line continues by a link out of the strip. */
static eg_fragment_end crossing_of(const linker *l, const eg_chain_pixel *p, unsigned link)
{
    const int dx = eg_link_dx[link];
    if (eg_link_dy[link] > 0)
        return (eg_fragment_end){EG_FRAGMENT_LAST_ROW,
                                 l->below[p->x] + count_down(p->links, dx) - 1};
    const ptrdiff_t x = (ptrdiff_t)p->x + dx, y = (ptrdiff_t)(l->y0 + p->y) - 1;
    return (eg_fragment_end){EG_FRAGMENT_FIRST_ROW,
                             l->above[x] + count_down(eg_pixel_links(l->planes, x, y), -dx) - 1};
}

static unsigned continuation(const linker *l, const eg_chain_pixel *p, unsigned link)
{
    return eg_link_continuation(l->planes, p->x, (ptrdiff_t)(l->y0 + p->y), p->links, link);
}

/* Returns the pixel that a link leads to, inside the strip. */
static eg_chain_pixel *follow(const linker *l, const eg_chain_pixel *p, unsigned link)
{
    const size_t x = (size_t)((ptrdiff_t)p->x + eg_link_dx[link]);
    const size_t y = (size_t)((ptrdiff_t)p->y + eg_link_dy[link]);
    return (eg_chain_pixel *)l->strip->pixels.items +
           eg_chain_strip_index(l->strip, l->planes, l->y0, x, y);
}

/* Appends the point of a pixel to those of a fragment, for which there is memory. */
static void append_point(const linker *l, eg_fragment *fragment, const eg_chain_pixel *p)
{
    const size_t index = (size_t)(p - (eg_chain_pixel *)l->strip->pixels.items);
    const eg_chain_point *refined = l->strip->refined.items;
    double *points = (double *)l->strip->lines.points.items + EG_CHAIN_STRIDE * fragment->first;
    if (p->has_point)
        fragment->count = eg_polyline_append(points, EG_CHAIN_STRIDE, fragment->count,
                                             (const double *)(const void *)&refined[index]);
    fragment->row = l->y0 + p->y > fragment->row ? l->y0 + p->y : fragment->row;
}

/* Follows a chain from a pixel by a link. `back`: the link by which the chain comes from there;
 * EG_NO_LINK: it begins. */
static void read_fragment(const linker *l, eg_chain_pixel *p, unsigned link, unsigned back,
                          eg_fragment *fragment)
{
    eg_chain_pixel *const first = p;
    const unsigned first_link = link;
    if (back != EG_NO_LINK) {
        p->followed |= (uint8_t)(1u << back);
        if (leaves(l, p, back))
            fragment->start = crossing_of(l, p, back);
    }
    for (;;) {
        append_point(l, fragment, p);
        if (link == EG_NO_LINK)
            return;
        p->followed |= (uint8_t)(1u << link);
        if (leaves(l, p, link)) {
            fragment->end = crossing_of(l, p, link);
            return;
        }
        p = follow(l, p, link);
        const unsigned from = eg_link_back(link);
        p->followed |= (uint8_t)(1u << from);
        link = continuation(l, p, from);
        fragment->closed = p == first && link == first_link;
        if (fragment->closed)
            return;
    }
}

static eg_status add_fragment(const linker *l, eg_chain_pixel *p, unsigned link, unsigned back,
                              eg_error *error)
{
    eg_line_strip *lines = &l->strip->lines;
    eg_fragment made = {.first = lines->points.count};
    eg_status status = eg_growing_reserve(&lines->fragments, l->ctx, 1, sizeof made, error);
    if (status != EG_OK)
        return status;
    read_fragment(l, p, link, back, &made);
    double *points = (double *)lines->points.items + EG_CHAIN_STRIDE * made.first;
    if (made.closed)
        made.count = eg_polyline_close(points, EG_CHAIN_STRIDE, made.count);
    const bool whole =
        made.closed || (made.start.side == EG_FRAGMENT_FREE && made.end.side == EG_FRAGMENT_FREE);
    if (whole && made.count < 2)
        return EG_OK;
    if (whole)
        eg_chain_arrange(points, made.count, made.closed);
    ((eg_fragment *)lines->fragments.items)[lines->fragments.count++] = made;
    lines->points.count += made.count;
    return EG_OK;
}

/* Adds the fragments through a pixel: those that begin or enter the strip there, or `rings`. */
static eg_status add_fragments(const linker *l, eg_chain_pixel *p, bool rings, eg_error *error)
{
    eg_status status = EG_OK;
    for (unsigned link = 0; status == EG_OK && link < EG_LINKS; link++) {
        if (!(p->links & ~p->followed & 1u << link))
            continue;
        const unsigned back = continuation(l, p, link);
        if (rings || back == EG_NO_LINK || leaves(l, p, back))
            status = add_fragment(l, p, link, back, error);
    }
    return status;
}

/* Returns the number of points that fragments can have: one for each pair of links and each end,
 * and one more for each ring, which has at least four pixels. */
static size_t most_points(const eg_chain_strip *strip)
{
    const eg_chain_pixel *pixels = strip->pixels.items;
    size_t links = 0;
    for (size_t i = 0; i < strip->pixels.count; i++)
        links += (size_t)__builtin_popcount(pixels[i].links);
    return links + links / 4 + 1;
}

eg_status eg_chain_strip_link(eg_chain_strip *strip, eg_context *ctx, const eg_planes *planes,
                              size_t y0, size_t y1, eg_error *error)
{
    eg_line_strip *lines = &strip->lines;
    eg_chain_pixel *pixels = strip->pixels.items;
    lines->points.count = lines->fragments.count = 0;
    eg_status status =
        eg_growing_resize(&strip->crossings, ctx, 2 * planes->width, sizeof(uint32_t), error);
    if (status == EG_OK)
        status = eg_growing_reserve(&lines->points, ctx, most_points(strip), sizeof(eg_chain_point),
                                    error);
    if (status != EG_OK)
        return status;
    uint32_t *above = strip->crossings.items, *below = above + planes->width;
    lines->first_row_count = y0 > 0 ? number_crossings(planes, y0 - 1, above) : 0;
    lines->last_row_count = y1 < planes->height ? number_crossings(planes, y1 - 1, below) : 0;
    const linker l = {strip, ctx, planes, y0, y1, above, below};
    for (int rings = 0; rings < 2; rings++)
        for (size_t i = 0; status == EG_OK && i < strip->pixels.count; i++)
            status = add_fragments(&l, &pixels[i], rings, error);
    return status;
}

void eg_chain_strip_release(eg_chain_strip *strip)
{
    eg_free(strip->lines.points.items);
    eg_free(strip->lines.fragments.items);
    eg_free(strip->pixels.items);
    eg_free(strip->refined.items);
    eg_free(strip->ranks.items);
    eg_free(strip->crossings.items);
}
