/* SPDX-License-Identifier: MIT */
/* Tests what descents say of their end, over many functions, methods and rates: a minimum has no
 * lower point around it, bounded functions do not fall without bound, and advice works. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "files.h"

/* What is known of a function of x and y. */
typedef enum truth {
    MINIMA = 1,     /* has local minima, all of them where the value is `least` unless NaN */
    NO_MINIMUM = 2, /* has no local minimum */
    BOUNDED = 4,    /* does not fall without bound */
    CURVED = 8      /* falls along a curved valley, which may look like a flat minimum */
} truth;

static const struct {
    const char *text;
    double start[2];
    unsigned truth;
    double least;
} functions[] = {
    {"x^2+10y^2", {5, 5}, MINIMA | BOUNDED, 0},
    {"1e-9*(x^2+10y^2)", {5, 5}, MINIMA | BOUNDED, 0},
    {"1e-12*(x^2+y^2)", {5, 5}, MINIMA | BOUNDED, 0},
    {"1e9*(x^2+10y^2)", {5, 5}, MINIMA | BOUNDED, 0},
    {"1+1e-6*(x^2+y^2)", {5, 3}, MINIMA | BOUNDED, 1},
    {"x^2+1000y^2", {1, 1}, MINIMA | BOUNDED, 0},
    {"(x-1e6)^2+(y+1e6)^2", {0, 0}, MINIMA | BOUNDED, 0},
    {"(x-1e-6)^2+(y+1e-6)^2", {0, 0}, MINIMA | BOUNDED, 0},
    {"x^2+y^2", {0, 0}, MINIMA | BOUNDED, 0},
    {"x^2+x*y+y^2", {1, 2}, MINIMA | BOUNDED, 0},
    {"x^2-x*y+y^2+x", {1, 2}, MINIMA | BOUNDED, -1.0 / 3},
    {"(1-x)^2+100(y-x^2)^2", {-1.2, 1}, MINIMA | BOUNDED, 0},
    {"(1-x)^2+5(y-x^2)^2", {-1.2, 1}, MINIMA | BOUNDED, 0},
    {"x^4+y^4", {1, 1}, MINIMA | BOUNDED, 0},
    {"x^4+y^2", {0.5, 1}, MINIMA | BOUNDED, 0},
    {"x^6+y^2", {1, 1}, MINIMA | BOUNDED, 0},
    {"x^4-3x^3+y^2", {5, 1}, MINIMA | BOUNDED, NAN},
    {"x^4-2x^2+y^2", {0.3, 1}, MINIMA | BOUNDED, -1},
    {"x^4-2x^2+y^2", {0, 1}, MINIMA | BOUNDED, -1},
    {"(x+y-1)^2", {5, 4}, MINIMA | BOUNDED, 0},
    {"(x^2-y)^2", {1, 3}, MINIMA | BOUNDED, 0},
    {"(x^2+y-11)^2+(x+y^2-7)^2", {0, 0}, MINIMA | BOUNDED, 0},
    {"cosh(x)+cosh(y)", {5, -3}, MINIMA | BOUNDED, 2},
    {"exp(x^2/9+y^2/20)+x*y/10", {1.2, -0.7}, MINIMA | BOUNDED, NAN},
    {"exp(x)+exp(-x)+y^2", {4, 4}, MINIMA | BOUNDED, 2},
    {"exp(x)-x+y^2", {3, 1}, MINIMA | BOUNDED, 1},
    {"1-exp(-x^2-y^2)", {2, 1}, MINIMA | BOUNDED, 0},
    {"1-exp(-x^2-y^2)", {30, 1}, MINIMA | BOUNDED, 0},
    {"sqrt(1+x^2+y^2)", {4, 1}, MINIMA | BOUNDED, 1},
    {"sqrt(1e-4+x^2)+y^2", {1, 1}, MINIMA | BOUNDED, 1e-2},
    {"log(1+x^2+y^2)", {3, 2}, MINIMA | BOUNDED, 0},
    {"sin(x)*cos(y)", {1, 1}, MINIMA | BOUNDED, -1},
    {"sin(x)+sin(y)", {2, 1}, MINIMA | BOUNDED, -2},
    {"sin(x)+y^2", {1.5707963267948966, 0}, MINIMA | BOUNDED, -1},
    {"x*log(x)+y^2", {1, 1}, MINIMA | BOUNDED, -0.36787944117144233},
    {"x-log(x)+y^2", {3, 1}, MINIMA | BOUNDED, 1},
    {"abs(x)+abs(y)", {1.05, 2.02}, MINIMA | BOUNDED, 0},
    {"abs(x-y)+0.1*abs(x+y)", {1.07, 2.01}, MINIMA | BOUNDED, 0},
    {"max(x,-2x)+y^2", {1.03, 1}, MINIMA | BOUNDED, 0},
    {"max(abs(x),abs(y))", {1.3, 0.7}, MINIMA | BOUNDED, 0},
    {"abs(x)+y^2", {0.55, 3}, MINIMA | BOUNDED, 0},
    {"x^2-abs(x)+y^2", {0, 1}, MINIMA | BOUNDED, -0.25},
    {"sqrt(abs(x))+y^2", {1, 1}, MINIMA | BOUNDED, 0},
    {"hypot(x,y)", {3, 4}, MINIMA | BOUNDED, 0},
    {"exp(x)+exp(y)", {2, 1}, NO_MINIMUM | BOUNDED, 0},
    {"exp(-x)+y^2", {0, 1}, NO_MINIMUM | BOUNDED, 0},
    {"exp(-x)+0*y", {800, 1}, NO_MINIMUM | BOUNDED, 0},
    {"atan(x)+atan(y)", {1, 2}, NO_MINIMUM | BOUNDED, 0},
    {"tanh(x)+y^2", {1, 2}, NO_MINIMUM | BOUNDED, 0},
    {"1/(1+x^2+y^2)", {1, 2}, NO_MINIMUM | BOUNDED, 0},
    {"x^2+(1-x*y)^2", {1, 2}, NO_MINIMUM | BOUNDED | CURVED, 0},
    {"1/x+y^2", {1, 1}, NO_MINIMUM, 0},
    {"log(x)+y^2", {1, 1}, NO_MINIMUM, 0},
    {"-log(1+x^2)+y^2", {1, 1}, NO_MINIMUM, 0},
    {"-x-2y", {0, 0}, NO_MINIMUM, 0},
    {"x^3+y^2", {1, 1}, NO_MINIMUM, 0},
    {"x^3+y^2", {-1, 1}, NO_MINIMUM, 0},
    {"x^3-3x*y^2", {1, 0.1}, NO_MINIMUM, 0},
    {"x^2-y^2", {1, 0}, NO_MINIMUM, 0},
    {"x^2-y^2", {1, 1e-3}, NO_MINIMUM, 0},
    {"x^2-y^4", {1, 0}, NO_MINIMUM, 0},
    {"x^4-y^4", {1, 0}, NO_MINIMUM, 0},
    {"-x^2-y^2", {0, 0}, NO_MINIMUM, 0},
    {"-abs(x)+y^2", {0, 1}, NO_MINIMUM, 0},
    {"x*y", {1, 1}, NO_MINIMUM, 0},
    {"-exp(x)+y^2", {1, 1}, NO_MINIMUM, 0},
};

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
    close_context(ctx);
    return 0;
}

