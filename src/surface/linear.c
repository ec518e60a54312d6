/* SPDX-License-Identifier: MIT */
/*
 * The tangent plane as an approximation. By Taylor's theorem its error is f''(s)/2 for some s
 * between 0 and 1, f being taken along the way from one point to the other: f'' = d'Hd. The way is
 * cut into pieces, and H bounded over the box around each by interval arithmetic; the piece that
 * looks worst is halved until that no longer helps.
 */
#include <float.h>
#include <math.h>

#include "core/context.h"
#include "expr/expr.h"
#include "surface/surface.h"

enum { PIECES = 64 };

/* Of the way, between s0 and s1, and what |d'Hd| cannot exceed there. */
typedef struct piece {
    double s0, s1, most;
} piece;

typedef struct way {
    const eg_expr *expr;
    const double *from, *to;
    double (*hessian)[2];
} way;

/* A box around the piece: coordinates are off by some rounding. */
static void box_of(const way *w, const piece *p, double low[], double high[])
{
    for (size_t i = 0; i < eg_expr_variables(w->expr); i++) {
        double a = w->from[i], d = w->to[i] - a, s = p->s0, e = p->s1;
        double start = s > 0 ? a + s * d : a, end = e < 1 ? a + e * d : w->to[i];
        double slack = 4 * DBL_EPSILON * (fabs(a) + fabs(d));
        low[i] = fmin(start, end) - (s > 0 || e < 1 ? slack : 0);
        high[i] = fmax(start, end) + (s > 0 || e < 1 ? slack : 0);
        low[i] = fmax(low[i], fmin(a, w->to[i]));
        high[i] = fmin(high[i], fmax(a, w->to[i]));
    }
}

static eg_status bound_piece(const way *w, piece *p, eg_error *error)
{
    size_t n = eg_expr_variables(w->expr);
    double low[EG_EXPR_VARIABLES], high[EG_EXPR_VARIABLES], least = 0, most = 0, size = 0;
    box_of(w, p, low, high);
    eg_status status = eg_expr_bounds(w->expr, low, high, NULL, NULL, w->hessian, error);
    for (size_t i = 0; i < n && status == EG_OK; i++)
        for (size_t k = 0; k < n; k++) {
            const double *h = w->hessian[i * n + k];
            double dd = (w->to[i] - w->from[i]) * (w->to[k] - w->from[k]);
            if (dd == 0)
                continue;
            least += dd > 0 ? h[0] * dd : h[1] * dd;
            most += dd > 0 ? h[1] * dd : h[0] * dd;
            size += fmax(fabs(h[0] * dd), fabs(h[1] * dd));
        }
    double rounding = (double)(n * n + 8) * DBL_EPSILON * size;
    p->most = fmax(-least, most) + rounding;
    p->most = isnan(p->most) ? (double)INFINITY : p->most;
    return status;
}

static size_t worst_of(const piece pieces[], size_t count)
{
    size_t worst = 0;
    for (size_t i = 1; i < count; i++)
        if (pieces[i].most > pieces[worst].most)
            worst = i;
    return worst;
}

static eg_status is_smooth(const way *w, bool *smooth, eg_error *error)
{
    double low[EG_EXPR_VARIABLES], high[EG_EXPR_VARIABLES];
    box_of(w, &(piece){0, 1, 0}, low, high);
    return eg_surface_smooth(w->expr, low, high, smooth, error);
}

static eg_status bound_way(const way *w, double *bound, eg_error *error)
{
    piece pieces[PIECES] = {{0, 1, 0}};
    size_t count = 1;
    bool smooth = false;
    eg_status status = is_smooth(w, &smooth, error);
    *bound = INFINITY;
    if (status != EG_OK || !smooth)
        return status;
    status = bound_piece(w, &pieces[0], error);
    while (status == EG_OK && count < PIECES) {
        piece *p = &pieces[worst_of(pieces, count)], *half = &pieces[count++];
        double middle = (p->s0 + p->s1) / 2;
        *half = (piece){middle, p->s1, 0};
        p->s1 = middle;
        status = bound_piece(w, p, error);
        if (status == EG_OK)
            status = bound_piece(w, half, error);
    }
    *bound = pieces[worst_of(pieces, count)].most / 2;
    return status;
}

eg_status eg_surface_linear(const eg_expr *expr, const double from[], const double to[],
                            eg_linear_approximation *result, eg_error *error)
{
    size_t n = eg_expr_variables(expr);
    double start, gradient[EG_EXPR_VARIABLES];
    way w = {.expr = expr, .from = from, .to = to};
    eg_status status = eg_expr_eval(expr, from, &start, gradient, NULL, error);
    if (status == EG_OK)
        status = eg_expr_eval(expr, to, &result->value, NULL, NULL, error);
    if (status != EG_OK)
        return status;
    result->estimate = start;
    for (size_t i = 0; i < n; i++)
        result->estimate += gradient[i] * (to[i] - from[i]);
    result->error = result->value - result->estimate;
    w.hessian = eg_alloc(expr->ctx, n * n + 1, sizeof *w.hessian, error);
    if (!w.hessian)
        return eg_failed(error);
    status = bound_way(&w, &result->bound, error);
    eg_free(w.hessian);
    return status;
}
