/* SPDX-License-Identifier: MIT */
/* The test problems of More, Garbow and Hillstrom (ACM TOMS 7, 1981), 1 to 18, as fits: a claimed
 * minimum must be one of those that are known. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "support.h"

enum { CSV = 16000 };

static eg_context *ctx;

typedef struct problem {
    const char *name, *model;
    void (*rows)(char *csv); /* writes columns y, s (1) and those of the model */
    size_t parameters;
    double start[6];
    double minima[3]; /* sums of squares; -1: none */
} problem;

static void add(char *csv, const char *format, ...) EG_PRINTF(2, 3);
static void add(char *csv, const char *format, ...)
{
    va_list args;
    size_t used = strlen(csv);
    va_start(args, format);
    vsnprintf(csv + used, CSV - used, format, args);
    va_end(args);
}

/* ---- data ---- */

/* Residuals that are different functions: columns p, q, r ... select one in each row. */
static void select_rows(char *csv, int count)
{
    static const char names[] = "pqrvwz";
    add(csv, "y,s");
    for (int k = 0; k < count; k++)
        add(csv, ",%c", names[k]);
    for (int i = 0; i < count; i++) {
        add(csv, "\n0,1");
        for (int k = 0; k < count; k++)
            add(csv, ",%d", i == k);
    }
    add(csv, "\n");
}

static void two(char *csv)
{
    select_rows(csv, 2);
}

static void three(char *csv)
{
    select_rows(csv, 3);
}

static void four(char *csv)
{
    select_rows(csv, 4);
}

static void six(char *csv)
{
    select_rows(csv, 6);
}

static void jennrich(char *csv)
{
    add(csv, "y,s,x\n");
    for (int i = 1; i <= 10; i++)
        add(csv, "%d,1,%d\n", 2 + 2 * i, i);
}

static void bard(char *csv)
{
    static const double y[] = {0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39,
                               0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39};
    add(csv, "y,s,u,v,w\n");
    for (int i = 1; i <= 15; i++)
        add(csv, "%g,1,%d,%d,%d\n", y[i - 1], i, 16 - i, i < 16 - i ? i : 16 - i);
}

static void gaussian(char *csv)
{
    static const double y[] = {0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989};
    add(csv, "y,s,x\n");
    for (int i = 1; i <= 15; i++)
        add(csv, "%g,1,%g\n", y[i <= 8 ? i - 1 : 15 - i], (8 - i) / 2.0);
}

static void meyer(char *csv)
{
    static const int y[] = {34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744,
                            8261,  7030,  6005,  5147,  4427,  3820,  3307,  2872};
    add(csv, "y,s,x\n");
    for (int i = 1; i <= 16; i++)
        add(csv, "%d,1,%d\n", y[i - 1], 45 + 5 * i);
}

static void gulf(char *csv)
{
    add(csv, "y,s,u\n");
    for (int i = 1; i <= 99; i++)
        add(csv, "%g,1,%.17g\n", i / 100.0, 25 + pow(-50 * log(i / 100.0), 2.0 / 3));
}

static void box(char *csv)
{
    add(csv, "y,s,x\n");
    for (int i = 1; i <= 10; i++)
        add(csv, "0,1,%g\n", i / 10.0);
}

static void kowalik(char *csv)
{
    static const double y[] = {0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627,
                               0.0456, 0.0342, 0.0323, 0.0235, 0.0246};
    static const double u[] = {4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625};
    add(csv, "y,s,u\n");
    for (int i = 0; i < 11; i++)
        add(csv, "%g,1,%g\n", y[i], u[i]);
}

static void brown_dennis(char *csv)
{
    add(csv, "y,s,x\n");
    for (int i = 1; i <= 20; i++)
        add(csv, "0,1,%g\n", i / 5.0);
}

