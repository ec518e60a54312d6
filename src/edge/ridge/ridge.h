/* SPDX-License-Identifier: MIT */
/*
 * The point of a curvilinear line in a pixel (Steger, An Unbiased Detector of Curvilinear
 * Structures, IEEE PAMI 20, 1998). Across a line the second directional derivative of the smoothed
 * image is largest in absolute value, along the eigenvector n of the Hessian H; the first one
 * vanishes at t n from the pixel, t = -(g n) / (n H n), to the second order of Taylor's series. The
 * line passes through the pixel if t n lies in it.
 */
#ifndef EG_EDGE_RIDGE_H
#define EG_EDGE_RIDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "edgegrad.h"
#include "gradient/jet/jet.h"

/* Derivatives of the smoothed image at a pixel, see gradient/jet/jet.h. */
typedef struct eg_ridge_derivatives {
    double x, y, xx, xy, yy;
} eg_ridge_derivatives;

typedef struct eg_ridge_point {
    /* Absolute value of the second derivative across the line, in levels per pixel squared; 0: no
     * line passes through the pixel. */
    double strength;
    double dx, dy; /* offset of the line from the middle of the pixel, -0.5 .. 0.5 pixels each */
    double nx, ny; /* unit normal of the line; nx > 0, or nx 0 and ny 1 */
    bool is_dark;  /* the line is darker than both sides */
} eg_ridge_point;

/* Returns the point of a line of the wanted kind in a pixel with these derivatives; strength 0: no
 * line, or a derivative is not finite. `curvature`, which may be NULL, is set to the strength of
 * the pixel without regard to the line's position, 0 if the kind is another one. */
eg_ridge_point eg_ridge_at(const eg_ridge_derivatives *derivatives, eg_ridges kind,
                           double *curvature);

/* Rows of the derivatives. */
typedef struct eg_ridge_rows {
    const float *x, *y, *xx, *xy, *yy;
} eg_ridge_rows;

static inline eg_ridge_derivatives eg_ridge_derivatives_at(const eg_ridge_rows *rows, size_t x)
{
    return (eg_ridge_derivatives){(double)rows->x[x], (double)rows->y[x], (double)rows->xx[x],
                                  (double)rows->xy[x], (double)rows->yy[x]};
}

/* Initialises the derivatives of a source at a sigma in pixels. */
void eg_ridge_jet_init(eg_jet_stage *jet, const eg_source *source, double sigma);

/* Returns the rows of the derivatives that a cursor has computed last. */
static inline eg_ridge_rows eg_ridge_rows_of(const eg_jet_cursor *cursor)
{
    float *const *part = cursor->part;
    return (eg_ridge_rows){part[EG_JET_X], part[EG_JET_Y], part[EG_JET_XX], part[EG_JET_XY],
                           part[EG_JET_YY]};
}

#endif
