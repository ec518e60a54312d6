/* SPDX-License-Identifier: MIT */
/* Random expressions with their exact derivatives, and comparisons of exact numbers. */
#include "real_case.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- random cases ---- */

void derive_case(eg_context *ctx, random_case *c)
{
    const eg_reals_options options = {.bits = 1024, .seconds = 0.2};
    c->expr = parse_xyz(ctx, c->text);
    assert_int_equal(eg_reals_new(&c->reals, ctx, &options, NULL), EG_OK);
    for (int i = 0; i < N; i++)
        c->x[i] = eg_real_double(c->reals, c->point[i]);
    assert_int_equal(
        eg_reals_derive(c->reals, c->expr, c->x, &c->value, c->gradient, c->hessian, NULL), EG_OK);
}

static void make_case(eg_context *ctx, random_case *c, dice *d, int depth)
{
    random_expr(c->text, d, depth);
    for (int i = 0; i < N; i++)
        c->point[i] = roll(d, 8) == 0 ? roll(d, 5) - 2.0 : roll_between(d, -2, 3);
    derive_case(ctx, c);
}

void free_case(random_case *c)
{
    eg_reals_free(c->reals);
    eg_expr_free(c->expr);
}

void for_random_cases(eg_context *ctx, bool (*check)(random_case *c, dice *d), int depth,
                      size_t wanted)
{
    dice d = {2025};
    size_t fit = 0;
    for (size_t i = 0; i < 20 * wanted && fit < wanted; i++) {
        static random_case c;
        make_case(ctx, &c, &d, depth);
        fit += check(&c, &d);
        free_case(&c);
    }
    assert_int_equal(fit, wanted);
}

const char *where(const random_case *c)
{
    static char text[RANDOM_EXPR_SIZE + 100];
    snprintf(text, sizeof text, "%s at %.17g, %.17g, %.17g", c->text, c->point[0], c->point[1],
             c->point[2]);
    return text;
}

/* ---- exact numbers ---- */

bool has_value(const random_case *c, eg_real a)
{
    eg_decimal decimal;
    assert_int_equal(eg_real_decimal(c->reals, a, 5, &decimal, NULL), EG_OK);
    return decimal.certainty != EG_DIGITS_UNDEFINED && decimal.log10_bound < (double)INFINITY;
}

eg_real minus(const random_case *c, eg_real a, eg_real b)
{
    return eg_real_apply(c->reals, EG_REAL_SUBTRACT, a, b);
}

eg_real times(const random_case *c, eg_real a, eg_real b)
{
    return eg_real_apply(c->reals, EG_REAL_MULTIPLY, a, b);
}

eg_real plus(const random_case *c, eg_real a, eg_real b)
{
    return eg_real_apply(c->reals, EG_REAL_ADD, a, b);
}

bool is_less(const random_case *c, eg_real a, eg_real b)
{
    return eg_real_sign_of(c->reals, minus(c, a, b)) == EG_SIGN_NEGATIVE;
}

void assert_same(const random_case *c, eg_real a, eg_real b, const char *what)
{
    eg_real_sign sign = eg_real_sign_of(c->reals, minus(c, a, b));
    if (sign == EG_SIGN_ZERO || sign == EG_SIGN_UNKNOWN)
        return;
    eg_decimal first, second;
    eg_real_decimal(c->reals, a, 30, &first, NULL);
    eg_real_decimal(c->reals, b, 30, &second, NULL);
    fail_msg("%s: %s: %s and %s", where(c), what, first.text, second.text);
}

void assert_between(const random_case *c, eg_real a, const double bounds[2], const char *what)
{
    bool below = isfinite(bounds[0]) && is_less(c, a, eg_real_double(c->reals, bounds[0]));
    bool above = isfinite(bounds[1]) && is_less(c, eg_real_double(c->reals, bounds[1]), a);
    if (!below && !above && !isnan(bounds[0]) && !isnan(bounds[1]))
        return;
    eg_decimal text;
    eg_real_decimal(c->reals, a, 30, &text, NULL);
    fail_msg("%s: %s %s is not in %.17g .. %.17g", where(c), what, text.text, bounds[0], bounds[1]);
}
