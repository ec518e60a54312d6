/* SPDX-License-Identifier: MIT */
/* All critical points of a function in a box. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "solve/arithmetic.h"
#include "solve/critical.h"
#include "solve/polish.h"
#include "solve/taylor.h"

/* Computes the properties of a critical point from its coordinates. */
static eg_status judge(eg_problem *p, const eg_expr *f, eg_solution *point)
{
    size_t n = p->n;
    eg_real hessian[EG_SOLVE_VARIABLES * EG_SOLVE_VARIABLES];
    eg_inertia inertia;
    eg_status status =
        eg_surface_prove(p->reals, f, point->at, &point->value, NULL, hessian, p->error);
    if (status == EG_OK)
        status = eg_surface_inertia(p->reals, hessian, n, &inertia, p->error);
    if (status == EG_OK)
        status = eg_problem_eigenvalues(p, hessian, n, point->eigenvalues);
    if (status != EG_OK)
        return status;
    point->eigenvalue_count = n;
    point->verdict = inertia.positive && inertia.negative ? EG_SADDLE
                     : !inertia.known || inertia.zero     ? EG_UNDECIDED
                     : inertia.positive                   ? EG_MINIMUM
                                                          : EG_MAXIMUM;
    return EG_OK;
}

static void set_box(eg_solution *point, const eg_interval x[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        point->box[i][0] = x[i].low;
        point->box[i][1] = x[i].high;
    }
}

/* Adds the solution of a root, unless it is outside of the box. */
static eg_status add_root(eg_problem *p, const eg_polish *polish, const eg_root *root)
{
    eg_solution point = {.regular = true};
    eg_real at[EG_UNKNOWNS];
    eg_status status = eg_polish_solve(polish, root, at, &point.exact);
    memcpy(point.at, at, p->n * sizeof *at);
    if (status != EG_OK)
        return status;
    eg_place place = eg_problem_place(p, root->tight, point.at);
    if (place == EG_PLACE_OUTSIDE)
        return EG_OK;
    point.border = place == EG_PLACE_BORDER;
    set_box(&point, root->tight, p->n);
    status = judge(p, polish->system->function->expr, &point);
    eg_solution *added = status == EG_OK ? eg_problem_add_point(p) : NULL;
    if (added)
        *added = point;
    return status == EG_OK && !added ? eg_failed(p->error) : status;
}

/* Adds a degenerate solution in a cluster, if one can be recognised. A cluster that has no other
 * one is no longer left. */
static eg_status add_degenerate(eg_problem *p, const eg_polish *polish, eg_cluster *cluster)
{
    eg_solution point = {.exact = true};
    const eg_expr *f = polish->system->function->expr;
    eg_real at[EG_UNKNOWNS];
    bool isolated = false;
    if (cluster->kind != EG_LEFT_POINT || cluster->rough ||
        !eg_polish_recognise(polish, cluster->hull, cluster->hull, at))
        return EG_OK;
    memcpy(point.at, at, p->n * sizeof *at);
    set_box(&point, cluster->hull, p->n);
    eg_status status = judge(p, f, &point);
    if (status == EG_OK && point.verdict == EG_UNDECIDED)
        status = eg_taylor_judge(p, f, cluster->hull, &point, &isolated);
    if (status == EG_OK && !isolated)
        status = eg_taylor_isolate(p, f, cluster->hull, &point, &isolated);
    eg_place place = eg_problem_place(p, cluster->hull, point.at);
    if (status == EG_OK && isolated)
        cluster->boxes = 0;
    if (status != EG_OK || place == EG_PLACE_OUTSIDE)
        return status;
    point.border = place == EG_PLACE_BORDER;
    eg_solution *added = eg_problem_add_point(p);
    if (added)
        *added = point;
    return added ? EG_OK : eg_failed(p->error);
}

/* Adds all results of a search. */
static eg_status add_results(eg_problem *p, eg_search *search, eg_growing *clusters)
{
    eg_polish polish = {.reals = p->reals,
                        .system = search->system,
                        .fixed = p->low, /* no variable is fixed */
                        .digits = p->options.digits,
                        .error = p->error};
    eg_status status = EG_OK;
    for (size_t i = 0; i < search->roots.count && status == EG_OK; i++) {
        const eg_root *root = eg_search_root(search, i);
        if (eg_boxes_meet(root->tight, p->outer, p->n))
            status = add_root(p, &polish, root);
    }
    if (status == EG_OK)
        status = eg_cluster_left(search, clusters, p->error);
    eg_cluster *items = clusters->items;
    for (size_t i = 0; i < clusters->count && status == EG_OK; i++)
        status = add_degenerate(p, &polish, &items[i]);
    return status == EG_OK ? eg_problem_add_clusters(p, search, clusters) : status;
}

