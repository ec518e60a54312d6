/* SPDX-License-Identifier: MIT */
/* Decides what a point of an expression is like, with exact numbers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/context.h"
#include "core/portable_math.h"
#include "core/status.h"
#include "expr/eval/ops.h"
#include "expr/graph/rebuild.h"
#include "surface/singular/operation_text.h"
#include "surface/singular/path_series.h"
#include "surface/singular/verdict.h"
#include "surface/surface.h"

typedef struct classification {
    eg_reals *reals;
    const eg_expr *expr;
    const double *approximate;
    eg_graph ops;
    eg_real *numbers;    /* by operation */
    bool *live, *varies; /* by operation */
    bool *active;        /* by operation: the value at the point depends on it */
    bool *below;         /* by operation: scratch */
    bool *jumps;         /* by operation: see eg_path_problem */
    eg_path_problem problem;
    eg_singular_list singular;
    eg_surface *result;
    eg_error *error;
} classification;

/* ---- texts ---- */

static void set_operation(classification *c, eg_id id)
{
    eg_surface *result = c->result;
    const eg_node *node = &c->ops.nodes[id];
    eg_operation_text(c->expr, &c->ops, id, result->operation, sizeof result->operation);
    if (node->kind != EG_POWER)
        return;
    const eg_id *args = eg_args(&c->ops, id);
    const eg_real_value *exponent = &c->reals->values[c->numbers[args[1]]];
    if (exponent->form == EG_FORM_RATIONAL && exponent->den < 1000 && exponent->num < 1000 &&
        exponent->num > -1000)
        eg_real_root_text(c->expr, &c->ops, args[0], (int)exponent->num, (int)exponent->den,
                          result->hint, sizeof result->hint);
}

/* Writes the equality that could not be decided. */
static void set_question(classification *c)
{
    static const char *const ends[] = {[EG_IS_ZERO] = "is 0",
                                       [EG_ARE_EQUAL] = "are equal",
                                       [EG_IS_INTEGER] = "is an integer",
                                       [EG_IS_UNIT] = "is 1 or -1"};
    const eg_singular_list *list = &c->singular;
    char first[EG_OPERATION_TEXT - 20] = "", second[EG_OPERATION_TEXT - 20] = "";
    eg_decimal decimal;
    c->result->differentiability = EG_UNDETERMINED;
    c->result->question_log10 = INFINITY;
    if (list->id == EG_NONE)
        return;
    const eg_id *args = eg_args(&c->ops, list->id);
    bool divides = c->ops.nodes[list->id].kind == EG_OP_DIV;
    eg_operation_text(c->expr, &c->ops, list->id, c->result->operation,
                      sizeof c->result->operation);
    eg_operation_text(c->expr, &c->ops, args[divides], first, sizeof first);
    if (list->question == EG_ARE_EQUAL)
        eg_operation_text(c->expr, &c->ops, args[1], second, sizeof second);
    snprintf(c->result->question, sizeof c->result->question, "%s%s%s %s", first,
             *second ? " and " : "", second, ends[list->question]);
    if (list->number != EG_REAL_NONE &&
        eg_real_decimal(c->reals, list->number, 1, &decimal, NULL) == EG_OK)
        c->result->question_log10 = decimal.log10_bound;
}

/* ---- points with a gradient ---- */

static void set_gradient(classification *c)
{
    eg_surface *result = c->result;
    size_t n = c->problem.variables;
    result->norm = 0;
    result->limit = result->value;
    result->critical = true;
    for (size_t i = 0; i < n; i++) {
        if (result->gradient_real[i] != EG_REAL_NONE)
            result->gradient[i] = eg_real_approximate(c->reals, result->gradient_real[i]);
        result->norm = eg_hypotenuse(result->norm, result->gradient[i]);
        result->critical = result->critical && result->gradient[i] == 0 &&
                           eg_real_sign_of(c->reals, result->gradient_real[i]) == EG_SIGN_ZERO;
    }
}

static eg_status classify_regular(classification *c)
{
    c->result->proven = true;
    eg_status status = eg_reals_derive(c->reals, c->expr, c->problem.point, NULL,
                                       c->result->gradient_real, NULL, c->error);
    c->reals->graph.error = c->error;
    if (status == EG_OK)
        set_gradient(c);
    return status;
}

/* ---- points without ---- */

