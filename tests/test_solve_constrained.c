/* SPDX-License-Identifier: MIT */
/* Extrema under constraints, and curves: problems of textbooks with known answers. */
#include <math.h>
#include <string.h>

#include "files.h"
#include "solutions.h"

static eg_context *ctx;

static int open_context(void **state)
{
    (void)state;
    ctx = test_context(1, 0, NULL);
    return 0;
}

static int free_context(void **state)
{
    (void)state;
    close_context(ctx); /* fails if memory leaks */
    return 0;
}

/* ---- constraints ---- */

/* A problem: its points by verdict, one point with its multipliers, and the extreme values. */
static const struct problem {
    const char *text, *constraints[3];
    size_t count, inequalities;
    const char *box[6];
    size_t minima, maxima, neither;
    double at[3], lambda[3]; /* of one of the points */
    double smallest, largest;
} problems[] = {
    {"x*y", {"x+y-10"}, 1, 0, {"-20", "20", "-20", "20"}, 0, 1, 0, {5, 5}, {5}, -200, 25},
    {"x^2*y",
     {"x^2+y^2-1"},
     1,
     0,
     {"-2", "2", "-2", "2"},
     3,
     3,
     0,
     {0, 1},
     {0},
     -0.38490017945975050,
     0.38490017945975050},
    /* the largest box in a sphere, by its corner: 8/(3 sqrt(3)), lambda = 4 z */
    {"8x*y*z",
     {"x^2+y^2+z^2-1"},
     1,
     0,
     {"0.1", "1", "0.1", "1", "0.1", "1"},
     0,
     1,
     0,
     {0.57735026918962576, 0.57735026918962576, 0.57735026918962576},
     {2.3094010767585031},
     8 * 0.1 * 0.1 * 0.98994949366116653,
     1.5396007178390020},
    /* two constraints (Stewart, Calculus, 14.8): x + 2y + 3z, 3 +- sqrt(29) */
    {"x+2y+3z",
     {"x-y+z-1", "x^2+y^2-1"},
     2,
     0,
     {"-5", "5", "-5", "5", "-5", "5"},
     1,
     1,
     0,
     {-0.37139067635410373, 0.92847669088525935, 2.2998673672393631},
     {3, 2.6925824035672520},
     3 - 5.3851648071345040,
     3 + 5.3851648071345040},
    /* the nearest point of a half-plane: active; and one inside of it: not active */
    {"x^2+y^2", {"2-x-y"}, 1, 1, {"-5", "5", "-5", "5"}, 1, 0, 0, {1, 1}, {-2}, 2, 50},
    {"x^2+y^2", {"x+y-2"}, 1, 1, {"-5", "5", "-5", "5"}, 1, 0, 1, {0, 0}, {0}, 0, 50},
    /* a linear program: its largest value is at a vertex on the border of the box */
    {"3x+2y",
     {"x+y-4", "x+3y-6", "-x"},
     3,
     3,
     {"-1", "10", "0", "10"},
     0,
     0,
     2,
     {3, 1},
     {3.5, -0.5, 0},
     0,
     12},
    /* a line of a triangle and a circle: both active at a vertex */
    {"x+0*y",
     {"x^2+y^2-2", "x-y"},
     2,
     1,
     {"-3", "3", "-3", "3"},
     1,
     2,
     0,
     {-1.4142135623730951, 0},
     {-0.35355339059327376, 0},
     -1.4142135623730951,
     1},
};

static size_t count_verdict(const eg_solutions *s, eg_extremum verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++)
        count += s->points[i].verdict == verdict;
    return count;
}

/* Returns the point of the result that is near at[]; NULL if there is none. */
static const eg_solution *find_point(const solving *s, const double at[])
{
    for (size_t i = 0; i < s->found->count; i++) {
        double distance = 0;
        for (size_t k = 0; k < eg_expr_variables(s->expr[0]); k++)
            distance =
                hypot(distance, eg_real_approximate(s->reals, s->found->points[i].at[k]) - at[k]);
        if (distance < 1e-9)
            return &s->found->points[i];
    }
    return NULL;
}

