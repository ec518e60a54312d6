/* SPDX-License-Identifier: MIT */
/* Connected parts of the boxes that a search leaves: boxes that touch belong together. */
#include "solve/cluster.h"

#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "solve/arithmetic.h"

/* Boxes of which the parts are told apart; more are one part. */
enum { MOST_BOXES = 1 << 14 };

/* A part that is smaller than this part of the outer box is a point; one of so many boxes, so much
 * longer than they are, is a curve. */
static const double point_side = 0x1p-20, curve_length = 24;

/* Boxes with a gap of up to this part of the outer box belong together. */
static const double joined_gap = 0x1p-29;
enum { CURVE_BOXES = 48 };

/* Drops the boxes in which a root is the only solution. */
static void drop_solved(eg_search *search, size_t n)
{
    eg_left_box *left = search->left.items;
    size_t kept = 0;
    for (size_t i = 0; i < search->left.count; i++) {
        bool solved = false;
        for (size_t k = 0; k < search->roots.count && !solved; k++)
            solved = eg_box_is_within(left[i].x, eg_search_root(search, k)->unique, n);
        if (!solved)
            left[kept++] = left[i];
    }
    search->left.count = kept;
}

static size_t find(size_t *parent, size_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

static int compare_order(const void *a, const void *b)
{
    double x = ((const eg_left_box *)a)->order, y = ((const eg_left_box *)b)->order;
    return (x > y) - (x < y);
}

/* Returns the axis along which the boxes overlap least. */
static size_t best_axis(const eg_left_box *boxes, size_t count, size_t n)
{
    size_t best = 0;
    double most = -1;
    for (size_t axis = 0; axis < n; axis++) {
        double sum = 0;
        eg_interval hull = boxes[0].x[axis];
        for (size_t i = 0; i < count; i++) {
            sum += eg_iv_width(boxes[i].x[axis]);
            hull = eg_iv_hull(hull, boxes[i].x[axis]);
        }
        double spread = sum > 0 ? eg_iv_width(hull) / sum : 0;
        if (spread > most) {
            most = spread;
            best = axis;
        }
    }
    return best;
}

/* Returns true if the boxes touch, but for a small gap. */
static bool touch(const eg_search *search, const eg_interval a[], const eg_interval b[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double gap = joined_gap * eg_iv_width(search->outer[i]);
        if (a[i].low > b[i].high + gap || b[i].low > a[i].high + gap)
            return false;
    }
    return true;
}

/* Sorts the boxes along an axis and joins those that touch. */
static void join(const eg_search *search, size_t n, size_t *parent)
{
    eg_left_box *boxes = search->left.items;
    size_t count = search->left.count;
    size_t axis = best_axis(boxes, count, n);
    double gap = joined_gap * eg_iv_width(search->outer[axis]);
    for (size_t i = 0; i < count; i++) {
        boxes[i].order = boxes[i].x[axis].low;
        parent[i] = i;
    }
    qsort(boxes, count, sizeof *boxes, compare_order);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count && boxes[k].order <= boxes[i].x[axis].high + gap; k++)
            if (touch(search, boxes[i].x, boxes[k].x, n)) {
                size_t a = find(parent, i), b = find(parent, k);
                parent[a > b ? a : b] = a > b ? b : a;
            }
}

/* Returns the side of a box as a part of the outer one. */
static double relative_side(const eg_search *search, const eg_interval x[], size_t n)
{
    double side = 0;
    for (size_t i = 0; i < n; i++) {
        double whole = eg_iv_width(search->outer[i]);
        if (whole > 0)
            side = fmax(side, eg_iv_width(x[i]) / whole);
    }
    return side;
}

static eg_left_kind kind_of(const eg_search *search, const eg_cluster *cluster, size_t n)
{
    double side = relative_side(search, cluster->hull, n);
    if (side < point_side)
        return EG_LEFT_POINT;
    bool small = cluster->side < 1.0 / 32;
    return small && cluster->boxes >= CURVE_BOXES && side > curve_length * cluster->side
               ? EG_LEFT_CURVE
               : EG_LEFT_PART;
}

/* Adds the cluster of boxes[first] to boxes[first + count - 1]. */
static eg_status add_cluster(eg_search *search, size_t first, size_t count, eg_growing *clusters,
                             eg_error *error)
{
    size_t n = search->system->n;
    eg_cluster cluster = {.first = first, .boxes = count};
    for (size_t i = 0; i < count; i++) {
        const eg_left_box *box = eg_search_left(search, first + i);
        for (size_t k = 0; k < n; k++)
            cluster.hull[k] = i ? eg_iv_hull(cluster.hull[k], box->x[k]) : box->x[k];
        eg_interval values[EG_UNKNOWNS];
        eg_domain domain = eg_system_values(search->system, box->x, values, NULL);
        cluster.rough |= domain < EG_DOMAIN_CONTINUOUS;
        cluster.side = fmax(cluster.side, relative_side(search, box->x, n));
    }
    cluster.kind = kind_of(search, &cluster, n);
    eg_status status = eg_growing_reserve(clusters, search->ctx, 1, sizeof cluster, error);
    if (status == EG_OK)
        ((eg_cluster *)clusters->items)[clusters->count++] = cluster;
    return status;
}

/* Moves the boxes of each cluster together and adds the clusters. start: scratch of as many items
 * as there are boxes. */
static eg_status add_clusters(eg_search *search, size_t *parent, size_t *start, eg_left_box *sorted,
                              eg_growing *clusters, eg_error *error)
{
    size_t count = search->left.count, used = 0;
    eg_left_box *boxes = search->left.items;
    eg_status status = EG_OK;
    memset(start, 0, count * sizeof *start);
    for (size_t i = 0; i < count; i++)
        start[find(parent, i)]++;
    for (size_t root = 0; root < count; root++) { /* numbers of boxes become places */
        size_t boxes_of_it = start[root];
        start[root] = used;
        used += boxes_of_it;
    }
    for (size_t i = 0; i < count; i++)
        sorted[start[find(parent, i)]++] = boxes[i];
    memcpy(boxes, sorted, count * sizeof *boxes);
    for (size_t root = 0, first = 0; root < count && status == EG_OK; root++)
        if (start[root] > first) { /* now the place after its last box */
            status = add_cluster(search, first, start[root] - first, clusters, error);
            first = start[root];
        }
    return status;
}

eg_status eg_cluster_left(eg_search *search, eg_growing *clusters, eg_error *error)
{
    size_t n = search->system->n;
    drop_solved(search, n);
    size_t count = search->left.count;
    if (count == 0)
        return EG_OK;
    if (count > MOST_BOXES)
        return add_cluster(search, 0, count, clusters, error);
    size_t *parent = eg_alloc(search->ctx, count, sizeof *parent, error);
    size_t *start = eg_alloc(search->ctx, count, sizeof *start, error);
    eg_left_box *sorted = eg_alloc(search->ctx, count, sizeof *sorted, error);
    eg_status status = parent && start && sorted ? EG_OK : eg_failed(error);
    if (status == EG_OK) {
        join(search, n, parent);
        status = add_clusters(search, parent, start, sorted, clusters, error);
    }
    eg_free(parent);
    eg_free(start);
    eg_free(sorted);
    return status;
}
