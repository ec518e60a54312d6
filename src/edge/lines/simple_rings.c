/* SPDX-License-Identifier: MIT */
/*
 * Boundaries of a face touch at samples only. If they do, edges that run there and back are
 * removed; at each place every edge is continued by the one that turns least to the right of the
 * area between them, which separates parts that touch at the place; and the resulting closed walks
 * are cut where they pass a place again. The first cycle of a walk may be an exterior ring, those
 * cut off are holes that touch it. Walks without an exterior are holes inside one: two walks with
 * nothing between them in a row of samples bound the same polygon.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/lines/polyline.h"
#include "edge/lines/ring_walks.h"

double eg_ring_area(const double *points, size_t count)
{
    double area = 0;
    for (size_t i = 1; i + 1 < count; i++) {
        const double *a = points + 2 * i, *b = a + 2;
        area += (a[1] - points[1]) * (b[0] - points[0]) - (a[0] - points[0]) * (b[1] - points[1]);
    }
    return area;
}

/* ---- vertices -------------------------------------------------------------------------------- */

static bool is_at_sample(const double at[2])
{
    return at[0] == floor(at[0]) && at[1] == floor(at[1]);
}

/* Loads the vertices of the rings, and the order of those at samples without sorting it. */
static eg_status load_vertices(eg_divider *d, const eg_ring *rings, size_t count)
{
    eg_simple_rings *s = d->simple;
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += rings[i].count - 1;
    s->vertices.count = s->order.count = 0;
    if (total >= EG_NO_VERTEX)
        return eg_fail(d->error, EG_LIMIT_EXCEEDED, "an area has more than %u points",
                       EG_NO_VERTEX - 1);
    eg_status status = eg_growing_reserve(&s->vertices, d->ctx, total, sizeof(eg_vertex), d->error);
    if (status == EG_OK)
        status = eg_growing_reserve(&s->order, d->ctx, total, sizeof(uint32_t), d->error);
    if (status != EG_OK)
        return status;
    d->vertices = s->vertices.items;
    uint32_t *order = s->order.items;
    for (size_t i = 0; i < count; i++) {
        const uint32_t first = (uint32_t)s->vertices.count, n = (uint32_t)rings[i].count - 1;
        for (uint32_t k = 0; k < n; k++) {
            const double *at = rings[i].points + 2 * (size_t)k;
            d->vertices[first + k] = (eg_vertex){.at = {at[0], at[1]},
                                                 .next = first + (k + 1 < n ? k + 1 : 0),
                                                 .previous = first + (k > 0 ? k - 1 : n - 1),
                                                 .place = EG_NO_VERTEX,
                                                 .walk = EG_NO_VERTEX,
                                                 .depth = EG_NO_VERTEX};
            if (is_at_sample(at))
                order[s->order.count++] = first + k;
        }
        s->vertices.count += n;
    }
    d->order = order;
    d->ordered = s->order.count;
    return EG_OK;
}

/* Sorts the vertices at samples and finds those at the same place. Returns true if a place is
 * passed twice, or if a ring turns back at one. */
static bool find_places(eg_divider *d)
{
    bool touches = false;
    eg_vertex *v = d->vertices;
    if (d->ordered > 1)
        qsort_r(d->simple->order.items, d->ordered, sizeof *d->order, eg_compare_vertices, v);
    for (size_t i = 0; i < d->ordered; i++) {
        eg_vertex *here = v + d->order[i];
        const bool again = i > 0 && eg_same_place(v + d->order[i - 1], here);
        here->place = again ? v[d->order[i - 1]].place : (uint32_t)i;
        touches |= again || eg_same_place(v + here->next, v + here->previous);
    }
    return touches;
}

/* Returns the end in the order of the vertices at a place. */
static size_t place_end(const eg_divider *d, size_t place)
{
    size_t end = place + 1;
    while (end < d->ordered && d->vertices[d->order[end]].place == place)
        end++;
    return end;
}

/* ---- edges ----------------------------------------------------------------------------------- */

/* Removes an edge that another one runs back along, and that edge. */
static void remove_opposite(const eg_divider *d, uint32_t edge)
{
    eg_vertex *v = d->vertices;
    const uint32_t head = v[edge].next;
    const size_t place = v[head].place;
    const size_t end = place == EG_NO_VERTEX ? 1 : place_end(d, place);
    for (size_t i = place == EG_NO_VERTEX ? 0 : place; i < end; i++) {
        const uint32_t back = place == EG_NO_VERTEX ? head : d->order[i];
        if (eg_is_removed(d, back) || back == edge || !eg_same_place(v + v[back].next, v + edge))
            continue;
        v[edge].follower = v[back].follower = EG_NO_VERTEX;
        return;
    }
}

