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
#include "solve/hunt.h"
#include "solve/polish.h"

/* Encloses sign * f over a box. */
static eg_domain enclose(eg_hunt *hunt, const eg_interval box[], eg_interval *value)
{
    eg_domain domain = eg_enclose_value(hunt->encloser, box, value);
    if (hunt->sign < 0)
        *value = eg_iv(-value->high, -value->low);
    return domain;
}

/* Evaluates the function at a point of the box, and keeps the best one. */
static void try_point(eg_hunt *hunt, const eg_interval point[])
{
    eg_interval value;
    if (enclose(hunt, point, &value) < EG_DOMAIN_EVERYWHERE || !(value.high < hunt->best))
        return;
    hunt->best = value.high;
    for (size_t i = 0; i < hunt->problem->n; i++)
        hunt->best_point[i] = eg_iv_middle(point[i]);
}

/* Returns a lower bound of the values over a box, by its enclosure and by the mean value theorem;
 * INFINITY if there are none. */
static double lower_bound(eg_hunt *hunt, const eg_interval box[])
{
    size_t n = hunt->problem->n, axes[EG_UNKNOWNS];
    eg_interval value, gradient[EG_UNKNOWNS], middle[EG_UNKNOWNS];
    if (enclose(hunt, box, &value) == EG_DOMAIN_NOWHERE)
        return INFINITY;
    for (size_t i = 0; i < n; i++) {
        axes[i] = i;
        middle[i].low = middle[i].high = eg_iv_middle(box[i]);
    }
    if (eg_enclose_gradient(hunt->encloser, box, axes, n, NULL, gradient) < EG_DOMAIN_EVERYWHERE)
        return value.low;
    eg_interval by_slopes;
    if (eg_enclose_value(hunt->encloser, box, &by_slopes) < EG_DOMAIN_CONTINUOUS ||
        enclose(hunt, middle, &by_slopes) < EG_DOMAIN_CONTINUOUS)
        return value.low;
    for (size_t i = 0; i < n; i++) {
        eg_interval slope = gradient[i];
        if (hunt->sign < 0)
            slope = eg_iv(-slope.high, -slope.low);
        by_slopes = eg_iv_add(by_slopes, eg_iv_mul(slope, eg_iv_sub(box[i], middle[i])));
    }
    return fmax(value.low, by_slopes.low);
}

static double tolerance(const eg_hunt *hunt)
{
    return isfinite(hunt->best) ? 1e-10 * fabs(hunt->best) + 1e-14 : 0;
}

/* Discards boxes whose values are above one that was found, and leaves those whose values are not
 * below it. Where f has a jump, or an edge of its domain, the derivatives do not count: a smallest
 * value may be taken or approached there. */
static eg_visit look_at(void *opaque, const eg_interval x[], bool small)
{
    eg_hunt *hunt = opaque;
    eg_interval box[EG_UNKNOWNS], middle[EG_UNKNOWNS], value;
    eg_system_box(hunt->system, x, box);
    eg_domain domain = enclose(hunt, box, &value);
    if (domain == EG_DOMAIN_NOWHERE || value.low > hunt->best)
        return EG_VISIT_DISCARD;
    for (size_t i = 0; i < hunt->problem->n; i++) /* an end of a range need not be a double */
        middle[i] =
            hunt->face[i] == EG_FREE ? eg_iv(eg_iv_middle(box[i]), eg_iv_middle(box[i])) : box[i];
    try_point(hunt, middle);
    double low = lower_bound(hunt, box);
    if (low > hunt->best)
        return EG_VISIT_DISCARD;
    if (small && low >= hunt->best - tolerance(hunt))
        return EG_VISIT_LEAVE;
    return domain == EG_DOMAIN_CONTINUOUS ? EG_VISIT_GO_ON : EG_VISIT_DIVIDE;
}

/* ---- candidates ---- */

static eg_status add_candidate(eg_hunt *hunt, const eg_candidate *candidate)
{
    size_t n = hunt->problem->n;
    const eg_candidate *others = hunt->candidates.items;
    for (size_t k = 0; k < hunt->candidates.count && candidate->kind == EG_CANDIDATE_ROOT; k++)
        if (others[k].kind != EG_CANDIDATE_LEFT && eg_boxes_meet(others[k].box, candidate->box, n))
            return EG_OK; /* the same point, as one of a face and of its border */
    eg_status status = eg_growing_reserve(&hunt->candidates, hunt->problem->ctx, 1,
                                          sizeof *candidate, hunt->problem->error);
    if (status == EG_OK)
        ((eg_candidate *)hunt->candidates.items)[hunt->candidates.count++] = *candidate;
    return status;
}

