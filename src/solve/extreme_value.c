/* SPDX-License-Identifier: MIT */
/* The smallest or largest value, from the places where it may be taken. */
#include "solve/extreme_value.h"

#include <math.h>

/* Choice among values: the smallest value for the sign 1, the largest one for -1. */
typedef struct choice {
    const eg_problem *problem;
    int sign;
} choice;

/* Returns the smaller of two numbers; the larger one for sign -1. */
static eg_real smaller(const choice *c, eg_real a, eg_real b)
{
    eg_reals *r = c->problem->reals;
    eg_real difference = eg_real_apply(r, EG_REAL_SUBTRACT, a, b);
    eg_real_sign sign = eg_real_sign_of(r, difference);
    if (sign == EG_SIGN_ZERO)
        return a;
    if (sign == EG_SIGN_POSITIVE || sign == EG_SIGN_NEGATIVE)
        return (int)sign * c->sign < 0 ? a : b;
    if (c->sign < 0)
        return eg_real_apply(r, EG_REAL_MAX, a, b);
    eg_real minus_a = eg_real_apply(r, EG_REAL_NEGATE, a, EG_REAL_NONE);
    eg_real minus_b = eg_real_apply(r, EG_REAL_NEGATE, b, EG_REAL_NONE);
    return eg_real_apply(r, EG_REAL_NEGATE, eg_real_apply(r, EG_REAL_MAX, minus_a, minus_b),
                         EG_REAL_NONE);
}

/* Returns true if a place has a value above `value`, or above the upper bound `high` of sign * f.
 */
static bool is_worse(const choice *c, const eg_valued_place *place, eg_real value, double high)
{
    eg_reals *r = c->problem->reals;
    if (place->low > high)
        return true;
    if (place->value == EG_REAL_NONE || value == EG_REAL_NONE)
        return false;
    eg_real_sign sign = eg_real_sign_of(r, eg_real_apply(r, EG_REAL_SUBTRACT, place->value, value));
    return (sign == EG_SIGN_POSITIVE || sign == EG_SIGN_NEGATIVE) && (int)sign * c->sign > 0;
}

/* Keeps the places whose value may be the extreme one. */
static void keep_best(const choice *c, const eg_valued_place *places, double high,
                      eg_extreme *extreme)
{
    size_t kept = 0;
    for (size_t i = 0; i < extreme->place_count; i++)
        if (!is_worse(c, &places[i], extreme->value, high))
            extreme->places[kept++] = places[i].place;
    extreme->place_count = kept;
}

/* Returns the smallest value at the places; EG_REAL_NONE if none is known. */
static eg_real choose_value(const choice *c, const eg_valued_place *places, size_t count)
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
            value = value == EG_REAL_NONE ? places[i].value : smaller(c, value, places[i].value);
    return value;
}

void eg_decide_extreme(eg_problem *problem, int sign, double best, const eg_valued_place *places,
                       eg_extreme *extreme)
{
    const choice choose = {problem, sign}, *c = &choose;
    eg_reals *r = c->problem->reals;
    size_t count = extreme->place_count;
    double low = INFINITY, high = best, left_low = INFINITY, value_high = INFINITY;
    extreme->value = choose_value(c, places, count);
    for (size_t i = 0; i < count; i++) {
        bool left = places[i].value == EG_REAL_NONE;
        low = fmin(low, places[i].low);
        high = fmin(high, places[i].high);
        left_low = left ? fmin(left_low, places[i].low) : left_low;
        value_high = left ? value_high : fmin(value_high, places[i].high);
    }
    low = fmin(low, high);
    extreme->bounds[0] = c->sign > 0 ? low : -high;
    extreme->bounds[1] = c->sign > 0 ? high : -low;
    extreme->attained = extreme->value != EG_REAL_NONE && left_low >= value_high;
    keep_best(c, places, high, extreme);
    if (!extreme->attained)
        extreme->value = isfinite(low) && isfinite(high)
                             ? eg_real_between(r, extreme->bounds[0], extreme->bounds[1])
                             : EG_REAL_NONE;
}
