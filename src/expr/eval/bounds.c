/* SPDX-License-Identifier: MIT */
/* Evaluation of a tape over a box, by interval arithmetic. */
#include <math.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/eval/interval.h"
#include "expr/expr.h"

static void run_interval_step(const eg_step *step, eg_interval *slots)
{
    eg_interval a = slots[step->a];
    if (step->op == EG_OP_SIN_COS) {
        slots[step->out] = eg_interval_apply(EG_CALL + EG_F_SIN, 0, a, a);
        slots[step->b] = eg_interval_apply(EG_CALL + EG_F_COS, 0, a, a);
        return;
    }
    slots[step->out] = eg_interval_apply(step->op, step->power, a, slots[step->b]);
}

static void load_box(const eg_tape *tape, eg_interval *slots, const eg_interval *box, size_t count)
{
    for (uint32_t i = 0; i < tape->number_count; i++) {
        double value = tape->numbers[i].value;
        slots[i] =
            tape->numbers[i].rounded ? eg_interval_about(value) : (eg_interval){value, value};
    }
    for (size_t i = 0; i < count; i++)
        slots[eg_first_input(tape) + i] = box[i];
    for (uint32_t i = 0; i < tape->primal_end; i++)
        run_interval_step(&tape->steps[i], slots);
}

/* Bounds the Hessian row by row, as eval_hessian() computes it. */
static void bound_hessian(const eg_expr *expr, eg_interval *slots, const eg_interval *box,
                          double (*hessian)[2])
{
    const eg_tape *tape = &expr->tangent;
    const eg_interval *results = slots + eg_first_result(tape), zero = {0, 0}, one = {1, 1};
    size_t n = expr->variables;
    eg_interval *direction = slots + eg_first_input(tape) + n;
    for (size_t i = 0; i < n; i++)
        direction[i] = zero;
    load_box(tape, slots, box, n);
    for (size_t axis = 0; axis < n; axis++) {
        direction[axis] = one;
        for (uint32_t i = tape->primal_end; i < tape->step_count; i++) {
            if (tape->dependencies[i] >> axis & 1)
                run_interval_step(&tape->steps[i], slots);
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

static void bound_gradient(const eg_expr *expr, eg_interval *slots, const eg_interval *box,
                           double value[2], double (*gradient)[2])
{
    const eg_tape *tape = gradient ? &expr->gradient : &expr->value;
    const eg_interval *results = slots + eg_first_result(tape);
    load_box(tape, slots, box, expr->variables);
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
            return eg_fail(error, EG_USAGE,
                           "the box is empty for '%s': give a low end that is not above the high "
                           "one, not %g to %g",
                           expr->names[i], low[i], high[i]);
        box[i] = (eg_interval){low[i], high[i]};
    }
    return EG_OK;
}

enum { STACK_SLOTS = 256 };

eg_status eg_expr_bounds(const eg_expr *expr, const double low[], const double high[],
                         double value[2], double (*gradient)[2], double (*hessian)[2],
                         eg_error *error)
{
    eg_interval box[EG_EXPR_VARIABLES], stack_slots[STACK_SLOTS], *slots = stack_slots;
    uint32_t slot_count = gradient ? expr->gradient.slot_count : expr->value.slot_count;
    eg_status status = check_box(box, expr, low, high, error);
    if (status != EG_OK)
        return status;
    if (hessian && expr->tangent.slot_count > slot_count)
        slot_count = expr->tangent.slot_count;
    if (slot_count > STACK_SLOTS &&
        !(slots = eg_alloc(expr->ctx, slot_count, sizeof *slots, error)))
        return eg_failed(error);
    if (value || gradient)
        bound_gradient(expr, slots, box, value, gradient);
    if (hessian)
        bound_hessian(expr, slots, box, hessian);
    if (slots != stack_slots)
        eg_free(slots);
    return EG_OK;
}
