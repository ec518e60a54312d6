/* SPDX-License-Identifier: MIT */
/* The shape of a complete chain. */
#include "edge/chains/shape.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/portable_math.h"
#include "core/status.h"
#include "edge/chains/simplify.h"
#include "edge/lines/polyline.h"
#include "gradient/angle.h"

/* ---- direction ---- */

/* Returns a positive number if the gradient at a point is to the left of the direction from one
 * point to another, negative if it is to the right. */
static double side_of_gradient(const eg_chain_point *at, const eg_chain_point *from,
                               const eg_chain_point *to)
{
    const double angle = (double)at->edge.direction / EG_DEGREES;
    return cos(angle) * (to->y - from->y) - sin(angle) * (to->x - from->x);
}

/* Returns the points before and after point i of a line. */
static const eg_chain_point *point_before(const eg_chain_point *p, size_t count, bool closed,
                                          size_t i)
{
    return i > 0 ? &p[i - 1] : closed ? &p[count - 2] : &p[0];
}

static const eg_chain_point *point_after(const eg_chain_point *p, size_t count, bool closed,
                                         size_t i)
{
    return i + 1 < count ? &p[i + 1] : closed ? &p[1] : &p[count - 1];
}

void eg_chain_arrange(double *points, size_t count, bool closed)
{
    const eg_chain_point *p = (const eg_chain_point *)(const void *)points;
    size_t left = 0, right = 0;
    for (size_t i = 0; i < count - closed; i++) {
        const double side = side_of_gradient(&p[i], point_before(p, count, closed, i),
                                             point_after(p, count, closed, i));
        left += side > 0;
        right += side < 0;
    }
    if (right == left)
        eg_polyline_direct(points, EG_CHAIN_STRIDE, count, closed);
    if (right <= left)
        return;
    eg_polyline_reverse(points, EG_CHAIN_STRIDE, 0, count);
    if (closed) /* a point that is passed twice is the first one in another way */
        eg_polyline_close(points, EG_CHAIN_STRIDE, count - 1);
}

/* Assigns the colours of each point to the sides of the line. */
static void assign_sides(eg_chain_point *p, size_t count, bool closed)
{
    for (size_t i = 0; i < count; i++) {
        eg_edge_point *edge = &p[i].edge;
        if (side_of_gradient(&p[i], point_before(p, count, closed, i),
                             point_after(p, count, closed, i)) >= 0)
            continue;
        uint8_t colour[3];
        memcpy(colour, edge->left, sizeof colour);
        memcpy(edge->left, edge->right, sizeof colour);
        memcpy(edge->right, colour, sizeof colour);
    }
}

/* ---- local fits ---- */

/* A parabola fitted to the points around one of a line, by their distance along the line: value,
 * slope and half the second derivative of x and of y there. */
typedef struct local_fit {
    double x[3], y[3];
} local_fit;

/* Sums of the equations of a fit. */
typedef struct fit_sums {
    double s[5], x[3], y[3];
    size_t count;
} fit_sums;

static void add_to_fit(fit_sums *sums, const eg_chain_point *p, const eg_chain_point *origin,
                       double s, double weight)
{
    const double x = p->x - origin->x, y = p->y - origin->y;
    for (int k = 0; k < 5; k++) {
        sums->s[k] += weight;
        if (k < 3) {
            sums->x[k] += weight * x;
            sums->y[k] += weight * y;
        }
        weight *= s;
    }
    sums->count++;
}

/* Solves the equations of a parabola. */
static void solve_fit(const double s[5], const double right[3], double determinant, double out[3])
{
    out[0] = (right[0] * (s[2] * s[4] - s[3] * s[3]) - s[1] * (right[1] * s[4] - s[3] * right[2]) +
              s[2] * (right[1] * s[3] - s[2] * right[2])) /
             determinant;
    out[1] = (s[0] * (right[1] * s[4] - s[3] * right[2]) - right[0] * (s[1] * s[4] - s[3] * s[2]) +
              s[2] * (s[1] * right[2] - right[1] * s[2])) /
             determinant;
    out[2] = (s[0] * (s[2] * right[2] - right[1] * s[3]) -
              s[1] * (s[1] * right[2] - right[1] * s[2]) + right[0] * (s[1] * s[3] - s[2] * s[2])) /
             determinant;
}

