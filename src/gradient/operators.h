/* SPDX-License-Identifier: MIT */
/* The table of difference operators, defined in operators.def. */
#ifndef EG_GRADIENT_OPERATORS_H
#define EG_GRADIENT_OPERATORS_H

#include "edgegrad.h"

enum { EG_MAX_TAPS = 7 };

typedef struct eg_operator {
    const char *name, *help;
    int taps, origin, divisor, shift;
    int smooth[EG_MAX_TAPS], diff[EG_MAX_TAPS];
} eg_operator;

#define W(...)                                                                                     \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define OPERATOR(id, taps, origin, divisor, shift, s, d, help) EG_OP_##id,
enum {
#include "gradient/operators.def"
    EG_OPERATORS
};
#undef OPERATOR
#undef W

extern const eg_operator eg_operators[EG_OPERATORS];

/* Finds the operator called `name`. EG_USAGE: unknown; the message lists all names. */
eg_status eg_operator_find(size_t *index, const char *name, eg_error *error);

/* Returns true if `op` is the name of the Gaussian derivatives, which have no row in the table. */
bool eg_is_gaussian(const char *op);

/* Returns true if `op` is the name of the signed Gaussian derivatives of the intensity. */
bool eg_is_gaussian_derivative(const char *op);

/* Returns true if `op` is the name of Farid and Simoncelli's derivatives, which have no integer
 * weights. */
bool eg_is_farid(const char *op);

#endif
