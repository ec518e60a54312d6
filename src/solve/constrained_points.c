/* SPDX-License-Identifier: MIT */
/* The points of the cases of eg_solve_constrained(). */
#include "solve/constrained_points.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "expr/expr.h"
#include "solve/arithmetic.h"
#include "solve/polish.h"

/* ---- tests ---- */

/* Verdict about a point: does it satisfy the constraints that are not active? */
typedef enum feasible { FEASIBLE_NO, FEASIBLE_YES, FEASIBLE_UNKNOWN, FEASIBLE_ELSEWHERE } feasible;

/* Returns the sign of a constraint at a point. */
static eg_real_sign sign_at(eg_constrained *c, size_t k, const eg_real at[])
{
    eg_real value;
    eg_error error = {0};
    if (eg_surface_prove(c->problem->reals, c->constraints[k].expr, at, &value, NULL, NULL,
                         &error) != EG_OK)
        return EG_SIGN_UNKNOWN;
    return eg_real_sign_of(c->problem->reals, value);
}

/* Tests the constraints that the case does not solve. FEASIBLE_ELSEWHERE: another case, in which
 * more constraints are active, has the point. */
static feasible test_constraints(eg_constrained *c, const eg_real at[])
{
    feasible result = FEASIBLE_YES;
    size_t solved = c->active_count < c->free_count ? c->active_count : c->free_count;
    for (size_t k = 0; k < c->count; k++) {
        bool is_solved = false;
        for (size_t i = 0; i < solved; i++)
            is_solved |= c->active_index[i] == k;
        if (is_solved)
            continue;
        eg_real_sign sign = sign_at(c, k, at);
        bool inequality = c->constraints[k].inequality;
        if (sign == EG_SIGN_POSITIVE || (sign == EG_SIGN_NEGATIVE && !inequality))
            return FEASIBLE_NO;
        if (sign == EG_SIGN_UNKNOWN || sign == EG_SIGN_UNDEFINED)
            result = FEASIBLE_UNKNOWN;
        if (sign == EG_SIGN_ZERO && inequality && c->active_count < c->free_count &&
            result == FEASIBLE_YES)
            result = FEASIBLE_ELSEWHERE;
    }
    return result;
}

/* ---- places ---- */

/* Adds a place where an extreme value may be taken, unless it is known. */
static eg_status add_place(eg_constrained *c, const eg_interval box[], const eg_real at[])
{
    eg_problem *p = c->problem;
    eg_valued_place place = {.value = EG_REAL_NONE};
    eg_interval value;
    double bounds[2];
    const eg_valued_place *others = c->places.items;
    for (size_t k = 0; k < c->places.count; k++) {
        bool same = (others[k].value == EG_REAL_NONE) == !at;
        for (size_t i = 0; i < p->n && same; i++)
            same = at ? others[k].place.box[i][0] <= box[i].high &&
                            others[k].place.box[i][1] >= box[i].low
                      : others[k].place.box[i][0] <= box[i].low &&
                            others[k].place.box[i][1] >= box[i].high;
        if (same)
            return EG_OK;
    }
    eg_enclose_value(&c->function, box, &value);
    place.low = value.low;
    place.high = value.high;
    for (size_t i = 0; i < p->n; i++) {
        place.place.at[i] = at ? at[i] : EG_REAL_NONE;
        place.place.box[i][0] = box[i].low;
        place.place.box[i][1] = box[i].high;
        place.place.low |= (unsigned)(c->face[i] == EG_AT_LOW) << i;
        place.place.high |= (unsigned)(c->face[i] == EG_AT_HIGH) << i;
    }
    eg_status status = EG_OK;
    if (at)
        status = eg_surface_prove(p->reals, c->f, at, &place.value, NULL, NULL, p->error);
    if (status != EG_OK)
        return status;
    eg_real_bounds(p->reals, place.value, bounds);
    if (isfinite(bounds[0]) && isfinite(bounds[1])) {
        place.low = fmax(place.low, bounds[0]);
        place.high = fmin(place.high, bounds[1]);
    }
    status = eg_growing_reserve(&c->places, p->ctx, 1, sizeof place, p->error);
    if (status == EG_OK)
        ((eg_valued_place *)c->places.items)[c->places.count++] = place;
    return status;
}

