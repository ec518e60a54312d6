/* SPDX-License-Identifier: MIT */
/* The box, the options and the results of a problem to solve. */
#include "solve/problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "solve/arithmetic.h"

enum { MOST_BOXES = 1 << 16, DIGITS = 17 };

/* Reads the range of a variable. */
static eg_status read_range(eg_problem *p, const eg_expr *expr, size_t i)
{
    for (int side = 0; side < 2; side++) {
        double bounds[2];
        eg_real_bounds(p->reals, side ? p->high[i] : p->low[i], bounds);
        eg_status status = eg_reals_result(p->reals, EG_OK, p->error);
        if (status != EG_OK)
            return status;
        if (!isfinite(bounds[0]) || !isfinite(bounds[1]))
            return eg_fail(p->error, EG_USAGE, "an end of the range of '%s' is not finite",
                           expr->names[i]);
        p->ends[i][side] = eg_iv(bounds[0], bounds[1]);
    }
    if (!(p->ends[i][0].high < p->ends[i][1].low))
        return eg_fail(p->error, EG_USAGE,
                       "the range of '%s' is empty: its low end must be below its high one, not "
                       "%g and %g",
                       expr->names[i], p->ends[i][0].low, p->ends[i][1].high);
    p->outer[i] = eg_iv_hull(p->ends[i][0], p->ends[i][1]);
    if (!isfinite(eg_iv_width(p->outer[i])))
        return eg_fail(p->error, EG_USAGE, "the range of '%s' is too long", expr->names[i]);
    return EG_OK;
}

eg_status eg_problem_begin(eg_problem *problem, eg_reals *reals, const eg_expr *expr,
                           const eg_real low[], const eg_real high[],
                           const eg_solve_options *options, eg_error *error)
{
    *problem = (eg_problem){.reals = reals,
                            .ctx = reals->ctx,
                            .start = eg_seconds(),
                            .n = expr->variables,
                            .low = low,
                            .high = high,
                            .error = error};
    if (options)
        problem->options = *options;
    if (problem->options.seconds == 0)
        problem->options.seconds = 2;
    if (problem->options.boxes == 0)
        problem->options.boxes = MOST_BOXES;
    if (problem->options.digits == 0)
        problem->options.digits = DIGITS;
    if (problem->n == 0 || problem->n > EG_SOLVE_VARIABLES)
        return eg_fail(error, EG_USAGE, "%zu variables: 1 to %d can be solved for", problem->n,
                       EG_SOLVE_VARIABLES);
    eg_status status = EG_OK;
    for (size_t i = 0; i < problem->n && status == EG_OK; i++)
        status = read_range(problem, expr, i);
    if (status == EG_OK) {
        problem->result = eg_calloc(problem->ctx, 1, sizeof *problem->result, error);
        status = problem->result ? EG_OK : eg_failed(error);
    }
    return status;
}

double eg_problem_deadline(const eg_problem *problem, double part)
{
    return problem->start + part * problem->options.seconds;
}

/* Compares a coordinate with an end of its range, of which it lies on the side `inwards`. */
static eg_place place_at_end(const eg_problem *p, eg_interval tight, eg_interval end, eg_real at,
                             eg_real exact_end, int inwards)
{
    double above = inwards > 0 ? tight.low - end.high : end.low - tight.high;
    double below = inwards > 0 ? end.low - tight.high : tight.low - end.high;
    if (above > 0)
        return EG_PLACE_INSIDE;
    if (below > 0)
        return EG_PLACE_OUTSIDE;
    eg_real_sign sign =
        eg_real_sign_of(p->reals, eg_real_apply(p->reals, EG_REAL_SUBTRACT, at, exact_end));
    if (sign == EG_SIGN_POSITIVE || sign == EG_SIGN_NEGATIVE)
        return (int)sign == inwards ? EG_PLACE_INSIDE : EG_PLACE_OUTSIDE;
    return EG_PLACE_BORDER;
}

eg_place eg_problem_place(const eg_problem *problem, const eg_interval tight[], const eg_real at[])
{
    eg_place place = EG_PLACE_INSIDE;
    for (size_t i = 0; i < problem->n; i++)
        for (int side = 0; side < 2; side++) {
            eg_place here = place_at_end(problem, tight[i], problem->ends[i][side], at[i],
                                         side ? problem->high[i] : problem->low[i], side ? -1 : 1);
            if (here == EG_PLACE_OUTSIDE)
                return here;
            if (here == EG_PLACE_BORDER)
                place = here;
        }
    return place;
}

/* ---- eigenvalues ---- */