static void test_problems(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(problems); i++) {
        const struct problem *p = &problems[i];
        solving s = extrema_of(ctx, p->text, p->constraints, p->count, p->inequalities, p->box);
        if (!s.found->complete || count_verdict(s.found, EG_MINIMUM) != p->minima ||
            count_verdict(s.found, EG_MAXIMUM) != p->maxima ||
            count_verdict(s.found, EG_SADDLE) < p->neither)
            fail_msg("%s: %zu points, %zu boxes left", p->text, s.found->count,
                     s.found->left_boxes);
        const eg_solution *point = find_point(&s, p->at);
        if (!point)
            fail_msg("%s: a point is missing", p->text);
        for (size_t k = 0; k < p->count; k++) {
            double lambda = point->lambda[k] == EG_REAL_NONE
                                ? 0
                                : eg_real_approximate(s.reals, point->lambda[k]);
            assert_close(lambda, p->lambda[k], 1e-12);
            assert_int_equal(point->active >> k & 1, point->lambda[k] != EG_REAL_NONE);
        }
        if (!s.found->minimum.attained || !s.found->maximum.attained)
            fail_msg("%s: no proven extreme value", p->text);
        assert_close(eg_real_approximate(s.reals, s.found->minimum.value), p->smallest, 1e-12);
        assert_close(eg_real_approximate(s.reals, s.found->maximum.value), p->largest, 1e-12);
        solving_free(&s);
    }
}

static void test_special(void **state)
{
    (void)state;
    static const char *const box[] = {"-2", "2", "-2", "2"};
    /* no multiplier where the gradient of the constraint is 0, which is named */
    solving s = extrema_of(ctx, "x+0*y", (const char *const[]){"y^2-x^3"}, 1, 0, box);
    const eg_solution *cusp = find_point(&s, (const double[]){0, 0});
    assert_non_null(cusp);
    assert_true(cusp->dependent && !s.found->complete);
    assert_int_equal(cusp->lambda[0], EG_REAL_NONE);
    solving_free(&s);

    s = extrema_of(ctx, "x+y", (const char *const[]){"x^2+y^2+1"}, 1, 0, box);
    assert_int_equal(s.found->count, 0);
    assert_int_equal(s.found->defined, EG_DEFINED_NOWHERE); /* no point satisfies it */
    assert_false(s.found->minimum.known);
    solving_free(&s);

    /* all points of the circle have the same value */
    s = extrema_of(ctx, "x^2+y^2", (const char *const[]){"x^2+y^2-1"}, 1, 0, box);
    assert_false(s.found->complete);
    assert_int_equal(s.found->left[0].kind, EG_LEFT_CURVE);
    solving_free(&s);
}

/* ---- curves ---- */

/* A curve: its connected pieces, closed lines, singular points and the ends that meet in the first
 * of these. */
static const struct curve {
    const char *text, *box[4];
    size_t pieces, closed, singular, half_branches;
    bool proven;
} curves[] = {
    {"x^2+y^2-1", {"-3", "3", "-3", "3"}, 1, 1, 0, 0, true},
    {"x^3+y^3-3x*y", {"-3", "3", "-3", "3"}, 1, 0, 1, 4, true}, /* the folium of Descartes */
    {"y^2-x^3", {"-3", "3", "-3", "3"}, 1, 0, 1, 2, true},
    {"y^2-x^3+x", {"-3", "3", "-3", "3"}, 2, 1, 0, 0, true},
    {"x^2+y^2+0*x", {"-3", "3", "-3", "3"}, 1, 0, 1, 0, true},
    {"(x^2+y^2)^2-2*(x^2-y^2)", {"-3", "3", "-3", "3"}, 1, 0, 1, 4, true},
    {"x^3-3x*y^2", {"-1", "1", "-1", "1"}, 1, 0, 1, 6, true},
    {"x^2+y^2-9.00001", {"-3", "3", "-3", "3"}, 4, 0, 0, 0, true}, /* the corners of the box */
    {"x^2+y^2+1", {"-3", "3", "-3", "3"}, 0, 0, 0, 0, true},
    {"(x^2+y^2-1)^2", {"-2", "2", "-2", "2"}, 0, 0, 0, 0, false}, /* singular everywhere */
};

static void test_curves(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(curves); i++) {
        const struct curve *k = &curves[i];
        solving s = curve_of(ctx, k->text, k->box);
        const eg_trace *c = s.curve;
        size_t singular = 0;
        for (size_t n = 0; n < c->node_count; n++)
            singular += c->nodes[n].singular;
        if (c->components != k->pieces || c->closed != k->closed || singular != k->singular ||
            c->proven != k->proven ||
            (k->singular && c->nodes[0].half_branches != k->half_branches))
            fail_msg("%s: %zu pieces, %zu closed lines, %zu singular points", k->text,
                     c->components, c->closed, singular);
        for (size_t n = 0; n < c->point_count; n++) { /* the points are on the curve */
            double value;
            eg_expr_eval(s.expr[0], c->points + 2 * n, &value, NULL, NULL, NULL);
            assert_within(value, 0, 1e-9);
        }
        solving_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_problems),
        cmocka_unit_test(test_special),
        cmocka_unit_test(test_curves),
    };
    return cmocka_run_group_tests(tests, open_context, free_context);
}
