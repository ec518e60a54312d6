/* SPDX-License-Identifier: MIT */
/* Weights of derivatives on a reduced grid. */
#include "gradient/jet/jet_reduction.h"

#include <math.h>

#define LEAST_SIGMA 5.0 /* samples of the grid */
#define SMOOTHING_SIGMA                                                                            \
    1.1 /* samples of the grid: higher frequencies than the grid has are damped                    \
           to 1e-7 where they would be taken for those of the derivatives */

/* Sets the weights of the smoothing. Returns its variance in pixels squared. */
static double init_smoothing(eg_jet_reduction *reduction)
{
    eg_jet_weights w;
    eg_jet_weights_gaussian(&w, SMOOTHING_SIGMA * (double)reduction->factor);
    reduction->radius = w.radius;
    for (size_t k = 0; k <= w.radius; k++)
        reduction->smooth[k] = w.order[0][k];
    return w.variance;
}

/* Sets the weights of the polynomial through the samples around a pixel (Lagrange). */
static void init_interpolation(eg_jet_reduction *reduction, size_t phase)
{
    const double at = (double)phase / (double)reduction->factor;
    for (int i = 0; i < EG_REDUCTION_TAPS; i++) {
        double weight = 1;
        for (int k = 0; k < EG_REDUCTION_TAPS; k++)
            if (k != i)
                weight *= (at - (k - EG_REDUCTION_BEFORE)) / (i - k);
        reduction->interpolation[phase][i] = (float)weight;
    }
}

void eg_jet_reduction_init(eg_jet_reduction *reduction, double sigma)
{
    *reduction = (eg_jet_reduction){.factor = 1};
    while (reduction->factor < EG_REDUCTION_FACTOR_MAX &&
           sigma > 2 * LEAST_SIGMA * (double)reduction->factor)
        reduction->factor *= 2;
    if (reduction->factor == 1)
        return;
    const double factor = (double)reduction->factor, variance = init_smoothing(reduction);
    eg_jet_weights w;
    eg_jet_weights_gaussian(&w, sqrt(sigma * sigma - variance) / factor);
    reduction->reduced_radius = w.radius;
    for (size_t k = 0; k <= w.radius; k++) {
        reduction->order[0][k] = w.order[0][k];
        reduction->order[1][k] = (float)(w.exact[1][k] / factor);
        reduction->order[2][k] = (float)(w.exact[2][k] / (factor * factor));
    }
    for (size_t phase = 0; phase < reduction->factor; phase++)
        init_interpolation(reduction, phase);
}

size_t eg_jet_reduction_reach(const eg_jet_reduction *reduction)
{
    const size_t samples = reduction->reduced_radius + EG_REDUCTION_TAPS / 2;
    return reduction->radius + reduction->factor * samples;
}
