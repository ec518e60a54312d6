/* SPDX-License-Identifier: MIT */
/* Limits of an expression along a path, by power series with exact coefficients. */
#include "surface/singular/path_series.h"

#include <math.h>

#include "core/clock.h"
#include "core/context.h"
#include "core/status.h"
#include "expr/eval/ops.h"
#include "surface/series/growth.h"

enum {
    LARGEST_DENOMINATOR = 12, /* of the exponents of t */
    LARGEST_GRAPH = 400000    /* numbers in a set: more are not worth a limit */
};

static const int term_counts[] = {3, 8, 20}; /* tried in turn, while all terms cancel */

typedef struct path_walk {
    const eg_path_problem *problem;
    const eg_path_limit *path;
    eg_series_algebra algebra;
    eg_growth *growth;       /* by operation */
    eg_series_state *states; /* by operation: why it has no growth */
    bool *tends;             /* by operation: to its value at the point */
} path_walk;

/* ---- the path ---- */

/* Returns a component of a direction of eg_surface_paths() exactly. */
static eg_real exact_component(eg_reals *reals, double component)
{
    double size = fabs(component);
    eg_real two = eg_real_integer(reals, 2), one = eg_real_integer(reals, 1), root, exact;
    if (size < 1e-9 || size > 1 - 1e-9)
        return eg_real_integer(reals, (int)rint(component));
    root = eg_real_apply(reals, EG_REAL_SQRT, two, two);
    if (fabs(size - 0.70710678) < 1e-6)
        exact = eg_real_apply(reals, EG_REAL_DIVIDE, one, root);
    else { /* cos(pi/8) = sqrt(2 + sqrt(2))/2, and the sine with a minus */
        exact = eg_real_apply(reals, size > 0.7 ? EG_REAL_ADD : EG_REAL_SUBTRACT, two, root);
        exact = eg_real_apply(reals, EG_REAL_SQRT, exact, exact);
        exact = eg_real_apply(reals, EG_REAL_DIVIDE, exact, two);
    }
    return component < 0 ? eg_real_apply(reals, EG_REAL_NEGATE, exact, exact) : exact;
}

static eg_series term(eg_series_algebra *a, eg_real factor, int exponent)
{
    eg_series t = eg_series_constant(a, factor);
    return eg_series_shift(t, exponent);
}

/* Returns the series of a coordinate along the path. */
static eg_series coordinate(path_walk *w, size_t variable)
{
    const eg_path_limit *path = w->path;
    eg_series_algebra *a = &w->algebra;
    eg_series x = eg_series_constant(a, w->problem->point[variable]), step;
    bool is_first = variable == path->i, is_second = variable == path->j && path->j != path->i;
    if (!is_first && !is_second)
        return x;
    step = term(a, exact_component(a->reals, path->direction[is_second]), a->q);
    x = eg_series_add(a, &x, &step);
    if (!is_second || path->curvature == 0)
        return x;
    step = term(a, eg_real_double(a->reals, path->curvature), 2 * a->q);
    return eg_series_add(a, &x, &step);
}

/* ---- the expression along the path ---- */

static bool is_over(const path_walk *w)
{
    return eg_seconds() > w->problem->deadline || w->algebra.reals->graph.count > LARGEST_GRAPH;
}

static bool operands_tend_to_values(const path_walk *w, eg_id id)
{
    const eg_graph *ops = w->problem->at.ops;
    for (uint32_t i = 0; i < ops->nodes[id].count; i++)
        if (!w->tends[eg_args(ops, id)[i]])
            return false;
    return w->problem->known[id];
}

/* Decides whether an operation tends to its value at the point, and replaces the limit by the
 * value, which is the same number, so that the two need not be compared. */
static void set_limit_to_value(path_walk *w, eg_id id)
{
    eg_growth *x = &w->growth[id];
    eg_real value = w->problem->at.numbers[id];
    bool bounded = !x->huge && x->degree == 0 && x->part[0].order > 0;
    w->tends[id] = operands_tend_to_values(w, id);
    if (w->problem->jumps[id])
        w->tends[id] = w->tends[id] && bounded && eg_series_valuation(&x->part[0]) >= 0 &&
                       eg_series_at(&w->algebra, &x->part[0], 0) == value;
    if (w->tends[id] && !x->huge && x->part[0].count && x->part[0].first == 0)
        x->part[0].c[0] = value;
}

