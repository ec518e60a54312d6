/* SPDX-License-Identifier: MIT */
/* The smallest or largest value, and its places, from the candidates of a search. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "solve/arithmetic.h"
#include "solve/extreme_search.h"
#include "solve/extreme_value.h"
#include "solve/polish.h"

/* Returns true if a candidate is a small part of the box. */
static bool is_small(const eg_extreme_search *finder, const eg_candidate *candidate)
{
    for (size_t i = 0; i < finder->problem->n; i++)
        if (eg_iv_width(candidate->box[i]) > 0.01 * eg_iv_width(finder->problem->outer[i]))
            return false;
    return true;
}

/* Drops the candidates above the best value, and what is left around an exact point whose value it
 * cannot be below. */
static void drop_worse(eg_extreme_search *finder)
{
    eg_candidate *items = finder->candidates.items;
    size_t kept = 0, n = finder->problem->n;
    for (size_t i = 0; i < finder->candidates.count; i++) {
        bool worse = items[i].low > finder->best;
        bool part = items[i].kind == EG_CANDIDATE_LEFT && is_small(finder, &items[i]);
        for (size_t k = 0; k < finder->candidates.count && part; k++)
            worse |= items[k].kind != EG_CANDIDATE_LEFT && items[k].high <= items[i].low &&
                     eg_boxes_meet(items[k].box, items[i].box, n);
        if (!worse)
            items[kept++] = items[i];
    }
    finder->candidates.count = kept;
}

/* Adds a simple point among boxes that are left, whose value may be the smallest one there. */
static eg_status add_guess(eg_extreme_search *finder, const eg_candidate *left)
{
    const eg_problem *p = finder->problem;
    eg_candidate guess = *left;
    double bounds[2];
    eg_real value;
    guess.kind = EG_CANDIDATE_GUESS;
    for (size_t i = 0; i < p->n; i++) {
        eg_expr *expr = NULL;
        eg_interval inner = {p->ends[i][0].high, p->ends[i][1].low};
        guess.at[i] = left->face[i] == EG_AT_HIGH ? p->high[i] : p->low[i];
        if (left->face[i] != EG_FREE)
            continue;
        if (!eg_iv_meet(left->box[i], inner) ||
            !eg_polish_fraction(p->reals, eg_iv_intersect(left->box[i], inner), &guess.at[i],
                                &expr))
            return EG_OK;
        eg_expr_free(expr);
    }
    eg_status status =
        eg_surface_prove(p->reals, finder->encloser->expr, guess.at, &value, NULL, NULL, p->error);
    if (status != EG_OK)
        return status;
    eg_real_bounds(p->reals, value, bounds);
    if (!isfinite(bounds[0]) || !isfinite(bounds[1]))
        return EG_OK;
    guess.low = finder->sign > 0 ? bounds[0] : -bounds[1];
    guess.high = finder->sign > 0 ? bounds[1] : -bounds[0];
    if (guess.high > left->low && guess.high > finder->best)
        return EG_OK;
    for (size_t i = 0; i < p->n; i++) {
        eg_real_bounds(p->reals, guess.at[i], bounds);
        guess.box[i] = eg_iv(bounds[0], bounds[1]);
    }
    const eg_candidate *others = finder->candidates.items;
    for (size_t k = 0; k < finder->candidates.count; k++)
        if (others[k].kind != EG_CANDIDATE_LEFT && eg_boxes_meet(others[k].box, guess.box, p->n))
            return EG_OK; /* it is known */
    finder->best = fmin(finder->best, guess.high);
    status = eg_growing_reserve(&finder->candidates, p->ctx, 1, sizeof guess, p->error);
    if (status == EG_OK)
        ((eg_candidate *)finder->candidates.items)[finder->candidates.count++] = guess;
    return status;
}

static eg_status add_guesses(eg_extreme_search *finder)
{
    eg_status status = EG_OK;
    size_t count = finder->candidates.count;
    for (size_t i = 0; i < count && status == EG_OK; i++) {
        const eg_candidate candidate = ((eg_candidate *)finder->candidates.items)[i];
        if (candidate.kind == EG_CANDIDATE_LEFT)
            status = add_guess(finder, &candidate);
    }
    return status;
}

/* Sets at[] to the coordinates of a critical point on a face. */
static eg_status polish_root(eg_extreme_search *finder, const eg_candidate *candidate, eg_real at[])
{
    const eg_problem *p = finder->problem;
    eg_system system = {.variables = p->n, .function = finder->encloser};
    eg_real fixed[EG_UNKNOWNS];
    for (size_t i = 0; i < p->n; i++) {
        fixed[i] = candidate->face[i] == EG_AT_HIGH ? p->high[i] : p->low[i];
        system.fixed[i] = p->ends[i][candidate->face[i] == EG_AT_HIGH];
        if (candidate->face[i] == EG_FREE)
            system.axis[system.n] = i, system.unknown[system.n++] = i;
    }
    system.partials = system.n;
    eg_polish polish = {p->reals, &system, fixed, p->options.digits, p->error};
    bool exact;
    return eg_polish_solve(&polish, &candidate->root, at, &exact);
}

