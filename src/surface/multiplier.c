/* SPDX-License-Identifier: MIT */
/*
 * Lagrange multipliers of one or more constraints, and the Hessian of f - sum lambda_k g_k in the
 * tangent space of the constraints (Nocedal and Wright, Numerical Optimization, 12.3 and 12.5).
 *
 * Householder reflections factor the matrix of the constraints' gradients, column by column with
 * pivoting: Q R. The multipliers solve R lambda = Q' grad f by least squares, and the last columns
 * of Q span the tangent space.
 */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/portable_math.h"
#include "core/status.h"
#include "expr/expr.h"
#include "gradient/eigen.h"
#include "surface/surface.h"

/* Gradients of the constraints, and their factors. */
typedef struct constraints {
    size_t n, count, rank;
    double *gradient;   /* count x n: the gradients, then R: row k has the reflected gradient of
                           constraint order[k] */
    double *error;      /* count: bounds of the rounding errors of the gradients */
    double *reflection; /* count x n: vectors of the reflections, the first k elements 0 */
    size_t order[EG_EXPR_VARIABLES];
} constraints;

/* Replaces x by H x, where H = 1 - 2 v v' / v'v is the reflection of v. */
static void reflect(double x[], const double v[], size_t n)
{
    double scale = 2 * eg_dot(v, x, n) / eg_dot(v, v, n);
    for (size_t i = 0; i < n; i++)
        x[i] -= scale * v[i];
}

/* Replaces the symmetric matrix m by H m H. */
static void reflect_matrix(double *m, const double v[], size_t n)
{
    double column[EG_EXPR_VARIABLES];
    for (size_t i = 0; i < n; i++)
        reflect(m + i * n, v, n);
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < n; i++)
            column[i] = m[i * n + k];
        reflect(column, v, n);
        for (size_t i = 0; i < n; i++)
            m[i * n + k] = column[i];
    }
}

static double tail_norm(const double x[], size_t from, size_t n)
{
    double norm = 0;
    for (size_t i = from; i < n; i++)
        norm = eg_hypotenuse(norm, x[i]);
    return norm;
}

/* Moves the gradient with the largest part outside the span of the first k to row k. */
static void choose_pivot(constraints *c, size_t k)
{
    size_t best = k, n = c->n;
    for (size_t i = k + 1; i < c->count; i++)
        if (tail_norm(c->gradient + i * n, k, n) > tail_norm(c->gradient + best * n, k, n))
            best = i;
    size_t moved = c->order[k];
    double error = c->error[k];
    c->order[k] = c->order[best];
    c->order[best] = moved;
    c->error[k] = c->error[best];
    c->error[best] = error;
    for (size_t i = 0; i < n; i++) {
        double x = c->gradient[k * n + i];
        c->gradient[k * n + i] = c->gradient[best * n + i];
        c->gradient[best * n + i] = x;
    }
}

/* Factors the gradients. Stops where the rest of them are dependent on those before, but for
 * rounding. */
static void factor(constraints *c)
{
    size_t n = c->n;
    for (c->rank = 0; c->rank < c->count; c->rank++) {
        size_t k = c->rank;
        choose_pivot(c, k);
        double *row = c->gradient + k * n, *v = c->reflection + k * n;
        double norm = tail_norm(row, k, n), whole = tail_norm(row, 0, n);
        if (!(norm > fmax(c->error[k], 1e-10 * whole)))
            return;
        for (size_t i = k; i < n; i++)
            v[i] = row[i];
        v[k] += copysign(norm, row[k]);
        for (size_t i = k; i < c->count; i++)
            reflect(c->gradient + i * n, v, n);
    }
}

/* Solves R lambda = the first elements of q, by back substitution. Multipliers that rounding may
 * explain become 0. */
static void solve_multipliers(const constraints *c, const double q[], double lambda[])
{
    const double rounding = 1e-14 * tail_norm(q, 0, c->n);
    double x[EG_EXPR_VARIABLES] = {0};
    for (size_t k = c->count; k-- > 0;) {
        x[k] = q[k];
        for (size_t i = k + 1; i < c->count; i++)
            x[k] -= c->gradient[i * c->n + k] * x[i];
        x[k] /= c->gradient[k * c->n + k];
        double share = fabs(x[k]) * tail_norm(c->gradient + k * c->n, 0, c->n);
        lambda[c->order[k]] = share <= rounding ? 0 : x[k];
    }
}

/* Computes multipliers, residual and angle from the gradient of f. */
static void compute_multipliers(const constraints *c, const double f[], eg_lagrange *result)
{
    double q[EG_EXPR_VARIABLES] = {0};
    size_t n = c->n, m = c->count;
    for (size_t k = 0; k < m; k++)
        result->lambda[k] = (double)NAN;
    result->rank = c->rank;
    result->residual = result->angle = (double)NAN;
    if (c->rank < m)
        return;
    memcpy(q, f, n * sizeof *q);
    for (size_t k = 0; k < m; k++)
        reflect(q, c->reflection + k * n, n);
    solve_multipliers(c, q, result->lambda);
    result->residual = tail_norm(q, m, n);
    double along = tail_norm(q, 0, m);
    if (tail_norm(f, 0, n) > 0)
        result->angle = atan2(result->residual, along) * (180 / acos(-1));
}