eg_status eg_add_case_corner(eg_constrained *c)
{
    const eg_problem *p = c->problem;
    eg_interval box[EG_UNKNOWNS];
    eg_real at[EG_UNKNOWNS];
    for (size_t i = 0; i < p->n; i++) {
        bool high = c->face[i] == EG_AT_HIGH;
        box[i] = p->ends[i][high];
        at[i] = high ? p->high[i] : p->low[i];
    }
    feasible test = test_constraints(c, at);
    if (test == FEASIBLE_NO)
        return EG_OK;
    c->uncertain |= test == FEASIBLE_UNKNOWN;
    return add_place(c, box, at);
}

/* ---- solutions ---- */

/* Returns true if a point of the result has the same place, and has at least as many active
 * constraints. */
static bool is_listed(const eg_constrained *c, const eg_interval box[])
{
    const eg_solutions *result = c->problem->result;
    for (size_t k = 0; k < result->count; k++) {
        bool same = true;
        for (size_t i = 0; i < c->problem->n && same; i++)
            same = result->points[k].box[i][0] <= box[i].high &&
                   result->points[k].box[i][1] >= box[i].low;
        if (same)
            return true;
    }
    return false;
}

/* Adds a point that satisfies the active constraints: to the list, if no variable is at an end of
 * its range, and to the places of extreme values. */
static eg_status add_point(eg_constrained *c, const eg_case_point *point)
{
    eg_problem *p = c->problem;
    if (eg_problem_place(p, point->box, point->at) == EG_PLACE_OUTSIDE)
        return EG_OK;
    if (c->free_count == p->n && is_listed(c, point->box))
        return EG_OK;
    feasible test = test_constraints(c, point->at);
    if (test == FEASIBLE_NO || test == FEASIBLE_ELSEWHERE)
        return EG_OK;
    c->uncertain |= test == FEASIBLE_UNKNOWN;
    eg_status status = add_place(c, point->box, point->at);
    if (status != EG_OK || c->free_count < p->n)
        return status;
    return eg_judge_constrained(c, point);
}

/* Sets the point from the exact solution of Lagrange's conditions at x. Returns false if it is
 * none. */
static bool check_exact(eg_constrained *c, const eg_real x[], eg_case_point *point)
{
    eg_reals *r = c->problem->reals;
    eg_proven_lagrange proven;
    eg_error error = {0};
    for (size_t k = 0; k < c->active_count; k++)
        if (sign_at(c, c->active_index[k], x) != EG_SIGN_ZERO)
            return false;
    if (eg_surface_prove_lagrange(r, c->f, c->active_expr, c->active_count, x, &proven, &error) !=
            EG_OK ||
        !proven.rank_known)
        return false;
    point->dependent = proven.rank < c->active_count;
    if (!point->dependent && proven.parallel != EG_SIGN_ZERO)
        return false;
    memcpy(point->at, x, c->problem->n * sizeof *x);
    point->multiplier[0] = eg_real_integer(r, 1);
    for (size_t k = 0; k < c->active_count; k++)
        point->multiplier[1 + k] = proven.lambda[k];
    point->exact = true;
    return true;
}

/* The case and the point of a check. */
typedef struct exact_check {
    eg_constrained *c;
    eg_case_point *point;
} exact_check;

/* An eg_point_check. */
static bool check(void *opaque, const eg_real x[])
{
    const exact_check *e = opaque;
    return check_exact(e->c, x, e->point);
}

/* Looks for an exact point in a box of the free variables, which are all. */
static bool find_exact(eg_constrained *c, const eg_interval tight[], const eg_interval within[],
                       eg_case_point *point)
{
    exact_check e = {c, point};
    eg_real found[EG_UNKNOWNS];
    return c->free_count == c->problem->n &&
           eg_polish_try(c->problem->reals, tight, within, c->problem->n, check, &e, found);
}

/* Sets the values of the variables that are no unknowns. */
static void fix_values(const eg_constrained *c, eg_real fixed[])
{
    const eg_problem *p = c->problem;
    for (size_t i = 0; i < EG_UNKNOWNS; i++)
        fixed[i] = EG_REAL_NONE;
    for (size_t i = 0; i < p->n; i++)
        fixed[i] = c->face[i] == EG_AT_HIGH ? p->high[i] : p->low[i];
}

