/* SPDX-License-Identifier: MIT */
/* What the steps of all methods are made of: looking at a point, its curvature, small vectors. */
#include "descent/optimizer.h"

#include <math.h>

eg_status eg_optimizer_evaluate(eg_optimizer *walk, eg_iterate *spot, eg_error *error)
{
    const eg_objective *f = walk->objective;
    walk->evaluations++;
    eg_status status =
        walk->sampled
            ? f->sample(f->opaque, walk->batch, spot->x, &spot->value, spot->gradient, error)
            : f->at(f->opaque, spot->x, &spot->value, spot->gradient, NULL, error);
    spot->value *= walk->sign;
    for (size_t i = 0; i < walk->n; i++)
        spot->gradient[i] *= walk->sign;
    return status;
}

bool eg_iterate_is_finite(const eg_iterate *spot, size_t n)
{
    bool finite = isfinite(spot->value);
    for (size_t i = 0; i < n; i++)
        finite = finite && isfinite(spot->x[i]) && isfinite(spot->gradient[i]);
    return finite;
}

eg_status eg_optimizer_hessian(eg_optimizer *walk, const double x[], eg_error *error)
{
    const eg_objective *f = walk->objective;
    eg_status status = f->at(f->opaque, x, NULL, NULL, walk->matrix, error);
    for (size_t i = 0; i < walk->n * walk->n; i++)
        walk->matrix[i] *= walk->sign;
    return status;
}

eg_status eg_optimizer_curvature(eg_optimizer *walk, const double x[], eg_curvature *curvature,
                                 eg_error *error)
{
    *curvature = (eg_curvature){.least = NAN, .most = NAN};
    eg_status status = eg_optimizer_hessian(walk, x, error);
    if (status != EG_OK)
        return status;
    for (size_t i = 0; i < walk->n * walk->n; i++)
        if (!isfinite(walk->matrix[i]))
            return EG_OK;
    eg_eigen(walk->matrix, walk->n, walk->eigenvalues, walk->basis);
    *curvature = (eg_curvature){true, walk->eigenvalues[0], walk->eigenvalues[walk->n - 1]};
    return EG_OK;
}

double eg_dot_product(const double a[], const double b[], size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

double eg_length(const double a[], size_t n)
{
    double largest = 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(a[i]));
    if (largest == 0 || !isfinite(largest))
        return largest;
    for (size_t i = 0; i < n; i++)
        sum += (a[i] / largest) * (a[i] / largest);
    return largest * sqrt(sum);
}
