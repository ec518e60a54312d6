/* SPDX-License-Identifier: MIT */
/* The smallest or largest value, and its places, from the candidates of a search. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "solve/arithmetic.h"
#include "solve/hunt.h"
#include "solve/polish.h"

/* A candidate as a place, with the value there. */
typedef struct valued_place {
    eg_extreme_place place;
    eg_real value;    /* EG_REAL_NONE if only bounds are known */
    double low, high; /* bounds of sign * f */
} valued_place;

/* Drops the candidates above the best value, and what is left around an exact point whose value it
 * cannot be below. */
static void drop_worse(eg_hunt *hunt)
{
    eg_candidate *items = hunt->candidates.items;
    size_t kept = 0, n = hunt->problem->n;
    for (size_t i = 0; i < hunt->candidates.count; i++) {
        bool worse = items[i].low > hunt->best;
        for (size_t k = 0; k < hunt->candidates.count && items[i].kind == EG_CANDIDATE_LEFT; k++)
            worse |= items[k].kind != EG_CANDIDATE_LEFT && items[k].high <= items[i].low &&
                     eg_boxes_meet(items[k].box, items[i].box, n);
        if (!worse)
            items[kept++] = items[i];
    }
    hunt->candidates.count = kept;
}

/* Adds a simple point among boxes that are left, whose value may be the smallest one there. */
static eg_status add_guess(eg_hunt *hunt, const eg_candidate *left)
{
    const eg_problem *p = hunt->problem;
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
        eg_surface_prove(p->reals, hunt->encloser->expr, guess.at, &value, NULL, NULL, p->error);
    eg_real_bounds(p->reals, value, bounds);
    if (status != EG_OK || !isfinite(bounds[0]) || !isfinite(bounds[1]))
        return status;
    guess.low = hunt->sign > 0 ? bounds[0] : -bounds[1];
    guess.high = hunt->sign > 0 ? bounds[1] : -bounds[0];
    if (guess.high > left->low && guess.high > hunt->best)
        return EG_OK;
    for (size_t i = 0; i < p->n; i++) {
        eg_real_bounds(p->reals, guess.at[i], bounds);
        guess.box[i] = eg_iv(bounds[0], bounds[1]);
    }
    const eg_candidate *others = hunt->candidates.items;
    for (size_t k = 0; k < hunt->candidates.count; k++)
        if (others[k].kind != EG_CANDIDATE_LEFT && eg_boxes_meet(others[k].box, guess.box, p->n))
            return EG_OK; /* it is known */
    hunt->best = fmin(hunt->best, guess.high);
    status = eg_growing_reserve(&hunt->candidates, p->ctx, 1, sizeof guess, p->error);
    if (status == EG_OK)
        ((eg_candidate *)hunt->candidates.items)[hunt->candidates.count++] = guess;
    return status;
}

static eg_status add_guesses(eg_hunt *hunt)
{
    eg_status status = EG_OK;
    size_t count = hunt->candidates.count;
    for (size_t i = 0; i < count && status == EG_OK; i++) {
        const eg_candidate candidate = ((eg_candidate *)hunt->candidates.items)[i];
        if (candidate.kind == EG_CANDIDATE_LEFT)
            status = add_guess(hunt, &candidate);
    }
    return status;
}

