/* SPDX-License-Identifier: MIT */
/* Solutions that are simple numbers: a candidate is the simplest fraction in an enclosure, a
 * square root or a multiple of pi; that it is a solution is proven with exact numbers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "solve/arithmetic.h"
#include "solve/polish.h"

/* A form of a candidate: fraction, fraction of pi, square root of a fraction and its negative. */
typedef enum simple_form { SIMPLE_FRACTION, SIMPLE_PI, SIMPLE_ROOT, SIMPLE_FORMS } simple_form;

static const double largest_denominator[SIMPLE_FORMS] = {10000, 60, 100};
static const double largest_numerator = 1e6;

/* Sets *num and *den to the fraction with the smallest denominator in the interval, by its
 * continued fraction. Returns false if that is above `most`. */
static bool simplest_fraction(eg_interval x, double most, double *num, double *den)
{
    double p0 = 1, q0 = 0, p1 = floor(x.low), q1 = 1; /* convergents of both ends agree so far */
    double low = x.low, high = x.high;
    for (int step = 0; step < 40; step++) {
        double whole = floor(low);
        if (step > 0) {
            double p = whole * p1 + p0, q = whole * q1 + q0;
            p0 = p1, q0 = q1, p1 = p, q1 = q;
        }
        bool exact = low == whole;
        if (exact || floor(high) > whole) { /* the simplest is the next integer */
            double add = exact ? 0 : 1;
            *num = p1 + add * p0;
            *den = q1 + add * q0;
            return *den <= most && fabs(*num) <= largest_numerator;
        }
        if (q1 > most)
            return false;
        double next_low = 1 / (high - whole), next_high = 1 / (low - whole);
        low = next_low;
        high = next_high;
    }
    return false;
}

static eg_interval scaled(eg_interval x, simple_form form)
{
    if (form == SIMPLE_PI)
        return eg_iv_div(x, eg_interval_about(M_PI));
    return form == SIMPLE_ROOT ? eg_interval_apply(EG_OP_SQUARE, 0, x, x) : x;
}

/* Sets *number to a candidate of this form in the interval and in `within`. Returns false if there
 * is none. */
static bool make_candidate(eg_reals *reals, eg_interval x, eg_interval within, simple_form form,
                           eg_real *number)
{
    double num, den, bounds[2];
    if (!simplest_fraction(scaled(x, form), largest_denominator[form], &num, &den))
        return false;
    bool trivial = num == 0 || (form == SIMPLE_ROOT && floor(sqrt(num)) == sqrt(num) &&
                                floor(sqrt(den)) == sqrt(den));
    if (form != SIMPLE_FRACTION && trivial)
        return false;
    eg_real fraction = eg_real_apply(reals, EG_REAL_DIVIDE, eg_real_integer(reals, (int)num),
                                     eg_real_integer(reals, (int)den));
    if (form == SIMPLE_PI)
        fraction = eg_real_apply(reals, EG_REAL_MULTIPLY, eg_real_pi(reals), fraction);
    if (form == SIMPLE_ROOT)
        fraction = eg_real_apply(reals, EG_REAL_SQRT, fraction, EG_REAL_NONE);
    if (form == SIMPLE_ROOT && x.high < 0)
        fraction = eg_real_apply(reals, EG_REAL_NEGATE, fraction, EG_REAL_NONE);
    *number = fraction;
    eg_real_bounds(reals, fraction, bounds);
    return bounds[0] >= within.low && bounds[1] <= within.high;
}

bool eg_polish_fraction(eg_reals *reals, eg_interval x, eg_real *real, eg_expr **expr)
{
    static const double most = 100;
    double num, den;
    char text[64];
    if (!simplest_fraction(x, most, &num, &den))
        return false;
    snprintf(text, sizeof text, "%.0f/%.0f", num, den);
    if (eg_polish_succeeds(reals, eg_expr_parse(expr, reals->ctx, text, NULL, NULL, NULL)) &&
        eg_reals_derive(reals, *expr, NULL, real, NULL, NULL, NULL) == EG_OK)
        return true;
    eg_expr_free(*expr);
    *expr = NULL;
    return false;
}

/* Returns true if all equations hold at the point. */
static bool is_solution(const eg_polish *polish, const eg_real at[])
{
    const eg_system *s = polish->system;
    eg_real gradient[EG_EXPR_VARIABLES];
    eg_error error = {0};
    if (s->partials) {
        if (eg_reals_derive(polish->reals, s->function->expr, at, NULL, gradient, NULL, &error) !=
            EG_OK)
            return false;
        for (size_t i = 0; i < s->partials; i++)
            if (eg_real_sign_of(polish->reals, gradient[s->axis[i]]) != EG_SIGN_ZERO)
                return false;
    }
    for (size_t i = s->partials; i < s->n; i++) {
        eg_real value;
        if (eg_reals_derive(polish->reals, s->equations[i - s->partials]->expr, at, &value, NULL,
                            NULL, &error) != EG_OK ||
            eg_real_sign_of(polish->reals, value) != EG_SIGN_ZERO)
            return false;
    }
    return true;
}

bool eg_polish_try(eg_reals *reals, const eg_interval tight[], const eg_interval within[], size_t n,
                   eg_point_check *check, void *opaque, eg_real found[])
{
    enum { MOST_TRIALS = 24 };
    eg_real candidates[EG_UNKNOWNS][SIMPLE_FORMS];
    size_t counts[EG_UNKNOWNS] = {0}, total = 1;
    for (size_t i = 0; i < n; i++) {
        for (int form = 0; form < SIMPLE_FORMS; form++)
            if (make_candidate(reals, tight[i], within[i], (simple_form)form,
                               &candidates[i][counts[i]]))
                counts[i]++;
        total *= counts[i];
        if (total == 0)
            return false;
    }
    for (size_t trial = 0; trial < total && trial < MOST_TRIALS; trial++) {
        size_t rest = trial;
        for (size_t i = 0; i < n; i++) {
            found[i] = candidates[i][rest % counts[i]];
            rest /= counts[i];
        }
        if (check(opaque, found))
            return true;
    }
    return false;
}

/* A point of a system to be checked, with memory for the coordinates. */
typedef struct system_point {
    const eg_polish *polish;
    eg_real *at;
} system_point;

/* An eg_point_check. */
static bool check_system(void *opaque, const eg_real point[])
{
    const system_point *p = opaque;
    const eg_system *s = p->polish->system;
    for (size_t i = 0; i < s->n; i++)
        p->at[s->unknown[i]] = point[i];
    return is_solution(p->polish, p->at);
}

bool eg_polish_recognise(const eg_polish *polish, const eg_interval tight[],
                         const eg_interval within[], eg_real at[])
{
    system_point point = {polish, at};
    eg_real found[EG_UNKNOWNS];
    memcpy(at, polish->fixed, polish->system->variables * sizeof *at);
    return eg_polish_try(polish->reals, tight, within, polish->system->n, check_system, &point,
                         found);
}
