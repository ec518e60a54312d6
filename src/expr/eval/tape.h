/* SPDX-License-Identifier: MIT */
/*
 * A tape: a straight-line program on an array of slots, which is laid out as
 *
 *     constants | variables | results | temporaries
 *
 * Its steps come in three stages: constant (run once, when the tape is built), primal (depends on
 * the point) and tangent (depends on a direction too; run once for each direction).
 */
#ifndef EG_EXPR_EVAL_TAPE_H
#define EG_EXPR_EVAL_TAPE_H

#include "expr/eval/ops.h"

typedef struct eg_step {
    uint16_t op;
    uint16_t power;  /* `index` of EG_OP_POWI, EG_OP_POWH and the calls with an order */
    uint32_t out, a; /* slots of the result and the first argument */
    uint32_t b;      /* slot of the second argument; `a` for a unary operation; that of the cosine,
                        a second result, for EG_OP_SIN_COS */
} eg_step;

typedef struct eg_tape_number {
    double value;
    bool rounded; /* the number meant is not exactly `value` */
} eg_tape_number;

typedef struct eg_tape {
    eg_step *steps;
    eg_tape_number *numbers; /* values of the first slots */
    uint64_t *dependencies;  /* by step: bit mask of the tangent components it depends on */
    double *constant_values; /* initial values of the constant slots */
    uint32_t number_count;   /* slots of numbers, the first of the constant slots */
    uint32_t constant_slots; /* slots of numbers and of the results of the constant stage */
    uint32_t input_count, result_count, slot_count;
    /* end of each stage: steps [0, constant_end) are constant, [constant_end, primal_end) primal,
     * [primal_end, step_count) tangent */
    uint32_t constant_end, primal_end, step_count;
} eg_tape;

/* Builds a tape that computes ids[]. Input variables from number `variables` on are the components
 * of the tangent direction. */
eg_status eg_tape_build(eg_tape *tape, eg_graph *ops, const eg_id ids[], size_t count,
                        size_t input_count, size_t variables);
void eg_tape_free(eg_tape *tape); /* accepts a zeroed tape */

static inline uint32_t eg_first_input(const eg_tape *tape)
{
    return tape->constant_slots;
}

static inline uint32_t eg_first_result(const eg_tape *tape)
{
    return tape->constant_slots + tape->input_count;
}

/* Runs steps [from, to) on doubles. */
void eg_run_steps(const eg_tape *tape, double *slots, uint32_t from, uint32_t to);

/* Runs the tangent steps for the unit direction of one axis; a step that does not depend on that
 * component is 0. */
void eg_run_tangent(const eg_tape *tape, double *slots, size_t axis);

#endif
