/* SPDX-License-Identifier: MIT */
/* Exact real numbers: digits that mpmath computed, signs, and proven equalities. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/context.h"
#include "files.h"

static eg_context *ctx;
static eg_reals *reals;

static int open_context(void **state)
{
    (void)state;
    ctx = test_context(1, 0, NULL);
    return eg_reals_new(&reals, ctx, NULL, NULL) == EG_OK ? 0 : -1;
}

static int free_context(void **state)
{
    (void)state;
    eg_reals_free(reals);
    close_context(ctx); /* fails if memory leaks */
    return 0;
}

static bool have_balls(void)
{
    return strcmp(eg_reals_arithmetic(reals), "ball") == 0;
}

static eg_real parse_real(eg_reals *set, const char *text)
{
    eg_real real = EG_REAL_NONE;
    eg_expr *expr = parse_expr(ctx, text);
    assert_int_equal(eg_reals_derive(set, expr, NULL, &real, NULL, NULL, NULL), EG_OK);
    eg_expr_free(expr);
    return real;
}

/* ---- digits ---- */

/* 50 digits by mpmath. */
static const struct {
    const char *text, *digits;
} values[] = {
    {"pi", "3.1415926535897932384626433832795028841971693993751"},
    {"exp(pi*sqrt(163))", "262537412640768743.99999999999925007259719818568888"},
    {"sin(1e22)", "-0.85220084976718880177270589375302936826176215041004"},
    {"erf(1/3)", "0.36264811176606293340817864014786587969214159037254"},
    {"erfc(30)", "2.5646562037561116000333972775014471465488897227786e-393"},
    {"atan2(-1,-2)", "-2.677945044588987122248387151818288482168632345089"},
    {"cbrt(-10)", "-2.1544346900318837217592935665193504952593449421921"},
    {"2^0.1", "1.0717734625362931642130063250233420229063846049776"},
    {"log(1+1e-40)", "9.9999999999999999999999999999999999999995e-41"},
    {"acosh(1+1e-30)", "1.4142135623730950488016887242095802274394741174562e-15"},
    {"tanh(50)-1", "-7.4401519520416719259193916077262366747177843079743e-44"},
    {"tan(11)", "-225.95084645419514202579548320345315395165750988513"},
    {"sqrt(2)^sqrt(3)", "1.8226346549662422143937682155941423788288842047026"},
    {"asinh(1e10)", "23.718998110500402149599646668301818644086505645648"},
    {"hypot(1/3,1/7)", "0.36265586218399563265054338224563442882670026631174"},
    {"(1/3)^(-5/2)", "15.588457268119895641747017073552851302485247284293"},
    {"log10(2)", "0.30102999566398119521373889472449302676818988146211"},
    {"exp(-1000)", "5.0759588975494567652918094795743369193055992828928e-435"},
    {"cosh(1)-sinh(1)", "0.36787944117144232159552377016146086744581113103177"},
    {"0.1+0.2", "0.3"},
    {"1e23-1e23+1e-30", "1e-30"},
    {"floor(1e15+0.7)+ceil(-0.2)", "1000000000000000"},
    {"(1e16+1)-1e16", "1"},
};

static void test_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(values) && have_balls(); i++) {
        eg_decimal decimal;
        eg_real real = parse_real(reals, values[i].text);
        assert_int_equal(eg_real_decimal(reals, real, 50, &decimal, NULL), EG_OK);
        assert_int_equal(decimal.certainty, EG_DIGITS_PROVEN);
        if (strcmp(decimal.text, values[i].digits) != 0)
            fail_msg("%s: %s, not %s", values[i].text, decimal.text, values[i].digits);
        double nearest = strtod(values[i].digits, NULL);
        assert_true(fabs(eg_real_approximate(reals, real) - nearest) <= 1e-15 * fabs(nearest));
    }
}

/* Digits of any count agree with those of a higher count, rounded. */
static void test_counts_of_digits(void **state)
{
    (void)state;
    static const int counts[] = {1, 2, 7, 17, 100, 1000};
    eg_decimal longest, decimal;
    eg_real real = parse_real(reals, "exp(1)/3");
    if (!have_balls())
        return;
    assert_int_equal(eg_real_decimal(reals, real, EG_REAL_DIGITS, &longest, NULL), EG_OK);
    for (size_t i = 0; i < COUNT(counts); i++) {
        assert_int_equal(eg_real_decimal(reals, real, counts[i], &decimal, NULL), EG_OK);
        size_t common = strlen(decimal.text) > 3 ? strlen(decimal.text) - 2 : 1;
        assert_int_equal(decimal.certainty, EG_DIGITS_PROVEN);
        assert_true(strlen(decimal.text) <= (size_t)counts[i] + 2);
        assert_memory_equal(decimal.text, longest.text, common);
    }
}

