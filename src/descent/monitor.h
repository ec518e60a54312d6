/* SPDX-License-Identifier: MIT */
/* Watching a walk: does it get worse, or jump to and fro? */
#ifndef EG_DESCENT_MONITOR_H
#define EG_DESCENT_MONITOR_H

#include "descent/optimizer.h"

typedef struct eg_monitor {
    size_t rising;     /* steps in a row that went up */
    size_t swings;     /* steps in a row that undid the one before, and were about as long */
    bool no_shorter;   /* the last of them by nothing but rounding */
    size_t noticed;    /* the step at which divergence was clear; 0: not so */
    double *last_step; /* n */
    double *trouble;   /* n: where the present rise or swing began */
    double start_value, start_gradient;
} eg_monitor;

/* `memory` is 2 n zeros. walk->now is the start. */
void eg_monitor_begin(eg_monitor *monitor, const eg_optimizer *walk, double *memory);

/* After a step from walk->now to walk->next. */
void eg_monitor_step(eg_monitor *monitor, const eg_optimizer *walk);

/* `above_limit`: the rate is, so that it is known to come no nearer. */
bool eg_monitor_oscillates(const eg_monitor *monitor, bool above_limit);

#endif
