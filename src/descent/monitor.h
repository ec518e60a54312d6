/* SPDX-License-Identifier: MIT */
/* Detects divergence and oscillation of a descent from its steps. */
#ifndef EG_DESCENT_MONITOR_H
#define EG_DESCENT_MONITOR_H

#include "descent/optimizer.h"

typedef struct eg_monitor {
    size_t increases;       /* consecutive steps that raised the value */
    size_t oscillations;    /* consecutive steps that reversed the one before */
    bool undamped;          /* the last step was as long as the one before, but for rounding */
    size_t diverging_since; /* step at which divergence was detected; 0: none */
    double *last_step;      /* n */
    double *instability;    /* n: the point where the present increase or oscillation began */
    double start_value, start_gradient;
} eg_monitor;

/* Starts monitoring at opt->current. `memory` is 2 n zeros. */
void eg_monitor_begin(eg_monitor *monitor, const eg_optimizer *opt, double *memory);

/* Records the step from opt->current to opt->next. */
void eg_monitor_step(eg_monitor *monitor, const eg_optimizer *opt);

/* Returns true if the last steps oscillate and do not get shorter. If the rate is above its
 * stability limit (`above_limit`), steps that get shorter slowly oscillate too. */
bool eg_monitor_oscillates(const eg_monitor *monitor, bool above_limit);

#endif
