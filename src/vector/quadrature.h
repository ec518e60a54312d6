/* SPDX-License-Identifier: MIT */
/* Integrals of a formula of one variable, enclosed by proven bounds. */
#ifndef EG_VECTOR_QUADRATURE_H
#define EG_VECTOR_QUADRATURE_H

#include "expr/eval/interval.h"
#include "vector/domain.h"

/* A formula of one variable, with what its bounds need. */
typedef struct eg_integrand {
    const eg_expr *f;
    eg_expr *derived[2]; /* second and fourth derivative; NULL: too long */
    eg_domain domain;    /* of f */
    eg_expr **arguments; /* nodes of the conditions, as formulas */
    bool kinks;
} eg_integrand;

/* Prepares a formula; derive: for eg_quadrature(). Free with eg_integrand_free(), also on failure.
 */
eg_status eg_integrand_init(eg_integrand *in, const eg_expr *f, bool derive, eg_error *error);
void eg_integrand_free(eg_integrand *in);

/* Sets *smooth to true if it is proven that f has values and neither jumps nor corners between two
 * numbers. */
eg_status eg_integrand_is_smooth(const eg_integrand *in, double low, double high, bool *smooth,
                                 eg_error *error);

/* Sets *continuous to true if it is proven that f has finite values and no jumps in the range. */
eg_status eg_integrand_is_continuous(const eg_integrand *in, eg_interval range, bool *continuous,
                                     eg_error *error);

/* Encloses the integral from a number within a[] to one within b[], a <= b. Sets outcome, bounds,
 * where and panels of the result. */
eg_status eg_quadrature(const eg_integrand *in, eg_interval a, eg_interval b,
                        eg_line_integral *result, eg_error *error);

#endif