/* Makes a candidate of a box of the present face. Returns false if its values are too large. */
static bool make_candidate(eg_hunt *hunt, const eg_interval x[], eg_candidate *candidate)
{
    const eg_problem *p = hunt->problem;
    eg_interval value;
    eg_system_box(hunt->system, x, candidate->box);
    memcpy(candidate->face, hunt->face, sizeof candidate->face);
    for (size_t i = 0; i < p->n; i++) {
        if (!eg_iv_meet(candidate->box[i], p->outer[i]))
            return false;
        candidate->box[i] = eg_iv_intersect(candidate->box[i], p->outer[i]);
    }
    if (enclose(hunt, candidate->box, &value) == EG_DOMAIN_NOWHERE)
        return false;
    candidate->low = lower_bound(hunt, candidate->box);
    candidate->high = value.high;
    return candidate->low <= hunt->best;
}

/* Adds the results of the search of a face. */
static eg_status add_results(eg_hunt *hunt, eg_search *search)
{
    eg_growing clusters = {0};
    eg_status status = EG_OK;
    for (size_t i = 0; i < search->roots.count && status == EG_OK; i++) {
        eg_candidate found = {.kind = EG_CANDIDATE_ROOT, .root = *eg_search_root(search, i)};
        if (!make_candidate(hunt, found.root.tight, &found))
            continue;
        try_point(hunt, found.box);
        status = add_candidate(hunt, &found);
    }
    if (status == EG_OK)
        status = eg_cluster_left(search, &clusters, hunt->problem->error);
    const eg_cluster *items = clusters.items;
    for (size_t i = 0; i < clusters.count && status == EG_OK; i++) {
        eg_candidate left = {.kind = EG_CANDIDATE_LEFT, .low = INFINITY, .high = -INFINITY};
        for (size_t k = 0; k < items[i].boxes; k++) {
            eg_candidate part;
            if (!make_candidate(hunt, eg_search_left(search, items[i].first + k)->x, &part))
                continue;
            part.kind = EG_CANDIDATE_LEFT;
            for (size_t j = 0; j < hunt->problem->n && left.low < INFINITY; j++)
                part.box[j] = eg_iv_hull(part.box[j], left.box[j]);
            part.low = fmin(part.low, left.low);
            part.high = fmax(part.high, left.high);
            left = part;
        }
        if (left.low < INFINITY)
            status = add_candidate(hunt, &left);
    }
    eg_free(clusters.items);
    return status;
}

/* ---- faces ---- */

/* Prepares the system of a face, whose code has a digit to the base 3 for each variable. */
static void choose_face(eg_hunt *hunt, size_t code)
{
    const eg_problem *p = hunt->problem;
    eg_system *s = hunt->system;
    s->n = 0;
    for (size_t i = 0; i < p->n; i++) {
        hunt->face[i] = (eg_face)(code % 3);
        code /= 3;
        if (hunt->face[i] == EG_FREE)
            s->axis[s->n] = i, s->unknown[s->n++] = i;
        else
            s->fixed[i] = p->ends[i][hunt->face[i] == EG_AT_HIGH];
    }
    s->partials = s->n;
}

static eg_status search_corner(eg_hunt *hunt)
{
    eg_candidate corner = {.kind = EG_CANDIDATE_CORNER};
    try_point(hunt, hunt->system->fixed);
    return make_candidate(hunt, NULL, &corner) ? add_candidate(hunt, &corner) : EG_OK;
}

static eg_status search_face(eg_hunt *hunt)
{
    const eg_problem *p = hunt->problem;
    if (hunt->system->n == 0)
        return search_corner(hunt);
    eg_search search = {.ctx = p->ctx,
                        .system = hunt->system,
                        .deadline = hunt->deadline,
                        .most_boxes = p->options.boxes,
                        .visitor = look_at,
                        .opaque = hunt};
    for (size_t i = 0; i < hunt->system->n; i++)
        search.outer[i] = p->outer[hunt->system->unknown[i]];
    eg_status status = eg_search_run(&search, p->error);
    if (status == EG_OK)
        status = add_results(hunt, &search);
    eg_search_free(&search);
    return status;
}

