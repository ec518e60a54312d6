/* SPDX-License-Identifier: MIT */
/* Runs a tape on individual doubles. */
#include <math.h>

#include "expr/eval/scalar.h"
#include "expr/eval/tape.h"

static void run_step(const eg_step *step, double *slots)
{
    double a = slots[step->a];
    if (step->op == EG_OP_SIN_COS)
        sincos(a, &slots[step->out], &slots[step->b]);
    else
        slots[step->out] = eg_apply_op(step->op, step->power, a, slots[step->b]);
}

void eg_run_steps(const eg_tape *tape, double *slots, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        run_step(&tape->steps[i], slots);
}

void eg_run_tangent(const eg_tape *tape, double *slots, size_t axis)
{
    for (uint32_t i = tape->primal_end; i < tape->step_count; i++) {
        if (tape->dependencies[i] >> axis & 1)
            run_step(&tape->steps[i], slots);
        else
            slots[tape->steps[i].out] = 0;
    }
}
