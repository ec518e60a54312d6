/* SPDX-License-Identifier: MIT */
/* Weights of Gaussian derivatives. */
#include "gradient/jet/jet_weights.h"

#include <math.h>

/* Rounds the weights, and computes the variance of those of order 0. */
static void finish_weights(eg_jet_weights *w)
{
    w->variance = 0;
    for (size_t k = 0; k <= w->radius; k++) {
        w->variance += 2 * (double)(k * k) * w->exact[0][k];
        for (size_t i = 0; i < EG_JET_ORDERS; i++)
            w->order[i][k] = (float)w->exact[i][k];
    }
}

/* Sets the differences without smoothing. */
static void set_differences(eg_jet_weights *w)
{
    *w = (eg_jet_weights){.radius = 1, .exact = {{1, 0}, {0, 0.5}, {-2, 1}}};
}

void eg_jet_weights_gaussian(eg_jet_weights *w, double sigma)
{
    double second = 0, fourth = 0, sum = 1;
    set_differences(w);
    if (sigma > 0) {
        w->radius = (size_t)ceil(6 * sigma);
        for (size_t k = 1; k <= w->radius; k++) {
            w->exact[0][k] = exp(-(double)(k * k) / (2 * sigma * sigma));
            sum += 2 * w->exact[0][k];
        }
        for (size_t k = 0; k <= w->radius; k++) {
            const double square = (double)(k * k);
            w->exact[0][k] /= sum;
            second += 2 * square * w->exact[0][k];
            fourth += 2 * square * square * w->exact[0][k];
        }
        for (size_t k = 0; k <= w->radius; k++) {
            const double g = w->exact[0][k], square = (double)(k * k);
            w->exact[1][k] = (double)k * g / second;
            w->exact[2][k] = 2 * (square - second) * g / (fourth - second * second);
        }
    }
    finish_weights(w);
}

/* Returns the weight at a distance k, of either sign. */
static double weight_at(const eg_jet_weights *w, size_t order, ptrdiff_t k)
{
    const size_t distance = (size_t)(k < 0 ? -k : k);
    const double weight = distance > w->radius ? 0 : w->exact[order][distance];
    return order == 1 && k < 0 ? -weight : weight;
}

void eg_jet_weights_farid(eg_jet_weights *w, double sigma)
{
    static const double smooth[] = {0.426375, 0.249153, 0.037659},
                        slope[] = {0, 0.276691, 0.109604};
    enum { RADIUS = 2 };
    const double sum = smooth[0] + 2 * (smooth[1] + smooth[2]);
    const double ramp = 2 * (slope[1] + 2 * slope[2]);
    eg_jet_weights g;
    eg_jet_weights_gaussian(&g, sigma);
    set_differences(w);
    w->radius = RADIUS + (sigma > 0 ? g.radius : 0);
    for (size_t k = 0; k <= w->radius; k++) {
        w->exact[0][k] = w->exact[1][k] = 0;
        for (ptrdiff_t i = -RADIUS; i <= RADIUS; i++) {
            const size_t tap = (size_t)(i < 0 ? -i : i);
            const double gaussian = weight_at(&g, 0, (ptrdiff_t)k - i);
            w->exact[0][k] += gaussian * smooth[tap] / sum;
            w->exact[1][k] += gaussian * (i < 0 ? -slope[tap] : slope[tap]) / ramp;
        }
    }
    finish_weights(w);
}

void eg_jet_weights_differences(eg_jet_weights *w, double sigma)
{
    eg_jet_weights g;
    eg_jet_weights_gaussian(&g, sigma);
    set_differences(w);
    if (sigma > 0) {
        w->radius = g.radius + 1;
        g.exact[0][g.radius + 1] = g.exact[0][g.radius + 2] = 0;
        for (size_t k = 0; k <= w->radius; k++) {
            const double before = g.exact[0][k ? k - 1 : 1], after = g.exact[0][k + 1];
            w->exact[0][k] = g.exact[0][k];
            w->exact[1][k] = (before - after) / 2;
            w->exact[2][k] = before - 2 * g.exact[0][k] + after;
        }
        w->exact[1][0] = 0;
    }
    finish_weights(w);
}
