/* SPDX-License-Identifier: MIT */
/*
 * Balls: enclosures of a real number. With Arb a ball is a midpoint of any precision and a radius;
 * without Arb it is an interval of doubles. Both have the operations of this table.
 */
#ifndef EG_REAL_BALL_H
#define EG_REAL_BALL_H

#include <stdint.h>

#include "expr/eval/interval.h"
#include "expr/eval/ops.h"
#include "real/arb_library.h"

typedef union eg_ball {
#ifdef EG_HAVE_ARB
    arb_t arb;
#endif
    eg_interval interval;
} eg_ball;

/* Result of a comparison: the order, or EG_UNSURE where the ball contains both sides. */
enum { EG_UNSURE = 2 };

/* A decimal: 0.d1 d2 d3 ... * 10^exponent with the digits d. `digits` is freed with free_digits. */
typedef struct eg_digits {
    int sign; /* -1, 0 or 1 */
    char *digits;
    long exponent;
} eg_digits;

typedef struct eg_ball_arithmetic {
    const char *name;
    long largest_bits; /* largest precision */
    void (*init)(eg_ball *ball);
    void (*clear)(eg_ball *ball);
    /* Set a ball to a number of a graph as typed, a constant of graph.h, or an integer. */
    void (*set_number)(eg_ball *ball, const eg_graph *graph, const eg_node *number, long bits);
    void (*set_constant)(eg_ball *ball, uint32_t constant, long bits);
    void (*set_integer)(eg_ball *ball, int64_t value);
    void (*set_between)(eg_ball *ball, double low, double high);
    /* Computes an operation. Returns false if it has no finite enclosure. */
    bool (*apply)(eg_ball *out, unsigned op, unsigned power, const eg_ball *a, const eg_ball *b,
                  long bits);
    /* Compares with an integer: -1, 0, 1 or EG_UNSURE. */
    int (*compare)(const eg_ball *ball, int64_t integer);
    /* Returns true if |ball - integer| < 2^-bits. */
    bool (*is_within)(const eg_ball *ball, int64_t integer, double bits);
    /* Returns true if the ball contains exactly one integer, and it fits. */
    bool (*unique_integer)(const eg_ball *ball, int64_t *integer);
    /* Rounds to `count` significant digits, half away from 0. Returns false if the ball allows
     * several results. */
    bool (*round)(const eg_ball *ball, int count, eg_digits *digits);
    void (*free_digits)(eg_digits *digits);
    double (*approximate)(const eg_ball *ball);
    void (*bounds)(const eg_ball *ball, double bounds[2]); /* the ends, rounded outwards */
    double (*magnitude)(const eg_ball *ball);              /* upper bound of log2 |ball| */
} eg_ball_arithmetic;

extern const eg_ball_arithmetic eg_interval_arithmetic;
#ifdef EG_HAVE_ARB
extern const eg_ball_arithmetic eg_arb_arithmetic; /* after eg_arb_load() */
#endif

#endif