/* Returns true if f has no value at a corner of the box. */
static bool is_undefined_at_corner(eg_encloser *encloser, const eg_problem *p)
{
    for (size_t corner = 0; corner < (size_t)1 << p->n; corner++) {
        eg_interval point[EG_UNKNOWNS], value;
        for (size_t i = 0; i < p->n; i++)
            point[i] = p->ends[i][corner >> i & 1];
        if (eg_enclose_value(encloser, point, &value) == EG_DOMAIN_NOWHERE)
            return true;
    }
    return false;
}

/* Decides where f has values from its enclosure over the box and what the search found. */
static eg_defined decide_defined(eg_encloser *encloser, const eg_problem *p, bool undefined)
{
    eg_interval value;
    eg_domain domain = eg_enclose_value(encloser, p->outer, &value);
    if (domain == EG_DOMAIN_NOWHERE)
        return EG_DEFINED_NOWHERE;
    if (domain >= EG_DOMAIN_EVERYWHERE)
        return EG_DEFINED_EVERYWHERE;
    return undefined || is_undefined_at_corner(encloser, p) ? EG_DEFINED_PARTLY
                                                            : EG_DEFINED_UNKNOWN;
}

/* The simplified derivatives of f. */
typedef struct derivatives {
    eg_expr *expr[EG_UNKNOWNS];
    eg_encloser encloser[EG_UNKNOWNS];
} derivatives;

static eg_status make_derivatives(derivatives *d, const eg_expr *f, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; i < f->variables && status == EG_OK; i++) {
        status = eg_expr_derivative(&d->expr[i], f, i, error);
        if (status == EG_OK)
            status = eg_encloser_new(&d->encloser[i], d->expr[i], error);
    }
    return status;
}

static void free_derivatives(derivatives *d)
{
    for (size_t i = 0; i < EG_UNKNOWNS; i++) {
        eg_encloser_free(&d->encloser[i]);
        eg_expr_free(d->expr[i]);
    }
}

static eg_status find_all(eg_problem *p, eg_encloser *encloser)
{
    derivatives derived = {0};
    eg_system system = {.n = p->n,
                        .variables = p->n,
                        .partials = p->n,
                        .function = encloser,
                        .derivatives = derived.encloser};
    eg_search search = {.ctx = p->ctx,
                        .system = &system,
                        .deadline = eg_problem_deadline(p, p->options.no_extremes ? 0.9 : 0.6),
                        .most_boxes = p->options.boxes};
    eg_growing clusters = {0};
    for (size_t i = 0; i < p->n; i++)
        system.unknown[i] = system.axis[i] = i;
    memcpy(search.outer, p->outer, sizeof p->outer);
    eg_error error = {0};
    eg_status status = make_derivatives(&derived, encloser->expr, &error);
    if (status == EG_LIMIT_EXCEEDED) { /* they are too complex: the search can do without */
        system.derivatives = NULL;
        status = EG_OK;
    } else if (status != EG_OK) {
        eg_fail(p->error, status, "%s", error.message);
    }
    if (status == EG_OK)
        status = eg_search_run(&search, p->error);
    if (status == EG_OK)
        status = add_results(p, &search, &clusters);
    p->result->defined = decide_defined(encloser, p, search.undefined);
    eg_free(clusters.items);
    eg_search_free(&search);
    free_derivatives(&derived);
    return status;
}

eg_status eg_solve_critical(eg_solutions **solutions, eg_reals *reals, const eg_expr *f,
                            const eg_real low[], const eg_real high[],
                            const eg_solve_options *options, eg_error *error)
{
    eg_problem problem;
    eg_encloser encloser = {0};
    *solutions = NULL;
    eg_status status = eg_problem_begin(&problem, reals, f, low, high, options, error);
    if (status == EG_OK)
        status = eg_encloser_new(&encloser, f, error);
    if (status == EG_OK)
        status = find_all(&problem, &encloser);
    if (status == EG_OK) {
        eg_problem_finish(&problem);
        if (!problem.options.no_extremes)
            status = eg_find_extremes(&problem, &encloser);
    }
    eg_encloser_free(&encloser);
    status = eg_reals_result(reals, status, error);
    if (status == EG_OK)
        *solutions = problem.result;
    else
        eg_solutions_free(problem.result);
    return status;
}
