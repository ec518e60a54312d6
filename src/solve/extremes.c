/* SPDX-License-Identifier: MIT */
/*
 * The smallest and the largest value of a function over a box. A smallest value is taken in the
 * relative interior of a face of the box (the box itself, a face, an edge, a corner ...), where the
 * derivatives by the free variables are 0 if there are any: a search for such points in every face,
 * which discards boxes whose values are above one that was found. What it leaves, and the points,
 * bound the smallest value.
 */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "solve/arithmetic.h"
#include "solve/critical.h"
#include "solve/extreme_search.h"
#include "solve/polish.h"

/* Encloses sign * f over a box. */
static eg_domain enclose(eg_extreme_search *finder, const eg_interval box[], eg_interval *value)
{
    eg_domain domain = eg_enclose_value(finder->encloser, box, value);
    if (finder->sign < 0)
        *value = eg_iv(-value->high, -value->low);
    return domain;
}

/* Evaluates the function at a point of the box, and keeps the best one. */
static void try_point(eg_extreme_search *finder, const eg_interval point[])
{
    eg_interval value;
    if (enclose(finder, point, &value) < EG_DOMAIN_EVERYWHERE || !(value.high < finder->best))
        return;
    finder->best = value.high;
    for (size_t i = 0; i < finder->problem->n; i++)
        finder->best_point[i] = eg_iv_middle(point[i]);
}

/* Returns a lower bound of the values over a box, by its enclosure and by the mean value theorem;
 * INFINITY if there are none. */
static double lower_bound(eg_extreme_search *finder, const eg_interval box[])
{
    size_t n = finder->problem->n, axes[EG_UNKNOWNS];
    eg_interval value, gradient[EG_UNKNOWNS], middle[EG_UNKNOWNS];
    if (enclose(finder, box, &value) == EG_DOMAIN_NOWHERE)
        return INFINITY;
    for (size_t i = 0; i < n; i++) {
        axes[i] = i;
        middle[i].low = middle[i].high = eg_iv_middle(box[i]);
    }
    if (eg_enclose_gradient(finder->encloser, box, axes, n, NULL, gradient) < EG_DOMAIN_EVERYWHERE)
        return value.low;
    eg_interval by_slopes;
    if (eg_enclose_value(finder->encloser, box, &by_slopes) < EG_DOMAIN_CONTINUOUS ||
        enclose(finder, middle, &by_slopes) < EG_DOMAIN_CONTINUOUS)
        return value.low;
    for (size_t i = 0; i < n; i++) {
        eg_interval slope = gradient[i];
        if (finder->sign < 0)
            slope = eg_iv(-slope.high, -slope.low);
        by_slopes = eg_iv_add(by_slopes, eg_iv_mul(slope, eg_iv_sub(box[i], middle[i])));
    }
    return fmax(value.low, by_slopes.low);
}

static double tolerance(const eg_extreme_search *finder)
{
    return isfinite(finder->best) ? 1e-10 * fabs(finder->best) + 1e-14 : 0;
}

/* Discards boxes whose values are above one that was found, and leaves those whose values are not
 * below it. Where f has a jump, or an edge of its domain, the derivatives do not count: a smallest
 * value may be taken or approached there. */
static eg_visit look_at(void *opaque, const eg_interval x[], bool small)
{
    eg_extreme_search *finder = opaque;
    eg_interval box[EG_UNKNOWNS], middle[EG_UNKNOWNS], value;
    eg_system_box(finder->system, x, box);
    eg_domain domain = enclose(finder, box, &value);
    if (domain == EG_DOMAIN_NOWHERE || value.low > finder->best)
        return EG_VISIT_DISCARD;
    for (size_t i = 0; i < finder->problem->n; i++) /* an end of a range need not be a double */
        middle[i] =
            finder->face[i] == EG_FREE ? eg_iv(eg_iv_middle(box[i]), eg_iv_middle(box[i])) : box[i];
    try_point(finder, middle);
    double low = lower_bound(finder, box);
    if (low > finder->best)
        return EG_VISIT_DISCARD;
    if (small && low >= finder->best - tolerance(finder))
        return EG_VISIT_LEAVE;
    return domain == EG_DOMAIN_CONTINUOUS ? EG_VISIT_GO_ON : EG_VISIT_DIVIDE;
}

/* ---- candidates ---- */

