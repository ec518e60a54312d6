/* SPDX-License-Identifier: MIT */
/* Finds the exteriors of holes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "edge/lines/polyline.h"
#include "edge/lines/ring_walks.h"

static uint32_t find_set(uint32_t *parents, uint32_t walk)
{
    while (parents[walk] != walk) {
        parents[walk] = parents[parents[walk]];
        walk = parents[walk];
    }
    return walk;
}

/* Returns true if the area at the vertex of an edge that is not removed, between it and the edge
 * before it in its walk, contains the direction to the right (1) or the left (-1). */
static bool opens_to(const eg_vertex *before, const eg_vertex *here, const eg_vertex *next,
                     double side)
{
    const eg_vertex toward = {.at = {here->at[0] + side, here->at[1]}};
    return eg_turn(here, next, &toward) < eg_turn(here, next, before);
}

/* Puts the edges whose vertices are in rows of samples into the order, sorted. */
static void order_rows(eg_divider *d)
{
    uint32_t *order = d->simple->order.items;
    size_t count = 0;
    for (uint32_t i = 0; i < d->simple->vertices.count; i++)
        if (!eg_is_removed(d, i) && d->vertices[i].at[1] == floor(d->vertices[i].at[1]))
            order[count++] = i;
    if (count > 1)
        qsort_r(order, count, sizeof *order, eg_compare_vertices, d->vertices);
    d->ordered = count;
}

/* Sets `previous` of the vertices to the edge before theirs in its walk. */
static void reverse_followers(const eg_divider *d)
{
    for (uint32_t i = 0; i < d->simple->vertices.count; i++)
        if (!eg_is_removed(d, i))
            d->vertices[d->vertices[i].follower].previous = i;
}

/* Unites the sets of walks with nothing between them in a row of samples. */
static eg_status unite_walks(eg_divider *d)
{
    eg_growing *parents = &d->simple->parents;
    eg_status status = eg_growing_reserve(parents, d->ctx, d->walks, sizeof(uint32_t), d->error);
    if (status != EG_OK)
        return status;
    uint32_t *sets = parents->items;
    for (uint32_t i = 0; i < d->walks; i++)
        sets[i] = i;
    parents->count = d->walks;
    reverse_followers(d);
    order_rows(d);
    const eg_vertex *v = d->vertices, *left = NULL; /* opens to the right */
    for (size_t i = 0, end; i < d->ordered; i = end) {
        const eg_vertex *here = v + d->order[i], *right = NULL;
        for (end = i; end < d->ordered && eg_same_place(v + d->order[end], here); end++) {
            const eg_vertex *at = v + d->order[end];
            if (left && left->at[1] == at->at[1] &&
                opens_to(v + at->previous, at, v + at->next, -1))
                sets[find_set(sets, at->walk)] = find_set(sets, left->walk);
            if (opens_to(v + at->previous, at, v + at->next, 1))
                right = at;
        }
        left = right;
    }
    return EG_OK;
}

/* Orders rings by their polygon, then exteriors before holes, then by their points. */
static int compare_rings(const void *a, const void *b, void *points)
{
    const eg_ring *x = a, *y = b;
    if (x->polygon != y->polygon)
        return x->polygon < y->polygon ? -1 : 1;
    if ((x->area > 0) != (y->area > 0))
        return x->area > 0 ? -1 : 1;
    return eg_polyline_compare((const double *)points + 2 * x->first, x->count,
                               (const double *)points + 2 * y->first, y->count, 2);
}

/* Copies the points of the rings in their order, so that those of a polygon are consecutive. */
static eg_status order_points(eg_divider *d)
{
    eg_simple_rings *s = d->simple;
    const size_t total = s->points.count;
    eg_growing copied = {.items = NULL};
    eg_status status = eg_growing_reserve(&copied, d->ctx, total, 2 * sizeof(double), d->error);
    if (status != EG_OK)
        return status;
    eg_ring *rings = s->rings.items;
    for (size_t i = 0; i < s->rings.count; i++) {
        memcpy((double *)copied.items + 2 * copied.count,
               (const double *)s->points.items + 2 * rings[i].first,
               2 * rings[i].count * sizeof(double));
        rings[i].first = copied.count;
        copied.count += rings[i].count;
    }
    eg_free(s->points.items);
    s->points = copied;
    return EG_OK;
}

eg_status eg_find_polygons(eg_divider *d)
{
    eg_simple_rings *s = d->simple;
    eg_ring *rings = s->rings.items;
    size_t exteriors = 0;
    for (size_t i = 0; i < s->rings.count; i++)
        exteriors += rings[i].area > 0;
    if (exteriors == 0)
        s->rings.count = 0;
    eg_status status = exteriors > 1 ? unite_walks(d) : EG_OK;
    if (status == EG_OK)
        status = eg_growing_reserve(&s->stack, d->ctx, d->walks, sizeof(uint32_t), d->error);
    if (status != EG_OK || s->rings.count < 2)
        return status;
    qsort_r(rings, s->rings.count, sizeof *rings, compare_rings, s->points.items);
    uint32_t *polygon_of = s->stack.items, *sets = s->parents.items;
    if (exteriors > 1)
        memset(polygon_of, 0, d->walks * sizeof *polygon_of);
    for (size_t i = 0; exteriors > 1 && i < s->rings.count; i++) {
        uint32_t *polygon = &polygon_of[find_set(sets, (uint32_t)rings[i].walk)];
        if (i < exteriors)
            *polygon = (uint32_t)i;
        rings[i].polygon = i < exteriors ? i : *polygon;
    }
    qsort_r(rings, s->rings.count, sizeof *rings, compare_rings, s->points.items);
    return order_points(d);
}
