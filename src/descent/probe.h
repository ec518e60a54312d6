/* SPDX-License-Identifier: MIT */
/* Evaluates an objective along lines, to tell what a descent has come to. */
#ifndef EG_DESCENT_PROBE_H
#define EG_DESCENT_PROBE_H

#include "descent/optimizer.h"

typedef enum eg_ray_end {
    EG_RAY_RISES,    /* or ends */
    EG_RAY_TO_LIMIT, /* falls ever less */
    EG_RAY_FALLS     /* falls as fast as before, or to minus infinity */
} eg_ray_end;

typedef struct eg_ray {
    eg_ray_end end;
    double distance, value; /* the farthest point at which the value had not risen */
} eg_ray;

/* Follows the ray, as long as neither the value nor its slope rises, from opt->current along the
 * unit vector `direction`, at distances that grow from `first` by factors of 4 to `farthest`.
 * Overwrites opt->next, as all functions here. */
eg_status eg_probe_ray(eg_optimizer *opt, const double direction[], double first, double farthest,
                       eg_ray *ray, eg_error *error);

/* Values around a critical point, compared with the value there. */
typedef struct eg_surroundings {
    bool lower; /* a lower point was found, by a path that does not rise; its direction is in
                   opt->next.x */
    bool level; /* no value around differs from the one at the point */
} eg_surroundings;

/* Looks around opt->current along both directions of the rows of `axes`, of the coordinate axes, of
 * two diagonals and of `also` (may be NULL), at distances up to a tenth of `extent`. Differences up
 * to `margin` do not count. */
eg_status eg_probe_around(eg_optimizer *opt, const double *axes, const double *also, double extent,
                          double margin, eg_surroundings *around, eg_error *error);

/* Bisects between a[] and b[], where the slopes along the line have opposite signs, and sets *kink
 * if the slope jumps in between. Leaves the place in opt->next.x, and in along[] the unit vector of
 * steepest descent on the kink: against the shortest convex combination of the gradients on both
 * sides; 0 if that is 0. */
eg_status eg_probe_kink(eg_optimizer *opt, const double a[], const double b[], bool *kink,
                        double along[], eg_error *error);

#endif
