/* SPDX-License-Identifier: MIT */
/*
 * Exact real numbers: constant expressions that are kept as a graph of operations (a graph as
 * typed, see expr/eval/ops.h) and evaluated in ball arithmetic to any precision. A number is proven
 * equal to 0, or to an integer, by its separation bound (separation.c).
 */
#ifndef EG_REAL_REAL_H
#define EG_REAL_REAL_H

#include "edgegrad.h"
#include "real/arb_memory.h"
#include "real/ball.h"

/* State of the knowledge about a number. */
typedef enum eg_real_state {
    EG_REAL_OPEN,     /* not evaluated, or its ball is too wide to know whether it has a value */
    EG_REAL_KNOWN,    /* its ball encloses it */
    EG_REAL_UNDEFINED /* it has no value, which is proven */
} eg_real_state;

/* Form of a number that is told from its operations: a fraction num/den, or pi times a fraction. */
typedef enum eg_real_form { EG_FORM_NONE, EG_FORM_RATIONAL, EG_FORM_PI } eg_real_form;

/*
 * Separation data of an algebraic number a = u/l with algebraic integers u and l: the conjugates of
 * u and l are at most 2^log_u and 2^log_l. `degree` is the degree that the operation itself adds, 1
 * for a rational operation. (Burnikel, Fleischer, Mehlhorn, Schirra: A strong and easily computable
 * separation bound for arithmetic expressions involving radicals, Algorithmica 27, 2000.)
 */
typedef struct eg_separation {
    bool algebraic;
    double log_u, log_l, degree;
} eg_separation;

/* A number: the value of the node of the same index. */
typedef struct eg_real_value {
    eg_ball ball;
    long bits; /* precision of the last evaluation; 0: none */
    eg_real_state state;
    bool tested;              /* eg_real_is_identity() was tried */
    bool exact;               /* the ball is a single number: no precision can change it */
    eg_undefined_kind reason; /* of EG_REAL_UNDEFINED */
    eg_id culprit;            /* the operation without a value */
    eg_real_form form;
    int64_t num, den;
    eg_separation separation;
} eg_real_value;

struct eg_reals {
    eg_context *ctx;
    eg_error *error;
    const eg_ball_arithmetic *balls;
    eg_graph graph;
    eg_real_value *values; /* by node */
    eg_ball zero;
    bool *needed, *marked; /* scratch, by node: of the evaluation (all false outside of it), and of
                              eg_real_separation_bits() */
    size_t count, capacity;
    eg_reals_options options;
    double deadline;         /* of the present decision, by eg_seconds() */
    double last_deadline;    /* of all decisions; 0: none */
    eg_arb_reserve *reserve; /* memory for Arb if it fails; NULL: intervals of doubles */
    bool exhausted;          /* memory ran out: no number is evaluated any more */
};

/* ---- guard.c: operations on balls without memory ---- */

/* Begins operations on balls; eg_reals_leave() gets *outer, also on failure. Returns false if the
 * numbers are exhausted. */
bool eg_reals_enter(eg_reals *reals, bool *outer);
void eg_reals_leave(eg_reals *reals, bool outer);

/* Prepares for an operation of this precision. Returns false if there is no memory for it. */
bool eg_reals_prepare(eg_reals *reals, unsigned op, long bits);

/* Returns false if the numbers are exhausted, as after an operation that ran out of memory. */
bool eg_reals_ok(eg_reals *reals);

/* Returns the status of a function, or, if that is EG_OK, of the numbers. Records a lack of memory
 * that was not recorded yet. */
eg_status eg_reals_result(const eg_reals *reals, eg_status status, eg_error *error);

/* Makes the numbers exhausted. */
void eg_reals_exhaust(eg_reals *reals, eg_status status);

/* ---- reals.c ---- */

/* Copies operations 0 to `last`, with point[i] in place of variable i, and sets copies[id] to the
 * number of each. fold: numbers that are known to be fractions become numbers. */
eg_status eg_reals_import(eg_reals *reals, const eg_graph *ops, eg_id last, const eg_real point[],
                          bool fold, eg_real copies[]);

/* Returns the number itself, or the fraction that it is known to equal after a short look. */
eg_real eg_real_fold(eg_reals *reals, eg_real real);

/* ---- separation.c ---- */

/* Sets form and separation of a node from those of its operands, before its evaluation. */
void eg_real_separate(eg_reals *reals, eg_id id);

/* Records that a number is this integer. */
void eg_real_make_integer(eg_real_value *value, int64_t integer);

/* Returns b such that the number is `integer` or differs from it by at least 2^-b; INFINITY if
 * nothing is known. */
double eg_real_separation_bits(eg_reals *reals, eg_id id, int64_t integer);

/* Returns true if the number is 0 by an identity of its operations. (identity.c) */
bool eg_real_is_identity(eg_reals *reals, eg_id id);

/* ---- decide.c ---- */

/* Returns false if the number is `value`, has no value, or cannot be told from `value` with 2048
 * bits. Intervals of doubles cannot tell a constant from one that rounding made: true unless it is
 * certain. */
bool eg_real_may_differ(eg_reals *reals, eg_real real, double value);

/* Sets bounds[] to doubles that enclose the number, as near as its effort allows; NaN if it has no
 * value or none is known. */
void eg_real_bounds(eg_reals *reals, eg_real real, double bounds[2]);

/* ---- evaluate.c ---- */

/* Evaluates a number, and all that it depends on, with this precision. */
void eg_real_evaluate(eg_reals *reals, eg_id id, long bits);

/* Makes values for the nodes that were added to the graph. */
eg_status eg_reals_grow(eg_reals *reals);

#endif
