/* SPDX-License-Identifier: MIT */
/* A box at a time. */
#include <math.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/eval/interval.h"
#include "expr/expr.h"

static void run_step(const eg_step *step, eg_interval *slots)
{
    eg_interval a = slots[step->a];
    if (step->op == EG_OP_SIN_COS) {
        slots[step->out] = eg_interval_apply(EG_CALL + EG_F_SIN, 0, a, a);
        slots[step->b] = eg_interval_apply(EG_CALL + EG_F_COS, 0, a, a);
        return;
    }
    slots[step->out] = eg_interval_apply(step->op, step->power, a, slots[step->b]);
}

static void set_up(const eg_tape *tape, eg_interval *slots, const eg_interval *box, size_t count)
{
    for (uint32_t i = 0; i < tape->number_count; i++) {
        double value = tape->numbers[i].value;
        slots[i] =
            tape->numbers[i].rounded ? eg_interval_about(value) : (eg_interval){value, value};
    }
    for (size_t i = 0; i < count; i++)
        slots[eg_first_input(tape) + i] = box[i];
    for (uint32_t i = 0; i < tape->common_steps; i++)
        run_step(&tape->steps[i], slots);
}

/* Row by row, as hessian_at() does with numbers. */
static void hessian_over(const eg_expr *expr, eg_interval *slots, const eg_interval *box,
                         double (*hessian)[2])
{
    const eg_tape *tape = &expr->tangent;
    const eg_interval *results = slots + eg_first_result(tape), zero = {0, 0}, one = {1, 1};
    size_t n = expr->variables;
    eg_interval *direction = slots + eg_first_input(tape) + n;
    for (size_t i = 0; i < n; i++)
        direction[i] = zero;
    set_up(tape, slots, box, n);
    for (size_t axis = 0; axis < n; axis++) {
        direction[axis] = one;
        for (uint32_t i = tape->common_steps; i < tape->step_count; i++) {
            if (tape->needs[i] >> axis & 1)
                run_step(&tape->steps[i], slots);
            else
                slots[tape->steps[i].out] = zero;
        }
        direction[axis] = zero;
        for (size_t k = axis; k < n; k++)
            for (int side = 0; side < 2; side++)
                hessian[axis * n + k][side] = hessian[k * n + axis][side] =
                    side ? results[1 + k].high : results[1 + k].low;
    }
}

static void bounds_over(const eg_expr *expr, eg_interval *slots, const eg_interval *box,
                        double value[2], double (*gradient)[2])
{
    const eg_tape *tape = gradient ? &expr->gradient : &expr->value;
    const eg_interval *results = slots + eg_first_result(tape);
    set_up(tape, slots, box, expr->variables);
    if (value) {
        value[0] = results[0].low;
        value[1] = results[0].high;
    }
    for (size_t i = 0; gradient && i < expr->variables; i++) {
        gradient[i][0] = results[1 + i].low;
        gradient[i][1] = results[1 + i].high;
    }
}

static eg_status check_box(eg_interval box[], const eg_expr *expr, const double low[],
                           const double high[], eg_error *error)
{
    for (size_t i = 0; i < expr->variables; i++) {
        if (!(low[i] <= high[i]) || low[i] == INFINITY || high[i] == -INFINITY)
            return eg_fail(error, EG_USAGE, "the box has no numbers for '%s': %g to %g",
                           expr->names[i], low[i], high[i]);
        box[i] = (eg_interval){low[i], high[i]};
    }
    return EG_OK;
}

enum { FEW_SLOTS = 256 };

eg_status eg_expr_bounds(const eg_expr *expr, const double low[], const double high[],
                         double value[2], double (*gradient)[2], double (*hessian)[2],
                         eg_error *error)
{
    eg_interval box[EG_EXPR_VARIABLES], few[FEW_SLOTS], *slots = few;
    uint32_t wanted = gradient ? expr->gradient.slots : expr->value.slots;
    eg_status status = check_box(box, expr, low, high, error);
    if (status != EG_OK)
        return status;
    if (hessian && expr->tangent.slots > wanted)
        wanted = expr->tangent.slots;
    if (wanted > FEW_SLOTS && !(slots = eg_alloc(expr->ctx, wanted, sizeof *slots, error)))
        return eg_failed(error);
    if (value || gradient)
        bounds_over(expr, slots, box, value, gradient);
    if (hessian)
        hessian_over(expr, slots, box, hessian);
    if (slots != few)
        eg_free(slots);
    return EG_OK;
}
