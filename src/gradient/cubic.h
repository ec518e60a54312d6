/* SPDX-License-Identifier: MIT */
/* Cubic interpolation between samples (Catmull and Rom 1974; Keys 1981 with a = -1/2). */
#ifndef EG_GRADIENT_CUBIC_H
#define EG_GRADIENT_CUBIC_H

/* Sets the weights of the samples at -1, 0, 1 and 2 for the position t, 0 .. 1. */
static inline void eg_cubic_weights(double t, double weights[4])
{
    weights[0] = ((-0.5 * t + 1) * t - 0.5) * t;
    weights[1] = (1.5 * t - 2.5) * t * t + 1;
    weights[2] = ((-1.5 * t + 2) * t + 0.5) * t;
    weights[3] = (0.5 * t - 0.5) * t * t;
}

#endif
