/* SPDX-License-Identifier: MIT */
/* Evaluation at one point, by the system's mathematical library. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "expr/eval/scalar.h"
#include "expr/expr.h"

static void load_point(const eg_tape *tape, double *slots, const double point[], size_t variables)
{
    if (tape->constant_slots)
        memcpy(slots, tape->constant_values, tape->constant_slots * sizeof *slots);
    if (variables)
        memcpy(slots + eg_first_input(tape), point, variables * sizeof *slots);
}

static void eval_hessian(const eg_expr *expr, const double point[], double *slots, double hessian[])
{
    const eg_tape *tape = &expr->tangent;
    const double *results = slots + eg_first_result(tape);
    double *direction = slots + eg_first_input(tape) + expr->variables;
    size_t n = expr->variables;
    load_point(tape, slots, point, n);
    for (size_t i = 0; i < n; i++)
        direction[i] = 0;
    eg_run_steps(tape, slots, tape->constant_end, tape->primal_end);
    for (size_t i = 0; i < n; i++) {
        direction[i] = 1;
        eg_run_tangent(tape, slots, i);
        direction[i] = 0;
        for (size_t k = i; k < n; k++)
            hessian[i * n + k] = hessian[k * n + i] = isnan(results[0]) ? NAN : results[1 + k];
    }
}

/* ---- evaluation ---- */

enum { STACK_SLOTS = 512 };

static uint32_t max_u32(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

eg_status eg_expr_eval(const eg_expr *expr, const double point[], double *value, double gradient[],
                       double hessian[], eg_error *error)
{
    double stack_slots[STACK_SLOTS], *slots = stack_slots;
    const eg_tape *tape = gradient ? &expr->gradient : &expr->value;
    uint32_t slot_count = max_u32(tape->slot_count, hessian ? expr->tangent.slot_count : 0);
    if (slot_count > STACK_SLOTS &&
        !(slots = eg_alloc(expr->ctx, slot_count, sizeof *slots, error)))
        return eg_failed(error);
    if (value || gradient) {
        const double *results = slots + eg_first_result(tape);
        load_point(tape, slots, point, expr->variables);
        eg_run_steps(tape, slots, tape->constant_end, tape->step_count);
        if (value)
            *value = results[0];
        if (gradient && expr->variables)
            memcpy(gradient, results + 1, expr->variables * sizeof *gradient);
    }
    if (hessian)
        eval_hessian(expr, point, slots, hessian);
    if (slots != stack_slots)
        eg_free(slots);
    return EG_OK;
}
