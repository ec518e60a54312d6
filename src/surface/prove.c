/* SPDX-License-Identifier: MIT */
/* Proven properties of a function at a point: derivatives, and the Hessian's eigenvalues and their
 * signs. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "gradient/eigen.h"
#include "real/real.h"
#include "surface/surface.h"

/* ---- derivatives ---- */

/* Replaces *real by the number that the expression is, if it is one. Simplification may have
 * rounded it: 1e16 + 1 - 1e16 becomes 0. */
static void replace_constant(eg_reals *reals, const eg_expr *expr, eg_real *real)
{
    const eg_node *node = &expr->graph.nodes[expr->root];
    if (node->kind == EG_NUMBER && node->number.den == 1 &&
        node->number.num == floor(node->number.num) &&
        !eg_real_may_differ(reals, *real, node->number.num))
        *real = eg_real_double(reals, node->number.num);
}

/* Replaces the partial derivatives, and the second ones, that are constant by their form. */
static eg_status replace_constant_derivatives(eg_reals *reals, const eg_expr *expr,
                                              eg_real gradient[], eg_real hessian[],
                                              eg_error *error)
{
    size_t n = expr->variables;
    eg_status status = EG_OK;
    for (size_t i = 0; i < n && status == EG_OK; i++) {
        eg_expr *first = NULL;
        status = eg_expr_derivative(&first, expr, i, error);
        if (status == EG_OK && gradient)
            replace_constant(reals, first, &gradient[i]);
        for (size_t k = i; k < n && hessian && status == EG_OK; k++) {
            eg_expr *second = NULL;
            status = eg_expr_derivative(&second, first, k, error);
            if (status == EG_OK)
                replace_constant(reals, second, &hessian[i * n + k]);
            hessian[k * n + i] = hessian[i * n + k];
            eg_expr_free(second);
        }
        eg_expr_free(first);
    }
    return status;
}

/* Largest number of variables whose derivatives are also formed symbolically. */
enum { SYMBOLIC_VARIABLES = 6 };

/* Returns true if the value can be taken from the simplified expression: it has one as typed. */
static bool has_value(eg_reals *reals, eg_real value)
{
    eg_real_sign sign = eg_real_sign_of(reals, value);
    return sign != EG_SIGN_UNDEFINED;
}

eg_status eg_surface_prove(eg_reals *reals, const eg_expr *expr, const eg_real point[],
                           eg_real *value, eg_real gradient[], eg_real hessian[], eg_error *error)
{
    eg_real own_value = EG_REAL_NONE;
    value = value ? value : &own_value;
    eg_status status = eg_reals_derive(reals, expr, point, value, gradient, hessian, error);
    if (status != EG_OK || !has_value(reals, *value))
        return eg_reals_result(reals, status, error);
    replace_constant(reals, expr, value);
    if ((gradient || hessian) && expr->variables <= SYMBOLIC_VARIABLES)
        status = replace_constant_derivatives(reals, expr, gradient, hessian, error);
    return eg_reals_result(reals, status, error);
}

/* ---- inertia ---- */

typedef struct elimination {
    eg_reals *reals;
    size_t n;
    eg_real *matrix; /* overwritten */
    bool *done;      /* rows that are eliminated */
    eg_inertia *inertia;
    eg_error *error;
} elimination;

static eg_real product(eg_reals *reals, eg_real a, eg_real b)
{
    return eg_real_apply(reals, EG_REAL_MULTIPLY, a, b);
}

/* Eliminates row and column `pivot`. An element that is proven 0 in that row changes nothing. */
static void eliminate(const elimination *e, size_t pivot)
{
    size_t n = e->n;
    eg_real *m = e->matrix, diagonal = m[pivot * n + pivot];
    e->done[pivot] = true;
    for (size_t i = 0; i < n; i++) {
        if (e->done[i] || eg_real_sign_of(e->reals, m[i * n + pivot]) == EG_SIGN_ZERO)
            continue;
        eg_real factor = eg_real_apply(e->reals, EG_REAL_DIVIDE, m[i * n + pivot], diagonal);
        for (size_t k = 0; k < n; k++)
            if (!e->done[k])
                m[i * n + k] = eg_real_apply(e->reals, EG_REAL_SUBTRACT, m[i * n + k],
                                             product(e->reals, factor, m[pivot * n + k]));
    }
}

/* Finds a diagonal element that is not 0 and counts its sign. Returns n if there is none. */
static size_t find_pivot(const elimination *e, size_t *zeros, bool *unknown, bool *undefined)
{
    *zeros = 0;
    for (size_t i = 0; i < e->n; i++) {
        if (e->done[i])
            continue;
        eg_real_sign sign = eg_real_sign_of(e->reals, e->matrix[i * e->n + i]);
        *undefined |= sign == EG_SIGN_UNDEFINED;
        *unknown |= sign == EG_SIGN_UNKNOWN;
        *zeros += sign == EG_SIGN_ZERO;
        e->inertia->positive += sign == EG_SIGN_POSITIVE;
        e->inertia->negative += sign == EG_SIGN_NEGATIVE;
        if (sign == EG_SIGN_POSITIVE || sign == EG_SIGN_NEGATIVE)
            return i;
    }
    return e->n;
}

