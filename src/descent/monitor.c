/* SPDX-License-Identifier: MIT */
#include "descent/monitor.h"

#include <math.h>
#include <string.h>

enum {
    MAX_INCREASES = 5,   /* consecutive ones, of a monotone method */
    MAX_OSCILLATIONS = 5 /* consecutive ones */
};

/* A run diverges if its value exceeds that at the start, and its gradient is so many times that at
 * the start. Momentum methods overshoot, but never this far. */
#define DIVERGENT_GRADIENT 1e3

void eg_monitor_begin(eg_monitor *monitor, const eg_optimizer *opt, double *memory)
{
    *monitor = (eg_monitor){.last_step = memory, .instability = memory + opt->n};
    monitor->start_value = opt->current.value;
    monitor->start_gradient = eg_length(opt->current.gradient, opt->n);
    memcpy(monitor->instability, opt->current.x, opt->n * sizeof(double));
}

/* Returns true if the step is opposite to the last one within 18 degrees and at least 0.995 times
 * as long. */
static bool reverses_step(eg_monitor *monitor, const eg_optimizer *opt)
{
    double dot = 0, step_square = 0, last_square = 0;
    for (size_t i = 0; i < opt->n; i++) {
        double step = opt->next.x[i] - opt->current.x[i];
        dot += step * monitor->last_step[i];
        step_square += step * step;
        last_square += monitor->last_step[i] * monitor->last_step[i];
    }
    monitor->undamped = step_square >= (1 - 1e-7) * last_square;
    return dot < -0.95 * sqrt(step_square) * sqrt(last_square) &&
           step_square >= 0.99 * last_square && step_square > 0;
}

void eg_monitor_step(eg_monitor *monitor, const eg_optimizer *opt)
{
    bool oscillation = reverses_step(monitor, opt);
    bool increase = opt->next.value > opt->current.value;
    if ((increase && monitor->increases == 0) || (oscillation && monitor->oscillations == 0))
        memcpy(monitor->instability, opt->current.x, opt->n * sizeof(double));
    monitor->increases = increase ? monitor->increases + 1 : 0;
    monitor->oscillations = oscillation ? monitor->oscillations + 1 : 0;
    for (size_t i = 0; i < opt->n; i++)
        monitor->last_step[i] = opt->next.x[i] - opt->current.x[i];
    if (!(opt->next.value > monitor->start_value)) {
        monitor->diverging_since = 0;
    } else if (monitor->diverging_since == 0) {
        double gradient = eg_length(opt->next.gradient, opt->n);
        bool steep = gradient > DIVERGENT_GRADIENT * monitor->start_gradient;
        bool increases =
            opt->ops->monotone && !opt->stochastic && monitor->increases >= MAX_INCREASES;
        if (steep || increases)
            monitor->diverging_since = opt->step + 1;
    }
}

bool eg_monitor_oscillates(const eg_monitor *monitor, bool above_limit)
{
    return monitor->oscillations >= MAX_OSCILLATIONS && (monitor->undamped || above_limit);
}
