/* SPDX-License-Identifier: MIT */
#include "descent/monitor.h"

#include <math.h>
#include <string.h>

enum {
    RISES = 5,  /* in a row, with a method that should never rise */
    SWINGS = 5, /* in a row */
};

#define FAR_STEEPER 1e3 /* than the start, and higher: what momentum never does on its way down */

void eg_monitor_begin(eg_monitor *monitor, const eg_optimizer *walk, double *memory)
{
    *monitor = (eg_monitor){.last_step = memory, .trouble = memory + walk->n};
    monitor->start_value = walk->now.value;
    monitor->start_gradient = eg_length(walk->now.gradient, walk->n);
    memcpy(monitor->trouble, walk->now.x, walk->n * sizeof(double));
}

/* Opposite to the last step within some 18 degrees, and nearly as long or longer. */
static bool is_swing(eg_monitor *monitor, const eg_optimizer *walk)
{
    double along = 0, now = 0, before = 0;
    for (size_t i = 0; i < walk->n; i++) {
        double step = walk->next.x[i] - walk->now.x[i];
        along += step * monitor->last_step[i];
        now += step * step;
        before += monitor->last_step[i] * monitor->last_step[i];
    }
    monitor->no_shorter = now >= (1 - 1e-7) * before;
    return along < -0.95 * sqrt(now) * sqrt(before) && now >= 0.99 * before && now > 0;
}

void eg_monitor_step(eg_monitor *monitor, const eg_optimizer *walk)
{
    bool swing = is_swing(monitor, walk), rise = walk->next.value > walk->now.value;
    if ((rise && monitor->rising == 0) || (swing && monitor->swings == 0))
        memcpy(monitor->trouble, walk->now.x, walk->n * sizeof(double));
    monitor->rising = rise ? monitor->rising + 1 : 0;
    monitor->swings = swing ? monitor->swings + 1 : 0;
    for (size_t i = 0; i < walk->n; i++)
        monitor->last_step[i] = walk->next.x[i] - walk->now.x[i];
    bool higher = walk->next.value > monitor->start_value;
    if (!higher) {
        monitor->noticed = 0;
    } else if (monitor->noticed == 0) {
        double gradient = eg_length(walk->next.gradient, walk->n);
        bool steeper = gradient > FAR_STEEPER * monitor->start_gradient;
        bool rises = walk->ops->monotone && !walk->sampled && monitor->rising >= RISES;
        if (steeper || rises)
            monitor->noticed = walk->step + 1;
    }
}

bool eg_monitor_oscillates(const eg_monitor *monitor, bool above_limit)
{
    return monitor->swings >= SWINGS && (monitor->no_shorter || above_limit);
}
