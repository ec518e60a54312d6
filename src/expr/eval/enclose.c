/* SPDX-License-Identifier: MIT */
/* Enclosures of an expression and its derivatives over many boxes. */
#include "expr/eval/enclose.h"

#include <math.h>

#include "core/context.h"

static eg_domain lesser(eg_domain a, eg_domain b)
{
    return a < b ? a : b;
}

/* Returns the domain of `value` where `condition` holds; 0 elsewhere, whatever the value is. */
static eg_domain when_domain(eg_interval condition, eg_domain of_condition, eg_domain of_value)
{
    if (of_condition == EG_DOMAIN_NOWHERE)
        return EG_DOMAIN_NOWHERE;
    if (condition.high == 0)
        return of_condition;
    if (condition.low == 1)
        return lesser(of_condition, of_value);
    eg_domain both = lesser(of_condition, of_value);
    both = both == EG_DOMAIN_NOWHERE ? EG_DOMAIN_UNKNOWN : both;
    return lesser(both, EG_DOMAIN_EVERYWHERE);
}

/* Returns the part of an argument at which an operation may have a value; all of it if there is
 * none. */
static eg_interval clip_argument(unsigned op, eg_interval a)
{
    double from = -INFINITY, to = INFINITY;
    switch (op) {
    case EG_OP_POWH:
    case EG_CALL + EG_F_SQRT:
    case EG_CALL + EG_F_LOG:
    case EG_CALL + EG_F_LOG2:
    case EG_CALL + EG_F_LOG10:
        from = 0;
        break;
    case EG_CALL + EG_F_LOG1P:
        from = -1;
        break;
    case EG_CALL + EG_F_ACOSH:
        from = 1;
        break;
    case EG_CALL + EG_F_ASIN:
    case EG_CALL + EG_F_ACOS:
    case EG_CALL + EG_F_ATANH:
        from = -1;
        to = 1;
        break;
    default:
        return a;
    }
    eg_interval clipped = {fmax(a.low, from), fmin(a.high, to)};
    return clipped.low <= clipped.high ? clipped : a;
}

static void run_step(const eg_enclosed_tape *e, const eg_step *step)
{
    eg_interval a = e->slots[step->a], b = e->slots[step->b];
    eg_domain of_a = e->domains[step->a], of_b = e->domains[step->b];
    if (e->clips) /* also for the operations after this one */
        e->slots[step->a] = clip_argument(step->op, a);
    if (step->op == EG_OP_SIN_COS) {
        e->slots[step->out] = eg_interval_apply(EG_CALL + EG_F_SIN, 0, a, a);
        e->slots[step->b] = eg_interval_apply(EG_CALL + EG_F_COS, 0, a, a);
        e->domains[step->out] = e->domains[step->b] = (unsigned char)of_a;
        return;
    }
    eg_domain domain = step->op == EG_OP_WHEN
                           ? when_domain(a, of_a, of_b)
                           : lesser(lesser(of_a, of_b), eg_interval_domain(step->op, a, b));
    e->slots[step->out] = eg_interval_apply(step->op, step->power, a, b);
    e->domains[step->out] = (unsigned char)domain;
}

static eg_status prepare_tape(eg_enclosed_tape *e, const eg_tape *tape, eg_context *ctx,
                              eg_error *error)
{
    e->tape = tape;
    e->slots = eg_calloc(ctx, tape->slot_count + 1, sizeof *e->slots, error);
    e->domains = eg_calloc(ctx, tape->slot_count + 1, sizeof *e->domains, error);
    if (!e->slots || !e->domains)
        return eg_failed(error);
    for (uint32_t i = 0; i < tape->number_count; i++) {
        double value = tape->numbers[i].value;
        e->slots[i] =
            tape->numbers[i].rounded ? eg_interval_about(value) : (eg_interval){value, value};
    }
    e->clips = true;
    for (uint32_t i = 0; i < tape->step_count; i++)
        e->clips = e->clips && tape->steps[i].op != EG_OP_WHEN;
    for (uint32_t i = 0; i < tape->slot_count; i++)
        e->domains[i] = EG_DOMAIN_CONTINUOUS;
    for (uint32_t i = 0; i < tape->constant_end; i++)
        run_step(e, &tape->steps[i]);
    return EG_OK;
}

