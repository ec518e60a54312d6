/* SPDX-License-Identifier: MIT */
/* Operations that are not analytic where their operands are at a point. */
#ifndef EG_REAL_SINGULAR_H
#define EG_REAL_SINGULAR_H

#include "real/real.h"

/* The operations of an expression at a point. All arrays are by operation. */
typedef struct eg_operations {
    eg_reals *reals;
    const eg_graph *ops;
    eg_id root;
    const eg_real *numbers; /* their values at the point */
    const bool *live;       /* the root depends on it */
    const bool *varies;     /* it depends on a variable */
} eg_operations;

/* Property of an operand that makes its operation singular. */
typedef enum eg_singular_question {
    EG_IS_ZERO,
    EG_ARE_EQUAL,
    EG_IS_INTEGER,
    EG_IS_UNIT /* 1 or -1 */
} eg_singular_question;

enum { EG_SINGULAR_OPERATIONS = 32 };

typedef struct eg_singular_operation {
    eg_id id;
    /* The operation has values on both sides of the point and is O(|operand|^smoothness) there, up
     * to its value at the point; 0: nothing is known (a jump). */
    double smoothness;
    bool one_sided; /* it has values only if the operand is not negative */
} eg_singular_operation;

typedef struct eg_singular_list {
    eg_singular_operation operations[EG_SINGULAR_OPERATIONS];
    size_t count; /* may be larger than EG_SINGULAR_OPERATIONS */
    bool decided; /* all signs could be decided; else: */
    eg_id id;     /* the operation that may be singular */
    eg_singular_question question;
    eg_real number; /* whose sign is undecided */
} eg_singular_list;

/* Lists the singular operations among those that are live, which must have values at the point. */
void eg_singular_operations(const eg_operations *at, const bool live[], eg_singular_list *list);

/* Finds the operation whose operand is so near the border of its domain that it is undecided
 * whether it has a value. */
void eg_undecided_operation(const eg_operations *at, eg_singular_list *list);

#endif
