/* SPDX-License-Identifier: MIT */
/* Tests optimisers against known iterates, fits against the normal equations, and invariants of all
 * runs. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "descents.h"
#include "files.h"

#define VALLEY "x^2+10y^2"

enum { MAX_STEPS = 20000 };

static eg_context *ctx;

static int open_context(void **state)
{
    ctx = test_context(2, 0, NULL);
    return make_scratch(state);
}

static int shut_context(void **state)
{
    close_context(ctx); /* complains of leaks */
    return remove_scratch(state);
}

static eg_descent_result run(const char *text, double x[], const eg_descent_options *options)
{
    return descend(ctx, text, x, options);
}

/* ---- iterates ---- */

/* Each step of gradient descent multiplies x by 1 - 2 rate and y by 1 - 20 rate. */
static void test_gradient_descent(void **state)
{
    static const struct {
        double rate;
        size_t steps;
    } runs[] = {{0.05, 1}, {0.04, 40}, {0.1, 40}, {0.11, 20}, {0.001, 3}};
    (void)state;
    for (size_t i = 0; i < COUNT(runs); i++) {
        double x[2] = {5, 5}, rate = runs[i].rate, k = (double)runs[i].steps;
        eg_descent_options o = options_of(EG_METHOD_GD, rate, runs[i].steps);
        eg_descent_result r = run(VALLEY, x, &o);
        assert_int_equal(r.steps, runs[i].steps);
        assert_int_equal(r.stop, EG_STOP_STEPS);
        assert_close(x[0], 5 * pow(1 - 2 * rate, k), 1e-12);
        assert_close(x[1], 5 * pow(1 - 20 * rate, k), 1e-11);
        assert_close(r.value, x[0] * x[0] + 10 * x[1] * x[1], 1e-13);
        assert_close(r.gradient_norm, hypot(2 * x[0], 20 * x[1]), 1e-13);
        assert_close(r.start_value, 275, 0);
        assert_true(r.quadratic);
        assert_close(r.start.min, 2, 1e-12);
        assert_close(r.start.max, 20, 1e-12);
    }
}

static void test_known_end(void **state)
{
    double x[2] = {5, 5};
    eg_descent_options o = options_of(EG_METHOD_GD, 0.04, 40);
    eg_descent_result r = run(VALLEY, x, &o);
    (void)state;
    assert_close(r.value, 0.03169321, 1e-8);
    assert_close(x[0], 0.17802586, 1e-8);
    assert_true(x[1] > 5.4e-28 && x[1] < 5.6e-28);
    assert_int_equal(r.outcome, EG_NOT_CONVERGED);
}

static void test_rates_at_and_beyond_the_limit(void **state)
{
    double x[2] = {5, 5};
    eg_descent_options o = options_of(EG_METHOD_GD, 0.1, 40);
    eg_descent_result r = run(VALLEY, x, &o);
    (void)state;
    assert_int_equal(r.outcome, EG_OSCILLATES);
    assert_close(fabs(x[1]), 5, 1e-12);
    assert_close(r.rate_limit, 0.1, 1e-9);
    assert_true(has_remark(&r, "does not converge"));

    x[0] = x[1] = 5;
    o = options_of(EG_METHOD_GD, 0.11, 20);
    r = run(VALLEY, x, &o);
    assert_int_equal(r.outcome, EG_DIVERGES);
    assert_close(fabs(x[1]), 191.688, 1e-5);
    assert_in_range(r.diverging_since, 2, 10);
    assert_true(has_remark(&r, "diverges"));
    double suggested = r.suggested_rate;
    assert_close(suggested, 2.0 / 22, 1e-9); /* 2 / (min + max) */

    x[0] = x[1] = 5; /* with give_up it stops, with the suggested rate it converges */
    o.give_up = true;
    o.steps = 1000;
    r = run(VALLEY, x, &o);
    assert_int_equal(r.stop, EG_STOP_DIVERGING);
    x[0] = x[1] = 5;
    o.rate = suggested;
    r = run(VALLEY, x, &o);
    assert_int_equal(r.outcome, EG_CONVERGED);
    assert_close(hypot(x[0], x[1]), 0, 1e-6);
}