/* Adds the points on one side of point i up to `reach` pixels along the line. `gaussian`: with
 * weights of a Gaussian of half that standard deviation, else all alike. */
static void add_side(fit_sums *sums, const eg_chain_point *p, size_t count, bool closed, size_t i,
                     bool ahead, double reach, bool gaussian)
{
    const size_t ring = count - closed, most = closed ? (ring - 1) / 2 : ring;
    double s = 0;
    size_t k = i;
    for (size_t step = 0; step < most; step++) {
        if (!closed && (ahead ? k + 1 == count : k == 0))
            return;
        const size_t next =
            ahead ? (k + 1 == ring && closed ? 0 : k + 1) : (k == 0 ? ring - 1 : k - 1);
        s += eg_hypotenuse(p[next].x - p[k].x, p[next].y - p[k].y);
        if (s > reach)
            return;
        k = next;
        const double part = 2 * s / reach;
        add_to_fit(sums, &p[k], &p[i], ahead ? s : -s, gaussian ? exp(-part * part / 2) : 1);
    }
}

/* Fits parabolas around point i. Returns false if there are too few points for them. */
static bool fit_around(local_fit *fit, const eg_chain_point *p, size_t count, bool closed, size_t i,
                       double reach, bool gaussian)
{
    fit_sums sums = {.count = 0};
    i = closed && i + 1 == count ? 0 : i;
    add_to_fit(&sums, &p[i], &p[i], 0, 1);
    add_side(&sums, p, count, closed, i, true, reach, gaussian);
    add_side(&sums, p, count, closed, i, false, reach, gaussian);
    const double *s = sums.s;
    const double determinant = s[0] * (s[2] * s[4] - s[3] * s[3]) -
                               s[1] * (s[1] * s[4] - s[3] * s[2]) +
                               s[2] * (s[1] * s[3] - s[2] * s[2]);
    if (sums.count < 5 || !(determinant > 1e-9 * s[0] * s[2] * s[4]))
        return false;
    solve_fit(s, sums.x, determinant, fit->x);
    solve_fit(s, sums.y, determinant, fit->y);
    fit->x[0] += p[i].x;
    fit->y[0] += p[i].y;
    return true;
}

/* Returns the radius of curvature of a fit; INFINITY if it is straight. */
static double radius_of(const local_fit *fit)
{
    const double dx = fit->x[1], dy = fit->y[1], speed = sqrt(dx * dx + dy * dy);
    return speed * speed * speed / fabs(2 * (dx * fit->y[2] - dy * fit->x[2]));
}

/* Moves a point of a curved line to where the edge was before the blur. */
static void undo_blur(const eg_blur_shift *blur, const local_fit *fit, eg_chain_point *point)
{
    const double dx = fit->x[1], dy = fit->y[1], speed = sqrt(dx * dx + dy * dy);
    const double turn = dx * fit->y[2] - dy * fit->x[2];
    if (!(speed > 0) || turn == 0)
        return;
    /* The centre of curvature is to the side (-dy, dx) if `turn` is positive. */
    const double shift = (turn > 0 ? 1 : -1) * eg_blur_shift_at(blur, radius_of(fit)) / speed;
    point->x += dy * shift;
    point->y -= dx * shift;
}

/* Moves all points, in `to`, by fits to those in `from`. Fits reach as far as the blur makes points
 * depend on each other, but only over a part of a circle that a parabola can follow. */
static void correct_points(const eg_shaper *s, const eg_chain_point *from, eg_chain_point *to,
                           size_t count, bool closed)
{
    const double least = 3.5, reach = fmax(least, 2 * s->blur.sigma), arc = 0.7;
    for (size_t i = 0; i < count - closed; i++) {
        local_fit fit;
        to[i] = from[i];
        bool fits = fit_around(&fit, from, count, closed, i, reach, false);
        const double radius = fits ? radius_of(&fit) : (double)INFINITY;
        if (reach > least && reach > arc * radius)
            fits = fit_around(&fit, from, count, closed, i, fmax(least, arc * radius), false);
        if (fits)
            undo_blur(&s->blur, &fit, &to[i]);
    }
    if (closed)
        to[count - 1] = to[0];
}

