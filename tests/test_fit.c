/* SPDX-License-Identifier: MIT */
/* Fits: small data sets with known results, scales, weights, bounds, verdicts, and the
 * least-squares problems of More, Garbow and Hillstrom (1981). */
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "files.h"
#include "support.h"

static eg_context *ctx;

/* A fit that was solved. */
typedef struct solved {
    double x[EG_EXPR_VARIABLES];
    eg_fit_result result;
    eg_fit_statistics q;
    double covariance[16 * 16];
    char reason[600];
} solved;

/* Bounds of one parameter; NULL: none. */
typedef struct bound {
    const char *name;
    double low, high;
} bound;

static eg_status solve_with(eg_context *with, const char *csv, const char *model,
                            const eg_fit_options *options, const double start[],
                            const bound *bounded, solved *s, eg_error *error)
{
    const char *path = scratch("fit.csv");
    eg_table *table = NULL;
    eg_fit *fit = NULL;
    eg_fit_solver solver;
    memset(s, 0, sizeof *s);
    eg_fit_solver_default(&solver);
    write_bytes(path, csv, strlen(csv));
    eg_status status = eg_table_read(&table, with, path, error);
    if (status == EG_OK)
        status = eg_fit_new(&fit, with, model, table, "y", options, error);
    for (size_t i = 0; status == EG_OK && i < eg_fit_parameters(fit); i++) {
        s->x[i] = start ? start[i] : 0;
        if (bounded && strcmp(bounded->name, eg_fit_name(fit, i)) == 0)
            status = eg_fit_bound(fit, i, bounded->low, bounded->high, error);
    }
    if (status == EG_OK)
        status = eg_fit_solve(fit, s->x, &solver, &s->result, error);
    if (status == EG_OK)
        status = eg_fit_evaluate(fit, s->x, &s->q, s->covariance, error);
    if (status == EG_OK)
        eg_fit_explain(fit, &s->q, s->reason, sizeof s->reason);
    eg_fit_free(fit);
    eg_table_free(table);
    return status;
}

/* Fits; fails the test on an error. */
static solved solve(const char *csv, const char *model, const eg_fit_options *options,
                    const double start[])
{
    solved s;
    eg_error error = {0};
    if (solve_with(ctx, csv, model, options, start, NULL, &s, &error) != EG_OK)
        fail_msg("%s: %s", model, error.message);
    return s;
}

static void assert_outcome(const solved *s, eg_fit_outcome outcome, const char *part)
{
    if (s->q.outcome != outcome || !strstr(s->reason, part))
        fail_msg("outcome %d '%s' instead of %d '%s'", (int)s->q.outcome, s->reason, (int)outcome,
                 part);
    assert_int_equal(outcome == EG_FIT_MINIMUM, s->reason[0] == 0);
}

static void assert_digits(double value, double right, int digits)
{
    if (!(fabs(value - right) <= 0.5 * pow(10, -digits) * fabs(right)))
        fail_msg("%.12g instead of %.12g", value, right);
}

/* ---- known results ---- */

#define MISRA1A                                                                                    \
    "y,x\n10.07,77.6\n14.73,114.9\n17.94,141.1\n23.93,190.8\n29.61,239.9\n35.18,289\n"             \
    "40.02,332.8\n44.82,378.4\n50.76,434.8\n55.05,477.3\n61.01,536.8\n66.4,593.1\n"                \
    "75.47,689.1\n81.78,760\n"

/* NIST StRD, Misra1a: certified to 11 digits. */
static void test_misra1a(void **state)
{
    (void)state;
    static const double starts[2][2] = {{500, 1e-4}, {250, 5e-4}};
    for (int i = 0; i < 2; i++) {
        solved s = solve(MISRA1A, "b1*(1-exp(-b2*x))", NULL, starts[i]);
        assert_outcome(&s, EG_FIT_MINIMUM, "");
        assert_digits(s.x[0], 2.3894212918E+02, 9);
        assert_digits(s.x[1], 5.5015643181E-04, 9);
        assert_digits(s.q.standard_errors[0], 2.7070075241E+00, 8);
        assert_digits(s.q.standard_errors[1], 7.2668688436E-06, 8);
        assert_digits(s.q.squares, 1.2455138894E-01, 9);
        assert_digits(s.q.deviation, 1.0187876330E-01, 9);
        assert_int_equal(s.q.freedom, 12);
        assert_false(s.q.coarse);
    }
}