static void osborne(char *csv)
{
    static const double y[] = {0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818,
                               0.784, 0.751, 0.718, 0.685, 0.658, 0.628, 0.603, 0.580, 0.558,
                               0.538, 0.522, 0.506, 0.490, 0.478, 0.467, 0.457, 0.448, 0.438,
                               0.431, 0.424, 0.420, 0.414, 0.411, 0.406};
    add(csv, "y,s,x\n");
    for (int i = 0; i < 33; i++)
        add(csv, "%g,1,%d\n", y[i], 10 * i);
}

static void biggs(char *csv)
{
    add(csv, "y,s,x\n");
    for (int i = 1; i <= 13; i++) {
        double x = i / 10.0;
        add(csv, "%.17g,1,%g\n", exp(-x) - 5 * exp(-10 * x) + 3 * exp(-4 * x), x);
    }
}

static const problem problems[] = {
    {"Rosenbrock", "p*10*(b-a^2)+q*(1-a)", two, 2, {-1.2, 1}, {0, -1, -1}},
    {"Freudenstein-Roth",
     "p*(-13+a+((5-b)*b-2)*b)+q*(-29+a+((b+1)*b-14)*b)",
     two,
     2,
     {0.5, -2},
     {0, 48.98425368, -1}},
    {"Powell badly scaled",
     "p*(1e4*a*b-1)+q*(exp(-a)+exp(-b)-1.0001)",
     two,
     2,
     {0, 1},
     {0, -1, -1}},
    {"Brown badly scaled", "p*(a-1e6)+q*(b-2e-6)+r*(a*b-2)", three, 2, {1, 1}, {0, -1, -1}},
    {"Beale",
     "p*(1.5-a*(1-b))+q*(2.25-a*(1-b^2))+r*(2.625-a*(1-b^3))",
     three,
     2,
     {1, 1},
     {0, -1, -1}},
    {"Jennrich-Sampson", "exp(x*a)+exp(x*b)", jennrich, 2, {0.3, 0.4}, {124.3621824, -1, -1}},
    {"Helical valley",
     "p*10*(c-10*atan2(b,a)/tau)+q*10*(hypot(a,b)-1)+r*c",
     three,
     3,
     {-1, 0, 0},
     {0, -1, -1}},
    {"Bard", "a+u/(v*b+w*c)", bard, 3, {1, 1, 1}, {8.214877307e-3, 17.42869333, -1}},
    {"Gaussian", "a*exp(-b*(x-c)^2/2)", gaussian, 3, {0.4, 1, 0}, {1.127932770e-8, -1, -1}},
    {"Meyer", "a*exp(b/(x+c))", meyer, 3, {0.02, 4000, 250}, {87.94585517, -1, -1}},
    {"Gulf", "exp(-abs(u-b)^c/a)", gulf, 3, {5, 2.5, 0.15}, {0, -1, -1}},
    {"Box", "exp(-a*x)-exp(-b*x)-c*(exp(-x)-exp(-10*x))", box, 3, {0, 10, 20}, {0, -1, -1}},
    {"Powell singular",
     "p*(a+10*b)+q*sqrt(5)*(c-d)+r*(b-2*c)^2+v*sqrt(10)*(a-d)^2",
     four,
     4,
     {3, -1, 0, 1},
     {0, -1, -1}},
    {"Wood",
     "p*10*(b-a^2)+q*(1-a)+r*sqrt(90)*(d-c^2)+v*(1-c)+w*sqrt(10)*(b+d-2)+z*(b-d)/sqrt(10)",
     six,
     4,
     {-3, -1, -3, -1},
     {0, -1, -1}},
    {"Kowalik-Osborne",
     "a*(u^2+u*b)/(u^2+u*c+d)",
     kowalik,
     4,
     {0.25, 0.39, 0.415, 0.39},
     {3.075056038e-4, 1.027348e-3, -1}},
    {"Brown-Dennis",
     "(a+x*b-exp(x))^2+(c+d*sin(x)-cos(x))^2",
     brown_dennis,
     4,
     {25, 5, -5, -1},
     {85822.20163, -1, -1}},
    {"Osborne 1",
     "a+b*exp(-x*d)+c*exp(-x*f)",
     osborne,
     5,
     {0.5, 1.5, -1, 0.01, 0.02},
     {5.464894697e-5, -1, -1}},
    {"Biggs EXP6",
     "c*exp(-x*a)-d*exp(-x*b)+g*exp(-x*f)",
     biggs,
     6,
     {1, 2, 1, 1, 1, 1},
     {0, 5.655649925e-3, -1}},
};