/* ---- signs ---- */

static const struct {
    const char *text;
    eg_real_sign sign;
} signs[] = {
    /* proven equalities of algebraic numbers */
    {"sqrt(2)+sqrt(3)-sqrt(5+2*sqrt(6))", EG_SIGN_ZERO},
    {"cbrt(2+sqrt(5))+cbrt(2-sqrt(5))-1", EG_SIGN_ZERO},
    {"sqrt(2)*sqrt(3)-sqrt(6)", EG_SIGN_ZERO},
    {"2^(1/3)*4^(1/3)-2", EG_SIGN_ZERO},
    {"cos(pi/5)-(1+sqrt(5))/4", EG_SIGN_ZERO},
    {"cos(pi/7)-cos(2*pi/7)+cos(3*pi/7)-1/2", EG_SIGN_ZERO},
    {"sin(pi/12)-(sqrt(6)-sqrt(2))/4", EG_SIGN_ZERO},
    {"sin(pi)", EG_SIGN_ZERO},
    {"cos(pi/2)", EG_SIGN_ZERO},
    {"tan(pi/4)-1", EG_SIGN_ZERO},
    {"acos(-1)-pi", EG_SIGN_ZERO},
    {"atan2(0,-2)-pi", EG_SIGN_ZERO},
    {"4*atan(1)-pi", EG_SIGN_ZERO},
    {"0.1+0.2-0.3", EG_SIGN_ZERO},
    {"1/3+1/3+1/3-1", EG_SIGN_ZERO},
    {"log(1)", EG_SIGN_ZERO},
    {"abs(sqrt(8)-2*sqrt(2))", EG_SIGN_ZERO},
    /* tiny, but not 0 */
    {"sqrt(2)+sqrt(3)-sqrt(5+2*sqrt(6))+1e-100", EG_SIGN_POSITIVE},
    {"cos(pi/7)-cos(2*pi/7)+cos(3*pi/7)-1/2-1e-200", EG_SIGN_NEGATIVE},
    {"exp(pi*sqrt(163))-262537412640768744", EG_SIGN_NEGATIVE},
    {"sin(1)^2+cos(1)^2-1+1e-1000", EG_SIGN_POSITIVE},
    {"tanh(1000)-1", EG_SIGN_NEGATIVE},
    {"erfc(100)", EG_SIGN_POSITIVE},
    {"1e-400", EG_SIGN_POSITIVE},
    {"355/113-pi", EG_SIGN_POSITIVE},
    /* without a value */
    {"1/(sqrt(2)*sqrt(3)-sqrt(6))", EG_SIGN_UNDEFINED},
    {"log(sqrt(8)-2*sqrt(2))", EG_SIGN_UNDEFINED},
    {"sqrt(-1e-300)", EG_SIGN_UNDEFINED},
    {"tan(pi/2)", EG_SIGN_UNDEFINED},
    {"acos(1+1e-50)", EG_SIGN_UNDEFINED},
    {"atan2(0,0)", EG_SIGN_UNDEFINED},
};

static void test_signs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(signs) && have_balls(); i++) {
        eg_real_sign sign = eg_real_sign_of(reals, parse_real(reals, signs[i].text));
        if (sign != signs[i].sign)
            fail_msg("%s: %d, not %d", signs[i].text, (int)sign, (int)signs[i].sign);
    }
}

/* Transcendental numbers that cancel by their form are 0; numbers that only look so to a low
 * precision are not, as sqrt(a^2) + a of a tiny positive a. */
