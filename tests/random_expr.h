/* SPDX-License-Identifier: MIT */
/* Random expressions as text, the same in every run. */
#ifndef TESTS_RANDOM_EXPR_H
#define TESTS_RANDOM_EXPR_H

#include "support.h"

/* Pseudorandom number generator. */
typedef struct dice {
    uint64_t state;
} dice;

/* Returns an integer from 0 to sides - 1. */
unsigned roll(dice *d, unsigned sides);

/* Returns a number between `low` and `high`. */
double roll_between(dice *d, double low, double high);

/* Writes a random expression in x, y and z into `out`, nested at most `depth` operations deep. */
enum { RANDOM_EXPR_SIZE = 4096 };
void random_expr(char out[RANDOM_EXPR_SIZE], dice *d, int depth);

/* Parses a valid expression with the variables x, y and z; fails the test if it is invalid. */
eg_expr *parse_xyz(eg_context *ctx, const char *text);

/* Parses a valid expression with the variables that occur in it. */
eg_expr *parse_good(eg_context *ctx, const char *text);

/* Returns the distance of a and b in units in the last place; 0 for two NaNs, infinity for one. */
double units_between(double a, double b);

#endif