/* Classifies the extremum by the Hessian of the Lagrangian, which it overwrites, in the tangent
 * space. */
static eg_extremum classify_in_tangent_space(const constraints *c, double *hessian,
                                             double tolerance, double *scratch)
{
    double values[EG_EXPR_VARIABLES];
    size_t n = c->n, m = n - c->count;
    for (size_t i = 0; i < n * n; i++)
        if (!isfinite(hessian[i]))
            return EG_UNDECIDED;
    for (size_t k = 0; k < c->count; k++)
        reflect_matrix(hessian, c->reflection + k * n, n);
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < m; k++)
            scratch[i * m + k] = hessian[(i + c->count) * n + k + c->count];
    eg_eigen(scratch, m, values, NULL);
    return eg_classify_extremum(values, m, tolerance);
}

/* Classifies the point. scratch: three n x n matrices. */
static eg_status classify_extremum(const eg_expr *expr, const eg_expr *const constraint[],
                                   const double point[], const constraints *c, eg_lagrange *result,
                                   double *scratch, eg_error *error)
{
    size_t n = c->n, elements = n * n;
    double *lagrangian = scratch, *h = scratch + elements, *block = scratch + 2 * elements;
    double size = 0;
    eg_status status = eg_expr_eval(expr, point, NULL, NULL, lagrangian, error);
    for (size_t i = 0; i < elements && status == EG_OK; i++)
        size = fmax(size, fabs(lagrangian[i]));
    for (size_t k = 0; k < c->count && status == EG_OK; k++) {
        double largest = 0;
        status = eg_expr_eval(constraint[k], point, NULL, NULL, h, error);
        for (size_t i = 0; i < elements && status == EG_OK; i++) {
            largest = fmax(largest, fabs(result->lambda[k] * h[i]));
            lagrangian[i] -= result->lambda[k] * h[i];
        }
        size += largest;
    }
    if (status == EG_OK)
        result->extremum =
            classify_in_tangent_space(c, lagrangian, 1e-10 * (double)n * size, block);
    return status;
}

/* Computes the gradients of the constraints and bounds of their errors. */
static eg_status eval_constraints(const eg_expr *const constraint[], const double point[],
                                  constraints *c, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t k = 0; k < c->count && status == EG_OK; k++) {
        double errors[EG_EXPR_VARIABLES] = {0};
        status = eg_expr_eval(constraint[k], point, NULL, c->gradient + k * c->n, NULL, error);
        if (status == EG_OK)
            status = eg_surface_rounding(constraint[k], point, &(eg_rounding){.gradient = errors},
                                         error);
        c->order[k] = k;
        for (size_t i = 0; i < c->n; i++)
            c->error[k] += errors[i];
    }
    return status;
}

/* Computes the multipliers, and decides whether they satisfy the condition. */
static eg_status solve(const eg_expr *expr, const eg_expr *const constraint[], const double point[],
                       constraints *c, eg_lagrange *result, eg_error *error)
{
    double f[EG_EXPR_VARIABLES], errors[EG_EXPR_VARIABLES] = {0};
    eg_status status = eg_expr_eval(expr, point, NULL, f, NULL, error);
    if (status == EG_OK)
        status = eg_surface_rounding(expr, point, &(eg_rounding){.gradient = errors}, error);
    if (status == EG_OK)
        status = eval_constraints(constraint, point, c, error);
    if (status != EG_OK)
        return status;
    factor(c);
    compute_multipliers(c, f, result);
    double tolerance = 1e-9 * tail_norm(f, 0, c->n);
    for (size_t i = 0; i < c->n; i++)
        tolerance += errors[i];
    for (size_t k = 0; k < c->count; k++)
        tolerance += fabs(result->lambda[c->order[k]]) * c->error[k];
    result->parallel = result->residual <= tolerance;
    return EG_OK;
}

eg_status eg_surface_lagrange(const eg_expr *expr, const eg_expr *const constraint[], size_t count,
                              const double point[], eg_lagrange *result, eg_error *error)
{
    size_t n = eg_expr_variables(expr);
    constraints c = {.n = n, .count = count};
    *result = (eg_lagrange){.extremum = EG_UNDECIDED};
    if (count == 0 || count > n)
        return eg_fail(error, EG_USAGE, "%zu constraints for %zu variables: 1 to %zu are possible",
                       count, n, n);
    double *memory = eg_calloc(expr->ctx, 3 * n * n + 2 * count * n + count, sizeof *memory, error);
    if (!memory)
        return eg_failed(error);
    c.gradient = memory + 3 * n * n;
    c.reflection = c.gradient + count * n;
    c.error = c.reflection + count * n;
    eg_status status = solve(expr, constraint, point, &c, result, error);
    if (status == EG_OK && result->parallel && count < n)
        status = classify_extremum(expr, constraint, point, &c, result, memory, error);
    eg_free(memory);
    return status;
}