/* Writes rows of three decaying exponentials of x = 0, 0.05 ... 1.15, scaled and rounded. */
static void make_decays(char *csv, size_t size, double scale)
{
    size_t used = (size_t)snprintf(csv, size, "y,x\n");
    for (int i = 0; i < 24; i++) {
        double x = 0.05 * i;
        double y = 0.0951 * exp(-x) + 0.8607 * exp(-3 * x) + 1.5576 * exp(-5 * x);
        used += (size_t)snprintf(csv + used, size - used, "%.5g,%.17g\n",
                                 scale * (y + 1e-4 * sin(37.0 * i)), x);
    }
}

/* The parameters that are proportional to the target scale with it, and nothing else changes. */
static void test_scales(void **state)
{
    static const double scales[] = {1, 1e-9, 1e12, 1e-120, 1e140};
    char csv[2000];
    solved first = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(scales); i++) {
        double start[6] = {1 * scales[i], 0.3, 5 * scales[i], 5.5, 6 * scales[i], 7.6};
        make_decays(csv, sizeof csv, scales[i]);
        solved s = solve(csv, "a*exp(-b*x)+c*exp(-d*x)+f*exp(-g*x)", NULL, start);
        assert_outcome(&s, EG_FIT_MINIMUM, "");
        if (i == 0)
            first = s;
        for (size_t p = 0; p < 6; p++) {
            double scale = p % 2 ? 1 : scales[i];
            assert_digits(s.x[p] / scale, first.x[p], 6);
            assert_digits(s.q.standard_errors[p] / scale, first.q.standard_errors[p], 5);
        }
    }
}

/* Returns mean squared residuals of a line through five points in nanoamperes: by hand. */
static void test_nanoamperes(void **state)
{
    const char *csv = "v,y\n0.1,1.02e-9\n0.2,1.98e-9\n0.3,3.05e-9\n0.4,3.96e-9\n0.5,5.01e-9\n";
    (void)state;
    solved s = solve(csv, "g*v+o", NULL, NULL);
    assert_outcome(&s, EG_FIT_MINIMUM, "");
    assert_digits(s.x[0], 9.96e-9, 10);
    assert_digits(s.x[1], 1.6e-11, 8);
    assert_digits(s.q.standard_errors[0], 1.2596295751e-10, 8);
    assert_true(s.q.r_squared > 0.9995 && s.q.r_squared < 0.9996);
}

static void test_exact_data(void **state)
{
    (void)state;
    solved s = solve("x,y\n1,5\n2,7\n3,9\n4,11\n", "w*x+b", NULL, NULL);
    assert_outcome(&s, EG_FIT_MINIMUM, "");
    assert_true(s.q.exact && s.q.coarse);
    assert_within(s.x[0], 3, 1e-13);
    assert_within(s.x[1], 2, 1e-13);
    assert_true(s.q.standard_errors[1] < 1e-13);
    /* Parameters that are vast at the start do not make every residual a rounding error. */
    s = solve("x,y\n1,5\n2,7\n3,9\n4,12\n", "exp(a-b)*x+a-b", NULL, (double[]){1e18, 1e18});
    assert_false(s.q.exact);
    s = solve("x,y\n1,0\n2,0\n3,0\n", "w*x", NULL, NULL);
    assert_outcome(&s, EG_FIT_MINIMUM, "");
    assert_within(s.q.standard_errors[0], 0, 0);
}

/* ---- weights ---- */

