/* SPDX-License-Identifier: MIT */
/* All solutions of a system of equations in a box. */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "solve/arithmetic.h"
#include "solve/polish.h"
#include "solve/problem.h"

/* Adds a solution: of a root, or an exact one in a cluster. */
static eg_status add_solution(eg_problem *p, const eg_interval box[], const eg_real at[],
                              bool regular, bool exact)
{
    eg_place place = eg_problem_place(p, box, at);
    if (place == EG_PLACE_OUTSIDE)
        return EG_OK;
    eg_solution *added = eg_problem_add_point(p);
    if (!added)
        return eg_failed(p->error);
    *added = (eg_solution){.regular = regular,
                           .exact = exact,
                           .border = place == EG_PLACE_BORDER,
                           .value = EG_REAL_NONE,
                           .verdict = EG_UNDECIDED};
    memcpy(added->at, at, p->n * sizeof *at);
    for (size_t i = 0; i < p->n; i++) {
        added->box[i][0] = box[i].low;
        added->box[i][1] = box[i].high;
    }
    return EG_OK;
}

static eg_status add_results(eg_problem *p, eg_search *search, eg_growing *clusters)
{
    eg_polish polish = {.reals = p->reals,
                        .system = search->system,
                        .fixed = p->low, /* no variable is fixed */
                        .digits = p->options.digits,
                        .error = p->error};
    eg_status status = EG_OK;
    eg_real at[EG_UNKNOWNS];
    bool exact;
    for (size_t i = 0; i < search->roots.count && status == EG_OK; i++) {
        const eg_root *root = eg_search_root(search, i);
        if (!eg_boxes_meet(root->tight, p->outer, p->n))
            continue;
        status = eg_polish_solve(&polish, root, at, &exact);
        if (status == EG_OK)
            status = add_solution(p, root->tight, at, true, exact);
    }
    if (status == EG_OK)
        status = eg_cluster_left(search, clusters, p->error);
    const eg_cluster *items = clusters->items;
    for (size_t i = 0; i < clusters->count && status == EG_OK; i++)
        if (items[i].kind == EG_LEFT_POINT &&
            eg_polish_recognise(&polish, items[i].hull, items[i].hull, at))
            status = add_solution(p, items[i].hull, at, false, true);
    return status == EG_OK ? eg_problem_add_clusters(p, search, clusters) : status;
}

static eg_status find_all(eg_problem *p, eg_system *system)
{
    eg_search search = {.ctx = p->ctx,
                        .system = system,
                        .deadline = eg_problem_deadline(p, 0.9),
                        .most_boxes = p->options.boxes};
    eg_growing clusters = {0};
    memcpy(search.outer, p->outer, sizeof p->outer);
    eg_status status = eg_search_run(&search, p->error);
    if (status == EG_OK)
        status = add_results(p, &search, &clusters);
    p->result->defined = search.undefined ? EG_DEFINED_PARTLY : EG_DEFINED_EVERYWHERE;
    for (size_t i = 0; i < p->n; i++) {
        eg_interval value;
        eg_domain domain = eg_enclose_value(system->equations[i], p->outer, &value);
        if (domain == EG_DOMAIN_NOWHERE)
            p->result->defined = EG_DEFINED_NOWHERE;
        else if (domain < EG_DOMAIN_EVERYWHERE && p->result->defined == EG_DEFINED_EVERYWHERE)
            p->result->defined = EG_DEFINED_UNKNOWN;
    }
    eg_free(clusters.items);
    eg_search_free(&search);
    return status;
}

/* Makes the system. The caller frees the enclosers. */
static eg_status make_system(eg_problem *p, const eg_expr *const equations[], size_t count,
                             eg_system *system, eg_encloser enclosers[])
{
    eg_status status = EG_OK;
    if (count != p->n)
        return eg_fail(p->error, EG_USAGE,
                       "%zu equation%s for %zu variable%s: there must be as many", count,
                       count == 1 ? "" : "s", p->n, p->n == 1 ? "" : "s");
    *system = (eg_system){.n = p->n, .variables = p->n};
    for (size_t i = 0; i < p->n && status == EG_OK; i++) {
        system->unknown[i] = i;
        system->equations[i] = &enclosers[i];
        status = eg_encloser_new(&enclosers[i], equations[i], p->error);
    }
    return status;
}

eg_status eg_solve_system(eg_solutions **solutions, eg_reals *reals,
                          const eg_expr *const equations[], size_t count, const eg_real low[],
                          const eg_real high[], const eg_solve_options *options, eg_error *error)
{
    eg_problem problem = {0};
    eg_system system;
    eg_encloser enclosers[EG_UNKNOWNS] = {{0}};
    *solutions = NULL;
    if (count == 0)
        return eg_fail(error, EG_USAGE, "there is no equation to solve");
    eg_status status = eg_problem_begin(&problem, reals, equations[0], low, high, options, error);
    if (status == EG_OK)
        status = make_system(&problem, equations, count, &system, enclosers);
    if (status == EG_OK)
        status = find_all(&problem, &system);
    if (status == EG_OK)
        eg_problem_finish(&problem);
    for (size_t i = 0; i < EG_UNKNOWNS; i++)
        eg_encloser_free(&enclosers[i]);
    status = eg_reals_result(reals, status, error);
    if (status == EG_OK)
        *solutions = problem.result;
    else
        eg_solutions_free(problem.result);
    return status;
}