/* Removes edges at samples that run there and back. */
static void remove_opposites(const eg_divider *d)
{
    for (size_t i = 0; i < d->simple->vertices.count; i++)
        d->vertices[i].follower = d->vertices[i].next;
    for (size_t i = 0; i < d->ordered; i++)
        if (!eg_is_removed(d, d->order[i]))
            remove_opposite(d, d->order[i]);
}

/* Continues the edges that lead to a place, from begin to end in the order, by those that lead from
 * it: the area is between an edge that leaves and the first one anticlockwise from it that arrives.
 */
static void connect_place(const eg_divider *d, size_t begin, size_t end)
{
    eg_vertex *v = d->vertices;
    for (size_t i = begin; i < end; i++) /* not connected yet */
        v[d->order[i]].depth = EG_NO_VERTEX;
    for (size_t i = begin; i < end; i++) {
        const uint32_t leaving = d->order[i];
        uint32_t best = EG_NO_VERTEX;
        double least = INFINITY;
        for (size_t k = begin; !eg_is_removed(d, leaving) && k < end; k++) {
            const uint32_t at = d->order[k], arriving = v[at].previous;
            if (eg_is_removed(d, arriving) || v[at].depth != EG_NO_VERTEX)
                continue;
            const double angle = eg_turn(v + leaving, v + v[leaving].next, v + arriving);
            if (angle < least) {
                least = angle;
                best = at;
            }
        }
        if (best == EG_NO_VERTEX)
            continue;
        v[best].depth = 0;
        v[v[best].previous].follower = leaving;
    }
    for (size_t i = begin; i < end; i++)
        v[d->order[i]].depth = EG_NO_VERTEX;
}

static void connect_places(const eg_divider *d)
{
    for (size_t begin = 0, end; begin < d->ordered; begin = end) {
        end = place_end(d, begin);
        if (end - begin > 1)
            connect_place(d, begin, end);
    }
}

/* ---- rings ----------------------------------------------------------------------------------- */

/* Returns true if the middle one of three points is a sample on a straight piece along sides. */
static bool is_straight(const double *a, const double *b, const double *c)
{
    if (!is_at_sample(b))
        return false;
    return (a[0] == b[0] && b[0] == c[0] && (a[1] < b[1]) == (b[1] < c[1])) ||
           (a[1] == b[1] && b[1] == c[1] && (a[0] < b[0]) == (b[0] < c[0]));
}

/* Leaves out points of a closed ring in canonical form, whose first point is a corner. Returns the
 * number of the others. */
static size_t drop_straight(double *points, size_t count)
{
    size_t kept = 1;
    for (size_t i = 1; i + 1 < count; i++) {
        const double *at = points + 2 * i;
        if (!is_straight(points + 2 * (kept - 1), at, at + 2))
            memmove(points + 2 * kept++, at, 2 * sizeof *points);
    }
    memmove(points + 2 * kept, points + 2 * (count - 1), 2 * sizeof *points);
    return kept + 1;
}

/* Adds the ring of `count` points that are at the end of the points of the result, with memory for
 * one more, unless it encloses nothing. `canonical`: it is closed. */
static eg_status add_ring(eg_divider *d, size_t count, bool canonical, size_t walk)
{
    eg_simple_rings *s = d->simple;
    double *points = (double *)s->points.items + 2 * s->points.count;
    eg_status status = eg_growing_reserve(&s->rings, d->ctx, 1, sizeof(eg_ring), d->error);
    if (status != EG_OK)
        return status;
    if (canonical)
        count = drop_straight(points, count);
    else
        count = eg_polyline_close(points, 2, count);
    const double area = eg_ring_area(points, count);
    if (count < 4 || area == 0)
        return EG_OK;
    ((eg_ring *)s->rings.items)[s->rings.count++] =
        (eg_ring){.first = s->points.count, .count = count, .area = area, .walk = walk};
    s->points.count += count;
    return EG_OK;
}

/* Returns true if the point of edge i of a cycle is left out: it is straight, and no other ring
 * passes its place. */
static bool is_left_out(const eg_divider *d, const uint32_t *cycle, size_t count, size_t i)
{
    const eg_vertex *at = d->vertices + cycle[i];
    return at->place != EG_NO_VERTEX && place_end(d, at->place) == at->place + 1 &&
           is_straight(d->vertices[cycle[(i + count - 1) % count]].at, at->at,
                       d->vertices[cycle[(i + 1) % count]].at);
}