static void test_identities(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        eg_real_sign sign;
    } cases[] = {
        {"sin(1)^2+cos(1)^2-1", EG_SIGN_ZERO},
        {"cosh(2)^2-sinh(2)^2-1", EG_SIGN_ZERO},
        {"exp(1/3)*sin(2)/exp(1/3)-sin(2)", EG_SIGN_ZERO},
        {"sqrt(sin(1)^2+3)^2-sin(1)^2-3", EG_SIGN_ZERO},
        {"hypot(sin(1),2)^2-sin(1)^2-4", EG_SIGN_ZERO},
        {"tan(3)*cos(3)-sin(3)", EG_SIGN_ZERO},
        {"if(1<2,sin(4),log(-1))-sin(4)", EG_SIGN_ZERO},
        {"sqrt((1e9*sin(1)+1e-30-1e9*sin(1))^2)+(1e9*sin(1)+1e-30-1e9*sin(1))", EG_SIGN_POSITIVE},
        {"sin(1)^2+cos(1)^2-1+exp(-200)", EG_SIGN_POSITIVE},
        {"exp(1)*1e-40-sin(1)*1e-40", EG_SIGN_POSITIVE},
    };
    for (size_t i = 0; have_balls() && i < COUNT(cases); i++) {
        eg_reals *set;
        assert_int_equal(eg_reals_new(&set, ctx, NULL, NULL), EG_OK);
        if (eg_real_sign_of(set, parse_real(set, cases[i].text)) != cases[i].sign)
            fail_msg("the sign of %s", cases[i].text);
        eg_reals_free(set);
    }
}

/* An equality of transcendental numbers stays open, within a bounded time, and a bound is told. */
static void test_open_equality(void **state)
{
    (void)state;
    eg_decimal decimal;
    eg_reals *set;
    eg_reals_options options = {.seconds = 0.2};
    assert_int_equal(eg_reals_new(&set, ctx, &options, NULL), EG_OK);
    eg_real zero = parse_real(set, "exp(3*log(2))-8");
    double start = eg_seconds();
    assert_int_equal(eg_real_sign_of(set, zero), EG_SIGN_UNKNOWN);
    assert_true(eg_seconds() - start < 1);
    assert_int_equal(eg_real_decimal(set, zero, 5, &decimal, NULL), EG_OK);
    assert_int_equal(decimal.certainty, EG_DIGITS_UNKNOWN);
    assert_true(decimal.log10_bound < (have_balls() ? -500 : -10));
    eg_reals_free(set);
}

/* Without Arb the digits are fewer, never wrong. */
static void test_intervals(void **state)
{
    (void)state;
    eg_reals *set;
    eg_reals_options options = {.doubles = true};
    assert_int_equal(eg_reals_new(&set, ctx, &options, NULL), EG_OK);
    assert_string_equal(eg_reals_arithmetic(set), "interval");
    for (size_t i = 0; i < COUNT(values); i++) {
        eg_decimal decimal;
        eg_real real = parse_real(set, values[i].text);
        assert_int_equal(eg_real_decimal(set, real, 7, &decimal, NULL), EG_OK);
        if (decimal.certainty == EG_DIGITS_PROVEN)
            assert_true(fabs(strtod(decimal.text, NULL) - strtod(values[i].digits, NULL)) <=
                        6e-7 * fabs(strtod(values[i].digits, NULL)));
    }
    for (size_t i = 0; i < COUNT(signs); i++) {
        eg_real_sign sign = eg_real_sign_of(set, parse_real(set, signs[i].text));
        if (sign != signs[i].sign && sign != EG_SIGN_UNKNOWN)
            fail_msg("%s: %d, not %d", signs[i].text, (int)sign, (int)signs[i].sign);
    }
    eg_reals_free(set);
}

/* ---- derivatives ---- */

static void test_derivatives(void **state)
{
    (void)state;
    eg_expr *f = parse_expr(ctx, "x^3*y+sin(x*y)");
    eg_real point[2] = {parse_real(reals, "1/3"), parse_real(reals, "pi")}, value, gradient[2],
            hessian[4];
    assert_int_equal(eg_reals_derive(reals, f, point, &value, gradient, hessian, NULL), EG_OK);
    assert_close(eg_real_approximate(reals, value), M_PI / 27 + sin(M_PI / 3), 1e-15);
    assert_close(eg_real_approximate(reals, gradient[0]), M_PI / 3 + M_PI * cos(M_PI / 3), 1e-15);
    assert_close(eg_real_approximate(reals, gradient[1]), 1. / 27 + cos(M_PI / 3) / 3, 1e-15);
    assert_close(eg_real_approximate(reals, hessian[1]) - eg_real_approximate(reals, hessian[2]), 0,
                 1e-15);
    assert_close(eg_real_approximate(reals, hessian[3]), -sin(M_PI / 3) / 9, 1e-15);
    eg_expr_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digits),        cmocka_unit_test(test_counts_of_digits),
        cmocka_unit_test(test_signs),         cmocka_unit_test(test_identities),
        cmocka_unit_test(test_open_equality), cmocka_unit_test(test_intervals),
        cmocka_unit_test(test_derivatives),
    };
    return cmocka_run_group_tests_name("real", tests, open_context, free_context);
}