/* Counts the rest, whose diagonal is 0: an element off the diagonal that is not 0 gives an
 * eigenvalue of each sign. The rows of such a pair are added, which makes a pivot. Returns false if
 * the rest is 0 or cannot be decided. */
static bool make_pivot(const elimination *e, bool *unknown)
{
    size_t n = e->n;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++) {
            if (e->done[i] || e->done[k])
                continue;
            eg_real_sign sign = eg_real_sign_of(e->reals, e->matrix[i * n + k]);
            *unknown |= sign == EG_SIGN_UNKNOWN || sign == EG_SIGN_UNDEFINED;
            if (sign != EG_SIGN_POSITIVE && sign != EG_SIGN_NEGATIVE)
                continue;
            for (size_t j = 0; j < n; j++)
                e->matrix[i * n + j] = eg_real_apply(e->reals, EG_REAL_ADD, e->matrix[i * n + j],
                                                     e->matrix[k * n + j]);
            for (size_t j = 0; j < n; j++)
                e->matrix[j * n + i] = eg_real_apply(e->reals, EG_REAL_ADD, e->matrix[j * n + i],
                                                     e->matrix[j * n + k]);
            return true;
        }
    return false;
}

static eg_status count_signs(const elimination *e)
{
    size_t left = e->n;
    while (left > 0) {
        size_t zeros;
        bool unknown = false, undefined = false;
        size_t pivot = find_pivot(e, &zeros, &unknown, &undefined);
        if (undefined)
            return eg_fail(e->error, EG_NEGATIVE, "there are no second derivatives at this point");
        if (pivot < e->n) {
            eliminate(e, pivot);
            left--;
            continue;
        }
        if (unknown || !make_pivot(e, &unknown)) {
            e->inertia->known = !unknown;
            e->inertia->zero = unknown ? 0 : zeros;
            return EG_OK;
        }
    }
    return EG_OK;
}

eg_status eg_surface_inertia(eg_reals *reals, const eg_real matrix[], size_t n, eg_inertia *inertia,
                             eg_error *error)
{
    eg_real copy[EG_EXPR_VARIABLES * EG_EXPR_VARIABLES] = {0};
    bool done[EG_EXPR_VARIABLES] = {false};
    memcpy(copy, matrix, n * n * sizeof *copy);
    *inertia = (eg_inertia){.known = true};
    eg_status status = count_signs(&(elimination){reals, n, copy, done, inertia, error});
    return eg_reals_result(reals, status, error);
}

/* ---- eigenvalues ---- */

/* Computes the eigenvalues 0 and a + d of a singular matrix. Returns false for other matrices. */
static bool singular_pair(eg_reals *reals, const eg_real matrix[], eg_real eigenvalues[])
{
    eg_real diagonal = product(reals, matrix[0], matrix[3]);
    eg_real determinant = eg_real_apply(reals, EG_REAL_SUBTRACT, diagonal,
                                        eg_real_apply(reals, EG_REAL_SQUARE, matrix[1], matrix[1]));
    if (eg_real_sign_of(reals, determinant) != EG_SIGN_ZERO)
        return false;
    eg_real trace = eg_real_apply(reals, EG_REAL_ADD, matrix[0], matrix[3]);
    bool negative = eg_real_sign_of(reals, trace) == EG_SIGN_NEGATIVE;
    eigenvalues[negative ? 0 : 1] = trace;
    eigenvalues[negative ? 1 : 0] = eg_real_integer(reals, 0);
    return true;
}

/* Computes m - r and m + r with m = (a + d)/2 and r = sqrt(((a - d)/2)^2 + b^2). */
static void eigenvalues_of_pair(eg_reals *reals, const eg_real matrix[], eg_real eigenvalues[])
{
    eg_real a = matrix[0], b = matrix[1], d = matrix[3], two = eg_real_integer(reals, 2);
    if (eg_real_sign_of(reals, b) == EG_SIGN_ZERO) {
        eg_real_sign order = eg_real_sign_of(reals, eg_real_apply(reals, EG_REAL_SUBTRACT, a, d));
        eigenvalues[order == EG_SIGN_POSITIVE ? 1 : 0] = a;
        eigenvalues[order == EG_SIGN_POSITIVE ? 0 : 1] = d;
        return;
    }
    if (singular_pair(reals, matrix, eigenvalues))
        return;
    eg_real mean =
        eg_real_apply(reals, EG_REAL_DIVIDE, eg_real_apply(reals, EG_REAL_ADD, a, d), two);
    eg_real half =
        eg_real_apply(reals, EG_REAL_DIVIDE, eg_real_apply(reals, EG_REAL_SUBTRACT, a, d), two);
    eg_real radius = eg_real_apply(reals, EG_REAL_SQRT,
                                   eg_real_apply(reals, EG_REAL_ADD,
                                                 eg_real_apply(reals, EG_REAL_SQUARE, half, half),
                                                 eg_real_apply(reals, EG_REAL_SQUARE, b, b)),
                                   EG_REAL_NONE);
    eigenvalues[0] = eg_real_apply(reals, EG_REAL_SUBTRACT, mean, radius);
    eigenvalues[1] = eg_real_apply(reals, EG_REAL_ADD, mean, radius);
}