static eg_status find_path_limits(classification *c)
{
    eg_surface *result = c->result;
    eg_status status = EG_OK;
    result->path_limit_count = eg_surface_paths(c->problem.variables, result->path_limits);
    for (size_t i = 0; i < result->path_limit_count && status == EG_OK; i++) {
        eg_path_limit *path = &result->path_limits[i], sampled = *path;
        status = eg_path_series(&c->problem, path, c->error);
        if (status != EG_OK || (path->value.proven && path->slope.proven))
            continue;
        status = eg_surface_sample_path(c->expr, c->approximate, result->value, &sampled, c->error);
        if (!path->value.proven)
            path->value = sampled.value;
        if (!path->slope.proven)
            path->slope = sampled.slope;
    }
    return status;
}

static bool is_jump(const eg_singular_list *list, eg_id id)
{
    for (size_t i = 0; i < list->count && i < EG_SINGULAR_OPERATIONS; i++)
        if (list->operations[i].id == id)
            return list->operations[i].smoothness == 0;
    return list->count > EG_SINGULAR_OPERATIONS;
}

/* Finds the operations that have values, and those that may jump. */
static void find_jumps(classification *c)
{
    const eg_operations *at = &c->problem.at;
    eg_singular_list list;
    for (eg_id id = 0; id <= at->root; id++)
        c->below[id] = at->live[id] && at->reals->values[at->numbers[id]].state == EG_REAL_KNOWN;
    eg_singular_operations(at, c->below, &list);
    for (eg_id id = 0; id <= at->root; id++)
        c->jumps[id] = !list.decided || is_jump(&list, id);
    c->problem.known = c->below;
    c->problem.jumps = c->jumps;
}

static eg_status classify_by_paths(classification *c)
{
    find_jumps(c);
    eg_status status = find_path_limits(c);
    if (status != EG_OK)
        return status;
    eg_verdict_by_paths(c->reals, c->problem.variables, c->result);
    if (c->result->differentiability == EG_DIFFERENTIABLE)
        set_gradient(c);
    return status;
}

/* Finds the operation that has no value at the point. */
static eg_id find_culprit(const classification *c)
{
    eg_real culprit = c->reals->values[c->numbers[c->problem.at.root]].culprit;
    for (eg_id id = 0; id <= c->problem.at.root; id++)
        if (c->live[id] && c->numbers[id] == culprit)
            return id;
    return EG_NONE;
}

/* Returns true if f has no value around the point: an operand is outside the domain of the
 * operation, and continuous. */
static bool is_outside(classification *c, eg_id culprit)
{
    eg_singular_list below;
    if (culprit == EG_NONE ||
        (c->result->reason != EG_UNDEFINED_LOGARITHM && c->result->reason != EG_UNDEFINED_ROOT &&
         c->result->reason != EG_UNDEFINED_ARGUMENT &&
         c->result->reason != EG_UNDEFINED_NEGATIVE_POWER))
        return false;
    memset(c->below, 0, (size_t)c->problem.at.root + 1);
    eg_mark_live(&c->ops, culprit, c->below);
    c->below[culprit] = false;
    eg_singular_operations(&c->problem.at, c->below, &below);
    return below.decided && below.count == 0;
}

static eg_status classify_undefined(classification *c)
{
    eg_surface *result = c->result;
    eg_id culprit = find_culprit(c);
    c->problem.value = result->value_real = EG_REAL_NONE;
    result->reason = c->reals->values[c->numbers[c->problem.at.root]].reason;
    if (culprit != EG_NONE)
        set_operation(c, culprit);
    if (culprit == EG_NONE || (c->varies[culprit] && !is_outside(c, culprit)))
        return classify_by_paths(c);
    result->differentiability = EG_NO_VALUE;
    result->proven = true;
    return EG_OK;
}

/* Returns true if an operation is a branch that its condition excludes at the point. */
static bool excludes_branch(const classification *c, eg_id id)
{
    return c->ops.nodes[id].kind == EG_OP_WHEN &&
           eg_real_sign_of(c->reals, c->numbers[eg_args(&c->ops, id)[0]]) == EG_SIGN_ZERO;
}

