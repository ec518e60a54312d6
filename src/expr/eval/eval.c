/* SPDX-License-Identifier: MIT */
/* One point at a time, by the system's mathematical library. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "expr/eval/scalar.h"
#include "expr/expr.h"

static void set_up(const eg_tape *tape, double *slots, const double point[], size_t variables)
{
    if (tape->fixed)
        memcpy(slots, tape->constants, tape->fixed * sizeof *slots);
    if (variables)
        memcpy(slots + eg_first_input(tape), point, variables * sizeof *slots);
}

static void hessian_at(const eg_expr *expr, const double point[], double *slots, double hessian[])
{
    const eg_tape *tape = &expr->tangent;
    const double *results = slots + eg_first_result(tape);
    double *direction = slots + eg_first_input(tape) + expr->variables;
    size_t n = expr->variables;
    set_up(tape, slots, point, n);
    for (size_t i = 0; i < n; i++)
        direction[i] = 0;
    eg_run_steps(tape, slots, tape->fixed_steps, tape->common_steps);
    for (size_t i = 0; i < n; i++) {
        direction[i] = 1;
        eg_run_tangent(tape, slots, i);
        direction[i] = 0;
        for (size_t k = i; k < n; k++)
            hessian[i * n + k] = hessian[k * n + i] = isnan(results[0]) ? NAN : results[1 + k];
    }
}

/* ---- the call ---- */

enum { FEW_SLOTS = 512 };

static uint32_t most(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

eg_status eg_expr_eval(const eg_expr *expr, const double point[], double *value, double gradient[],
                       double hessian[], eg_error *error)
{
    double few[FEW_SLOTS], *slots = few;
    const eg_tape *tape = gradient ? &expr->gradient : &expr->value;
    uint32_t wanted = most(tape->slots, hessian ? expr->tangent.slots : 0);
    if (wanted > FEW_SLOTS && !(slots = eg_alloc(expr->ctx, wanted, sizeof *slots, error)))
        return eg_failed(error);
    if (value || gradient) {
        const double *results = slots + eg_first_result(tape);
        set_up(tape, slots, point, expr->variables);
        eg_run_steps(tape, slots, tape->fixed_steps, tape->step_count);
        if (value)
            *value = results[0];
        if (gradient && expr->variables)
            memcpy(gradient, results + 1, expr->variables * sizeof *gradient);
    }
    if (hessian)
        hessian_at(expr, point, slots, hessian);
    if (slots != few)
        eg_free(slots);
    return EG_OK;
}