/* Returns the value of the condition of EG_OP_WHEN near the point on the path, 0 or 1; -1 for other
 * operations, or if it is unknown. */
static int branch_condition(path_walk *w, const eg_node *node, const eg_id *args)
{
    if (node->kind != EG_OP_WHEN || w->states[args[0]] != EG_SERIES_OK)
        return -1;
    eg_growth condition = w->growth[args[0]];
    if (condition.huge || condition.degree != 0)
        return -1;
    return eg_series_lead(&w->algebra, &condition.part[0]) != 0;
}

/* Computes the growth of an operation from that of its operands, or of a number or variable. */
static eg_growth grow(path_walk *w, eg_id id)
{
    const eg_operations *at = &w->problem->at;
    const eg_node *node = &at->ops->nodes[id];
    const eg_id *args = eg_args(at->ops, id);
    eg_series_algebra *a = &w->algebra;
    eg_series x;
    if (!at->varies[id])
        x = eg_series_constant(a, at->numbers[id]);
    else if (node->kind == EG_VARIABLE)
        x = coordinate(w, node->index);
    else if (branch_condition(w, node, args) == 0)
        x = eg_series_constant(a, a->zero);
    else {
        bool selected = branch_condition(w, node, args) == 1;
        for (uint32_t i = 0; i < node->count; i++)
            if (w->states[args[i]] != EG_SERIES_OK)
                eg_series_fail(a, w->states[args[i]]);
        if (a->state == EG_SERIES_OK && selected)
            return w->growth[args[1]];
        if (a->state == EG_SERIES_OK)
            return eg_growth_apply(a, node->kind, node->index, &w->growth[args[0]],
                                   &w->growth[args[node->count - 1]]);
        x = eg_series_constant(a, a->zero);
    }
    return eg_growth_of(&x);
}

/* Computes the series of all operations. A failure counts only where its result is used. */
static void walk(path_walk *w)
{
    const eg_operations *at = &w->problem->at;
    eg_series_algebra *a = &w->algebra;
    for (eg_id id = 0; id <= at->root; id++) {
        if (!at->live[id])
            continue;
        if (is_over(w))
            eg_series_fail(a, EG_SERIES_UNKNOWN);
        w->growth[id] = grow(w, id);
        w->states[id] = a->state;
        w->tends[id] = false;
        if (a->state == EG_SERIES_OK)
            set_limit_to_value(w, id);
        if (a->state == EG_SERIES_ROOT || is_over(w))
            return;
        a->state = EG_SERIES_OK;
    }
    a->state = w->states[at->root];
}

/* Computes the series of f with a number of terms, in the powers of t that it needs. */
static eg_growth expand(path_walk *w, int terms)
{
    eg_series_algebra *a = &w->algebra;
    do {
        a->q *= a->root;
        a->root = 1;
        a->state = EG_SERIES_OK;
        a->terms = terms * a->q < SERIES_TERMS ? terms * a->q : SERIES_TERMS;
        walk(w);
    } while (a->state == EG_SERIES_ROOT && a->q * a->root <= LARGEST_DENOMINATOR);
    return w->growth[w->problem->at.root];
}

/* ---- limits ---- */

static const eg_limit no_limit = {.kind = EG_LIMIT_NONE, .value = NAN, .proven = true};
static const eg_limit nowhere = {.kind = EG_LIMIT_UNDEFINED, .value = NAN, .proven = true};

static eg_limit infinite_limit(int sign)
{
    return (eg_limit){.kind = EG_LIMIT_INFINITE, .value = copysign(INFINITY, sign), .proven = true};
}

static eg_limit finite_limit(eg_reals *reals, eg_real number)
{
    return (eg_limit){.kind = EG_LIMIT_FINITE,
                      .value = eg_real_approximate(reals, number),
                      .proven = true,
                      .real = number};
}

