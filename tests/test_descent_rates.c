/* SPDX-License-Identifier: MIT */
/* Tests the rates of descents: slow divergence, automatic rates, the domain, scales, schedules. */
#include <math.h>
#include <string.h>

#include "descents.h"
#include "files.h"

#define VALLEY "x^2+10y^2"

enum { MAX_STEPS = 20000 };

static eg_context *ctx;

static int open_context(void **state)
{
    (void)state;
    ctx = test_context(1, 0, NULL);
    return 0;
}

static int shut_context(void **state)
{
    (void)state;
    close_context(ctx); /* complains of leaks */
    return 0;
}

static eg_descent_result run(const char *text, double x[], const eg_descent_options *options)
{
    return descend(ctx, text, x, options);
}

/* ---- divergence ---- */

/* The error of a rate slightly above the limit grows slowly: by 1.1 or less a step. */
static void test_slow_divergence(void **state)
{
    static const struct {
        const char *text;
        double start[2];
        eg_method method;
        double rate, momentum, limit;
        size_t steps;
    } runs[] = {
        {"x^2+0*y", {1, 1}, EG_METHOD_GD, 1.05, NAN, 1, 12},
        {"x^2+0*y", {1, 1}, EG_METHOD_GD, 1.01, NAN, 1, 10},
        {VALLEY, {5, 1e-10}, EG_METHOD_GD, 0.105, NAN, 0.1, 20}, /* the value still falls */
        {"x^2+0*y", {1, 1}, EG_METHOD_MOMENTUM, 1.95, 0.9, 1.9, 60},
        {VALLEY, {5, 1e-10}, EG_METHOD_MOMENTUM, 0.198, 0.9, 0.19, 20},
        {"x^2+0*y", {1, 1}, EG_METHOD_HEAVY_BALL, 1.6, 0.5, 1.5, 30},
        {"x^2+0*y", {1, 1}, EG_METHOD_NESTEROV, 0.7, 0.9, 3.8 / 2.8 / 2, 60},
        {"cosh(x)+0*y", {0.1, 1}, EG_METHOD_GD, 2.1, NAN, 2, 20},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(runs); i++) {
        double x[2] = {runs[i].start[0], runs[i].start[1]};
        eg_descent_options o = options_of(runs[i].method, runs[i].rate, runs[i].steps);
        o.momentum = runs[i].momentum;
        eg_descent_result r = run(runs[i].text, x, &o);
        if (r.outcome != EG_DIVERGES || !has_remark(&r, "exceeds"))
            fail_msg("run %zu: outcome %d", i, (int)r.outcome);
        assert_close(r.rate_limit, runs[i].limit, 1e-2);
        assert_true(r.advice.exists);
    }
}

/* Polyak's steps grow at first below the limit too, to about 2/(1 - momentum) times the first. */
static void test_momentum_below_its_limit(void **state)
{
    static const struct {
        const char *text;
        eg_method method;
        double rate, momentum;
    } runs[] = {
        {VALLEY, EG_METHOD_MOMENTUM, 0.188, 0.9},
        {VALLEY, EG_METHOD_MOMENTUM, 0.1899, 0.9},
        {VALLEY, EG_METHOD_HEAVY_BALL, 0.197, 0.99},
        {VALLEY, EG_METHOD_NESTEROV, 0.067, 0.9},
        {VALLEY, EG_METHOD_MOMENTUM, 0.1998, 0.9995},
        {"x^2+1e4*y^2", EG_METHOD_MOMENTUM, 1.89e-4, 0.9},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(runs); i++) {
        double x[2] = {5, 5};
        eg_descent_options o = options_of(runs[i].method, runs[i].rate, 200000);
        o.momentum = runs[i].momentum;
        o.give_up = true;
        eg_descent_result r = run(runs[i].text, x, &o);
        if (r.outcome != EG_CONVERGED)
            fail_msg("run %zu: outcome %d after %zu steps", i, (int)r.outcome, r.steps);
    }
}

/* Methods that choose their steps do not diverge where fixed steps do: bb by its line search, the
 * others by restarts. */