/* Marks the operations that the value depends on at the point: not those of other branches. */
static void mark_active(classification *c)
{
    eg_id root = c->problem.at.root;
    memset(c->active, 0, (size_t)root + 1);
    c->active[root] = true;
    for (eg_id id = root + 1; id-- > 0;) {
        uint32_t count = c->active[id] ? c->ops.nodes[id].count : 0;
        if (count && excludes_branch(c, id))
            count = 1; /* only the condition */
        for (uint32_t i = 0; i < count; i++)
            c->active[eg_args(&c->ops, id)[i]] = true;
    }
}

static eg_status classify_defined(classification *c)
{
    bool differentiable = false;
    eg_surface *result = c->result;
    result->value = eg_real_approximate(c->reals, c->problem.value);
    result->value_real = c->problem.value;
    mark_active(c);
    eg_singular_operations(&c->problem.at, c->active, &c->singular);
    if (!c->singular.decided) {
        set_question(c);
        return EG_OK;
    }
    if (c->singular.count == 0)
        return classify_regular(c);
    set_operation(c, c->singular.operations[0].id);
    eg_status status = eg_kinks_vanish(&c->problem, &c->singular, &differentiable,
                                       result->gradient_real, c->error);
    if (status != EG_OK || !differentiable)
        return status == EG_OK ? classify_by_paths(c) : status;
    result->proven = true;
    set_gradient(c);
    return EG_OK;
}

/* ---- preparation ---- */

static eg_status prepare(classification *c)
{
    eg_id root = eg_lower_typed(&c->ops, &c->expr->typed, c->expr->typed_root);
    if (c->ops.status != EG_OK)
        return c->ops.status;
    size_t count = (size_t)root + 1;
    c->numbers = eg_calloc(c->reals->ctx, count, sizeof *c->numbers + 5 * sizeof(bool), c->error);
    if (!c->numbers)
        return eg_failed(c->error);
    c->live = (bool *)(c->numbers + count);
    c->active = c->live + 4 * count;
    c->varies = c->live + count;
    c->below = c->varies + count;
    c->jumps = c->below + count;
    eg_mark_live(&c->ops, root, c->live);
    for (eg_id id = 0; id <= root; id++) {
        c->varies[id] = c->ops.nodes[id].kind == EG_VARIABLE;
        for (uint32_t i = 0; i < c->ops.nodes[id].count; i++)
            c->varies[id] |= c->varies[eg_args(&c->ops, id)[i]];
    }
    c->problem.at = (eg_operations){.reals = c->reals,
                                    .ops = &c->ops,
                                    .root = root,
                                    .numbers = c->numbers,
                                    .live = c->live,
                                    .varies = c->varies};
    return eg_reals_import(c->reals, &c->ops, root, c->problem.point, true, c->numbers);
}

static eg_status classify(classification *c)
{
    eg_status status = prepare(c);
    if (status != EG_OK)
        return status;
    c->problem.value = c->numbers[c->problem.at.root];
    eg_real_sign sign = eg_real_sign_of(c->reals, c->problem.value);
    if (sign == EG_SIGN_UNDEFINED)
        return classify_undefined(c);
    if (c->reals->values[c->problem.value].state == EG_REAL_KNOWN)
        return classify_defined(c);
    eg_undecided_operation(&c->problem.at, &c->singular);
    set_question(c);
    return EG_OK;
}

eg_status eg_surface_classify(eg_reals *reals, const eg_expr *expr, const eg_real point[],
                              const double approximate[], eg_surface *result, eg_error *error)
{
    classification c = {
        .reals = reals, .expr = expr, .approximate = approximate, .result = result, .error = error};
    *result = (eg_surface){.differentiability = EG_DIFFERENTIABLE,
                           .value = NAN,
                           .limit = NAN,
                           .norm = NAN,
                           .value_real = EG_REAL_NONE,
                           .limit_real = EG_REAL_NONE};
    for (size_t i = 0; i < EG_EXPR_VARIABLES; i++) {
        result->gradient[i] = NAN;
        result->gradient_real[i] = EG_REAL_NONE;
    }
    c.problem.variables = expr->variables;
    c.problem.point = point;
    c.problem.deadline = reals->last_deadline = eg_seconds() + reals->options.seconds;
    reals->graph.error = error;
    eg_graph_init(&c.ops, reals->ctx, error);
    c.ops.as_typed = true;
    eg_status status = classify(&c);
    if (status == EG_OK)
        status = reals->graph.status;
    eg_graph_free(&c.ops);
    eg_free(c.numbers);
    reals->graph.error = NULL;
    reals->last_deadline = 0;
    return eg_reals_result(reals, status, error);
}