static eg_descent_result descend(const eg_expr *expr, double x[], const eg_descent_options *o)
{
    eg_descent_result result;
    eg_error error = {0};
    eg_objective f = eg_objective_expr(expr);
    if (eg_descent(ctx, &f, x, o, &result, &error) != EG_OK)
        fail_msg("%s", error.message);
    return result;
}

/* Returns a name for messages. */
static const char *name(size_t function, int method, double rate)
{
    static char text[200];
    snprintf(text, sizeof text, "%s from %g,%g by %s, rate %g", functions[function].text,
             functions[function].start[0], functions[function].start[1],
             eg_method_name((size_t)method), rate);
    return text;
}

/* Returns what a value at the end may be above the minimum, of the change in the run: at a kink the
 * error of the point counts, else its square. */
static double end_error(const eg_descent_result *r)
{
    return r->kink ? 1e-7 : 1e-9;
}

/* Fails if a point around x[] is lower, by more than the end of a descent can be off. */
static void assert_minimum(const eg_expr *expr, const double x[], const eg_descent_result *r,
                           const char *which)
{
    unsigned seed = 7;
    double extent = fmax(r->extent, hypot(x[0], x[1]));
    double margin = end_error(r) * fabs(r->start_value - r->value) + 1e-14 * fabs(r->value);
    for (int k = 0; k < 200; k++) {
        double y[2], value, radius = extent * pow(10, -1 - k % 6);
        for (int i = 0; i < 2; i++) {
            seed = seed * 1664525u + 1013904223u;
            y[i] = x[i] + radius * ((double)(seed >> 8) / 8388608 - 1);
        }
        if (k % 6 == 0) /* far: minima may be near each other */
            continue;
        assert_int_equal(eg_expr_eval(expr, y, &value, NULL, NULL, NULL), EG_OK);
        if (value < r->value - margin)
            fail_msg("%s: %.17g at %g,%g, but %.17g at %g,%g", which, r->value, x[0], x[1], value,
                     y[0], y[1]);
    }
}