static void test_automatic_steps_do_not_diverge(void **state)
{
    static const char *const texts[] = {
        "x^4+3x^3+y^2",     "(1-x)^2+100(y-x^2)^2",     "exp(x^2)+y^4",
        "cosh(3x)+cosh(y)", "sqrt(1+x^2)+sqrt(1+9y^2)", "log(1+x^2)+log(1+9y^2)"};
    static const eg_method methods[] = {EG_METHOD_GD, EG_METHOD_MOMENTUM, EG_METHOD_NESTEROV,
                                        EG_METHOD_HEAVY_BALL, EG_METHOD_BB};
    (void)state;
    for (size_t i = 0; i < COUNT(texts) * COUNT(methods); i++) {
        double x[2] = {-2.1, 3.2};
        eg_descent_options o = options_of(methods[i % COUNT(methods)], NAN, 5000);
        eg_descent_result r = run(texts[i / COUNT(methods)], x, &o);
        if (r.value > r.start_value || (r.outcome != EG_CONVERGED && r.outcome != EG_NOT_CONVERGED))
            fail_msg("%s by %s: outcome %d, value %g", texts[i / COUNT(methods)],
                     eg_method_name(o.method), (int)r.outcome, r.value);
        if (o.method == EG_METHOD_BB)
            assert_int_equal(r.outcome, EG_CONVERGED);
    }
}

/* The point without a value is named. */
static void test_domain(void **state)
{
    double x[2] = {1, 1};
    eg_descent_options o = options_of(EG_METHOD_GD, 3, 100);
    eg_descent_result r = run("log(x)+y^2", x, &o);
    (void)state;
    assert_int_equal(r.outcome, EG_LEFT_DOMAIN);
    assert_close(r.place[0], -2, 1e-15);
    assert_close(r.place[1], -5, 1e-15);
    assert_true(isnan(r.place_value));
    assert_true(has_remark(&r, "at (-2, -5) it is undefined"));
}

/* A kink is found also between points that have no number between them. */
static void test_smallest_steps_at_a_kink(void **state)
{
    double x[2] = {-0.14, -0.48};
    eg_descent_options o = options_of(EG_METHOD_LBFGS, NAN, 1000);
    eg_descent_result r = run("(sin(3))^2+abs(y)+x^2", x, &o);
    (void)state;
    assert_close(r.value, sin(3) * sin(3), 1e-12);
    assert_int_equal(r.outcome, EG_CONVERGED);
    assert_true(r.kink);
}

/* Nesterov's method evaluates the gradient ahead of the point, where there may be none. */
static void test_domain_ahead(void **state)
{
    double x[2] = {2.83, 1.96};
    eg_descent_options o = options_of(EG_METHOD_NESTEROV, 0.1, 1000);
    eg_descent_result r = run("sqrt(y)+x^2", x, &o);
    (void)state;
    assert_int_equal(r.outcome, EG_LEFT_DOMAIN);
    assert_true(r.place[1] < 0);
    assert_false(has_remark(&r, "nan"));
}

/* ---- scale ---- */

/* A power of two as a factor of the function changes no point of a run. */
static void test_scale_of_the_function(void **state)
{
    static const eg_method methods[] = {EG_METHOD_GD, EG_METHOD_MOMENTUM, EG_METHOD_NESTEROV,
                                        EG_METHOD_HEAVY_BALL, EG_METHOD_NEWTON};
    (void)state;
    for (size_t i = 0; i < COUNT(methods); i++) {
        double x[2] = {2, -1}, scaled[2] = {2, -1};
        eg_descent_options o = options_of(methods[i], NAN, MAX_STEPS);
        eg_descent_result a = run("(1-x)^2+5(y-x^2)^2", x, &o);
        eg_descent_result b = run("2^-40*((1-x)^2+5(y-x^2)^2)", scaled, &o);
        if (a.outcome != EG_CONVERGED || b.outcome != EG_CONVERGED)
            fail_msg("%s: outcomes %d and %d after %zu and %zu steps", eg_method_name(methods[i]),
                     (int)a.outcome, (int)b.outcome, a.steps, b.steps);
        assert_close(hypot(x[0] - 1, x[1] - 1), 0, 1e-6);
        assert_close(hypot(scaled[0] - x[0], scaled[1] - x[1]), 0, 1e-9);
    }
}