/* Sets the coordinates of a place. Returns false in *inside if it turns out to be outside. */
static eg_status locate(eg_extreme_search *finder, const eg_candidate *candidate, eg_real at[],
                        bool *inside)
{
    const eg_problem *p = finder->problem;
    eg_status status = EG_OK;
    *inside = true;
    for (size_t i = 0; i < p->n; i++)
        at[i] = EG_REAL_NONE;
    if (candidate->kind == EG_CANDIDATE_POINT)
        memcpy(at, candidate->point->at, p->n * sizeof *at);
    else if (candidate->kind == EG_CANDIDATE_GUESS)
        memcpy(at, candidate->at, p->n * sizeof *at);
    else if (candidate->kind == EG_CANDIDATE_CORNER)
        for (size_t i = 0; i < p->n; i++)
            at[i] = candidate->face[i] == EG_AT_HIGH ? p->high[i] : p->low[i];
    else if (candidate->kind == EG_CANDIDATE_ROOT)
        status = polish_root(finder, candidate, at);
    if (status != EG_OK || candidate->kind != EG_CANDIDATE_ROOT)
        return status;
    for (size_t i = 0; i < p->n && *inside; i++) /* a free coordinate may be beyond its range */
        for (int side = 0; side < 2 && candidate->face[i] == EG_FREE; side++) {
            if (!eg_iv_meet(candidate->box[i], p->ends[i][side]))
                continue;
            eg_real difference =
                eg_real_apply(p->reals, EG_REAL_SUBTRACT, at[i], side ? p->high[i] : p->low[i]);
            eg_real_sign sign = eg_real_sign_of(p->reals, difference);
            *inside = *inside && sign != (side ? EG_SIGN_POSITIVE : EG_SIGN_NEGATIVE);
        }
    return status;
}

static eg_status make_place(eg_extreme_search *finder, const eg_candidate *candidate,
                            eg_valued_place *made, bool *inside)
{
    const eg_problem *p = finder->problem;
    eg_real at[EG_UNKNOWNS];
    eg_status status = locate(finder, candidate, at, inside);
    *made =
        (eg_valued_place){.value = EG_REAL_NONE, .low = candidate->low, .high = candidate->high};
    memcpy(made->place.at, at, p->n * sizeof *at);
    for (size_t i = 0; i < p->n; i++) {
        made->place.box[i][0] = candidate->box[i].low;
        made->place.box[i][1] = candidate->box[i].high;
        made->place.low |= (unsigned)(candidate->face[i] == EG_AT_LOW) << i;
        made->place.high |= (unsigned)(candidate->face[i] == EG_AT_HIGH) << i;
    }
    if (candidate->kind == EG_CANDIDATE_POINT)
        made->value = candidate->point->value;
    else if (candidate->kind != EG_CANDIDATE_LEFT && status == EG_OK)
        status = eg_surface_prove(p->reals, finder->encloser->expr, at, &made->value, NULL, NULL,
                                  p->error);
    double bounds[2];
    if (status != EG_OK)
        return status;
    eg_real_bounds(p->reals, made->value, bounds);
    if (isfinite(bounds[0]) && isfinite(bounds[1])) {
        made->low = fmax(made->low, finder->sign > 0 ? bounds[0] : -bounds[1]);
        made->high = fmin(made->high, finder->sign > 0 ? bounds[1] : -bounds[0]);
    }
    return status;
}

eg_status eg_extreme_report(eg_extreme_search *finder, eg_extreme *extreme)
{
    eg_problem *p = finder->problem;
    eg_status status = add_guesses(finder);
    drop_worse(finder);
    const eg_candidate *candidates = finder->candidates.items;
    size_t count = finder->candidates.count;
    *extreme = (eg_extreme){.value = EG_REAL_NONE};
    if (count == 0)
        return EG_OK;
    extreme->places = eg_calloc(p->ctx, count, sizeof *extreme->places, p->error);
    eg_valued_place *places = eg_calloc(p->ctx, count, sizeof *places, p->error);
    if (!extreme->places || !places)
        status = eg_failed(p->error);
    for (size_t i = 0; i < count && status == EG_OK; i++) {
        bool inside;
        status = make_place(finder, &candidates[i], &places[extreme->place_count], &inside);
        extreme->place_count += inside;
    }
    if (status == EG_OK && extreme->place_count > 0) {
        extreme->known = true;
        eg_decide_extreme(p, finder->sign, finder->best, places, extreme);
    }
    eg_free(places);
    return status;
}
