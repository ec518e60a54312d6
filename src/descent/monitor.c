/* SPDX-License-Identifier: MIT */
#include "descent/monitor.h"

#include <math.h>
#include <string.h>

enum {
    MAX_INCREASES = 5,    /* consecutive ones, of a monotone method */
    MAX_OSCILLATIONS = 5, /* consecutive ones */
    MAX_GROWTHS = 5       /* consecutive ones */
};

/* A run diverges if its value exceeds that at the start, and its gradient is so many times that at
 * the start. Momentum methods overshoot by up to about 2/(1 - momentum), but never this far. */
#define DIVERGENT_GRADIENT  1e3
#define DIVERGENT_OVERSHOOT 100 /* times 1/(1 - momentum) */

/* Least growth of a step over the one before that is no rounding error. */
#define GROWTH 1.0001

void eg_monitor_begin(eg_monitor *monitor, const eg_optimizer *opt, double *memory)
{
    size_t n = opt->n;
    *monitor = (eg_monitor){.last_step = memory,
                            .instability = memory + n,
                            .before = memory + 2 * n,
                            .after = memory + 3 * n};
    monitor->start_value = monitor->best_value = opt->current.value;
    monitor->start_gradient = eg_length(opt->current.gradient, n);
    memcpy(monitor->instability, opt->current.x, n * sizeof(double));
}

/* Returns the length of a step that neither grows nor is damped. On a quadratic function Polyak's
 * steps v along an eigenvector whose eigenvalue is L fulfil
 * v'' = (1 + momentum - rate L) v' - momentum v. They alternate in sign if the rate is large. At
 * the rate 2 (1 + momentum)/L their lengths grow at first, each time by momentum times the growth
 * before; below it by less, above it by more. */
static double neutral_length(const eg_monitor *monitor, const eg_optimizer *opt, double last)
{
    double memory = opt->ops->step == eg_step_momentum ? opt->momentum : 0;
    return last + memory * fmax(monitor->growth, 0);
}

/* Counts steps opposite to the last one within 18 degrees: those at least 0.995 times as long, and
 * those that grow. */
static void count_reversal(eg_monitor *monitor, const eg_optimizer *opt)
{
    double step = 0, last = eg_length(monitor->last_step, opt->n), cosine = 0;
    for (size_t i = 0; i < opt->n; i++)
        step = fmax(step, fabs(opt->next.x[i] - opt->current.x[i]));
    double square = 0;
    for (size_t i = 0; step > 0 && last > 0 && i < opt->n; i++) { /* scaled against overflow */
        double s = (opt->next.x[i] - opt->current.x[i]) / step;
        square += s * s;
        cosine += s * (monitor->last_step[i] / last);
    }
    double length = step * sqrt(square);
    bool reversal = cosine < -0.95 * sqrt(square) && length > 0;
    bool oscillation = reversal && length * length >= 0.99 * last * last;
    if (oscillation && monitor->oscillations == 0)
        memcpy(monitor->instability, opt->current.x, opt->n * sizeof(double));
    double neutral = neutral_length(monitor, opt, last);
    monitor->undamped = length >= neutral - 5e-8 * last;
    monitor->oscillations = oscillation ? monitor->oscillations + 1 : 0;
    monitor->growths =
        reversal && length > neutral + (GROWTH - 1) * last ? monitor->growths + 1 : 0;
    monitor->growth = length - last;
}

/* Stores the step if the slope along it falls at its start and rises at its end. */
static void record_crossing(eg_monitor *monitor, const eg_optimizer *opt)
{
    const double *step = monitor->last_step;
    if (!(eg_dot_product(opt->current.gradient, step, opt->n) < 0 &&
          eg_dot_product(opt->next.gradient, step, opt->n) > 0))
        return;
    monitor->crossing_step = opt->step + 1;
    memcpy(monitor->before, opt->current.x, opt->n * sizeof *step);
    memcpy(monitor->after, opt->next.x, opt->n * sizeof *step);
}

static bool diverges(const eg_monitor *monitor, const eg_optimizer *opt)
{
    double gradient = eg_length(opt->next.gradient, opt->n), factor = DIVERGENT_GRADIENT;
    if (opt->ops->has_momentum)
        factor = fmax(factor, DIVERGENT_OVERSHOOT / (1 - opt->momentum));
    if (gradient > factor * monitor->start_gradient)
        return true;
    if (opt->stochastic || monitor->increases < MAX_INCREASES)
        return false;
    return opt->ops->monotone || monitor->growths >= MAX_GROWTHS;
}

void eg_monitor_step(eg_monitor *monitor, const eg_optimizer *opt)
{
    bool increase = opt->next.value > opt->current.value;
    if (increase && monitor->increases == 0)
        memcpy(monitor->instability, opt->current.x, opt->n * sizeof(double));
    monitor->increases = increase ? monitor->increases + 1 : 0;
    count_reversal(monitor, opt);
    for (size_t i = 0; i < opt->n; i++)
        monitor->last_step[i] = opt->next.x[i] - opt->current.x[i];
    record_crossing(monitor, opt);
    if (opt->next.value < monitor->best_value) {
        monitor->best_value = opt->next.value;
        monitor->best_step = opt->step + 1;
    }
    if (!(opt->next.value > monitor->start_value))
        monitor->diverging_since = 0;
    else if (monitor->diverging_since == 0 && diverges(monitor, opt))
        monitor->diverging_since = opt->step + 1;
}

bool eg_monitor_oscillates(const eg_monitor *monitor, bool above_limit)
{
    return monitor->oscillations >= MAX_OSCILLATIONS && (monitor->undamped || above_limit);
}

bool eg_monitor_grows(const eg_monitor *monitor)
{
    return monitor->growths >= MAX_GROWTHS;
}
