/* SPDX-License-Identifier: MIT */
/* The point of a curvilinear line in a pixel. */
#include "edge/ridge/ridge.h"

#include <math.h>

/* Returns the eigenvalue with the larger absolute value of the Hessian; of equal ones the negative
 * one, a bright line. */
static double larger_eigenvalue(const eg_ridge_derivatives *d)
{
    const double mean = (d->xx + d->yy) / 2, a = (d->xx - d->yy) / 2;
    const double half = sqrt(a * a + d->xy * d->xy);
    return mean > 0 ? mean + half : mean - half;
}

/* Sets the unit eigenvector of an eigenvalue, from the row of H - value that is further from 0. */
static void set_normal(eg_ridge_point *point, const eg_ridge_derivatives *d, double value)
{
    const double a = value - d->yy, b = value - d->xx;
    double nx = fabs(a) >= fabs(b) ? a : d->xy, ny = fabs(a) >= fabs(b) ? d->xy : b;
    const double length = sqrt(nx * nx + ny * ny);
    if (!(length > 0)) { /* both eigenvalues are equal: any direction is one */
        point->nx = 1;
        return;
    }
    if (nx < 0 || (!(nx > 0) && ny < 0)) {
        nx = -nx;
        ny = -ny;
    }
    point->nx = nx / length;
    point->ny = ny / length;
}

eg_ridge_point eg_ridge_at(const eg_ridge_derivatives *d, eg_ridges kind, double *curvature)
{
    eg_ridge_point point = {0};
    const double value = larger_eigenvalue(d);
    const bool is_dark = value > 0;
    if (curvature)
        *curvature = 0;
    if (!isfinite(d->x + d->y + value) || !(fabs(value) > 0) ||
        (kind != EG_RIDGES_BOTH && is_dark != (kind == EG_RIDGES_DARK)))
        return point;
    if (curvature)
        *curvature = fabs(value);
    set_normal(&point, d, value);
    const double t = -(d->x * point.nx + d->y * point.ny) / value;
    point.dx = t * point.nx;
    point.dy = t * point.ny;
    if (!(fabs(point.dx) <= 0.5 && fabs(point.dy) <= 0.5))
        return (eg_ridge_point){0};
    point.is_dark = is_dark;
    point.strength = fabs(value);
    return point;
}

void eg_ridge_jet_init(eg_jet_stage *jet, const eg_source *source, double sigma)
{
    const unsigned parts =
        1u << EG_JET_X | 1u << EG_JET_Y | 1u << EG_JET_XX | 1u << EG_JET_XY | 1u << EG_JET_YY;
    eg_jet_weights_gaussian(&jet->weights, sigma);
    eg_jet_stage_init(jet, source, sigma, parts);
}