static void test_steps_needed(void **state)
{
    static const struct {
        eg_method method;
        size_t steps;
    } runs[] = {{EG_METHOD_HEAVY_BALL, 35}, {EG_METHOD_BB, 9}, {EG_METHOD_NEWTON, 1}};
    (void)state;
    for (size_t i = 0; i < COUNT(runs); i++) {
        double x[2] = {5, 5};
        eg_descent_options o = options_of(runs[i].method, NAN, 1000);
        o.gradient_tolerance = 1e-6;
        eg_descent_result r = run(VALLEY, x, &o);
        assert_int_equal(r.steps, runs[i].steps);
        assert_int_equal(r.stop, EG_STOP_GRADIENT);
        assert_int_equal(r.outcome, EG_CONVERGED);
        assert_true(r.gradient_norm <= 1e-6);
    }
}

/* ---- reference implementations ---- */

static void valley_gradient(const double x[2], double g[2])
{
    g[0] = 2 * x[0];
    g[1] = 20 * x[1];
}

typedef struct naive {
    double x[2], v[2], s[2];
    size_t k;
} naive;

static void naive_step(naive *n, eg_method method, double rate, double momentum)
{
    double g[2], ahead[2];
    n->k++;
    for (int i = 0; i < 2; i++)
        ahead[i] = n->x[i] + (method == EG_METHOD_NESTEROV ? momentum * n->v[i] : 0);
    valley_gradient(ahead, g);
    for (int i = 0; i < 2; i++) {
        switch (method) {
        case EG_METHOD_ADAM:
            n->v[i] += 0.1 * (g[i] - n->v[i]);
            n->s[i] += 0.001 * (g[i] * g[i] - n->s[i]);
            n->x[i] -= rate * n->v[i] / (1 - pow(0.9, (double)n->k)) /
                       (sqrt(n->s[i] / (1 - pow(0.999, (double)n->k))) + 1e-8);
            break;
        case EG_METHOD_RMSPROP:
            n->s[i] += 0.1 * (g[i] * g[i] - n->s[i]);
            n->x[i] -= rate * g[i] / (sqrt(n->s[i]) + 1e-8);
            break;
        default:
            n->v[i] = momentum * n->v[i] - rate * g[i];
            n->x[i] += n->v[i];
        }
    }
}

typedef struct comparison {
    naive other;
    eg_method method;
    double rate, momentum;
    size_t seen;
} comparison;

static void compare(void *opaque, const eg_descent_step *step)
{
    comparison *c = opaque;
    if (step->step > 0)
        naive_step(&c->other, c->method, c->rate, c->momentum);
    assert_int_equal(step->step, c->seen);
    c->seen++;
    for (int i = 0; i < 2; i++)
        assert_close(step->x[i], c->other.x[i], 1e-9);
    assert_close(step->value, step->x[0] * step->x[0] + 10 * step->x[1] * step->x[1], 1e-13);
    assert_close(step->rate, step->step ? c->rate : 0, 0);
}

static void test_methods_step_by_step(void **state)
{
    static const struct {
        eg_method method;
        double rate, momentum;
    } runs[] = {{EG_METHOD_MOMENTUM, 0.02, 0.9}, {EG_METHOD_MOMENTUM, 0.01, 0},
                {EG_METHOD_NESTEROV, 0.03, 0.7}, {EG_METHOD_HEAVY_BALL, 0.01, 0.5},
                {EG_METHOD_RMSPROP, 0.1, NAN},   {EG_METHOD_ADAM, 0.04, NAN}};
    (void)state;
    for (size_t i = 0; i < COUNT(runs); i++) {
        double x[2] = {5, 5};
        comparison c = {
            {{5, 5}, {0, 0}, {0, 0}, 0}, runs[i].method, runs[i].rate, runs[i].momentum, 0};
        eg_descent_options o = options_of(runs[i].method, runs[i].rate, 40);
        o.momentum = runs[i].momentum;
        o.on_step = compare;
        o.opaque = &c;
        eg_descent_result r = run(VALLEY, x, &o);
        assert_int_equal(c.seen, r.steps + 1);
        assert_int_equal(r.steps, 40);
        if (runs[i].method == EG_METHOD_ADAM) {
            assert_close(r.value, 131.8, 1e-3);
            assert_true(has_remark(&r, "adam moves by about its rate at each step"));
        }
    }
}

/* ---- all methods ---- */

static const char *const hills[] = {VALLEY, "(1-x)^2+5(y-x^2)^2", "exp(x^2/9+y^2/20)+x*y/10"};

