/* SPDX-License-Identifier: MIT */
/* Random expressions with their exact derivatives, and comparisons of exact numbers. */
#ifndef TESTS_REAL_CASE_H
#define TESTS_REAL_CASE_H

#include "random_expr.h"

enum { N = 3, CASES = 300 };

/* A random expression at a random point, and its exact derivatives. */
typedef struct random_case {
    char text[RANDOM_EXPR_SIZE];
    eg_expr *expr;
    double point[N];
    eg_reals *reals;
    eg_real x[N], value, gradient[N], hessian[N * N];
} random_case;

/* Derives c->text at c->point. */
void derive_case(eg_context *ctx, random_case *c);

/* Calls check(case, dice), which returns true if the case was fit, until `wanted` were. */
void for_random_cases(eg_context *ctx, bool (*check)(random_case *c, dice *d), int depth,
                      size_t wanted);

void free_case(random_case *c);

/* Returns the expression and the point as text, in a static buffer. */
const char *where(const random_case *c);

/* Returns false for a number that is undefined or of which nothing is known. */
bool has_value(const random_case *c, eg_real a);

eg_real minus(const random_case *c, eg_real a, eg_real b);
eg_real times(const random_case *c, eg_real a, eg_real b);
eg_real plus(const random_case *c, eg_real a, eg_real b);

/* Returns true if it is certain that a < b. */
bool is_less(const random_case *c, eg_real a, eg_real b);

/* Fails if a < b or a > b is certain. */
void assert_same(const random_case *c, eg_real a, eg_real b, const char *what);

/* Fails unless low <= a <= high, where an end may be infinite. */
void assert_between(const random_case *c, eg_real a, const double bounds[2], const char *what);

#endif