/* A line through weighted points, by the normal equations in closed form. */
static void test_weights(void **state)
{
    static const double x[] = {1, 2, 3, 4, 5}, y[] = {2.1, 3.9, 6.2, 7.8, 10.4};
    static const double sigma[] = {0.1, 0.2, 0.1, 0.4, 0.2};
    double w = 0, wx = 0, wxx = 0, wy = 0, wxy = 0, chi2 = 0;
    char csv[400] = "x,y,s,w\n";
    (void)state;
    for (int i = 0; i < 5; i++) {
        double weight = 1 / (sigma[i] * sigma[i]);
        snprintf(csv + strlen(csv), 80, "%g,%g,%g,%.17g\n", x[i], y[i], sigma[i], 3 * weight);
        w += weight;
        wx += weight * x[i];
        wxx += weight * x[i] * x[i];
        wy += weight * y[i];
        wxy += weight * x[i] * y[i];
    }
    double det = w * wxx - wx * wx, slope = (w * wxy - wx * wy) / det;
    double offset = (wxx * wy - wx * wxy) / det;
    for (int i = 0; i < 5; i++)
        chi2 += pow((slope * x[i] + offset - y[i]) / sigma[i], 2);
    solved s = solve(csv, "b*x+a", &(eg_fit_options){.sigma = "s"}, NULL);
    assert_outcome(&s, EG_FIT_MINIMUM, "");
    assert_digits(s.x[0], offset, 10);
    assert_digits(s.x[1], slope, 10);
    assert_digits(s.q.squares, chi2, 9);
    assert_digits(s.q.standard_errors[0], sqrt(wxx / det), 10);
    assert_digits(s.q.standard_errors[1], sqrt(w / det), 10);
    assert_digits(s.covariance[1], -wx / det, 9);
    s = solve(csv, "b*x+a", &(eg_fit_options){.weights = "w"}, NULL); /* 3 times as large */
    assert_digits(s.x[1], slope, 10);
    assert_digits(s.q.standard_errors[1], sqrt(w / det * chi2 / 3), 10);
    assert_digits(s.covariance[2], -wx / det * chi2 / 3, 9);
}

static void test_weight_0_is_no_point(void **state)
{
    const eg_fit_options o = {.weights = "w"};
    (void)state;
    solved all = solve("x,y,w\n1,2.1,2\n2,3.9,2\n0,1e9,0\n4,7.8,2\n", "a*x^b+0*log(x)", &o,
                       (double[]){1, 1});
    solved few = solve("x,y,w\n1,2.1,1\n2,3.9,1\n4,7.8,1\n", "a*x^b", &o, (double[]){1, 1});
    assert_int_equal(all.q.points, 3);
    for (int i = 0; i < 2; i++) {
        assert_digits(all.x[i], few.x[i], 9);
        assert_digits(all.q.standard_errors[i], few.q.standard_errors[i], 9);
    }
}

static void test_fixed_parameters(void **state)
{
    const eg_binding fixed[] = {{"b", 0.5, NULL}};
    const eg_fit_options o = {.fixed = fixed, .fixed_count = 1};
    (void)state;
    solved s = solve("x,y\n1,2.5\n2,4.7\n3,6.4\n", "a*x+b", &o, NULL);
    assert_int_equal(s.q.parameters, 1);
    assert_digits(s.x[0], (2.0 * 1 + 4.2 * 2 + 5.9 * 3) / 14, 10);
    assert_int_equal(s.q.freedom, 2);
}

/* ---- bounds ---- */

static void test_bounds(void **state)
{
    const char *csv = "x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n";
    solved s;
    (void)state;
    assert_int_equal(
        solve_with(ctx, csv, "a+b*x", NULL, (double[]){2, 0}, &(bound){"a", 1, INFINITY}, &s, NULL),
        EG_OK);
    assert_outcome(&s, EG_FIT_MINIMUM, "");
    assert_within(s.x[0], 1, 0);
    assert_digits(s.x[1], (1.1 + 2.9 * 2 + 5.2 * 3 + 6.8 * 4) / 30, 10);
    assert_int_equal(s.q.at_bound[0], -1);
    assert_int_equal(s.q.at_bound[1], 0);
    assert_int_equal(s.q.freedom, 3);
    assert_true(isnan(s.q.standard_errors[0]) && s.q.standard_errors[1] > 0);
    assert_true(isnan(s.covariance[1]) && isfinite(s.covariance[3]));
    /* Bounds that do not matter change nothing. */
    assert_int_equal(
        solve_with(ctx, csv, "a+b*x", NULL, (double[]){2, 0}, &(bound){"a", -5, 5}, &s, NULL),
        EG_OK);
    assert_digits(s.x[0], 0.15, 9);
    assert_int_equal(s.q.at_bound[0], 0);
    eg_error error = {0};
    assert_int_equal(solve_with(ctx, csv, "a+b*x", NULL, NULL, &(bound){"a", 1, 5}, &s, &error),
                     EG_USAGE);
    assert_non_null(strstr(error.message, "not within its bounds"));
    error = (eg_error){0};
    assert_int_equal(solve_with(ctx, csv, "a+b*x", NULL, NULL, &(bound){"a", 5, 1}, &s, &error),
                     EG_USAGE);
}

