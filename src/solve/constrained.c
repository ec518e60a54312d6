/* SPDX-License-Identifier: MIT */
/*
 * All extrema under constraints, in a box. An extremum satisfies the conditions of Fritz John for
 * the constraints that are active at it, on the face of the box that it lies in: each face and each
 * set of active inequalities is a case, whose conditions are solved.
 */
#include "solve/constrained.h"

#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "solve/arithmetic.h"
#include "solve/constrained_points.h"
#include "solve/polish.h"

/* ---- cases ---- */

/* Sets the free variables from the code of a face, which has a digit to the base 3 for each. */
static void choose_face(eg_constrained *c, size_t code)
{
    c->free_count = 0;
    for (size_t i = 0; i < c->problem->n; i++, code /= 3) {
        c->face[i] = (eg_face)(code % 3);
        if (c->face[i] == EG_FREE)
            c->free[c->free_count++] = i;
    }
}

/* Sets the active constraints. Returns false if an equation is not among them. */
static bool choose_active(eg_constrained *c, unsigned active)
{
    c->active = active;
    c->active_count = 0;
    for (size_t k = 0; k < c->count; k++) {
        bool chosen = active >> k & 1;
        if (!chosen && !c->constraints[k].inequality)
            return false;
        if (!chosen)
            continue;
        c->active_index[c->active_count] = k;
        c->active_expr[c->active_count++] = c->constraints[k].expr;
    }
    return true;
}

/* Discards boxes in which a constraint cannot hold. */
static eg_visit look_at(void *opaque, const eg_interval x[], bool small)
{
    eg_constrained *c = opaque;
    eg_interval box[EG_UNKNOWNS];
    (void)small;
    for (size_t i = 0; i < c->problem->n; i++)
        box[i] = c->problem->ends[i][c->face[i] == EG_AT_HIGH];
    for (size_t i = 0; i < c->free_count; i++)
        box[c->free[i]] = x[i];
    for (size_t k = 0; k < c->count; k++) {
        eg_interval value;
        eg_domain domain = eg_enclose_value(&c->enclosers[k], box, &value);
        if (domain == EG_DOMAIN_NOWHERE || value.low > 0 ||
            (!c->constraints[k].inequality && value.high < 0))
            return EG_VISIT_DISCARD;
    }
    return EG_VISIT_GO_ON;
}

/* Searches a case and adds what is found. outer[]: the ranges of the multipliers. */
static eg_status search_case(eg_constrained *c, eg_system *system, const eg_interval outer[],
                             bool multipliers)
{
    eg_problem *p = c->problem;
    eg_search search = {.ctx = p->ctx,
                        .system = system,
                        .deadline = eg_problem_deadline(p, 0.9),
                        .most_boxes = p->options.boxes,
                        .visitor = look_at,
                        .opaque = c};
    for (size_t i = 0; i < p->n; i++)
        system->fixed[i] = p->ends[i][c->face[i] == EG_AT_HIGH];
    for (size_t i = 0; i < system->n; i++)
        search.outer[i] = i < c->free_count ? p->outer[c->free[i]] : outer[i];
    eg_status status = eg_search_run(&search, p->error);
    if (status == EG_OK)
        status = eg_add_case_results(c, &search, multipliers);
    eg_search_free(&search);
    return status;
}

/* Solves the active constraints alone: as many of them as there are free variables. */
static eg_status solve_constraints(eg_constrained *c)
{
    eg_system system = {.n = c->free_count, .variables = c->problem->n};
    for (size_t i = 0; i < c->free_count; i++) {
        system.unknown[i] = c->free[i];
        system.equations[i] = &c->enclosers[c->active_index[i]];
    }
    return search_case(c, &system, NULL, false);
}

/* Solves the gradient of f alone. */
static eg_status solve_gradient(eg_constrained *c)
{
    eg_system system = {.n = c->free_count,
                        .variables = c->problem->n,
                        .partials = c->free_count,
                        .function = &c->function};
    for (size_t i = 0; i < c->free_count; i++)
        system.unknown[i] = system.axis[i] = c->free[i];
    return search_case(c, &system, NULL, false);
}

static eg_status solve_conditions(eg_constrained *c)
{
    eg_lagrangian lagrangian = {0};
    eg_system system = {0};
    eg_interval outer[EG_UNKNOWNS] = {{0}};
    eg_status status =
        eg_lagrangian_make(&lagrangian, c->f, c->active_expr, c->active_count, c->problem->error);
    if (status == EG_OK) {
        eg_lagrangian_system(&lagrangian, c->free, c->free_count, &system, outer);
        status = search_case(c, &system, outer, true);
    }
    eg_lagrangian_free(&lagrangian);
    return status;
}

/* Solves a case. Where more inequalities than free variables are active, fewer of them give the
 * same points; equations are solved as far as there are variables, and the others tested. */
static eg_status solve_case(eg_constrained *c)
{
    size_t equations = 0;
    for (size_t k = 0; k < c->count; k++)
        equations += !c->constraints[k].inequality;
    bool interior = c->free_count == c->problem->n;
    if (c->active_count > c->free_count && c->active_count > equations)
        return EG_OK;
    if (c->free_count == 0)
        return eg_add_case_corner(c);
    if (c->active_count == 0)
        return solve_gradient(c);
    if (c->active_count < c->free_count || (interior && c->active_count == c->free_count))
        return solve_conditions(c);
    return solve_constraints(c);
}

