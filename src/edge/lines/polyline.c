/* SPDX-License-Identifier: MIT */
/* Points of polylines: order, and the canonical form of rings. */
#include "edge/lines/polyline.h"

static int compare_points(const double *a, const double *b)
{
    if (a[1] != b[1])
        return a[1] < b[1] ? -1 : 1;
    return (a[0] > b[0]) - (a[0] < b[0]);
}

int eg_polyline_compare(const double *a, size_t a_count, const double *b, size_t b_count)
{
    for (size_t i = 0; i < a_count && i < b_count; i++) {
        int order = compare_points(a + 2 * i, b + 2 * i);
        if (order != 0)
            return order;
    }
    return (a_count > b_count) - (a_count < b_count);
}

/* Compares the ring that begins at point `a` with that at point `b`. */
static int compare_rotations(const double *points, size_t count, size_t a, size_t b)
{
    for (size_t i = 0; i < count; i++) {
        int order = compare_points(points + 2 * ((a + i) % count), points + 2 * ((b + i) % count));
        if (order != 0)
            return order;
    }
    return 0;
}

static void reverse(double *points, size_t first, size_t end)
{
    while (first + 1 < end) {
        end--;
        for (size_t c = 0; c < 2; c++) {
            double swapped = points[2 * first + c];
            points[2 * first + c] = points[2 * end + c];
            points[2 * end + c] = swapped;
        }
        first++;
    }
}

/* A ring that passes its first point several times begins with the smallest of these rotations. It
 * passes a point at most four times, because a sample has four sides of cells to cross. */
size_t eg_polyline_close(double *points, size_t count)
{
    size_t first = 0;
    while (count > 1 && compare_points(points, points + 2 * (count - 1)) == 0)
        count--;
    if (count < 2)
        return 0;
    for (size_t i = 1; i < count; i++) {
        int order = compare_points(points + 2 * i, points + 2 * first);
        if (order < 0 || (order == 0 && compare_rotations(points, count, i, first) < 0))
            first = i;
    }
    reverse(points, 0, first);
    reverse(points, first, count);
    reverse(points, 0, count);
    points[2 * count] = points[0];
    points[2 * count + 1] = points[1];
    return count + 1;
}
