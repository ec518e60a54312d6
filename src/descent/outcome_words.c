/* SPDX-License-Identifier: MIT */
/* Names why runs stop and what their ends are, for programs. */
#include "edgegrad.h"

static const char *const stops[] = {
    [EG_STOP_GRADIENT] = "gradient",     [EG_STOP_DISTANCE] = "distance",
    [EG_STOP_VALUE] = "value",           [EG_STOP_STEP] = "step",
    [EG_STOP_STEPS] = "steps",           [EG_STOP_TIME] = "time",
    [EG_STOP_SEARCH] = "search",         [EG_STOP_DIVERGING] = "diverging",
    [EG_STOP_NOT_FINITE] = "not-finite", [EG_STOP_CANCELLED] = "cancelled",
};

static const char *const outcomes[] = {
    [EG_CONVERGED] = "converged",
    [EG_NOT_CONVERGED] = "unfinished",
    [EG_OSCILLATES] = "oscillates",
    [EG_DIVERGES] = "diverges",
    [EG_UNBOUNDED] = "unbounded",
    [EG_LEFT_DOMAIN] = "left-domain",
    [EG_STALLED] = "stuck",
    [EG_AT_SADDLE] = "saddle",
    [EG_AT_OPPOSITE_EXTREMUM] = "wrong-end",
    [EG_AT_KINK] = "kink",
    [EG_FLAT_TAIL] = "flat-tail",
    [EG_UNCLASSIFIED] = "undecided",
};

const char *eg_stop_word(eg_stop stop)
{
    return stops[stop];
}

const char *eg_descent_outcome_word(eg_descent_outcome outcome)
{
    return outcomes[outcome];
}