static void smooth_points(const eg_shaper *s, const eg_chain_point *from, eg_chain_point *to,
                          size_t count, bool closed)
{
    for (size_t i = 0; i < count - closed; i++) {
        local_fit fit;
        to[i] = from[i];
        if (fit_around(&fit, from, count, closed, i, 2 * s->smooth, true)) {
            to[i].x = fit.x[0];
            to[i].y = fit.y[0];
        }
    }
    if (closed)
        to[count - 1] = to[0];
}

/* ---- the line ---- */

/* Sets length, mean strength and mean colours. */
static void summarise(eg_edge_detail *detail, const eg_chain_point *p, size_t count)
{
    double strength = 0, left[3] = {0}, right[3] = {0};
    detail->length = 0;
    for (size_t i = 0; i < count; i++) {
        strength += (double)p[i].edge.strength;
        for (size_t c = 0; c < 3; c++) {
            left[c] += p[i].edge.left[c];
            right[c] += p[i].edge.right[c];
        }
        if (i > 0)
            detail->length += eg_hypotenuse(p[i].x - p[i - 1].x, p[i].y - p[i - 1].y);
    }
    detail->strength = (float)(strength / (double)count);
    for (size_t c = 0; c < 3; c++) {
        detail->left[c] = (uint8_t)lround(left[c] / (double)count);
        detail->right[c] = (uint8_t)lround(right[c] / (double)count);
    }
}

/* Removes points that equal the one before. Returns the number of those left. */
static size_t remove_equal(eg_chain_point *p, size_t count)
{
    size_t kept = 1;
    for (size_t i = 1; i < count; i++)
        if (p[i].x != p[kept - 1].x || p[i].y != p[kept - 1].y)
            p[kept++] = p[i];
    return kept;
}

/* Copies the points to the arrays that *line and *detail refer to. */
static eg_status store_line(eg_shaper *s, size_t count, eg_line *line, eg_edge_detail *detail,
                            eg_error *error)
{
    const eg_chain_point *p = s->points.items;
    eg_status status = eg_growing_resize(&s->plane, s->ctx, count, 2 * sizeof(double), error);
    if (status == EG_OK)
        status = eg_growing_resize(&s->edges, s->ctx, count, sizeof(eg_edge_point), error);
    if (status != EG_OK)
        return status;
    double *plane = s->plane.items;
    eg_edge_point *edges = s->edges.items;
    for (size_t i = 0; i < count; i++) {
        plane[2 * i] = p[i].x;
        plane[2 * i + 1] = p[i].y;
        edges[i] = p[i].edge;
    }
    line->points = plane;
    line->count = count;
    line->edge = detail;
    detail->points = edges;
    return EG_OK;
}

static void swap(eg_growing *a, eg_growing *b)
{
    const eg_growing swapped = *a;
    *a = *b;
    *b = swapped;
}

eg_status eg_shape_line(eg_shaper *s, const eg_line *chain, eg_line *line, eg_edge_detail *detail,
                        eg_error *error)
{
    const bool closed = chain->closed;
    size_t count = chain->count;
    *line = (eg_line){.closed = closed};
    eg_status status = eg_growing_resize(&s->points, s->ctx, count, sizeof(eg_chain_point), error);
    if (status == EG_OK)
        status = eg_growing_resize(&s->moved, s->ctx, count, sizeof(eg_chain_point), error);
    if (status != EG_OK)
        return status;
    correct_points(s, (const eg_chain_point *)(const void *)chain->points, s->points.items, count,
                   closed);
    if (s->smooth > 0) {
        smooth_points(s, s->points.items, s->moved.items, count, closed);
        swap(&s->points, &s->moved);
    }
    count = remove_equal(s->points.items, count);
    if (count < 2)
        return EG_OK;
    assign_sides(s->points.items, count, closed);
    summarise(detail, s->points.items, count);
    if (s->tolerance > 0)
        status =
            eg_simplify(s->points.items, &count, closed, s->tolerance, &s->moved, s->ctx, error);
    return status == EG_OK ? store_line(s, count, line, detail, error) : status;
}

void eg_shaper_release(eg_shaper *s)
{
    eg_free(s->points.items);
    eg_free(s->moved.items);
    eg_free(s->plane.items);
    eg_free(s->edges.items);
}