/* Searches the faces with `free` free variables. */
static eg_status search_faces(eg_hunt *hunt, size_t free)
{
    size_t faces = 1;
    eg_status status = EG_OK;
    for (size_t i = 0; i < hunt->problem->n; i++)
        faces *= 3;
    for (size_t code = 0; code < faces && status == EG_OK; code++) {
        choose_face(hunt, code);
        if (hunt->system->n == free)
            status = search_face(hunt);
    }
    return status;
}

/* Adds the critical points inside of the box, whose values are known as numbers. */
static eg_status add_solutions(eg_hunt *hunt)
{
    const eg_solutions *result = hunt->problem->result;
    eg_status status = EG_OK;
    for (size_t k = 0; k < result->count && status == EG_OK; k++) {
        const eg_solution *point = &result->points[k];
        eg_candidate candidate = {.kind = EG_CANDIDATE_POINT, .point = point};
        double bounds[2];
        eg_real_bounds(hunt->problem->reals, point->value, bounds);
        if (point->border || !isfinite(bounds[0]) || !isfinite(bounds[1]))
            continue; /* those on the border are found in a face */
        for (size_t i = 0; i < hunt->problem->n; i++)
            candidate.box[i] = eg_iv(point->box[i][0], point->box[i][1]);
        candidate.low = hunt->sign > 0 ? bounds[0] : -bounds[1];
        candidate.high = hunt->sign > 0 ? bounds[1] : -bounds[0];
        candidate.low = fmax(candidate.low, lower_bound(hunt, candidate.box));
        hunt->best = fmin(hunt->best, candidate.high);
        status = add_candidate(hunt, &candidate);
    }
    return status;
}

/* Improves the best point by steps downhill, so that few boxes are kept. */
static void walk_downhill(eg_hunt *hunt)
{
    enum { STEPS = 200 };
    const eg_problem *p = hunt->problem;
    double length = 0.1;
    for (int step = 0; step < STEPS && length > 1e-12; step++) {
        double gradient[EG_UNKNOWNS], norm = 0, before = hunt->best;
        eg_interval point[EG_UNKNOWNS];
        if (!eg_polish_succeeds(p->reals, eg_expr_eval(hunt->encloser->expr, hunt->best_point, NULL,
                                                       gradient, NULL, NULL)))
            return;
        for (size_t i = 0; i < p->n; i++)
            norm = hypot(norm, gradient[i] * eg_iv_width(p->outer[i]));
        if (!(norm > 0 && isfinite(norm)))
            return;
        for (size_t i = 0; i < p->n; i++) {
            double side = eg_iv_width(p->outer[i]);
            double x = hunt->best_point[i] - hunt->sign * length * side * side * gradient[i] / norm;
            x = fmin(fmax(x, p->ends[i][0].high), p->ends[i][1].low);
            point[i] = eg_iv(x, x);
        }
        try_point(hunt, point);
        length *= hunt->best < before ? 1.5 : 0.4;
    }
}

static eg_status search_box(eg_hunt *hunt)
{
    size_t n = hunt->problem->n;
    eg_interval middle[EG_UNKNOWNS];
    eg_status status = add_solutions(hunt);
    if (status == EG_OK)
        status = search_faces(hunt, 0);
    for (size_t i = 0; i < n; i++)
        middle[i].low = middle[i].high = eg_iv_middle(hunt->problem->outer[i]);
    try_point(hunt, middle);
    if (isfinite(hunt->best) && isfinite(hunt->best_point[0]))
        walk_downhill(hunt);
    for (size_t free = n; free > 0 && status == EG_OK; free--)
        status = search_faces(hunt, free);
    return status;
}

static eg_status find_extreme(eg_problem *problem, eg_encloser *encloser, int sign, double part,
                              eg_extreme *extreme)
{
    eg_system system = {.variables = problem->n, .function = encloser};
    eg_hunt hunt = {.problem = problem,
                    .encloser = encloser,
                    .system = &system,
                    .sign = sign,
                    .best = INFINITY,
                    .best_point = {NAN},
                    .deadline = eg_problem_deadline(problem, part)};
    eg_status status = search_box(&hunt);
    if (status == EG_OK)
        status = eg_hunt_report(&hunt, extreme);
    eg_free(hunt.candidates.items);
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