static eg_status add_candidate(eg_extreme_search *finder, const eg_candidate *candidate)
{
    size_t n = finder->problem->n;
    const eg_candidate *others = finder->candidates.items;
    for (size_t k = 0; k < finder->candidates.count && candidate->kind == EG_CANDIDATE_ROOT; k++)
        if (others[k].kind != EG_CANDIDATE_LEFT && eg_boxes_meet(others[k].box, candidate->box, n))
            return EG_OK; /* the same point, as one of a face and of its border */
    eg_status status = eg_growing_reserve(&finder->candidates, finder->problem->ctx, 1,
                                          sizeof *candidate, finder->problem->error);
    if (status == EG_OK)
        ((eg_candidate *)finder->candidates.items)[finder->candidates.count++] = *candidate;
    return status;
}

/* Makes a candidate of a box of the present face. Returns false if its values are too large. */
static bool make_candidate(eg_extreme_search *finder, const eg_interval x[],
                           eg_candidate *candidate)
{
    const eg_problem *p = finder->problem;
    eg_interval value;
    eg_system_box(finder->system, x, candidate->box);
    memcpy(candidate->face, finder->face, sizeof candidate->face);
    for (size_t i = 0; i < p->n; i++) {
        if (!eg_iv_meet(candidate->box[i], p->outer[i]))
            return false;
        candidate->box[i] = eg_iv_intersect(candidate->box[i], p->outer[i]);
    }
    if (enclose(finder, candidate->box, &value) == EG_DOMAIN_NOWHERE)
        return false;
    candidate->low = lower_bound(finder, candidate->box);
    candidate->high = value.high;
    return candidate->low <= finder->best;
}

/* Adds the results of the search of a face. */
static eg_status add_results(eg_extreme_search *finder, eg_search *search)
{
    eg_growing clusters = {0};
    eg_status status = EG_OK;
    for (size_t i = 0; i < search->roots.count && status == EG_OK; i++) {
        eg_candidate found = {.kind = EG_CANDIDATE_ROOT, .root = *eg_search_root(search, i)};
        if (!make_candidate(finder, found.root.tight, &found))
            continue;
        try_point(finder, found.box);
        status = add_candidate(finder, &found);
    }
    if (status == EG_OK)
        status = eg_cluster_left(search, &clusters, finder->problem->error);
    const eg_cluster *items = clusters.items;
    for (size_t i = 0; i < clusters.count && status == EG_OK; i++) {
        eg_candidate left = {.kind = EG_CANDIDATE_LEFT, .low = INFINITY, .high = -INFINITY};
        for (size_t k = 0; k < items[i].boxes; k++) {
            eg_candidate part;
            if (!make_candidate(finder, eg_search_left(search, items[i].first + k)->x, &part))
                continue;
            part.kind = EG_CANDIDATE_LEFT;
            for (size_t j = 0; j < finder->problem->n && left.low < INFINITY; j++)
                part.box[j] = eg_iv_hull(part.box[j], left.box[j]);
            part.low = fmin(part.low, left.low);
            part.high = fmax(part.high, left.high);
            left = part;
        }
        if (left.low < INFINITY)
            status = add_candidate(finder, &left);
    }
    eg_free(clusters.items);
    return status;
}

/* ---- faces ---- */

/* Prepares the system of a face, whose code has a digit to the base 3 for each variable. */
static void choose_face(eg_extreme_search *finder, size_t code)
{
    const eg_problem *p = finder->problem;
    eg_system *s = finder->system;
    s->n = 0;
    for (size_t i = 0; i < p->n; i++) {
        finder->face[i] = (eg_face)(code % 3);
        code /= 3;
        if (finder->face[i] == EG_FREE)
            s->axis[s->n] = i, s->unknown[s->n++] = i;
        else
            s->fixed[i] = p->ends[i][finder->face[i] == EG_AT_HIGH];
    }
    s->partials = s->n;
}

static eg_status search_corner(eg_extreme_search *finder)
{
    eg_candidate corner = {.kind = EG_CANDIDATE_CORNER};
    try_point(finder, finder->system->fixed);
    return make_candidate(finder, NULL, &corner) ? add_candidate(finder, &corner) : EG_OK;
}

static eg_status search_face(eg_extreme_search *finder)
{
    const eg_problem *p = finder->problem;
    if (finder->system->n == 0)
        return search_corner(finder);
    eg_search search = {.ctx = p->ctx,
                        .system = finder->system,
                        .deadline = finder->deadline,
                        .most_boxes = p->options.boxes,
                        .visitor = look_at,
                        .opaque = finder};
    for (size_t i = 0; i < finder->system->n; i++)
        search.outer[i] = p->outer[finder->system->unknown[i]];
    eg_status status = eg_search_run(&search, p->error);
    if (status == EG_OK)
        status = add_results(finder, &search);
    eg_search_free(&search);
    return status;
}