/* ---- verdicts ---- */

static void test_what_is_no_minimum_is_said(void **state)
{
    const char *csv = "x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n";
    (void)state;
    solved s = solve(csv, "a*b*x", NULL, (double[]){1, 2});
    assert_outcome(&s, EG_FIT_UNDETERMINED, "do not determine a and b");
    assert_true(isnan(s.q.standard_errors[0]));
    s = solve(csv, "a*b*x", NULL, NULL); /* a saddle, which is left */
    assert_outcome(&s, EG_FIT_UNDETERMINED, "");
    assert_digits(s.x[0] * s.x[1], 1.99, 8);
    assert_true(s.result.saddles == 1);
    s = solve(csv, "a*x+b+c*floor(x/9)", NULL, NULL);
    assert_outcome(&s, EG_FIT_UNDETERMINED, "do not determine c:");
    s = solve(csv, "a+b*x+c*x^2+d*x^3", NULL, NULL);
    assert_outcome(&s, EG_FIT_NO_FREEDOM, "only as many points");
    /* A model that falls towards its limit for ever. */
    s = solve("x,y\n1,1\n2,0\n3,0\n4,0\n", "exp(-b*(x-1))", NULL, (double[]){1});
    assert_true(s.q.outcome != EG_FIT_MINIMUM && s.reason[0]);
    /* The kink of |x - b| lies on a point; there the derivative is 0. */
    s = solve("x,y\n1,3\n2,2\n3,9\n", "abs(x-b)", NULL, (double[]){2});
    assert_true(s.q.outcome == EG_FIT_MINIMUM || s.reason[0]);
    if (s.q.outcome == EG_FIT_MINIMUM)
        for (double step = -1e-3; step < 2e-3; step += 2e-3) {
            double b = s.x[0] + step;
            assert_true(pow(fabs(1 - b) - 3, 2) + pow(fabs(2 - b) - 2, 2) +
                            pow(fabs(3 - b) - 9, 2) >
                        s.q.squares);
        }
}

/* Where exponentials of two terms are equal, both stay equal: a saddle. */
static void test_symmetric_start(void **state)
{
    char csv[2000];
    (void)state;
    size_t used = (size_t)snprintf(csv, sizeof csv, "y,x\n");
    for (int i = 0; i < 20; i++)
        used += (size_t)snprintf(csv + used, sizeof csv - used, "%.17g,%g\n",
                                 3 * exp(-0.2 * i) + 2 * exp(-1.5 * i) + 1e-3 * sin(11.0 * i),
                                 (double)i);
    solved s = solve(csv, "a*exp(-b*x)+c*exp(-d*x)", NULL, (double[]){1, 0.5, 1, 0.5});
    assert_outcome(&s, EG_FIT_MINIMUM, "");
    assert_true(s.q.squares < 1e-4);
}