static bool is_known(const problem *p, double squares)
{
    for (size_t i = 0; i < COUNT(p->minima); i++)
        if (p->minima[i] > 0 ? fabs(squares / p->minima[i] - 1) < 1e-6
                             : p->minima[i] == 0 && squares < 1e-20)
            return true;
    return false;
}

/* Fits from `times` the standard start, by eg_descent() or, if `method` is EG_METHODS, by
 * eg_fit_solve(). Returns true if the end is a known minimum; fails the test if another point is
 * called one. */
static bool reaches_minimum(const problem *p, double times, eg_method method)
{
    const char *path = scratch("problem.csv");
    char csv[CSV] = "", reason[600];
    eg_table *table = NULL;
    eg_fit *fit = NULL;
    eg_fit_solver solver;
    eg_fit_result result;
    eg_fit_statistics q;
    eg_error error = {0};
    double x[EG_EXPR_VARIABLES] = {0};
    p->rows(csv);
    write_bytes(path, csv, strlen(csv));
    eg_fit_solver_default(&solver);
    assert_int_equal(eg_table_read(&table, ctx, path, &error), EG_OK);
    if (eg_fit_new(&fit, ctx, p->model, table, "y", &(eg_fit_options){.sigma = "s"}, &error) !=
        EG_OK)
        fail_msg("%s: %s", p->name, error.message);
    assert_int_equal(eg_fit_parameters(fit), p->parameters);
    for (size_t i = 0; i < p->parameters; i++)
        x[i] = times * p->start[i];
    eg_descent_options options;
    eg_descent_result descent;
    eg_descent_default(&options);
    options.method = method;
    options.gradient_tolerance = 1e-8;
    eg_objective f = eg_fit_objective(fit);
    eg_status status = method == EG_METHODS ? eg_fit_solve(fit, x, &solver, &result, &error)
                                            : eg_descent(ctx, &f, x, &options, &descent, &error);
    bool known = false;
    if (status == EG_OK)
        status = eg_fit_evaluate(fit, x, &q, NULL, &error);
    if (status == EG_OK) {
        known = is_known(p, q.squares);
        eg_fit_explain(fit, &q, reason, sizeof reason);
        if (q.outcome == EG_FIT_MINIMUM && !known)
            fail_msg("%s from %g times the start: %.10g is no known minimum", p->name, times,
                     q.squares);
        assert_true(known || reason[0]);
    } else if (status != EG_USAGE || !strstr(error.message, "no finite")) {
        fail_msg("%s: %s", p->name, error.message);
    }
    eg_fit_free(fit);
    eg_table_free(table);
    return known;
}

static void test_problems(void **state)
{
    int reached[3] = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(problems); i++)
        for (int k = 0; k < 3; k++)
            reached[k] += reaches_minimum(&problems[i], pow(10, k), EG_METHODS);
    assert_int_equal(reached[0], COUNT(problems));
    assert_true(reached[1] >= 13 && reached[2] >= 12);
}

static void test_other_methods(void **state)
{
    static const eg_method methods[] = {EG_METHOD_GD, EG_METHOD_BB, EG_METHOD_LBFGS,
                                        EG_METHOD_NEWTON};
    int reached[COUNT(methods)] = {0};
    (void)state;
    for (size_t k = 0; k < COUNT(methods); k++)
        for (size_t i = 0; i < COUNT(problems); i++)
            reached[k] += reaches_minimum(&problems[i], 1, methods[k]);
    assert_true(reached[2] >= 17 && reached[3] >= 11);
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_problems),
                                       cmocka_unit_test(test_other_methods)};
    return cmocka_run_group_tests_name("fit problems", tests, open_context, shut_context);
}