/* Returns an upper bound of |number|. */
static double size_of(eg_reals *reals, eg_real real)
{
    double bounds[2];
    eg_real_bounds(reals, real, bounds);
    return isfinite(bounds[0]) && isfinite(bounds[1]) ? fmax(fabs(bounds[0]), fabs(bounds[1]))
                                                      : INFINITY;
}

/* Encloses the eigenvalues of (a b; b d): (a + d)/2, and up to |a - d|/2 + |b| from there. */
static void enclose_pair(eg_reals *r, const eg_real matrix[], eg_real eigenvalues[])
{
    eg_real two = eg_real_integer(r, 2);
    eg_real sum = eg_real_apply(r, EG_REAL_ADD, matrix[0], matrix[3]);
    eg_real difference = eg_real_apply(r, EG_REAL_SUBTRACT, matrix[0], matrix[3]);
    double radius = (0.5 * size_of(r, difference) + size_of(r, matrix[1])) * (1 + 1e-15);
    if (!isfinite(radius))
        return;
    eg_real middle = eg_real_apply(r, EG_REAL_DIVIDE, sum, two);
    eigenvalues[0] = eg_real_apply(r, EG_REAL_SUBTRACT, middle, eg_real_between(r, 0, radius));
    eigenvalues[1] = eg_real_apply(r, EG_REAL_ADD, middle, eg_real_between(r, 0, radius));
}

eg_status eg_problem_eigenvalues(eg_problem *problem, const eg_real matrix[], size_t n,
                                 eg_real eigenvalues[])
{
    eg_status status =
        eg_surface_eigenvalues(problem->reals, matrix, n, eigenvalues, problem->error);
    if (status == EG_OK && n == 2 && !isfinite(size_of(problem->reals, eigenvalues[0])))
        enclose_pair(problem->reals, matrix, eigenvalues);
    return status;
}

/* ---- results ---- */

/* Appends a zeroed item to an array of `count` items, whose capacity is the power of two above. */
static void *append(eg_problem *p, void **items, size_t *count, size_t size)
{
    bool full = (*count & (*count - 1)) == 0; /* 0 or a power of two */
    if (full) {
        void *grown = eg_calloc(p->ctx, *count ? 2 * *count : 1, size, p->error);
        if (!grown)
            return NULL;
        if (*count)
            memcpy(grown, *items, *count * size);
        eg_free(*items);
        *items = grown;
    }
    return (char *)*items + size * (*count)++;
}

eg_solution *eg_problem_add_point(eg_problem *problem)
{
    void *points = problem->result->points;
    eg_solution *added = append(problem, &points, &problem->result->count, sizeof *added);
    problem->result->points = points;
    return added;
}

eg_left *eg_problem_add_left(eg_problem *problem)
{
    void *left = problem->result->left;
    eg_left *added = append(problem, &left, &problem->result->left_count, sizeof *added);
    problem->result->left = left;
    return added;
}

eg_status eg_problem_add_clusters(eg_problem *problem, const eg_search *search,
                                  const eg_growing *clusters)
{
    const eg_cluster *items = clusters->items;
    for (size_t i = 0; i < clusters->count; i++) {
        if (items[i].boxes == 0)
            continue; /* solved since */
        eg_left *left = eg_problem_add_left(problem);
        eg_interval box[EG_UNKNOWNS];
        if (!left)
            return eg_failed(problem->error);
        eg_system_box(search->system, items[i].hull, box);
        for (size_t k = 0; k < problem->n; k++) {
            left->box[k][0] = box[k].low;
            left->box[k][1] = box[k].high;
        }
        left->kind = items[i].kind;
        left->boxes = items[i].boxes;
        left->rough = items[i].rough;
        problem->result->left_boxes += items[i].boxes;
    }
    problem->result->ended |= search->ended;
    return EG_OK;
}

static int compare_points(const void *a, const void *b)
{
    const eg_solution *x = a, *y = b;
    for (size_t i = 0; i < EG_SOLVE_VARIABLES; i++) {
        if (x->box[i][1] < y->box[i][0])
            return -1;
        if (x->box[i][0] > y->box[i][1])
            return 1;
    }
    return 0;
}

void eg_problem_finish(eg_problem *problem)
{
    eg_solutions *result = problem->result;
    if (result->count > 1)
        qsort(result->points, result->count, sizeof *result->points, compare_points);
    result->complete = result->left_count == 0;
}

void eg_solutions_free(eg_solutions *solutions)
{
    if (!solutions)
        return;
    eg_free(solutions->points);
    eg_free(solutions->left);
    eg_free(solutions->minimum.places);
    eg_free(solutions->maximum.places);
    eg_free(solutions);
}
