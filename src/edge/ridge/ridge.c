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

/* Sets an eigenvector of an eigenvalue, from the row of H - value that is further from 0. */
static void set_eigenvector(eg_ridge_point *point, const eg_ridge_derivatives *d, double value)
{
    const double a = value - d->yy, b = value - d->xx;
    const bool first = fabs(a) >= fabs(b);
    point->nx = first ? a : d->xy;
    point->ny = first ? d->xy : b;
}

/* Returns true if the line is surely outside the pixel. Spares most pixels the roots and divisions
 * of the exact test, whose bound of 0.5 pixels is below this one by more than all rounding. */
static bool is_far(const eg_ridge_point *point, const eg_ridge_derivatives *d, double value)
{
    const double nx = point->nx, ny = point->ny, slope = fabs(d->x * nx + d->y * ny);
    const double larger = fabs(nx) > fabs(ny) ? fabs(nx) : fabs(ny);
    return slope * larger > 0.51 * (nx * nx + ny * ny) * fabs(value);
}

/* Scales the eigenvector to the unit normal. */
static void scale_normal(eg_ridge_point *point)
{
    double nx = point->nx, ny = point->ny;
    const double length = sqrt(nx * nx + ny * ny);
    if (!(length > 0)) { /* both eigenvalues are equal: any direction is one */
        point->nx = 1;
        point->ny = 0;
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
    set_eigenvector(&point, d, value);
    if (is_far(&point, d, value))
        return (eg_ridge_point){0};
    scale_normal(&point);
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