eg_status eg_encloser_new(eg_encloser *encloser, const eg_expr *expr, eg_error *error)
{
    *encloser = (eg_encloser){.expr = expr};
    eg_status status = prepare_tape(&encloser->value, &expr->value, expr->ctx, error);
    if (status == EG_OK)
        status = prepare_tape(&encloser->gradient, &expr->gradient, expr->ctx, error);
    if (status == EG_OK)
        status = prepare_tape(&encloser->tangent, &expr->tangent, expr->ctx, error);
    if (status != EG_OK)
        eg_encloser_free(encloser);
    return status;
}

static void free_tape(eg_enclosed_tape *e)
{
    eg_free(e->slots);
    eg_free(e->domains);
    *e = (eg_enclosed_tape){0};
}

void eg_encloser_free(eg_encloser *encloser)
{
    free_tape(&encloser->value);
    free_tape(&encloser->gradient);
    free_tape(&encloser->tangent);
}

/* Loads a box and runs the steps that do not depend on a direction. */
static void load_box(const eg_enclosed_tape *e, const eg_interval box[], size_t variables)
{
    for (size_t i = 0; i < variables; i++)
        e->slots[eg_first_input(e->tape) + i] = box[i];
    for (uint32_t i = e->tape->constant_end; i < e->tape->primal_end; i++)
        run_step(e, &e->tape->steps[i]);
}

/* Reads result `index`, and lowers *domain to its domain. */
static eg_interval read_result(const eg_enclosed_tape *e, size_t index, eg_domain *domain)
{
    size_t slot = eg_first_result(e->tape) + index;
    *domain = lesser(*domain, e->domains[slot]);
    return e->slots[slot];
}

eg_domain eg_enclose_value(eg_encloser *encloser, const eg_interval box[], eg_interval *value)
{
    eg_domain domain = EG_DOMAIN_CONTINUOUS;
    load_box(&encloser->value, box, encloser->expr->variables);
    *value = read_result(&encloser->value, 0, &domain);
    return domain;
}

eg_domain eg_enclose_gradient(eg_encloser *encloser, const eg_interval box[], const size_t axes[],
                              size_t count, eg_interval *value, eg_interval gradient[])
{
    eg_domain domain = EG_DOMAIN_CONTINUOUS;
    load_box(&encloser->gradient, box, encloser->expr->variables);
    eg_interval first = read_result(&encloser->gradient, 0, &domain);
    if (value)
        *value = first;
    for (size_t i = 0; i < count; i++)
        gradient[i] = read_result(&encloser->gradient, 1 + axes[i], &domain);
    return domain;
}

/* Runs the steps that depend on the direction of one axis; the others are 0. */
static void run_tangent(const eg_enclosed_tape *e, size_t axis)
{
    const eg_interval zero = {0, 0};
    for (uint32_t i = e->tape->primal_end; i < e->tape->step_count; i++) {
        const eg_step *step = &e->tape->steps[i];
        if (e->tape->dependencies[i] >> axis & 1) {
            run_step(e, step);
            continue;
        }
        e->slots[step->out] = zero;
        e->domains[step->out] = EG_DOMAIN_CONTINUOUS;
    }
}

eg_domain eg_enclose_hessian(eg_encloser *encloser, const eg_interval box[], const size_t axes[],
                             size_t count, const size_t columns[], size_t column_count,
                             eg_interval hessian[])
{
    const eg_enclosed_tape *e = &encloser->tangent;
    const eg_interval zero = {0, 0}, one = {1, 1};
    size_t n = encloser->expr->variables;
    eg_domain domain = EG_DOMAIN_CONTINUOUS;
    eg_interval *direction = e->slots + eg_first_input(e->tape) + n;
    for (size_t i = 0; i < n; i++)
        direction[i] = zero;
    load_box(e, box, n);
    for (size_t k = 0; k < column_count; k++) {
        direction[columns[k]] = one;
        run_tangent(e, columns[k]);
        direction[columns[k]] = zero;
        for (size_t i = 0; i < count; i++)
            hessian[i * column_count + k] = read_result(e, 1 + axes[i], &domain);
    }
    return domain;
}
