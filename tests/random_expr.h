/* SPDX-License-Identifier: MIT */
/* Expressions as text, at random but the same in every run. */
#ifndef TESTS_RANDOM_EXPR_H
#define TESTS_RANDOM_EXPR_H

#include "support.h"

typedef struct dice {
    uint64_t state;
} dice;

unsigned roll(dice *d, unsigned sides);
double roll_between(dice *d, double low, double high);

/* Any function of x, y and z, `depth` operations deep at most, into `out`. */
enum { RANDOM_EXPR_SIZE = 4096 };
void random_expr(char out[RANDOM_EXPR_SIZE], dice *d, int depth);

/* Parses text that must be good, of the variables x, y and z. */
eg_expr *parse_xyz(eg_context *ctx, const char *text);

/* ... or of those in it. */
eg_expr *parse_good(eg_context *ctx, const char *text);

/* How many doubles lie between a and b; 0 for two NaNs, huge for one. */
double units_between(double a, double b);

#endif