static bool is_late(const eg_constrained *c)
{
    return eg_seconds() > eg_problem_deadline(c->problem, 0.9);
}

/* Solves all cases: those with more active constraints first, because a point of such a case may
 * be one of a case with fewer, too. */
static eg_status solve_all(eg_constrained *c)
{
    size_t faces = 1;
    unsigned sets = 1u << c->count;
    eg_status status = EG_OK;
    for (size_t i = 0; i < c->problem->n; i++)
        faces *= 3;
    for (size_t code = 0; code < faces && status == EG_OK; code++)
        for (unsigned left = sets; left-- > 0 && status == EG_OK;) {
            choose_face(c, code);
            if (choose_active(c, left))
                status = is_late(c) ? eg_leave_case(c) : solve_case(c);
        }
    return status;
}

/* ---- results ---- */

/* Returns true if f and the constraints are continuous in the box, so that an extreme value is
 * taken where the conditions hold. */
static bool is_continuous(eg_constrained *c)
{
    eg_interval value;
    bool continuous =
        eg_enclose_value(&c->function, c->problem->outer, &value) == EG_DOMAIN_CONTINUOUS;
    for (size_t k = 0; k < c->count; k++)
        continuous = continuous && eg_enclose_value(&c->enclosers[k], c->problem->outer, &value) ==
                                       EG_DOMAIN_CONTINUOUS;
    return continuous;
}

/* Sets the smallest value, or with sign -1 the largest one. */
static eg_status set_extreme(eg_constrained *c, int sign, eg_extreme *extreme)
{
    eg_problem *p = c->problem;
    size_t count = c->places.count;
    const eg_valued_place *found = c->places.items;
    *extreme = (eg_extreme){.value = EG_REAL_NONE};
    if (count == 0 || !is_continuous(c))
        return EG_OK;
    extreme->places = eg_calloc(p->ctx, count, sizeof *extreme->places, p->error);
    eg_valued_place *places = eg_calloc(p->ctx, count, sizeof *places, p->error);
    eg_status status = extreme->places && places ? EG_OK : eg_failed(p->error);
    for (size_t i = 0; i < count && status == EG_OK; i++) {
        places[i] = found[i];
        if (sign < 0) {
            places[i].low = -found[i].high;
            places[i].high = -found[i].low;
        }
        if (places[i].value == EG_REAL_NONE)
            places[i].high = INFINITY; /* the set may have no point there */
    }
    if (status == EG_OK) {
        extreme->known = true;
        extreme->place_count = count;
        eg_decide_extreme(p, sign, INFINITY, places, extreme);
        extreme->attained = extreme->attained && !c->uncertain;
    }
    eg_free(places);
    return status;
}

static eg_status begin(eg_constrained *c)
{
    eg_error *error = c->problem->error;
    if (c->count == 0 || c->count > EG_SOLVE_CONSTRAINTS)
        return eg_fail(error, EG_USAGE, "%zu constraints: 1 to %d are possible", c->count,
                       EG_SOLVE_CONSTRAINTS);
    eg_status status = eg_encloser_new(&c->function, c->f, error);
    for (size_t k = 0; k < c->count && status == EG_OK; k++) {
        if (c->constraints[k].expr->variables != c->problem->n)
            return eg_fail(error, EG_USAGE, "the constraints have other variables than f");
        status = eg_encloser_new(&c->enclosers[k], c->constraints[k].expr, error);
    }
    return status;
}

static eg_status solve(eg_constrained *c)
{
    eg_solutions *result = c->problem->result;
    eg_status status = begin(c);
    if (status == EG_OK)
        status = solve_all(c);
    if (status != EG_OK)
        return status;
    eg_problem_finish(c->problem);
    bool empty = c->places.count == 0 && result->complete && is_continuous(c);
    result->defined = empty              ? EG_DEFINED_NOWHERE
                      : is_continuous(c) ? EG_DEFINED_EVERYWHERE
                                         : EG_DEFINED_UNKNOWN;
    status = set_extreme(c, 1, &result->minimum);
    return status == EG_OK ? set_extreme(c, -1, &result->maximum) : status;
}

eg_status eg_solve_constrained(eg_solutions **solutions, eg_reals *reals, const eg_expr *f,
                               const eg_constraint constraints[], size_t count, const eg_real low[],
                               const eg_real high[], const eg_solve_options *options,
                               eg_error *error)
{
    eg_problem problem = {0};
    eg_constrained c = {.problem = &problem, .f = f, .constraints = constraints, .count = count};
    *solutions = NULL;
    eg_status status = eg_problem_begin(&problem, reals, f, low, high, options, error);
    if (status == EG_OK)
        status = solve(&c);
    eg_encloser_free(&c.function);
    for (size_t k = 0; k < EG_SOLVE_CONSTRAINTS; k++)
        eg_encloser_free(&c.enclosers[k]);
    eg_free(c.places.items);
    status = eg_reals_result(reals, status, error);
    if (status == EG_OK)
        *solutions = problem.result;
    else
        eg_solutions_free(problem.result);
    return status;
}
