/* SPDX-License-Identifier: MIT */
/*
 * Lagrange multipliers in exact numbers. The multipliers solve G G' lambda = G grad f, where the
 * rows of G are the gradients of the constraints. The Hessian L of f - sum lambda_k g_k has in the
 * tangent space of the constraints the inertia of the bordered matrix (0 G; G' L) less one positive
 * and one negative eigenvalue for each constraint (Chabrillac and Crouzeix 1984).
 */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "real/real.h"
#include "surface/surface.h"

typedef struct problem {
    eg_reals *reals;
    size_t n, count;
    const eg_real *point;
    eg_real gradient[EG_EXPR_VARIABLES]; /* of f */
    eg_real *rows;                       /* count x n: gradients of the constraints */
    eg_real *lagrangian;                 /* n x n: Hessian of f - sum lambda_k g_k */
    eg_real *matrix;                     /* scratch: (n + count) x (n + count) */
} problem;

/* Subtracts factor * b from a. */
static void subtract_multiple(eg_reals *reals, eg_real a[], eg_real factor, const eg_real b[],
                              size_t n)
{
    for (size_t i = 0; i < n; i++)
        a[i] = eg_real_apply(reals, EG_REAL_SUBTRACT, a[i],
                             eg_real_apply(reals, EG_REAL_MULTIPLY, factor, b[i]));
}

/* Solves G G' lambda = G grad f by elimination. All pivots are positive, because the matrix is
 * positive definite. */
static void solve_multipliers(problem *p, eg_real lambda[])
{
    eg_reals *r = p->reals;
    size_t m = p->count, width = m + 1;
    eg_real *rows = p->matrix;
    for (size_t i = 0; i < m; i++) {
        for (size_t k = 0; k < m; k++)
            rows[i * width + k] = eg_real_dot(r, p->rows + i * p->n, p->rows + k * p->n, p->n);
        rows[i * width + m] = eg_real_dot(r, p->rows + i * p->n, p->gradient, p->n);
    }
    for (size_t i = 0; i < m; i++)
        for (size_t k = i + 1; k < m; k++)
            subtract_multiple(
                r, rows + k * width,
                eg_real_apply(r, EG_REAL_DIVIDE, rows[k * width + i], rows[i * width + i]),
                rows + i * width, width);
    for (size_t i = m; i-- > 0;) {
        eg_real rest =
            eg_real_apply(r, EG_REAL_SUBTRACT, rows[i * width + m],
                          eg_real_dot(r, rows + i * width + i + 1, lambda + i + 1, m - i - 1));
        lambda[i] = eg_real_apply(r, EG_REAL_DIVIDE, rest, rows[i * width + i]);
    }
}

/* Decides whether grad f is the sum of lambda[k] grad g_k, from the residual. */
static void judge_residual(problem *p, eg_proven_lagrange *result)
{
    eg_reals *r = p->reals;
    eg_real residual[EG_EXPR_VARIABLES], fitted[EG_EXPR_VARIABLES];
    memcpy(residual, p->gradient, p->n * sizeof *residual);
    for (size_t k = 0; k < p->count; k++)
        subtract_multiple(r, residual, result->lambda[k], p->rows + k * p->n, p->n);
    result->parallel = EG_SIGN_ZERO;
    for (size_t i = 0; i < p->n; i++) {
        eg_real_sign sign = eg_real_sign_of(r, residual[i]);
        fitted[i] = eg_real_apply(r, EG_REAL_SUBTRACT, p->gradient[i], residual[i]);
        if (sign == EG_SIGN_POSITIVE || sign == EG_SIGN_NEGATIVE)
            result->parallel = EG_SIGN_POSITIVE;
        else if (sign != EG_SIGN_ZERO && result->parallel == EG_SIGN_ZERO)
            result->parallel = EG_SIGN_UNKNOWN;
    }
    result->residual =
        eg_real_apply(r, EG_REAL_SQRT, eg_real_dot(r, residual, residual, p->n), EG_REAL_NONE);
    eg_real along =
        eg_real_apply(r, EG_REAL_SQRT, eg_real_dot(r, fitted, fitted, p->n), EG_REAL_NONE);
    eg_real angle = eg_real_apply(r, EG_REAL_ATAN2, result->residual, along);
    angle = eg_real_apply(r, EG_REAL_MULTIPLY, angle, eg_real_integer(r, 180));
    result->angle = eg_real_apply(r, EG_REAL_DIVIDE, angle, eg_real_pi(r));
}

