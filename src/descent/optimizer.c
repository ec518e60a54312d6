/* SPDX-License-Identifier: MIT */
/* Operations that all methods share: evaluation, curvature, small vectors. */
#include "descent/optimizer.h"

#include <float.h>
#include <math.h>

eg_status eg_optimizer_evaluate(eg_optimizer *opt, eg_iterate *iterate, eg_error *error)
{
    const eg_objective *f = opt->objective;
    opt->evaluations++;
    eg_status status = opt->stochastic ? f->sample(f->opaque, opt->batch, iterate->x,
                                                   &iterate->value, iterate->gradient, error)
                                       : f->at(f->opaque, iterate->x, &iterate->value,
                                               iterate->gradient, NULL, error);
    iterate->value *= opt->sign;
    for (size_t i = 0; i < opt->n; i++)
        iterate->gradient[i] *= opt->sign;
    return status;
}

bool eg_iterate_is_finite(const eg_iterate *iterate, size_t n)
{
    bool finite = isfinite(iterate->value);
    for (size_t i = 0; i < n; i++)
        finite = finite && isfinite(iterate->x[i]) && isfinite(iterate->gradient[i]);
    return finite;
}

eg_status eg_optimizer_hessian(eg_optimizer *opt, const double x[], eg_error *error)
{
    const eg_objective *f = opt->objective;
    eg_status status = f->at(f->opaque, x, NULL, NULL, opt->hessian, error);
    for (size_t i = 0; i < opt->n * opt->n; i++)
        opt->hessian[i] *= opt->sign;
    return status;
}

eg_status eg_optimizer_curvature(eg_optimizer *opt, const double x[],
                                 eg_eigenvalue_range *curvature, eg_error *error)
{
    *curvature = (eg_eigenvalue_range){.min = NAN, .max = NAN};
    eg_status status = eg_optimizer_hessian(opt, x, error);
    if (status != EG_OK)
        return status;
    for (size_t i = 0; i < opt->n * opt->n; i++)
        if (!isfinite(opt->hessian[i]))
            return EG_OK;
    eg_eigen(opt->hessian, opt->n, opt->eigenvalues, opt->eigenvectors);
    *curvature = (eg_eigenvalue_range){true, opt->eigenvalues[0], opt->eigenvalues[opt->n - 1]};
    return EG_OK;
}

bool eg_is_rise(double a, double b)
{
    return !(b <= a + 4 * DBL_EPSILON * fabs(a));
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
