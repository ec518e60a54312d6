/* SPDX-License-Identifier: MIT */
/* Parts of symbolic integration. Functions return EG_NONE where a rule does not apply, and after a
 * failure, which graph->status tells. */
#ifndef EG_VECTOR_INTEGRATION_H
#define EG_VECTOR_INTEGRATION_H

#include "expr/expr.h"
#include "expr/graph/simplify.h"

typedef struct eg_integration {
    const eg_expr *like; /* with the variables of the graph */
    eg_graph *graph;
    size_t by; /* variable of integration, x */
    int depth; /* of rules that use others */
    int steps; /* integrals tried */
    eg_error *error;
} eg_integration;

typedef struct eg_base_power {
    eg_id base;
    eg_rational exponent;
} eg_base_power;

/* constant * base^exponent * ..., where each base depends on x and the constant does not. */
typedef struct eg_power_list {
    eg_id constant;
    eg_base_power powers[EG_MAX_FACTORS];
    size_t count;
} eg_power_list;

/* ---- integration_parts.c ---- */

bool eg_depends(const eg_integration *in, eg_id id);
eg_id eg_derivative_of(const eg_integration *in, eg_id id);

/* Returns the node with x replaced by an integer. */
eg_id eg_at_integer(const eg_integration *in, eg_id id, int value);

/* Splits a product. Returns false if it has too many factors. */
bool eg_split(const eg_integration *in, eg_id id, eg_power_list *list);

/* Multiplies the list by base^exponent. Returns false if it is full or an exponent is not exact. */
bool eg_multiply_power(eg_power_list *list, eg_id base, eg_rational exponent);
eg_id eg_join(const eg_integration *in, const eg_power_list *list);

/* Returns list/divisor if that does not depend on x. */
eg_id eg_constant_quotient(const eg_integration *in, const eg_power_list *list, eg_id divisor);

/* Sets u = a x + b and returns true, or returns false if u has another form. */
bool eg_is_linear(const eg_integration *in, eg_id u, eg_id *a, eg_id *b);

/* Sets u = q[2] x^2 + q[1] x + q[0] with q[2] not 0 and returns true, or returns false. */
bool eg_is_quadratic(const eg_integration *in, eg_id u, eg_id q[3]);

/* ---- integration_table.c: antiderivatives by u, for du = dx ---- */

eg_id eg_integral_of_power(eg_graph *g, eg_id u, eg_rational exponent);
eg_id eg_integral_of_call(eg_graph *g, eg_function_id f, eg_id u, eg_rational exponent);

/* ---- integration_quadratic.c ---- */

/* Returns the integral of x^m u^exponent for u linear or quadratic in x. */
eg_id eg_integral_of_rational(const eg_integration *in, int m, eg_id u, eg_rational exponent);

static inline eg_id eg_fraction(eg_graph *g, double num, double den)
{
    return eg_make_number(g, (eg_rational){num, den});
}

#endif