/* Adds the point of a root. */
static eg_status add_root(eg_constrained *c, eg_search *search, const eg_root *root,
                          bool multipliers)
{
    eg_problem *p = c->problem;
    const eg_system *system = search->system;
    eg_real fixed[EG_UNKNOWNS], at[EG_UNKNOWNS];
    eg_case_point point = {.regular = true};
    eg_polish polish = {p->reals, search->system, fixed, p->options.digits, p->error};
    fix_values(c, fixed);
    eg_system_box(system, root->tight, point.box);
    if (multipliers && find_exact(c, root->tight, root->unique, &point))
        return add_point(c, &point);
    eg_status status = multipliers ? eg_polish_refine(&polish, root, at)
                                   : eg_polish_solve(&polish, root, at, &point.exact);
    if (status != EG_OK)
        return status;
    memcpy(point.at, at, p->n * sizeof *at);
    for (size_t k = 0; k <= c->active_count; k++)
        point.multiplier[k] = multipliers ? at[p->n + k] : eg_real_integer(p->reals, k == 0);
    point.dependent = multipliers && eg_iv_has_zero(root->tight[c->free_count]);
    return add_point(c, &point);
}

/* ---- what is left ---- */

/* Adds a part that is left, or enlarges one that it touches: the multipliers of one point may have
 * both signs. */
static eg_status add_left(eg_constrained *c, const eg_cluster *cluster, const eg_interval box[])
{
    eg_problem *p = c->problem;
    eg_solutions *result = p->result;
    eg_left *left = NULL;
    for (size_t k = 0; k < result->left_count && !left; k++) {
        bool touches = true;
        for (size_t i = 0; i < p->n && touches; i++)
            touches =
                result->left[k].box[i][0] <= box[i].high && result->left[k].box[i][1] >= box[i].low;
        left = touches ? &result->left[k] : NULL;
    }
    bool fresh = !left;
    left = left ? left : eg_problem_add_left(p);
    if (!left)
        return eg_failed(p->error);
    for (size_t i = 0; i < p->n; i++) {
        left->box[i][0] = fresh ? box[i].low : fmin(left->box[i][0], box[i].low);
        left->box[i][1] = fresh ? box[i].high : fmax(left->box[i][1], box[i].high);
    }
    left->kind = fresh || cluster->kind > left->kind ? cluster->kind : left->kind;
    left->rough |= cluster->rough;
    left->boxes += cluster->boxes;
    result->left_boxes += cluster->boxes;
    return EG_OK;
}

static eg_status add_cluster(eg_constrained *c, eg_search *search, const eg_cluster *cluster,
                             bool multipliers)
{
    eg_case_point point = {0};
    eg_status status = EG_OK;
    eg_system_box(search->system, cluster->hull, point.box);
    if (cluster->kind == EG_LEFT_POINT && !cluster->rough && multipliers &&
        find_exact(c, cluster->hull, cluster->hull, &point))
        status = add_point(c, &point);
    if (status == EG_OK && c->free_count == c->problem->n)
        status = add_left(c, cluster, point.box);
    return status == EG_OK ? add_place(c, point.box, NULL) : status;
}

eg_status eg_leave_case(eg_constrained *c)
{
    const eg_cluster whole = {.boxes = 1, .kind = EG_LEFT_PART};
    eg_interval box[EG_UNKNOWNS];
    eg_status status = EG_OK;
    for (size_t i = 0; i < c->problem->n; i++)
        box[i] = c->face[i] == EG_FREE ? c->problem->outer[i]
                                       : c->problem->ends[i][c->face[i] == EG_AT_HIGH];
    c->problem->result->ended = c->uncertain = true;
    if (c->free_count == c->problem->n)
        status = add_left(c, &whole, box);
    return status == EG_OK ? add_place(c, box, NULL) : status;
}

eg_status eg_add_case_results(eg_constrained *c, eg_search *search, bool multipliers)
{
    eg_growing clusters = {0};
    eg_status status = EG_OK;
    for (size_t i = 0; i < search->roots.count && status == EG_OK; i++) {
        const eg_root *root = eg_search_root(search, i);
        if (eg_boxes_meet(root->tight, search->outer, search->system->n))
            status = add_root(c, search, root, multipliers);
    }
    if (status == EG_OK)
        status = eg_cluster_left(search, &clusters, c->problem->error);
    const eg_cluster *items = clusters.items;
    for (size_t i = 0; i < clusters.count && status == EG_OK; i++)
        status = add_cluster(c, search, &items[i], multipliers);
    c->problem->result->ended |= search->ended;
    eg_free(clusters.items);
    return status;
}
