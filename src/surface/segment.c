/* SPDX-License-Identifier: MIT */
/* Bounds over the segment between two points: of any function of its pieces, and of the third
 * derivative of an expression along it. */
#include <math.h>
#include <stdio.h>

#include "core/context.h"
#include "expr/expr.h"
#include "surface/surface.h"

/* ---- pieces ---- */

enum { MAX_PIECES = 64 };

/* A piece of the segment between parameters s0 and s1, and the bound on it. */
typedef struct piece {
    double s0, s1, bound;
} piece;

static size_t largest_piece(const piece pieces[], size_t count)
{
    size_t largest = 0;
    for (size_t i = 1; i < count; i++)
        if (pieces[i].bound > pieces[largest].bound)
            largest = i;
    return largest;
}

eg_status eg_largest_on_segment(eg_segment_bound *bound, void *opaque, double *largest,
                                eg_error *error)
{
    piece pieces[MAX_PIECES] = {{0, 1, 0}};
    size_t count = 1;
    eg_status status = bound(opaque, 0, 1, &pieces[0].bound, error);
    while (status == EG_OK && count < MAX_PIECES) {
        piece *p = &pieces[largest_piece(pieces, count)], *half = &pieces[count++];
        double mid = (p->s0 + p->s1) / 2;
        *half = (piece){mid, p->s1, 0};
        p->s1 = mid;
        status = bound(opaque, p->s0, p->s1, &p->bound, error);
        if (status == EG_OK)
            status = bound(opaque, half->s0, half->s1, &half->bound, error);
    }
    *largest = pieces[largest_piece(pieces, count)].bound;
    return status;
}

/* ---- third derivative ---- */

/* Makes the expression a + s*(b - a) of the variable s. */
static eg_status make_coordinate(eg_expr **coordinate, eg_context *ctx, double a, double b,
                                 eg_error *error)
{
    static const char *const name[] = {"s"};
    char text[120];
    snprintf(text, sizeof text, "%.17g+s*(%.17g)", a, b - a);
    return eg_expr_parse(coordinate, ctx, text, &(eg_expr_options){.names = name, .name_count = 1},
                         NULL, error);
}

/* Makes the derivative by s of f on the segment, as an expression of s. */
static eg_status derive_on_segment(eg_expr **derivative, const eg_expr *expr, const double from[],
                                   const double to[], eg_error *error)
{
    static const char *const name[] = {"s"};
    eg_expr *with[EG_EXPR_VARIABLES] = {NULL}, *along = NULL;
    eg_status status = EG_OK;
    for (size_t i = 0; i < expr->variables && status == EG_OK; i++)
        status = make_coordinate(&with[i], expr->ctx, from[i], to[i], error);
    if (status == EG_OK)
        status = eg_expr_substitute(&along, expr, (const eg_expr *const *)with,
                                    &(eg_expr_options){.names = name, .name_count = 1}, error);
    if (status == EG_OK)
        status = eg_expr_derivative(derivative, along, 0, error);
    eg_expr_free(along);
    for (size_t i = 0; i < expr->variables; i++)
        eg_expr_free(with[i]);
    return status;
}

/* Bounds |d''| of an expression of one variable over [s0, s1]. */
static eg_status bound_second_derivative(void *opaque, double s0, double s1, double *bound,
                                         eg_error *error)
{
    double second[1][2] = {{0, 0}};
    eg_status status = eg_expr_bounds(opaque, &s0, &s1, NULL, NULL, second, error);
    *bound = fmax(fabs(second[0][0]), fabs(second[0][1]));
    *bound = isnan(*bound) ? (double)INFINITY : *bound;
    return status;
}

eg_status eg_bound_third_derivative(const eg_expr *expr, const double from[], const double to[],
                                    double *bound, eg_error *error)
{
    eg_expr *derivative = NULL;
    *bound = INFINITY;
    eg_status status = derive_on_segment(&derivative, expr, from, to, error);
    if (status == EG_OK)
        status = eg_largest_on_segment(bound_second_derivative, derivative, bound, error);
    eg_expr_free(derivative);
    if (status != EG_LIMIT_EXCEEDED && status != EG_USAGE)
        return status;
    *error = (eg_error){0}; /* too large an expression: nothing is known */
    return EG_OK;
}
