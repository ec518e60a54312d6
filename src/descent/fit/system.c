/* SPDX-License-Identifier: MIT */
/* The Jacobian of a fit by its singular values, over the parameters that are free to move. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "descent/fit/fit.h"
#include "descent/fit/least_squares.h"

/* Singular values below this share of the largest are rounding errors of the derivatives: steps
 * ignore them, and so do not run along valley floors. */
#define DEPENDENT 1e-13

eg_status eg_fit_system_new(const eg_fit *fit, eg_fit_system *system, eg_error *error)
{
    size_t n = fit->parameters;
    system->u = eg_calloc(fit->ctx, 2 * n, n * sizeof(double), error);
    if (!system->u)
        return eg_failed(error);
    system->v = system->u + n * n;
    return EG_OK;
}

void eg_fit_find_free(const eg_fit *fit, const eg_fit_factor *factor, const double x[],
                      eg_fit_system *system)
{
    size_t n = fit->parameters;
    system->count = 0;
    for (size_t p = 0; p < n; p++) {
        const double *column = factor->r + p * n;
        double slope = 0, norm = eg_vector_norm(column, n);
        for (size_t i = 0; i <= p; i++)
            slope += column[i] / (norm > 0 ? norm : 1) * factor->q[i];
        double rounding = fmax(EG_FIT_OFFSET * factor->norm, factor->noise);
        bool held = (x[p] <= fit->low[p] && slope > rounding) ||
                    (x[p] >= fit->high[p] && slope < -rounding) || fit->low[p] == fit->high[p];
        if (!held)
            system->index[system->count++] = p;
    }
}

/* Returns a bound of the rounding errors of U'Q'r: that of r, or what those of J'r amount to, which
 * is less where the points that matter to the parameters have small errors. */
static double residual_rounding(const eg_fit_factor *factor, const eg_fit_system *s)
{
    double errors[EG_EXPR_VARIABLES];
    for (size_t k = 0; k < s->count; k++) {
        errors[k] = 0;
        for (size_t i = 0; i < s->count; i++)
            errors[k] += fabs(s->v[k * s->count + i]) * factor->slopes[s->index[i]] / s->scale[i];
        errors[k] /= s->singular[k];
    }
    double rounding = eg_vector_norm(errors, s->count);
    return rounding < factor->noise ? rounding : factor->noise;
}

/* Computes the offset of the residuals, and how small it must be. */
static void measure_offset(const eg_fit_factor *factor, eg_fit_system *s)
{
    double floor = s->smallest > 0 ? 4 * DBL_EPSILON * s->largest / s->smallest : 0;
    s->offset = factor->norm > 0 ? eg_vector_norm(s->residual, s->count) / factor->norm : 0;
    s->negligible = fmax(EG_FIT_OFFSET, floor);
    if (factor->norm > 0)
        s->negligible = fmax(s->negligible, residual_rounding(factor, s) / factor->norm);
    s->exact = factor->norm <= factor->noise && s->offset <= s->negligible;
}

void eg_fit_decompose(const eg_fit *fit, const eg_fit_factor *factor, const double scale[],
                      eg_fit_system *s)
{
    size_t n = fit->parameters;
    for (size_t k = 0; k < s->count; k++) {
        const double *column = factor->r + s->index[k] * n;
        double norm = scale ? scale[s->index[k]] : eg_vector_norm(column, n);
        s->scale[k] = norm > 0 ? norm : 1;
        for (size_t i = 0; i < n; i++)
            s->u[k * n + i] = column[i] / s->scale[k];
    }
    eg_svd(s->u, n, s->count, s->singular, s->v);
    s->largest = 0;
    s->smallest = INFINITY;
    for (size_t k = 0; k < s->count; k++) {
        s->largest = fmax(s->largest, s->singular[k]);
        s->smallest = fmin(s->smallest, s->singular[k]);
    }
    for (size_t k = 0; k < s->count; k++) {
        bool counts = s->singular[k] > DEPENDENT * s->largest;
        s->residual[k] = 0;
        for (size_t i = 0; counts && i < n; i++)
            s->residual[k] += s->u[k * n + i] * factor->q[i];
    }
    measure_offset(factor, s);
}

void eg_fit_expand(const eg_fit *fit, const eg_fit_system *s, const double y[], double step[])
{
    memset(step, 0, fit->parameters * sizeof *step);
    for (size_t i = 0; i < s->count; i++) {
        double sum = 0;
        for (size_t k = 0; k < s->count; k++)
            sum += s->v[k * s->count + i] * y[k];
        step[s->index[i]] = sum / s->scale[i];
    }
}