/* ---- schedules ---- */

static void test_schedules(void **state)
{
    static const struct {
        const char *text;
        double factors[4]; /* of steps 0, 1, 4, 9 of 10 */
    } good[] = {
        {"constant", {1, 1, 1, 1}},
        {"inverse", {1, 0.5, 0.2, 0.1}},
        {"inverse:0.5", {1, 2.0 / 3, 1.0 / 3, 2.0 / 11}},
        {"sqrt", {1, 0.70710678118654757, 0.44721359549995793, 0.31622776601683794}},
        {"cosine", {1, 0.97552825814757682, 0.65450849718747373, 0.024471741852423234}},
        {"step:4:0.5", {1, 1, 0.5, 0.25}},
        {"exponential:0.9", {1, 0.9, 0.6561, 0.387420489}},
    };
    static const char *const bad[] = {
        "",         "none",        "inverse:",        "inverse:0",       "inverse:1:2",
        "sqrt:1",   "step",        "step:10",         "step:0:0.5",      "step:1.5:0.5",
        "step:9:2", "exponential", "exponential:1.5", "exponential:nan", "exponential:-1",
        "cosine:3", "constantly",  "step:1e30:0.5"};
    static const size_t steps[] = {0, 1, 4, 9};
    eg_schedule s = {.shape = EG_SCHEDULE_CONSTANT};
    char text[80];
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_int_equal(eg_schedule_parse(&s, good[i].text, NULL), EG_OK);
        for (size_t k = 0; k < COUNT(steps); k++)
            assert_close(eg_schedule_factor(&s, steps[k], 10), good[i].factors[k], 1e-14);
        eg_schedule_print(&s, text, sizeof text);
        assert_string_equal(text, good[i].text);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(eg_schedule_parse(&s, bad[i], NULL), EG_USAGE);
    assert_int_equal(eg_schedule_parse(&s, "constant", NULL), EG_OK);
    s.warmup = 4;
    assert_close(eg_schedule_factor(&s, 0, 10), 0.25, 0);
    assert_close(eg_schedule_factor(&s, 3, 10), 1, 0);
}

/* Each step of gradient descent multiplies x by 1 - 2 rate of that step. */
static void test_scheduled_descent(void **state)
{
    double x[2] = {5, 5}, expected = 5;
    eg_descent_options o = options_of(EG_METHOD_GD, 0.4, 20);
    (void)state;
    assert_int_equal(eg_schedule_parse(&o.schedule, "inverse:0.25", NULL), EG_OK);
    o.schedule.warmup = 3;
    eg_descent_result r = run("x^2+y^2", x, &o);
    for (int k = 0; k < 20; k++)
        expected *= 1 - 2 * 0.4 * fmin(1, (k + 1) / 3.0) / (1 + 0.25 * k);
    assert_close(x[0], expected, 1e-12);
    assert_close(r.start_rate, 0.4, 0);
    assert_close(r.rate, 0.4 / (1 + 0.25 * 19), 1e-15);

    x[0] = 1.05; /* a rate that decreases comes nearer to a kink than its first size */
    x[1] = 2.02;
    o = options_of(EG_METHOD_GD, 0.1, 2000);
    assert_int_equal(eg_schedule_parse(&o.schedule, "cosine", NULL), EG_OK);
    r = run("abs(x)+abs(y)", x, &o);
    assert_true(r.value < 1e-5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slow_divergence),
        cmocka_unit_test(test_momentum_below_its_limit),
        cmocka_unit_test(test_automatic_steps_do_not_diverge),
        cmocka_unit_test(test_domain),
        cmocka_unit_test(test_smallest_steps_at_a_kink),
        cmocka_unit_test(test_domain_ahead),
        cmocka_unit_test(test_scale_of_the_function),
        cmocka_unit_test(test_schedules),
        cmocka_unit_test(test_scheduled_descent),
    };
    return cmocka_run_group_tests_name("descent_rates", tests, open_context, shut_context);
}