/* Searches the faces with `free` free variables. */
static eg_status search_faces(eg_extreme_search *finder, size_t free)
{
    size_t faces = 1;
    eg_status status = EG_OK;
    for (size_t i = 0; i < finder->problem->n; i++)
        faces *= 3;
    for (size_t code = 0; code < faces && status == EG_OK; code++) {
        choose_face(finder, code);
        if (finder->system->n == free)
            status = search_face(finder);
    }
    return status;
}

/* Adds the critical points inside of the box, whose values are known as numbers. */
static eg_status add_solutions(eg_extreme_search *finder)
{
    const eg_solutions *result = finder->problem->result;
    eg_status status = EG_OK;
    for (size_t k = 0; k < result->count && status == EG_OK; k++) {
        const eg_solution *point = &result->points[k];
        eg_candidate candidate = {.kind = EG_CANDIDATE_POINT, .point = point};
        double bounds[2];
        eg_real_bounds(finder->problem->reals, point->value, bounds);
        if (point->border || !isfinite(bounds[0]) || !isfinite(bounds[1]))
            continue; /* those on the border are found in a face */
        for (size_t i = 0; i < finder->problem->n; i++)
            candidate.box[i] = eg_iv(point->box[i][0], point->box[i][1]);
        candidate.low = finder->sign > 0 ? bounds[0] : -bounds[1];
        candidate.high = finder->sign > 0 ? bounds[1] : -bounds[0];
        candidate.low = fmax(candidate.low, lower_bound(finder, candidate.box));
        finder->best = fmin(finder->best, candidate.high);
        status = add_candidate(finder, &candidate);
    }
    return status;
}

/* Improves the best point by steps downhill, so that few boxes are kept. */
static void walk_downhill(eg_extreme_search *finder)
{
    enum { STEPS = 200 };
    const eg_problem *p = finder->problem;
    double length = 0.1;
    for (int step = 0; step < STEPS && length > 1e-12; step++) {
        double gradient[EG_UNKNOWNS], norm = 0, before = finder->best;
        eg_interval point[EG_UNKNOWNS];
        if (!eg_polish_succeeds(p->reals, eg_expr_eval(finder->encloser->expr, finder->best_point,
                                                       NULL, gradient, NULL, NULL)))
            return;
        for (size_t i = 0; i < p->n; i++)
            norm = hypot(norm, gradient[i] * eg_iv_width(p->outer[i]));
        if (!(norm > 0 && isfinite(norm)))
            return;
        for (size_t i = 0; i < p->n; i++) {
            double side = eg_iv_width(p->outer[i]);
            double x =
                finder->best_point[i] - finder->sign * length * side * side * gradient[i] / norm;
            x = fmin(fmax(x, p->ends[i][0].high), p->ends[i][1].low);
            point[i] = eg_iv(x, x);
        }
        try_point(finder, point);
        length *= finder->best < before ? 1.5 : 0.4;
    }
}

static eg_status search_box(eg_extreme_search *finder)
{
    size_t n = finder->problem->n;
    eg_interval middle[EG_UNKNOWNS] = {{0, 0}};
    eg_status status = add_solutions(finder);
    if (status == EG_OK)
        status = search_faces(finder, 0);
    for (size_t i = 0; i < n; i++)
        middle[i].low = middle[i].high = eg_iv_middle(finder->problem->outer[i]);
    try_point(finder, middle);
    if (isfinite(finder->best) && isfinite(finder->best_point[0]))
        walk_downhill(finder);
    for (size_t free = n; free > 0 && status == EG_OK; free--)
        status = search_faces(finder, free);
    return status;
}

static eg_status find_extreme(eg_problem *problem, eg_encloser *encloser, int sign, double part,
                              eg_extreme *extreme)
{
    eg_system system = {.variables = problem->n, .function = encloser};
    eg_extreme_search finder = {.problem = problem,
                                .encloser = encloser,
                                .system = &system,
                                .sign = sign,
                                .best = INFINITY,
                                .best_point = {NAN},
                                .deadline = eg_problem_deadline(problem, part)};
    eg_status status = search_box(&finder);
    if (status == EG_OK)
        status = eg_extreme_report(&finder, extreme);
    eg_free(finder.candidates.items);
    return status;
}

eg_status eg_find_extremes(eg_problem *problem, eg_encloser *encloser)
{
    eg_status status = EG_OK;
    if (problem->result->defined == EG_DEFINED_NOWHERE)
        return EG_OK;
    status = find_extreme(problem, encloser, 1, 0.8, &problem->result->minimum);
    if (status == EG_OK)
        status = find_extreme(problem, encloser, -1, 1, &problem->result->maximum);
    return status;
}