static void test_bad_data(void **state)
{
    static const eg_binding q = {"q", 1, NULL}, a = {"a", 1, NULL};
    static const struct {
        const char *csv, *model, *part;
        eg_fit_options options;
        double start[2];
        eg_status status;
    } bad[] = {
        {"x,y\n1,2\n", "a*x+b", "1 point, fewer than the 2 parameters", {0}, {0}, EG_USAGE},
        {"x,y\n1,2\n2,3\n3,4\n", "a*log(x-b)", "finite value in row 1", {0}, {1, 1}, EG_USAGE},
        {"x,y\n0,2\n2,3\n3,4\n",
         "a*sqrt(b*x)",
         "finite derivative in row 1 of the data (x = 0)",
         {0},
         {1, 1},
         EG_USAGE},
        {"x,y,s\n1,2,1\n2,3,0\n",
         "a*x",
         "s in row 2 of the data is 0",
         {.sigma = "s"},
         {0},
         EG_BAD_INPUT},
        {"x,y,s\n1,2,1\n2,3,-1\n", "a*x", "s in row 2", {.weights = "s"}, {0}, EG_BAD_INPUT},
        {"x,y,s\n1,2,1\n2,3,0\n", "a*x+b", "fewer", {.weights = "s"}, {0}, EG_USAGE},
        {"x,y\n1,2\n2,3\n", "a*x", "no column 'q'", {.sigma = "q"}, {0}, EG_USAGE},
        {"x,y\n1,2\n2,3\n",
         "a*x",
         "'q' is no parameter",
         {.fixed = &q, .fixed_count = 1},
         {0},
         EG_USAGE},
        {"x,y\n1,2\n2,3\n", "a*x", "or fixed", {.fixed = &a, .fixed_count = 1}, {0}, EG_USAGE},
        {"x,y\n1,2\n2,3\n", "a*x", "finite number at the start", {0}, {NAN}, EG_USAGE},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        solved s;
        eg_error error = {0};
        assert_int_equal(solve_with(ctx, bad[i].csv, bad[i].model, &bad[i].options, bad[i].start,
                                    NULL, &s, &error),
                         bad[i].status);
        if (!strstr(error.message, bad[i].part))
            fail_msg("'%s' lacks '%s'", error.message, bad[i].part);
    }
}

/* Trial steps beyond the domain are rejected. */
static void test_domain(void **state)
{
    (void)state;
    solved s = solve("x,y\n1,0.3\n2,1.1\n3,1.38\n4,1.75\n5,1.98\n6,2.2\n", "a*sqrt(x-b)", NULL,
                     (double[]){1, 0});
    assert_outcome(&s, EG_FIT_MINIMUM, "");
    assert_true(s.x[1] < 1);
}

/* ---- Student's t ---- */

/* Quantiles from tables, and in closed form for 1 and 2 degrees of freedom. */
static void test_student(void **state)
{
    (void)state;
    assert_digits(eg_student_quantile(0.975, 5), 2.570581836, 9);
    assert_digits(eg_student_quantile(0.975, 10), 2.228138852, 9);
    assert_digits(eg_student_quantile(0.95, 30), 1.697260887, 9);
    assert_digits(eg_student_quantile(0.995, 120), 2.617421145, 9);
    assert_digits(eg_student_quantile(0.975, 9999.9), eg_student_quantile(0.975, 10000.1), 8);
    assert_digits(eg_student_quantile(0.975, INFINITY), 1.9599639845400545, 13);
    for (double p = 1e-6; p < 1; p += 0.0501) {
        double one = tan(3.14159265358979323846 * (p - 0.5));
        double two = (2 * p - 1) / sqrt(2 * p * (1 - p));
        assert_digits(eg_student_quantile(p, 1), one, 9);
        assert_digits(eg_student_quantile(p, 2), two, 9);
    }
    assert_true(isnan(eg_student_quantile(1, 3)) && isnan(eg_student_quantile(0.5, 0)));
    assert_within(eg_student_quantile(0.5, 3), 0, 0);
}

/* The error of the curve of a line: s sqrt(1/n + (x - mean)^2 / sum of squares). */
static void test_band(void **state)
{
    static const double at[] = {-1, 0, 2.5, 7};
    const char *path = scratch("band.csv"), *csv = "x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n";
    double x[2] = {0, 0}, covariance[4], values[4], errors[4];
    eg_table *table = NULL;
    eg_fit *fit = NULL;
    eg_fit_solver solver;
    eg_fit_result result;
    eg_fit_statistics q;
    (void)state;
    eg_fit_solver_default(&solver);
    write_bytes(path, csv, strlen(csv));
    assert_int_equal(eg_table_read(&table, ctx, path, NULL), EG_OK);
    assert_int_equal(eg_fit_new(&fit, ctx, "w*x+b", table, "y", NULL, NULL), EG_OK);
    assert_string_equal(eg_fit_column(fit), "x");
    assert_int_equal(eg_fit_solve(fit, x, &solver, &result, NULL), EG_OK);
    assert_int_equal(eg_fit_evaluate(fit, x, &q, covariance, NULL), EG_OK);
    assert_int_equal(eg_fit_predict(fit, x, covariance, at, 4, values, errors, NULL), EG_OK);
    for (int i = 0; i < 4; i++) {
        assert_digits(values[i], 0.15 + 1.94 * at[i], 10);
        assert_digits(errors[i], q.deviation * sqrt(0.25 + pow(at[i] - 2.5, 2) / 5), 9);
    }
    eg_fit_free(fit);
    eg_table_free(table);
}