/* Maximising -f gives the same bits as minimising f. */
static void test_maximizing_is_minimizing_the_negative(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(hills); i++)
        for (int m = 0; m < EG_METHODS; m++) {
            char negative[80];
            double down[2] = {1.2, -0.7}, up[2] = {1.2, -0.7};
            eg_descent_options o = options_of((eg_method)m, NAN, 50);
            snprintf(negative, sizeof negative, "-(%s)", hills[i]);
            eg_descent_result a = run(hills[i], down, &o);
            o.maximize = true;
            eg_descent_result b = run(negative, up, &o);
            if (memcmp(down, up, sizeof up) != 0 || a.steps != b.steps || a.value != -b.value)
                fail_msg("%s, %s: %.17g %.17g up, %.17g %.17g down", hills[i],
                         eg_method_name((size_t)m), up[0], up[1], down[0], down[1]);
            assert_int_equal(a.outcome, b.outcome);
            assert_close(a.rate, b.rate, 0);
        }
}

static void test_every_method_converges(void **state)
{
    (void)state;
    for (int m = 0; m < EG_METHODS; m++) {
        double x[2] = {3, 3};
        eg_descent_options o = options_of((eg_method)m, NAN, MAX_STEPS);
        o.gradient_tolerance = 1e-5;
        eg_descent_result r = run("(x-1)^2+2(y+2)^2", x, &o);
        if (r.outcome != EG_CONVERGED || hypot(x[0] - 1, x[1] + 2) > 1e-4)
            fail_msg("%s: outcome %d at %g, %g", eg_method_name((size_t)m), (int)r.outcome, x[0],
                     x[1]);
    }
}

static const struct {
    const char *text;
    double start[2];
    double rate;
    size_t steps;
    eg_stop stop;
    eg_descent_outcome outcome;
} outcomes[] = {
    {"x^2-y^2", {1, 0}, 0.1, 1000, EG_STOP_DISTANCE, EG_AT_SADDLE},
    {"-x^2-y^2", {0, 0}, 0.1, 1000, EG_STOP_DISTANCE, EG_AT_OPPOSITE_EXTREMUM},
    {"x^2+y^2", {0, 0}, 0.1, 1000, EG_STOP_DISTANCE, EG_CONVERGED},
    {"1e-12*(x^2+y^2)", {5, 5}, 1e10, 3, EG_STOP_STEPS, EG_NOT_CONVERGED},
    {"1e-12*(x^2+y^2)", {5, 5}, NAN, 1000, EG_STOP_DISTANCE, EG_CONVERGED},
    {"exp(x)+y^2", {3, 1}, NAN, 1000, EG_STOP_STEPS, EG_FLAT_TAIL},
    {"exp(-x)+0*y", {800, 1}, NAN, 1000, EG_STOP_DISTANCE, EG_UNCLASSIFIED},
    {"floor(x)+floor(y)", {0.5, 0.5}, NAN, 1000, EG_STOP_DISTANCE, EG_UNCLASSIFIED},
    {"x^3+0*y", {1, 1}, NAN, 1000, EG_STOP_STEPS, EG_UNBOUNDED},
    {"x^2-y^4", {1, 0}, 0.1, 1000, EG_STOP_DISTANCE, EG_AT_SADDLE},
    {"x^2-abs(y)", {1, 0}, 0.1, 1000, EG_STOP_DISTANCE, EG_AT_SADDLE},
    {"max(x^2-1,0)+0*y", {0.5, 0}, 0.1, 1000, EG_STOP_DISTANCE, EG_CONVERGED},
    {"abs(x)+abs(y)", {1.05, 2.02}, 0.1, 1000, EG_STOP_STEPS, EG_AT_KINK},
    {"max(x,-2x)+0*y", {1.03, 0}, 0.1, 1000, EG_STOP_STEPS, EG_AT_KINK},
    {"x^2+y^2", {1, 1}, 0.01, 3, EG_STOP_STEPS, EG_NOT_CONVERGED},
    {"x*log(x)+y^2", {1, 1}, 5, 1000, EG_STOP_NOT_FINITE, EG_LEFT_DOMAIN},
};