/* Cuts the cycle off a walk that begins at `depth` in the stack of its edges. */
static eg_status cut_cycle(eg_divider *d, size_t depth)
{
    eg_simple_rings *s = d->simple;
    const uint32_t *cycle = (const uint32_t *)s->stack.items + depth;
    const size_t count = s->stack.count - depth;
    size_t kept = 0;
    eg_status status =
        eg_growing_reserve(&s->points, d->ctx, count + 1, 2 * sizeof(double), d->error);
    if (status != EG_OK)
        return status;
    double *points = (double *)s->points.items + 2 * s->points.count;
    for (size_t i = 0; i < count; i++) {
        const eg_vertex *at = d->vertices + cycle[i];
        if (!is_left_out(d, cycle, count, i))
            memcpy(points + 2 * kept++, at->at, sizeof at->at);
        if (at->place != EG_NO_VERTEX)
            d->vertices[d->order[at->place]].depth = EG_NO_VERTEX;
    }
    s->stack.count = depth;
    return add_ring(d, kept, false, d->walks);
}

/* Follows the walk that begins with an edge. */
static eg_status follow_walk(eg_divider *d, uint32_t first)
{
    eg_simple_rings *s = d->simple;
    eg_vertex *v = d->vertices;
    eg_status status = EG_OK;
    s->stack.count = 0;
    for (uint32_t edge = first; status == EG_OK && v[edge].walk == EG_NO_VERTEX;
         edge = v[edge].follower) {
        uint32_t *depth = v[edge].place == EG_NO_VERTEX ? NULL : &v[d->order[v[edge].place]].depth;
        if (depth && *depth != EG_NO_VERTEX)
            status = cut_cycle(d, *depth);
        if (status == EG_OK)
            status = eg_growing_reserve(&s->stack, d->ctx, 1, sizeof(uint32_t), d->error);
        if (status != EG_OK)
            return status;
        if (depth)
            *depth = (uint32_t)s->stack.count;
        ((uint32_t *)s->stack.items)[s->stack.count++] = edge;
        v[edge].walk = (uint32_t)d->walks;
    }
    if (status == EG_OK)
        status = cut_cycle(d, 0);
    d->walks++;
    return status;
}

static eg_status follow_walks(eg_divider *d)
{
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < d->simple->vertices.count; i++)
        if (!eg_is_removed(d, (uint32_t)i) && d->vertices[i].walk == EG_NO_VERTEX)
            status = follow_walk(d, (uint32_t)i);
    return status;
}

/* Makes a polygon of rings that touch neither themselves nor each other. */
static eg_status copy_rings(eg_divider *d, const eg_ring *rings, size_t count)
{
    eg_simple_rings *s = d->simple;
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < count; i++) {
        status =
            eg_growing_reserve(&s->points, d->ctx, rings[i].count, 2 * sizeof(double), d->error);
        if (status != EG_OK)
            return status;
        memcpy((double *)s->points.items + 2 * s->points.count, rings[i].points,
               2 * rings[i].count * sizeof(double));
        status = add_ring(d, rings[i].count, true, i);
    }
    d->walks = count;
    return status;
}

static int compare_input(const void *a, const void *b)
{
    const eg_ring *x = a, *y = b;
    return eg_polyline_compare(x->points, x->count, y->points, y->count, 2);
}

eg_status eg_simple_rings_find(eg_simple_rings *simple, eg_context *ctx, eg_ring *rings,
                               size_t count, eg_error *error)
{
    eg_divider d = {.simple = simple, .ctx = ctx, .error = error};
    simple->points.count = simple->rings.count = 0;
    if (count > 1)
        qsort(rings, count, sizeof *rings, compare_input);
    eg_status status = load_vertices(&d, rings, count);
    if (status != EG_OK)
        return status;
    if (find_places(&d)) {
        remove_opposites(&d);
        connect_places(&d);
        status = follow_walks(&d);
    } else
        status = copy_rings(&d, rings, count);
    return status == EG_OK ? eg_find_polygons(&d) : status;
}

void eg_simple_rings_release(eg_simple_rings *simple)
{
    eg_growing *const arrays[] = {&simple->points, &simple->rings, &simple->vertices,
                                  &simple->order,  &simple->stack, &simple->parents};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        eg_free(arrays[i]->items);
}