static void assert_true_outcome(const eg_expr *expr, size_t i, const double x[],
                                const eg_descent_result *r, const char *which)
{
    unsigned known = functions[i].truth;
    if (r->outcome == EG_CONVERGED) {
        if (known & CURVED && r->degenerate)
            return; /* said to be undecided */
        if (known & NO_MINIMUM)
            fail_msg("%s: converged to %.9g, %.9g", which, x[0], x[1]);
        assert_minimum(expr, x, r, which);
        if (!isnan(functions[i].least) &&
            fabs(r->value - functions[i].least) >
                end_error(r) *
                    fmax(fabs(r->start_value - functions[i].least), fabs(functions[i].least)))
            fail_msg("%s: converged to the value %.17g", which, r->value);
    }
    if (r->outcome == EG_UNBOUNDED && known & BOUNDED)
        fail_msg("%s: unbounded", which);
    if (r->outcome == EG_FLAT_TAIL && known & MINIMA)
        fail_msg("%s: a flat tail", which);
    if (r->outcome == EG_AT_OPPOSITE_EXTREMUM || r->outcome == EG_AT_SADDLE) {
        double y[2], value;
        for (int k = 0; k < 2; k++)
            y[k] = x[k] + 0.02 * r->extent * r->direction[k];
        assert_int_equal(eg_expr_eval(expr, y, &value, NULL, NULL, NULL), EG_OK);
        if (!(value < r->value))
            fail_msg("%s: no lower point beside the saddle", which);
    }
}

static void assert_advice(const eg_expr *expr, size_t i, const eg_descent_options *options,
                          const eg_descent_result *r, const char *which)
{
    double x[2] = {functions[i].start[0], functions[i].start[1]};
    eg_descent_options o = *options;
    const eg_descent_advice *a = &r->advice;
    eg_descent_follow(a, &o, x);
    o.trial_evaluations = 0;
    o.give_up = o.give_up && !a->changes_steps;
    eg_descent_result again = descend(expr, x, &o);
    char remark[1000], all[4000] = "";
    for (size_t k = 0; eg_descent_remark(r, k, remark, sizeof remark); k++)
        strncat(all, remark, sizeof all - strlen(all) - 1);
    if (!strstr(all, "; try --") && !strstr(all, "; with --"))
        fail_msg("%s: advice is not in '%s'", which, all);
    if (again.outcome != a->outcome || again.steps != a->steps_taken || again.value != a->value)
        fail_msg("%s: outcome %d after %zu steps, value %g; promised %d, %zu, %g: %s", which,
                 (int)again.outcome, again.steps, again.value, (int)a->outcome, a->steps_taken,
                 a->value, all);
    if (a->outcome == EG_CONVERGED)
        assert_true_outcome(expr, i, x, &again, which);
}

/* Returns true if advice on the run is expected. */
static bool needs_advice(size_t i, const eg_descent_result *r, bool give_up)
{
    switch (r->outcome) {
    case EG_CONVERGED:
    case EG_FLAT_TAIL:
    case EG_UNBOUNDED:
    case EG_UNCLASSIFIED:
        return false;
    case EG_NOT_CONVERGED:
        return (functions[i].truth & MINIMA) && give_up;
    default:
        return functions[i].truth & MINIMA;
    }
}

/* Runs every function with every method and these rates; `steps` 0: the default, which gives up. */
static void run_all(const double rates[], size_t count, size_t steps)
{
    size_t advised = 0, needed = 0;
    for (size_t i = 0; i < COUNT(functions); i++) {
        eg_expr *expr = parse_expr(ctx, functions[i].text);
        for (size_t m = 0; m < EG_METHODS * count; m++) {
            double x[2] = {functions[i].start[0], functions[i].start[1]};
            eg_descent_options o;
            eg_descent_default(&o);
            o.method = (eg_method)(m / count);
            o.rate = rates[m % count];
            o.steps = steps ? steps : o.steps;
            o.give_up = steps == 0;
            eg_descent_result r = descend(expr, x, &o);
            const char *which = name(i, o.method, o.rate);
            if (!isfinite(r.value) || !isfinite(x[0]) || !isfinite(x[1]))
                fail_msg("%s: ends at %g, value %g", which, x[0], r.value);
            assert_true_outcome(expr, i, x, &r, which);
            needed += needs_advice(i, &r, o.give_up);
            advised += r.advice.exists && needs_advice(i, &r, o.give_up);
            if (r.advice.exists)
                assert_advice(expr, i, &o, &r, which);
        }
        eg_expr_free(expr);
    }
    if (10 * advised < 9 * needed)
        fail_msg("only %zu of %zu runs have advice", advised, needed);
}

static void test_default_runs(void **state)
{
    static const double rates[] = {NAN, 0.1, 30};
    (void)state;
    run_all(rates, COUNT(rates), 0);
}

static void test_short_runs(void **state)
{
    static const double rates[] = {0.01, 1.1};
    (void)state;
    run_all(rates, COUNT(rates), 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default_runs),
        cmocka_unit_test(test_short_runs),
    };
    return cmocka_run_group_tests_name("descent_outcome", tests, open_context, shut_context);
}
