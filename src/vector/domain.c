/* SPDX-License-Identifier: MIT */
/* Lists the conditions under which a formula has values, and compares them. */
#include "vector/domain.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "expr/graph/rebuild.h"
#include "expr/graph/sign.h"

/* Sets *c to the condition of a power. Returns false if it has a value for each base. */
static bool condition_of_power(const eg_graph *g, eg_id id, eg_condition *c)
{
    eg_id base = eg_args(g, id)[0], exponent = eg_args(g, id)[1];
    c->argument = base;
    c->kind = EG_NEEDS_POSITIVE;
    if (!eg_is_number(g, exponent))
        return true;
    eg_rational e = g->nodes[exponent].number;
    if (eg_rational_is_integer(e)) {
        c->kind = EG_NEEDS_NONZERO;
        return e.num < 0;
    }
    c->kind = e.num < 0 ? EG_NEEDS_POSITIVE : EG_NEEDS_NOT_NEGATIVE;
    return true;
}

/* Sets *c to the condition of a call. Returns false if it has a value for all arguments. */
static bool condition_of_call(const eg_graph *g, eg_id id, eg_condition *c)
{
    eg_function_id f = (eg_function_id)(g->nodes[id].kind - EG_CALL);
    c->argument = eg_args(g, id)[0];
    switch (f) {
    case EG_F_SQRT:
        c->kind = EG_NEEDS_NOT_NEGATIVE;
        return true;
    case EG_F_LOG:
    case EG_F_LOG2:
    case EG_F_LOG10:
        c->kind = EG_NEEDS_POSITIVE;
        return true;
    case EG_F_ASIN:
    case EG_F_ACOS:
    case EG_F_ATANH:
        c->kind = EG_NEEDS_BELOW_ONE;
        return true;
    case EG_F_TAN:
    case EG_F_GAMMA:
    case EG_F_LGAMMA:
    case EG_F_CBRT: /* without a derivative at 0, as the next two */
    case EG_F_HYPOT:
    case EG_F_ATAN2:
        *c = (eg_condition){EG_NEEDS_BOUNDS, id};
        return true;
    default:
        c->kind = EG_NEEDS_MORE;
        return !eg_functions[f].always_defined;
    }
}

/* Simplifies log(abs(u)) and 1/sqrt(u): abs(u) is positive where u is not 0, sqrt(u) is not 0 where
 * u is positive. */
static void look_through(const eg_graph *g, eg_condition *c)
{
    if (c->kind == EG_NEEDS_NONZERO && g->nodes[c->argument].kind == EG_CALL + EG_F_SQRT)
        *c = (eg_condition){EG_NEEDS_POSITIVE, eg_args(g, c->argument)[0]};
    if (c->kind == EG_NEEDS_POSITIVE && g->nodes[c->argument].kind == EG_CALL + EG_F_ABS)
        *c = (eg_condition){EG_NEEDS_NONZERO, eg_args(g, c->argument)[0]};
}

/* Returns true if the condition holds by the form of the argument. */
static bool holds_by_form(const eg_graph *g, const eg_condition *c)
{
    eg_sign sign = eg_sign_of(g, c->argument);
    switch (c->kind) {
    case EG_NEEDS_NONZERO:
    case EG_NEEDS_POSITIVE:
        return sign == EG_POSITIVE ||
               (eg_is_number(g, c->argument) && c->kind == EG_NEEDS_NONZERO &&
                g->nodes[c->argument].number.num != 0);
    case EG_NEEDS_NOT_NEGATIVE:
        return sign != EG_ANY_SIGN;
    default:
        return false;
    }
}

eg_status eg_domain_add(eg_domain *domain, const eg_graph *graph, eg_id root, eg_error *error)
{
    bool *live = eg_alloc(graph->ctx, (size_t)root + 1, sizeof *live, error);
    eg_condition *all = eg_alloc(graph->ctx, domain->count + (size_t)root + 1, sizeof *all, error);
    if (!live || !all) {
        eg_free(live);
        eg_free(all);
        return eg_failed(error);
    }
    if (domain->count)
        memcpy(all, domain->conditions, domain->count * sizeof *all);
    eg_free(domain->conditions);
    domain->conditions = all;
    eg_mark_live(graph, root, live);
    for (eg_id id = 0; id <= root; id++) {
        unsigned kind = graph->nodes[id].kind;
        eg_condition c;
        bool found = live[id] && (kind == EG_POWER  ? condition_of_power(graph, id, &c)
                                  : kind >= EG_CALL ? condition_of_call(graph, id, &c)
                                                    : false);
        if (!found)
            continue;
        look_through(graph, &c);
        if (!holds_by_form(graph, &c))
            all[domain->count++] = c;
    }
    eg_free(live);
    return EG_OK;
}

void eg_domain_free(eg_domain *domain)
{
    eg_free(domain->conditions);
    *domain = (eg_domain){0};
}

/* Returns true if condition `a` follows from condition `b`. */
static bool follows(const eg_graph *g, const eg_condition *a, const eg_condition *b)
{
    if (a->argument != b->argument || a->kind == EG_NEEDS_MORE)
        return false;
    if (a->kind == b->kind)
        return true;
    if (b->kind == EG_NEEDS_POSITIVE)
        return a->kind == EG_NEEDS_NONZERO || a->kind == EG_NEEDS_NOT_NEGATIVE;
    return a->kind == EG_NEEDS_POSITIVE && b->kind == EG_NEEDS_NONZERO &&
           eg_sign_of(g, a->argument) == EG_NOT_NEGATIVE;
}

bool eg_domain_covers(const eg_domain *inner, const eg_domain *outer, const eg_graph *graph)
{
    for (size_t i = 0; i < inner->count; i++) {
        bool found = false;
        for (size_t k = 0; k < outer->count && !found; k++)
            found = follows(graph, &inner->conditions[i], &outer->conditions[k]);
        if (!found)
            return false;
    }
    return true;
}

static bool within(eg_condition_kind kind, const double bounds[2])
{
    switch (kind) {
    case EG_NEEDS_NONZERO:
        return bounds[0] > 0 || bounds[1] < 0;
    case EG_NEEDS_NOT_NEGATIVE:
        return bounds[0] >= 0;
    case EG_NEEDS_POSITIVE:
        return bounds[0] > 0;
    case EG_NEEDS_BELOW_ONE:
        return bounds[0] > -1 && bounds[1] < 1;
    case EG_NEEDS_BOUNDS:
        return isfinite(bounds[0]) && isfinite(bounds[1]);
    default:
        return false;
    }
}

eg_status eg_domain_holds(const eg_domain *domain, eg_expr *const arguments[], double low,
                          double high, bool *holds, eg_error *error)
{
    eg_status status = EG_OK;
    *holds = true;
    for (size_t i = 0; i < domain->count && *holds && status == EG_OK; i++) {
        double bounds[2] = {-INFINITY, INFINITY};
        *holds = false;
        if (domain->conditions[i].kind == EG_NEEDS_MORE)
            return EG_OK;
        status = eg_expr_bounds(arguments[i], &low, &high, bounds, NULL, NULL, error);
        *holds = status == EG_OK && within(domain->conditions[i].kind, bounds);
    }
    return status;
}