/* Sets at[] to the coordinates of a critical point on a face. */
static eg_status polish_root(eg_hunt *hunt, const eg_candidate *candidate, eg_real at[])
{
    const eg_problem *p = hunt->problem;
    eg_system system = {.variables = p->n, .function = hunt->encloser};
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
static eg_status locate(eg_hunt *hunt, const eg_candidate *candidate, eg_real at[], bool *inside)
{
    const eg_problem *p = hunt->problem;
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
        status = polish_root(hunt, candidate, at);
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

static eg_status make_place(eg_hunt *hunt, const eg_candidate *candidate, valued_place *made,
                            bool *inside)
{
    const eg_problem *p = hunt->problem;
    eg_real at[EG_UNKNOWNS];
    eg_status status = locate(hunt, candidate, at, inside);
    *made = (valued_place){.value = EG_REAL_NONE, .low = candidate->low, .high = candidate->high};
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
        status = eg_surface_prove(p->reals, hunt->encloser->expr, at, &made->value, NULL, NULL,
                                  p->error);
    double bounds[2];
    eg_real_bounds(p->reals, made->value, bounds);
    if (isfinite(bounds[0]) && isfinite(bounds[1])) {
        made->low = fmax(made->low, hunt->sign > 0 ? bounds[0] : -bounds[1]);
        made->high = fmin(made->high, hunt->sign > 0 ? bounds[1] : -bounds[0]);
    }
    return status;
}

/* Returns the smaller of two numbers; the larger one for sign -1. */
static eg_real smaller(const eg_hunt *hunt, eg_real a, eg_real b)
{
    eg_reals *r = hunt->problem->reals;
    eg_real difference = eg_real_apply(r, EG_REAL_SUBTRACT, a, b);
    eg_real_sign sign = eg_real_sign_of(r, difference);
    if (sign == EG_SIGN_ZERO)
        return a;
    if (sign == EG_SIGN_POSITIVE || sign == EG_SIGN_NEGATIVE)
        return (int)sign * hunt->sign < 0 ? a : b;
    if (hunt->sign < 0)
        return eg_real_apply(r, EG_REAL_MAX, a, b);
    eg_real minus_a = eg_real_apply(r, EG_REAL_NEGATE, a, EG_REAL_NONE);
    eg_real minus_b = eg_real_apply(r, EG_REAL_NEGATE, b, EG_REAL_NONE);
    return eg_real_apply(r, EG_REAL_NEGATE, eg_real_apply(r, EG_REAL_MAX, minus_a, minus_b),
                         EG_REAL_NONE);
}

/* Keeps the places whose value may be the extreme one. */
static void keep_best(eg_hunt *hunt, valued_place *places, eg_extreme *extreme)
{
    eg_reals *r = hunt->problem->reals;
    size_t kept = 0;
    for (size_t i = 0; i < extreme->place_count; i++) {
        eg_real_sign sign = EG_SIGN_ZERO;
        if (places[i].value != EG_REAL_NONE)
            sign = eg_real_sign_of(
                r, eg_real_apply(r, EG_REAL_SUBTRACT, places[i].value, extreme->value));
        bool worse =
            (sign == EG_SIGN_POSITIVE || sign == EG_SIGN_NEGATIVE) && (int)sign * hunt->sign > 0;
        if (!worse)
            extreme->places[kept++] = places[i].place;
    }
    extreme->place_count = kept;
}

/* Returns the smallest value at the places; EG_REAL_NONE if none is known. */
static eg_real choose_value(eg_hunt *hunt, const valued_place *places, size_t count)
{
    eg_real value = EG_REAL_NONE;
    size_t best = count;
    bool below_all = true;
    for (size_t i = 0; i < count; i++)
        if (places[i].value != EG_REAL_NONE &&
            (best == count || places[i].high < places[best].high))
            best = i;
    for (size_t i = 0; i < count && best < count; i++)
        below_all = below_all && (i == best || places[i].value == EG_REAL_NONE ||
                                  places[i].low >= places[best].high);
    if (best < count && below_all)
        return places[best].value;
    for (size_t i = 0; i < count; i++)
        if (places[i].value != EG_REAL_NONE)
            value = value == EG_REAL_NONE ? places[i].value : smaller(hunt, value, places[i].value);
    return value;
}

/* Sets the value, the bounds and the places. */
static void decide(eg_hunt *hunt, valued_place *places, eg_extreme *extreme)
{
    eg_reals *r = hunt->problem->reals;
    size_t count = extreme->place_count;
    double low = INFINITY, high = hunt->best, left_low = INFINITY, value_high = INFINITY;
    extreme->value = choose_value(hunt, places, count);
    for (size_t i = 0; i < count; i++) {
        bool left = places[i].value == EG_REAL_NONE;
        low = fmin(low, places[i].low);
        high = fmin(high, places[i].high);
        left_low = left ? fmin(left_low, places[i].low) : left_low;
        value_high = left ? value_high : fmin(value_high, places[i].high);
        extreme->places[i] = places[i].place;
    }
    low = fmin(low, high);
    extreme->bounds[0] = hunt->sign > 0 ? low : -high;
    extreme->bounds[1] = hunt->sign > 0 ? high : -low;
    extreme->attained = extreme->value != EG_REAL_NONE && left_low >= value_high;
    if (extreme->attained)
        keep_best(hunt, places, extreme);
    else
        extreme->value = isfinite(low) && isfinite(high)
                             ? eg_real_between(r, extreme->bounds[0], extreme->bounds[1])
                             : EG_REAL_NONE;
}

eg_status eg_hunt_report(eg_hunt *hunt, eg_extreme *extreme)
{
    const eg_problem *p = hunt->problem;
    eg_status status = add_guesses(hunt);
    drop_worse(hunt);
    const eg_candidate *candidates = hunt->candidates.items;
    size_t count = hunt->candidates.count;
    *extreme = (eg_extreme){.value = EG_REAL_NONE};
    if (count == 0)
        return EG_OK;
    extreme->places = eg_calloc(p->ctx, count, sizeof *extreme->places, p->error);
    valued_place *places = eg_calloc(p->ctx, count, sizeof *places, p->error);
    if (!extreme->places || !places)
        status = eg_failed(p->error);
    for (size_t i = 0; i < count && status == EG_OK; i++) {
        bool inside;
        status = make_place(hunt, &candidates[i], &places[extreme->place_count], &inside);
        extreme->place_count += inside;
    }
    if (status == EG_OK && extreme->place_count > 0) {
        extreme->known = true;
        decide(hunt, places, extreme);
    }
    eg_free(places);
    return status;
}