static void test_outcomes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(outcomes); i++) {
        double x[2] = {outcomes[i].start[0], outcomes[i].start[1]};
        eg_descent_options o = options_of(EG_METHOD_GD, outcomes[i].rate, outcomes[i].steps);
        eg_descent_result r = run(outcomes[i].text, x, &o);
        char text[256];
        if (r.stop != outcomes[i].stop || r.outcome != outcomes[i].outcome)
            fail_msg("%s: stop %d, outcome %d", outcomes[i].text, (int)r.stop, (int)r.outcome);
        const size_t length = eg_descent_stop_reason(&r, text, sizeof text);
        assert_in_range(length, 5, sizeof text - 1);
        assert_int_equal(strlen(text), length);
        assert_int_equal(eg_descent_stop_reason(&r, text, 4), length);
        assert_int_equal(strlen(text), 3);
        assert_int_equal(eg_descent_stop_reason(&r, NULL, 0), length);
    }
}

/* ---- errors ---- */

static void assert_rejected(const char *text, const double start[],
                            const eg_descent_options *options, const char *part)
{
    double x[2] = {start[0], start[1]};
    eg_descent_result result;
    eg_error error = {0};
    eg_expr *expr = parse_expr(ctx, text);
    eg_objective f = eg_objective_expr(expr);
    assert_int_equal(eg_descent(ctx, &f, x, options, &result, &error), EG_USAGE);
    if (!strstr(error.message, part))
        fail_msg("'%s' lacks '%s'", error.message, part);
    eg_expr_free(expr);
}

static void test_bad_options(void **state)
{
    const double start[2] = {1, 1}, nowhere[2] = {NAN, 1}, outside[2] = {-1, 1};
    eg_descent_options good = options_of(EG_METHOD_GD, 0.1, 10), o;
    (void)state;
    assert_rejected("log(x)+y", outside, &good, "no finite value at the start");
    assert_rejected("sqrt(x)+y", (double[]){0, 1}, &good, "no finite gradient");
    assert_rejected(VALLEY, nowhere, &good, "coordinate 1");
    assert_rejected(VALLEY, start, (o = good, o.rate = -1, &o), "rate");
    assert_rejected(VALLEY, start, (o = good, o.rate = INFINITY, &o), "rate");
    assert_rejected(VALLEY, start, (o = good, o.momentum = 0.5, &o), "no momentum");
    assert_rejected(VALLEY, start, (o = good, o.method = EG_METHOD_MOMENTUM, o.momentum = 1, &o),
                    "momentum");
    assert_rejected(VALLEY, start, (o = good, o.gradient_tolerance = -1, &o), "tolerances");
    assert_rejected(VALLEY, start, (o = good, o.value_tolerance = NAN, &o), "tolerances");
    assert_rejected(VALLEY, start, (o = good, o.schedule.shape = EG_SCHEDULES, &o), "schedule");
    assert_rejected(VALLEY, start,
                    (o = good, o.schedule = (eg_schedule){EG_SCHEDULE_EXPONENTIAL, 1.5, 1, 0}, &o),
                    "factor");
    assert_rejected(VALLEY, start,
                    (o = good, o.method = EG_METHOD_LBFGS, o.schedule.warmup = 5, &o),
                    "no schedule or warmup");
    assert_rejected(VALLEY, start, (o = good, o.seconds = -1, &o), "time");
    assert_rejected(VALLEY, start, (o = good, o.method = EG_METHODS, &o), "no method");
    assert_rejected("2+3", start, &good, "variables");
}

static void test_cancelled(void **state)
{
    static volatile sig_atomic_t cancel = 1;
    eg_config config;
    eg_context *stopped = NULL;
    double x[2] = {5, 5};
    eg_descent_result r;
    eg_expr *expr = parse_expr(ctx, VALLEY);
    eg_objective f = eg_objective_expr(expr);
    eg_descent_options o = options_of(EG_METHOD_GD, 0.01, 1000);
    (void)state;
    eg_config_default(&config);
    config.cancel = &cancel;
    assert_int_equal(eg_context_new(&stopped, &config, NULL), EG_OK);
    assert_int_equal(eg_descent(stopped, &f, x, &o, &r, NULL), EG_OK);
    assert_int_equal(r.stop, EG_STOP_CANCELLED);
    assert_int_equal(r.steps, 0);
    assert_close(x[0], 5, 0);
    eg_expr_free(expr);
    close_context(stopped);
}

