/* SPDX-License-Identifier: MIT */
/* Detects divergence and oscillation of a descent from its steps. */
#ifndef EG_DESCENT_MONITOR_H
#define EG_DESCENT_MONITOR_H

#include "descent/optimizer.h"

enum { EG_MONITOR_VECTORS = 4 };

typedef struct eg_monitor {
    size_t increases;       /* consecutive steps that raised the value */
    size_t oscillations;    /* consecutive steps that reversed the one before */
    size_t growths;         /* consecutive steps that reversed the one before and grew */
    double growth;          /* length of the last step minus that of the one before */
    bool undamped;          /* the last step was no shorter than a neutral one, but for rounding */
    size_t diverging_since; /* step at which divergence was detected; 0: none */
    size_t best_step;       /* step of the best value */
    size_t crossing_step;   /* last step along which the slope changed from falling to rising; 0:
                               none */
    double *last_step;      /* n */
    double *instability;    /* n: the point where the present increase or oscillation began */
    double *before, *after; /* n each: ends of the step number crossing_step */
    double start_value, start_gradient, best_value;
} eg_monitor;

/* Starts monitoring at opt->current. `memory` is EG_MONITOR_VECTORS * n zeros. */
void eg_monitor_begin(eg_monitor *monitor, const eg_optimizer *opt, double *memory);

/* Records the step from opt->current to opt->next. */
void eg_monitor_step(eg_monitor *monitor, const eg_optimizer *opt);

/* Returns true if the last steps oscillate and do not get shorter. If the rate is above its
 * stability limit (`above_limit`), steps that get shorter slowly oscillate too. */
bool eg_monitor_oscillates(const eg_monitor *monitor, bool above_limit);

/* Returns true if the last steps oscillate and grow. */
bool eg_monitor_grows(const eg_monitor *monitor);

#endif