/* Bounds the errors of computed eigenvalues l[] with computed unit vectors, the rows of q. By
 * Ostrowski the eigenvalues of q'Lq are l times a factor within |qq' - I| of 1, and by Weyl those
 * of the matrix are as near to them as the matrix is to q'Lq. `size` is the norm of the matrix. */
static void eigenvalue_errors(const double *matrix, const double *q, const double l[], size_t n,
                              double errors[])
{
    double orthogonality = 0, residual = 0, size = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            double dot = 0, sum = 0;
            for (size_t j = 0; j < n; j++) {
                dot += q[i * n + j] * q[k * n + j];
                sum += l[j] * q[j * n + i] * q[j * n + k];
            }
            dot -= i == k;
            sum -= matrix[i * n + k];
            orthogonality += dot * dot;
            residual += sum * sum;
            size += matrix[i * n + k] * matrix[i * n + k];
        }
    double rounding = 4 * DBL_EPSILON * (double)(n * n + 8);
    for (size_t i = 0; i < n; i++)
        errors[i] =
            fabs(l[i]) * (sqrt(orthogonality) + rounding) + sqrt(residual) + rounding * sqrt(size);
}

/* Sets elements[] to doubles near the matrix divided by 2^*exponent, the largest of which is about
 * 1, and *spread to a bound of the norm of the difference. Returns false if an element has no
 * bounds that fit a double. */
static bool scale_matrix(eg_reals *reals, const eg_real matrix[], size_t n, double elements[],
                         double *spread, int *exponent)
{
    double bounds[2], largest = 0, sum = 0;
    for (size_t i = 0; i < n * n; i++) {
        eg_real_bounds(reals, matrix[i], bounds);
        if (!isfinite(bounds[0]) || !isfinite(bounds[1]))
            return false;
        largest = fmax(largest, fmax(fabs(bounds[0]), fabs(bounds[1])));
    }
    frexp(largest, exponent);
    for (size_t i = 0; i < n * n; i++) {
        eg_real_bounds(reals, matrix[i], bounds);
        double low = ldexp(bounds[0], -*exponent), high = ldexp(bounds[1], -*exponent);
        elements[i] = low / 2 + high / 2;
        double half = fmax(high - elements[i], elements[i] - low) * (1 + 4 * DBL_EPSILON);
        sum += half * half;
    }
    *spread = sqrt(sum) * (1 + 1e-9) + (double)n * 1e-150; /* squares below 1e-308 are lost */
    return true;
}

/* Encloses the eigenvalues. By Weyl those of the matrix are as near to those of its doubles as the
 * matrix is to them. */
static eg_status enclose_eigenvalues(eg_reals *reals, const eg_real matrix[], size_t n,
                                     eg_real eigenvalues[], double *memory, eg_error *error)
{
    double *elements = memory, *work = memory + n * n, *vectors = work + n * n;
    double values[EG_EXPR_VARIABLES], errors[EG_EXPR_VARIABLES], spread;
    int exponent;
    eg_inertia inertia;
    if (!scale_matrix(reals, matrix, n, elements, &spread, &exponent))
        return eg_fail(error, EG_NEGATIVE, "there are no second derivatives at this point");
    eg_status status = eg_surface_inertia(reals, matrix, n, &inertia, error);
    memcpy(work, elements, n * n * sizeof *work);
    eg_eigen(work, n, values, vectors);
    eigenvalue_errors(elements, vectors, values, n, errors);
    for (size_t i = 0; i < n && status == EG_OK; i++) {
        double error_bound = (errors[i] + spread) * (1 + 4 * DBL_EPSILON);
        double low = ldexp(values[i] - error_bound, exponent) - DBL_TRUE_MIN;
        double high = ldexp(values[i] + error_bound, exponent) + DBL_TRUE_MIN;
        bool zero = inertia.known && i >= inertia.negative && i < inertia.negative + inertia.zero;
        if (!isfinite(low) || !isfinite(high))
            return eg_fail(error, EG_NEGATIVE, "an eigenvalue exceeds a double");
        eigenvalues[i] = zero ? eg_real_integer(reals, 0) : eg_real_between(reals, low, high);
    }
    return status;
}

eg_status eg_surface_eigenvalues(eg_reals *reals, const eg_real matrix[], size_t n,
                                 eg_real eigenvalues[], eg_error *error)
{
    if (n == 1)
        eigenvalues[0] = matrix[0];
    else if (n == 2)
        eigenvalues_of_pair(reals, matrix, eigenvalues);
    if (n <= 2)
        return eg_reals_status(reals, error);
    double memory[3 * EG_EXPR_VARIABLES * EG_EXPR_VARIABLES];
    eg_status status = enclose_eigenvalues(reals, matrix, n, eigenvalues, memory, error);
    return eg_reals_result(reals, status, error);
}