/* ---- fits ---- */

enum { ROWS = 10007 };

/* Returns a repeatable pseudo-random number in [-1, 1). */
static double noise(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (double)(*seed >> 8) / 8388608 - 1;
}

/* Writes a table of y = 3 - 2 u + 0.5 v + noise, and computes the sums of the normal equations. */
static const char *write_table(double normal[3][4], double *total)
{
    const char *path = scratch("points.csv");
    FILE *file = fopen(path, "w");
    unsigned seed = 1;
    double sum = 0, squares = 0;
    assert_non_null(file);
    memset(normal, 0, sizeof(double[3][4]));
    fputs("u,v,y\n", file);
    for (int k = 0; k < ROWS; k++) {
        double row[4] = {1, noise(&seed), 2 * noise(&seed), 0};
        row[3] = 3 - 2 * row[1] + 0.5 * row[2] + 0.1 * noise(&seed);
        fprintf(file, "%.17g,%.17g,%.17g\n", row[1], row[2], row[3]);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 4; j++)
                normal[i][j] += row[i] * row[j];
        sum += row[3];
        squares += row[3] * row[3];
    }
    assert_int_equal(fclose(file), 0);
    *total = squares - sum * sum / ROWS;
    return path;
}

/* Solves a x = b (Gauss-Jordan); d is the diagonal of the inverse. */
static void solve(double a[3][4], double x[3], double d[3])
{
    double m[3][7] = {{0}};
    for (int i = 0; i < 3; i++) {
        memcpy(m[i], a[i], sizeof a[i]);
        m[i][4 + i] = 1;
    }
    for (int p = 0; p < 3; p++)
        for (int i = 0; i < 3; i++)
            if (i != p) {
                double factor = m[i][p] / m[p][p];
                for (int j = 0; j < 7; j++)
                    m[i][j] -= factor * m[p][j];
            }
    for (int i = 0; i < 3; i++) {
        x[i] = m[i][3] / m[i][i];
        d[i] = m[i][4 + i] / m[i][i];
    }
}

typedef struct fitted {
    double x[3];
    eg_fit_statistics quality;
    eg_descent_result result;
} fitted;

static eg_status fit_table(eg_context *with, const char *path, const char *model, size_t batch,
                           eg_method method, size_t steps, fitted *out, eg_error *error)
{
    eg_table *table = NULL;
    eg_fit *fit = NULL;
    eg_descent_options o = options_of(method, batch ? 0.05 : NAN, steps);
    memset(out, 0, sizeof *out);
    o.gradient_tolerance = 1e-12;
    eg_status status = eg_table_read(&table, with, path, error);
    if (status == EG_OK)
        status = eg_fit_new(&fit, with, model, table, "y",
                            &(eg_fit_options){.batch = batch, .seed = 7}, error);
    if (status == EG_OK) {
        eg_objective f = eg_fit_objective(fit);
        status = eg_descent(with, &f, out->x, &o, &out->result, error);
    }
    if (status == EG_OK)
        status = eg_fit_evaluate(fit, out->x, &out->quality, NULL, error);
    eg_fit_free(fit);
    eg_table_free(table);
    return status;
}

/* Parameters a, b, c belong to 1, u and v: they are ordered alphabetically. */
static void test_fit_against_the_normal_equations(void **state)
{
    double normal[3][4], best[3], inverse[3], total;
    const char *path = write_table(normal, &total);
    fitted f;
    (void)state;
    solve(normal, best, inverse);
    assert_int_equal(fit_table(ctx, path, "a+b*u+c*v", 0, EG_METHOD_NEWTON, 100, &f, NULL), EG_OK);
    const eg_fit_statistics *q = &f.quality;
    assert_int_equal(q->points, ROWS);
    assert_int_equal(q->parameters, 3);
    assert_close(q->deviation, sqrt(q->squares / (ROWS - 3)), 1e-12);
    assert_close(q->deviation, 0.1 / sqrt(3), 0.02); /* standard deviation of uniform noise */
    assert_close(q->r_squared, 1 - q->squares / total, 1e-9);
    for (int i = 0; i < 3; i++) {
        assert_close(f.x[i], best[i], 1e-9);
        assert_close(q->standard_errors[i], q->deviation * sqrt(inverse[i]), 1e-9);
    }
}