/* Subtracts the Hessians of the constraints, times their multipliers, from that of f. */
static eg_status make_lagrangian(problem *p, const eg_expr *f, const eg_expr *const constraints[],
                                 const eg_real lambda[], eg_error *error)
{
    size_t n = p->n;
    eg_status status = eg_surface_prove(p->reals, f, p->point, NULL, NULL, p->lagrangian, error);
    for (size_t k = 0; k < p->count && status == EG_OK; k++) {
        status = eg_surface_prove(p->reals, constraints[k], p->point, NULL, NULL, p->matrix, error);
        if (status == EG_OK)
            subtract_multiple(p->reals, p->lagrangian, lambda[k], p->matrix, n * n);
    }
    return status;
}

/* Classifies the point by the bordered Hessian. */
static eg_status judge_curvature(problem *p, eg_proven_lagrange *result, eg_error *error)
{
    size_t n = p->n, m = p->count, size = n + m;
    eg_inertia inertia;
    for (size_t i = 0; i < size; i++)
        for (size_t k = 0; k < size; k++) {
            eg_real *to = &p->matrix[i * size + k];
            if (i < m && k < m)
                *to = eg_real_integer(p->reals, 0);
            else if (i < m)
                *to = p->rows[i * n + k - m];
            else
                *to = k < m ? p->rows[k * n + i - m] : p->lagrangian[(i - m) * n + k - m];
        }
    eg_status status = eg_surface_inertia(p->reals, p->matrix, size, &inertia, error);
    if (status != EG_OK)
        return status;
    bool rises = inertia.positive > m, falls = inertia.negative > m;
    result->extremum_known = inertia.known || (rises && falls);
    result->extremum = rises && falls                                         ? EG_SADDLE
                       : !inertia.known || inertia.zero || (!rises && !falls) ? EG_UNDECIDED
                       : rises                                                ? EG_MINIMUM
                                                                              : EG_MAXIMUM;
    return EG_OK;
}

/* Counts the independent gradients of constraints, by the inertia of G G'. */
static eg_status find_rank(problem *p, eg_proven_lagrange *result, eg_error *error)
{
    eg_inertia inertia;
    for (size_t i = 0; i < p->count; i++)
        for (size_t k = 0; k < p->count; k++)
            p->matrix[i * p->count + k] =
                eg_real_dot(p->reals, p->rows + i * p->n, p->rows + k * p->n, p->n);
    eg_status status = eg_surface_inertia(p->reals, p->matrix, p->count, &inertia, error);
    result->rank = inertia.positive;
    result->rank_known = status == EG_OK && (inertia.known || inertia.positive == p->count);
    return status;
}

static eg_status prove(problem *p, const eg_expr *f, const eg_expr *const constraints[],
                       eg_proven_lagrange *result, eg_error *error)
{
    eg_status status = eg_surface_prove(p->reals, f, p->point, NULL, p->gradient, NULL, error);
    for (size_t k = 0; k < p->count && status == EG_OK; k++)
        status = eg_surface_prove(p->reals, constraints[k], p->point, NULL, p->rows + k * p->n,
                                  NULL, error);
    if (status == EG_OK)
        status = find_rank(p, result, error);
    if (status != EG_OK || !result->rank_known || result->rank < p->count)
        return status;
    solve_multipliers(p, result->lambda);
    judge_residual(p, result);
    if (result->parallel != EG_SIGN_ZERO)
        return EG_OK;
    status = make_lagrangian(p, f, constraints, result->lambda, error);
    return status == EG_OK ? judge_curvature(p, result, error) : status;
}

eg_status eg_surface_prove_lagrange(eg_reals *reals, const eg_expr *expr,
                                    const eg_expr *const constraints[], size_t count,
                                    const eg_real point[], eg_proven_lagrange *result,
                                    eg_error *error)
{
    size_t n = eg_expr_variables(expr), size = n + count;
    *result = (eg_proven_lagrange){.residual = EG_REAL_NONE,
                                   .angle = EG_REAL_NONE,
                                   .parallel = EG_SIGN_UNKNOWN,
                                   .extremum = EG_UNDECIDED};
    for (size_t k = 0; k < EG_EXPR_VARIABLES; k++)
        result->lambda[k] = EG_REAL_NONE;
    if (count == 0 || count > n)
        return eg_fail(error, EG_USAGE, "%zu constraints for %zu variables", count, n);
    if (size > EG_EXPR_VARIABLES)
        return eg_fail(error, EG_LIMIT_EXCEEDED,
                       "%zu variables and %zu constraints are more than %d together", n, count,
                       EG_EXPR_VARIABLES);
    eg_real memory[3 * EG_EXPR_VARIABLES * EG_EXPR_VARIABLES];
    const size_t square = (size_t)EG_EXPR_VARIABLES * EG_EXPR_VARIABLES;
    problem p = {.reals = reals,
                 .n = n,
                 .count = count,
                 .point = point,
                 .rows = memory,
                 .lagrangian = memory + square,
                 .matrix = memory + 2 * square};
    return eg_reals_result(reals, prove(&p, expr, constraints, result, error), error);
}