/* ---- threads and memory ---- */

static void test_threads_change_no_bit(void **state)
{
    enum { ROWS = 70000 }; /* more than are factorised at once */
    const char *path = scratch("many.csv");
    FILE *file = fopen(path, "w");
    solved first = {0};
    (void)state;
    assert_non_null(file);
    fputs("x,y\n", file);
    for (int i = 0; i < ROWS; i++)
        fprintf(file, "%g,%.9g\n", i * 1e-4, 3 * exp(-0.3e-4 * i) + 0.1 * sin(1.0 * i * i));
    assert_int_equal(fclose(file), 0);
    for (int threads = 1; threads < 4; threads++) {
        eg_context *with = test_context(threads, 0, NULL);
        solved s = {.x = {1, 1}};
        eg_table *table = NULL;
        eg_fit *fit = NULL;
        eg_fit_solver solver;
        eg_fit_solver_default(&solver);
        assert_int_equal(eg_table_read(&table, with, path, NULL), EG_OK);
        assert_int_equal(eg_fit_new(&fit, with, "a*exp(-b*x)", table, "y", NULL, NULL), EG_OK);
        assert_int_equal(eg_fit_solve(fit, s.x, &solver, &s.result, NULL), EG_OK);
        assert_int_equal(eg_fit_evaluate(fit, s.x, &s.q, s.covariance, NULL), EG_OK);
        assert_int_equal(s.q.outcome, EG_FIT_MINIMUM);
        if (threads == 1)
            first = s;
        assert_memory_equal(s.x, first.x, sizeof s.x);
        assert_memory_equal(s.covariance, first.covariance, 4 * sizeof(double));
        assert_int_equal(s.result.steps, first.result.steps);
        eg_fit_free(fit);
        eg_table_free(table);
        close_context(with);
    }
}

static void test_every_allocation_may_fail(void **state)
{
    long k = 0;
    (void)state;
    for (bool complete = false; !complete; k++) {
        eg_context *with = test_context(1, 0, NULL);
        eg_error error = {0};
        solved s;
        atomic_store(&with->fail_after, k);
        eg_status status = solve_with(with, "x,y,w\n1,2,1\n2,4.1,2\n3,5.9,1\n", "a*x",
                                      &(eg_fit_options){.weights = "w"}, NULL, NULL, &s, &error);
        complete = atomic_load(&with->fail_after) >= 0;
        close_context(with);
        if (status != (complete ? EG_OK : EG_NO_MEMORY) || status != error.status)
            fail_msg("allocation %ld: status %d '%s'", k, (int)status, error.message);
    }
    assert_in_range(k, 10, 1000);
}

static int open_context(void **state)
{
    ctx = test_context(1, 0, NULL);
    return make_scratch(state);
}

static int shut_context(void **state)
{
    close_context(ctx);
    return remove_scratch(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misra1a),
        cmocka_unit_test(test_scales),
        cmocka_unit_test(test_nanoamperes),
        cmocka_unit_test(test_exact_data),
        cmocka_unit_test(test_weights),
        cmocka_unit_test(test_weight_0_is_no_point),
        cmocka_unit_test(test_fixed_parameters),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_what_is_no_minimum_is_said),
        cmocka_unit_test(test_symmetric_start),
        cmocka_unit_test(test_bad_data),
        cmocka_unit_test(test_domain),
        cmocka_unit_test(test_student),
        cmocka_unit_test(test_band),
        cmocka_unit_test(test_threads_change_no_bit),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("fit", tests, open_context, shut_context);
}
