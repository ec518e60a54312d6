/* SPDX-License-Identifier: MIT */
/* Points of polylines: order, and the canonical form of rings. */
#include "edge/lines/polyline.h"

static int compare_points(const double *a, const double *b)
{
    if (a[1] != b[1])
        return a[1] < b[1] ? -1 : 1;
    return (a[0] > b[0]) - (a[0] < b[0]);
}

int eg_polyline_compare(const double *a, size_t a_count, const double *b, size_t b_count,
                        size_t stride)
{
    for (size_t i = 0; i < a_count && i < b_count; i++) {
        int order = compare_points(a + stride * i, b + stride * i);
        if (order != 0)
            return order;
    }
    return (a_count > b_count) - (a_count < b_count);
}

/* A walk along the points of a ring from one of them on, forwards or backwards. */
typedef struct walk {
    size_t from;
    bool back;
} walk;

static const double *point_of(const double *points, size_t stride, size_t count, walk w, size_t i)
{
    return points + stride * ((w.back ? w.from + count - i : w.from + i) % count);
}

static int compare_walks(const double *points, size_t stride, size_t count, walk a, walk b)
{
    for (size_t i = 0; i < count; i++) {
        int order = compare_points(point_of(points, stride, count, a, i),
                                   point_of(points, stride, count, b, i));
        if (order != 0)
            return order;
    }
    return 0;
}

void eg_polyline_reverse(double *points, size_t stride, size_t first, size_t end)
{
    while (first + 1 < end) {
        end--;
        for (size_t c = 0; c < stride; c++) {
            double swapped = points[stride * first + c];
            points[stride * first + c] = points[stride * end + c];
            points[stride * end + c] = swapped;
        }
        first++;
    }
}

/* A ring that passes its first point several times begins with the smallest of these rotations. It
 * passes a point at most four times, because a sample has four sides of cells to cross. */
size_t eg_polyline_close(double *points, size_t stride, size_t count)
{
    size_t first = 0;
    while (count > 1 && compare_points(points, points + stride * (count - 1)) == 0)
        count--;
    if (count < 2)
        return 0;
    for (size_t i = 1; i < count; i++) {
        int order = compare_points(points + stride * i, points + stride * first);
        if (order < 0 || (order == 0 && compare_walks(points, stride, count, (walk){i, false},
                                                      (walk){first, false}) < 0))
            first = i;
    }
    eg_polyline_reverse(points, stride, 0, first);
    eg_polyline_reverse(points, stride, first, count);
    eg_polyline_reverse(points, stride, 0, count);
    for (size_t c = 0; c < stride; c++)
        points[stride * count + c] = points[c];
    return count + 1;
}

/* A walk backwards from another point than the first may come first, if that is passed twice. */
void eg_polyline_direct(double *points, size_t stride, size_t count, bool closed)
{
    const size_t ring = count - closed;
    walk best = {0, false};
    for (size_t i = 0; i < (closed ? ring : 1); i++) {
        const walk back = {closed ? i : count - 1, true};
        if (compare_walks(points, stride, ring, back, best) < 0)
            best = back;
    }
    if (!best.back)
        return;
    eg_polyline_reverse(points, stride, 0, count);
    if (closed)
        eg_polyline_close(points, stride, ring);
}
