/* SPDX-License-Identifier: MIT */
/* Random functions: values at random points are within the proven bounds, and what Newton's method
 * finds from random points is in the list or in a part that is left. */
#include <math.h>
#include <stdio.h>

#include "files.h"
#include "random_expr.h"
#include "solutions.h"

enum { MOST = 3 };

/* A random function in a random box. */
typedef struct problem {
    char text[RANDOM_EXPR_SIZE], ends[2 * MOST][32];
    const char *box[2 * MOST];
    double low[MOST], high[MOST];
    size_t n;
    solving s;
} problem;

static void roll_box(problem *p, dice *d)
{
    for (size_t i = 0; i < MOST; i++) {
        p->low[i] = roll(d, 2) ? -0.5 - roll(d, 3) * 0.5 : roll_between(d, -2, -0.1);
        p->high[i] = roll(d, 2) ? 0.5 + roll(d, 4) * 0.5 : roll_between(d, 0.2, 2);
        snprintf(p->ends[2 * i], sizeof p->ends[0], "%.17g", p->low[i]);
        snprintf(p->ends[2 * i + 1], sizeof p->ends[0], "%.17g", p->high[i]);
    }
    for (size_t i = 0; i < 2 * MOST; i++)
        p->box[i] = p->ends[i];
}

/* Solves a random problem. Returns false if the text has no variables, or is refused. */
static bool roll_problem(problem *p, eg_context *ctx, dice *d)
{
    eg_solve_options options = {.boxes = 1500};
    eg_error error = {0};
    random_expr(p->text, d, 2);
    roll_box(p, d);
    eg_status status = try_critical_of(ctx, p->text, p->box, &options, &p->s, &error);
    p->n = p->s.expr[0] ? eg_expr_variables(p->s.expr[0]) : 0;
    if (status != EG_OK)
        solving_free(&p->s);
    return status == EG_OK;
}

static void roll_point(const problem *p, dice *d, double point[])
{
    for (size_t i = 0; i < p->n; i++) {
        unsigned side = roll(d, 6);
        point[i] = side == 0   ? p->low[i]
                   : side == 1 ? p->high[i]
                               : roll_between(d, p->low[i], p->high[i]);
    }
}

static void check_bounds(const problem *p, dice *d)
{
    const eg_solutions *found = p->s.found;
    if (found->defined == EG_DEFINED_NOWHERE)
        return; /* 1/(1/0) is 0 in floating point, but no number */
    for (int k = 0; k < 500; k++) {
        double point[MOST], value, gradient[MOST];
        roll_point(p, d, point);
        eg_expr_eval(p->s.expr[0], point, &value, gradient, NULL, NULL);
        for (size_t i = 0; i < p->n; i++)
            value += 0 * gradient[i]; /* not finite at the edge of a domain */
        if (!isfinite(value))
            continue;
        double tolerance = 1e-9 * (1 + fabs(value));
        if (!found->minimum.known || !found->maximum.known ||
            value < found->minimum.bounds[0] - tolerance ||
            value > found->maximum.bounds[1] + tolerance)
            fail_msg("%s: the value %.17g is outside of [%.17g, %.17g]", p->text, value,
                     found->minimum.bounds[0], found->maximum.bounds[1]);
    }
}

/* Solves a x = b for n <= 3 by Cramer's rule. Returns false if that is badly conditioned. */
static bool solve(const double a[], const double b[], size_t n, double x[])
{
    double m[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, right[3] = {0}, size = 1;
    for (size_t i = 0; i < n; i++) {
        right[i] = b[i];
        for (size_t k = 0; k < n; k++) {
            m[3 * i + k] = a[i * n + k];
            size = fmax(size, fabs(a[i * n + k]));
        }
    }
    double minor[3] = {m[4] * m[8] - m[5] * m[7], m[5] * m[6] - m[3] * m[8],
                       m[3] * m[7] - m[4] * m[6]};
    double determinant = m[0] * minor[0] + m[1] * minor[1] + m[2] * minor[2];
    if (!(fabs(determinant) > 1e-6 * size * size * size))
        return false;
    for (size_t column = 0; column < n; column++) {
        double c[9];
        for (size_t i = 0; i < 9; i++)
            c[i] = i % 3 == column ? right[i / 3] : m[i];
        x[column] = (c[0] * (c[4] * c[8] - c[5] * c[7]) + c[1] * (c[5] * c[6] - c[3] * c[8]) +
                     c[2] * (c[3] * c[7] - c[4] * c[6])) /
                    determinant;
    }
    return true;
}

/* Finds a regular critical point inside of the box by Newton's method. Returns false if it does
 * not converge. */
static bool find_point(const problem *p, dice *d, double point[])
{
    double length = INFINITY;
    roll_point(p, d, point);
    for (int step = 0; step < 25 && length > 1e-13; step++) {
        double gradient[MOST], hessian[MOST * MOST], move[MOST];
        eg_expr_eval(p->s.expr[0], point, NULL, gradient, hessian, NULL);
        if (!solve(hessian, gradient, p->n, move))
            return false;
        length = 0;
        for (size_t i = 0; i < p->n; i++) {
            point[i] -= move[i];
            length = fmax(length, fabs(move[i]));
        }
    }
    bool inside = length <= 1e-13;
    for (size_t i = 0; i < p->n && inside; i++)
        inside = point[i] > p->low[i] + 1e-9 && point[i] < p->high[i] - 1e-9;
    return inside;
}

static bool is_listed(const problem *p, const double point[])
{
    const eg_solutions *found = p->s.found;
    for (size_t k = 0; k < found->count; k++) {
        double distance = 0;
        for (size_t i = 0; i < p->n; i++)
            distance = fmax(
                distance, fabs(eg_real_approximate(p->s.reals, found->points[k].at[i]) - point[i]));
        if (distance < 1e-7)
            return true;
    }
    for (size_t k = 0; k < found->left_count; k++) {
        bool inside = true;
        for (size_t i = 0; i < p->n; i++)
            inside = inside && point[i] >= found->left[k].box[i][0] - 1e-7 &&
                     point[i] <= found->left[k].box[i][1] + 1e-7;
        if (inside)
            return true;
    }
    return false;
}

static void test_random_functions(void **state)
{
    (void)state;
    dice d = {1729};
    size_t solved = 0, points = 0;
    eg_context *ctx = test_context(1, 0, NULL);
    while (solved < 150) {
        problem p = {0};
        if (!roll_problem(&p, ctx, &d))
            continue;
        solved++;
        check_bounds(&p, &d);
        for (int start = 0; start < 40; start++) {
            double point[MOST] = {0};
            if (!find_point(&p, &d, point))
                continue;
            points++;
            if (!is_listed(&p, point))
                fail_msg("%s: the critical point %.10g %.10g %.10g is missing", p.text, point[0],
                         point[1], point[2]);
        }
        solving_free(&p.s);
    }
    assert_true(points > 100);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_functions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