static void test_fits_do_not_depend_on_threads(void **state)
{
    double normal[3][4], total;
    const char *path = write_table(normal, &total);
    static const int threads[] = {1, 2, 5};
    (void)state;
    for (size_t batch = 0; batch <= 64; batch += 64) {
        fitted first;
        memset(&first, 0, sizeof first);
        for (size_t i = 0; i < COUNT(threads); i++) {
            eg_context *with = test_context(threads[i], 0, NULL);
            fitted f;
            eg_method method = batch ? EG_METHOD_ADAM : EG_METHOD_LBFGS;
            assert_int_equal(fit_table(with, path, "a+b*u+exp(c)*v", batch, method, 400, &f, NULL),
                             EG_OK);
            if (i == 0)
                first = f;
            assert_memory_equal(f.x, first.x, sizeof f.x);
            assert_memory_equal(&f.quality.squares, &first.quality.squares, sizeof(double));
            assert_int_equal(f.result.steps, first.result.steps);
            close_context(with);
        }
        assert_close(exp(first.x[2]), 0.5, batch ? 0.1 : 0.01);
    }
}

static void test_bad_fits(void **state)
{
    static const struct {
        const char *model, *target, *part;
        size_t batch;
    } bad[] = {
        {"w*x", "z", "no column 'z'", 0}, {"x^2", "y", "", 0},
        {"w*y", "y", "target column", 0}, {"w*", "y", "", 0},
        {"w*x", "y", "batch", 9},
    };
    const char *path = scratch("small.csv");
    eg_table *table = NULL;
    (void)state;
    write_bytes(path, "x,y\n1,2\n2,4\n3,6\n", 16);
    assert_int_equal(eg_table_read(&table, ctx, path, NULL), EG_OK);
    for (size_t i = 0; i < COUNT(bad); i++) {
        eg_fit *fit = NULL;
        eg_error error = {0};
        assert_int_equal(eg_fit_new(&fit, ctx, bad[i].model, table, bad[i].target,
                                    &(eg_fit_options){.batch = bad[i].batch}, &error),
                         EG_USAGE);
        assert_null(fit);
        if (!strstr(error.message, bad[i].part) || !error.message[0])
            fail_msg("'%s' lacks '%s'", error.message, bad[i].part);
    }
    eg_table_free(table);
}

static void test_batches_need_methods_that_can_use_them(void **state)
{
    double normal[3][4], total;
    const char *path = write_table(normal, &total);
    fitted f;
    eg_error error = {0};
    (void)state;
    assert_int_equal(fit_table(ctx, path, "a+b*u+c*v", 64, EG_METHOD_LBFGS, 100, &f, &error),
                     EG_USAGE);
    assert_non_null(strstr(error.message, "no batches"));
}

static void test_every_allocation_may_fail(void **state)
{
    const char *path = scratch("few.csv");
    (void)state;
    write_bytes(path, "u,v,y\n1,2,3\n2,5,1\n3,3,4\n4,0,2\n", 30);
    for (size_t batch = 0; batch <= 2; batch += 2) {
        long k = 0;
        for (bool complete = false; !complete; k++) {
            eg_context *with = test_context(1, 0, NULL);
            eg_error error = {0};
            fitted f;
            atomic_store(&with->fail_after, k);
            eg_status status =
                fit_table(with, path, "a+b*u+c*v", batch, EG_METHOD_GD, 9, &f, &error);
            complete = atomic_load(&with->fail_after) >= 0;
            close_context(with);
            if (status != (complete ? EG_OK : EG_NO_MEMORY) || status != error.status)
                fail_msg("allocation %ld: status %d '%s'", k, (int)status, error.message);
        }
        assert_in_range(k, 10, 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradient_descent),
        cmocka_unit_test(test_known_end),
        cmocka_unit_test(test_rates_at_and_beyond_the_limit),
        cmocka_unit_test(test_steps_needed),
        cmocka_unit_test(test_methods_step_by_step),
        cmocka_unit_test(test_maximizing_is_minimizing_the_negative),
        cmocka_unit_test(test_every_method_converges),
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_bad_options),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_fit_against_the_normal_equations),
        cmocka_unit_test(test_fits_do_not_depend_on_threads),
        cmocka_unit_test(test_bad_fits),
        cmocka_unit_test(test_batches_need_methods_that_can_use_them),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("descent", tests, open_context, shut_context);
}