/* Sets the slope from the terms up to t. Returns false if more terms may decide it. */
static bool set_slope_of_terms(path_walk *w, const eg_growth *f, eg_path_limit *path)
{
    eg_series_algebra *a = &w->algebra;
    for (int k = 1; k <= a->q; k++) {
        for (int m = f->degree; m >= 0; m--) {
            const eg_series *part = &f->part[m];
            if (part->order <= k) {
                if (part->oscillates && f->degree == 0)
                    path->slope = no_limit;
                return part->oscillates;
            }
            if (k == a->q && m == 0)
                continue;
            eg_real_sign sign = eg_real_sign_of(a->reals, eg_series_at(a, part, k));
            if (sign == EG_SIGN_NEGATIVE || sign == EG_SIGN_POSITIVE)
                path->slope = infinite_limit(m % 2 ? -(int)sign : (int)sign);
            if (sign != EG_SIGN_ZERO)
                return true;
        }
    }
    path->slope = finite_limit(a->reals, eg_series_at(a, &f->part[0], a->q));
    return true;
}

/* Sets the slope of a function that tends to `limit`. Returns false if more terms may decide it. */
static bool set_slope(path_walk *w, const eg_growth *f, eg_real limit, eg_path_limit *path)
{
    eg_series_algebra *a = &w->algebra;
    if (w->problem->value != EG_REAL_NONE) {
        eg_real jump = eg_series_coefficient(a, EG_OP_SUB, limit, w->problem->value);
        eg_real_sign sign = eg_real_sign_of(a->reals, jump);
        if (sign == EG_SIGN_NEGATIVE || sign == EG_SIGN_POSITIVE)
            path->slope = infinite_limit((int)sign);
        if (sign != EG_SIGN_ZERO)
            return true;
    }
    return set_slope_of_terms(w, f, path);
}

/* Sets limit and slope. Returns false if more terms may decide them. */
static bool set_limits(path_walk *w, eg_growth *f, eg_path_limit *path)
{
    eg_series_algebra *a = &w->algebra;
    bool defined = w->problem->value != EG_REAL_NONE;
    eg_growth_term lead = eg_growth_lead(a, f);
    if (a->state != EG_SERIES_OK)
        return a->state != EG_SERIES_SHORT;
    if (lead.sign && (lead.exponent < 0 || (lead.exponent == 0 && lead.log > 0))) {
        path->value = infinite_limit(lead.sign);
        path->slope = defined ? infinite_limit(lead.sign) : nowhere;
        return true;
    }
    for (int m = 0; m <= f->degree; m++) {
        if (f->part[m].order > 0)
            continue;
        if (!f->part[m].oscillates || f->degree > 0)
            return false;
        path->value = no_limit;
        path->slope = defined ? no_limit : nowhere;
        return true;
    }
    eg_real limit = eg_series_at(a, &f->part[0], 0);
    path->value = finite_limit(a->reals, limit);
    return set_slope(w, f, limit, path);
}

static void analyze(path_walk *w, eg_path_limit *path)
{
    bool done = false;
    for (size_t i = 0; i < sizeof term_counts / sizeof *term_counts && !done; i++) {
        eg_growth f = expand(w, term_counts[i]);
        eg_series_state state = w->algebra.state;
        if (state == EG_SERIES_OK)
            done = set_limits(w, &f, path);
        else if (state == EG_SERIES_NO_VALUES)
            path->value = path->slope = nowhere;
        done = done || (state != EG_SERIES_OK && state != EG_SERIES_SHORT);
    }
}

eg_status eg_path_series(const eg_path_problem *problem, eg_path_limit *path, eg_error *error)
{
    path_walk w = {.problem = problem, .path = path};
    size_t count = (size_t)problem->at.root + 1;
    w.growth = eg_alloc(problem->at.ops->ctx, count,
                        sizeof *w.growth + sizeof *w.states + sizeof(bool), error);
    if (!w.growth)
        return eg_failed(error);
    w.states = (eg_series_state *)(w.growth + count);
    w.tends = (bool *)(w.states + count);
    path->value = path->slope = (eg_limit){.kind = EG_LIMIT_UNDEFINED, .value = NAN};
    eg_series_begin(&w.algebra, problem->at.reals);
    analyze(&w, path);
    eg_free(w.growth);
    return problem->at.reals->graph.status;
}
