/* SPDX-License-Identifier: MIT */
/*
 * A straight line of operations on an array of slots:
 *
 *     constants | variables | results | temporaries
 *
 * Constants, and what is computed of nothing else, come first, so that they are computed once.
 */
#ifndef EG_EXPR_EVAL_TAPE_H
#define EG_EXPR_EVAL_TAPE_H

#include "expr/eval/ops.h"

typedef struct eg_step {
    uint16_t op;
    uint16_t power; /* EG_OP_POWI, EG_OP_POWH */
    uint32_t out, a,
        b; /* slots; `b` is a where there is one argument, and the cosine of EG_OP_SIN_COS */
} eg_step;

typedef struct eg_constant {
    double value;
    bool rounded;
} eg_constant;

typedef struct eg_tape {
    eg_step *steps;
    eg_constant *numbers; /* of the first slots */
    uint64_t *needs;      /* of a step that depends on a direction: on which of its components */
    uint32_t number_count, fixed; /* slots: numbers, all constants */
    uint32_t inputs, results, slots;
    uint32_t fixed_steps, common_steps,
        step_count;    /* ends: of constants, of what no direction changes */
    double *constants; /* what the `fixed` slots hold */
} eg_tape;

/* A tape that computes ids[]. Inputs from variable `directions` on are components of a direction.
 */
eg_status eg_tape_make(eg_tape *tape, eg_graph *ops, const eg_id ids[], size_t count, size_t inputs,
                       size_t directions);
void eg_tape_free(eg_tape *tape); /* accepts a zeroed tape */

static inline uint32_t eg_first_input(const eg_tape *tape)
{
    return tape->fixed;
}

static inline uint32_t eg_first_result(const eg_tape *tape)
{
    return tape->fixed + tape->inputs;
}

/* Steps from .. to-1 on doubles. */
void eg_run_steps(const eg_tape *tape, double *slots, uint32_t from, uint32_t to);

/* The steps that depend on the direction, which is along one axis. */
void eg_run_tangent(const eg_tape *tape, double *slots, size_t axis);

#endif
