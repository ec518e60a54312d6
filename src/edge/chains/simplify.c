/* SPDX-License-Identifier: MIT */
/* Lines with fewer points. */
#include "edge/chains/simplify.h"

#include <math.h>
#include <string.h>

enum { SECTION = 4096 }; /* points */

/* Returns the square of the distance of p from the segment a b. */
static double distance_from(const eg_chain_point *p, const eg_chain_point *a,
                            const eg_chain_point *b)
{
    const double dx = b->x - a->x, dy = b->y - a->y, px = p->x - a->x, py = p->y - a->y;
    const double length = dx * dx + dy * dy;
    double along = length > 0 ? (px * dx + py * dy) / length : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    const double ex = px - along * dx, ey = py - along * dy;
    return ex * ex + ey * ey;
}

/* Returns the point between first and last that is farthest from their segment; `first` if there is
 * none or it is not farther than the tolerance. */
static size_t farthest(const eg_chain_point *p, size_t first, size_t last, double tolerance)
{
    double most = tolerance * tolerance;
    size_t found = first;
    for (size_t i = first + 1; i < last; i++) {
        const double distance = distance_from(&p[i], &p[first], &p[last]);
        if (distance > most) {
            most = distance;
            found = i;
        }
    }
    return found;
}

/* Marks the points to keep between two that are kept. `stack` has room for all points between. */
static void mark_section(const eg_chain_point *p, size_t first, size_t last, double tolerance,
                         bool *keep, uint32_t *stack)
{
    size_t depth = 0;
    const size_t origin = first;
    for (;;) {
        const size_t split = farthest(p, first, last, tolerance);
        if (split != first) {
            keep[split] = true;
            stack[depth++] = (uint32_t)(last - origin);
            last = split;
            continue;
        }
        if (depth == 0)
            return;
        first = last;
        last = origin + stack[--depth];
    }
}

/* Keeps the two points of a ring that are farthest from its first one and from the line between
 * both, so that it encloses an area. */
static void keep_corners(const eg_chain_point *p, size_t count, bool *keep)
{
    size_t far = 0, side = 0;
    double most = 0;
    for (size_t i = 1; i + 1 < count; i++) {
        const double d = distance_from(&p[i], &p[0], &p[0]);
        if (d > most) {
            most = d;
            far = i;
        }
    }
    most = 0;
    for (size_t i = 1; i + 1 < count; i++) {
        const double d = distance_from(&p[i], &p[0], &p[far]);
        if (d > most) {
            most = d;
            side = i;
        }
    }
    keep[far] = keep[side] = true;
}

eg_status eg_simplify(eg_chain_point *points, size_t *count, bool closed, double tolerance,
                      eg_growing *work, eg_context *ctx, eg_error *error)
{
    const size_t n = *count, flags = (n + 7) / 8 * 8;
    work->count = 0;
    /* The array is of other items elsewhere: at least as large ones as these. */
    eg_status status =
        eg_growing_reserve(work, ctx, (flags + SECTION * sizeof(uint32_t)) / sizeof *points + 1,
                           sizeof *points, error);
    if (status != EG_OK || n < 3)
        return status;
    bool *keep = work->items;
    uint32_t *stack = (uint32_t *)(void *)(keep + flags);
    memset(keep, 0, flags);
    for (size_t i = 0; i < n; i += SECTION)
        keep[i] = true;
    keep[n - 1] = true;
    if (closed && n > 4)
        keep_corners(points, n, keep);
    for (size_t first = 0, last; first + 1 < n; first = last) {
        for (last = first + 1; !keep[last];)
            last++;
        mark_section(points, first, last, tolerance, keep, stack);
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (keep[i] || (closed && n <= 4))
            points[kept++] = points[i];
    *count = kept;
    return EG_OK;
}
