/* SPDX-License-Identifier: MIT */
/* Growth of a function along a path, for those that are no power series: sums of series times
 * powers of L = log(s), and functions that grow faster than every power of 1/s. */
#ifndef EG_SURFACE_GROWTH_H
#define EG_SURFACE_GROWTH_H

#include "surface/series/series.h"

enum { GROWTH_LOGS = 2 }; /* largest power of L */

typedef struct eg_growth {
    int huge;   /* 1 or -1: tends to +-infinity faster than every power of 1/s; else 0 */
    int degree; /* of the polynomial in L */
    eg_series part[GROWTH_LOGS + 1]; /* coefficients of 1, L, L^2 */
} eg_growth;

eg_growth eg_growth_of(const eg_series *series);

/* The term that dominates near s = 0: s^exponent L^log times a number with this sign. */
typedef struct eg_growth_term {
    int sign; /* 0: there is no term */
    int exponent, log;
} eg_growth_term;

eg_growth_term eg_growth_lead(eg_series_algebra *a, eg_growth *x);

/* Computes operation `op` of expr/eval/ops.h with its index; y is the second operand or x. */
eg_growth eg_growth_apply(eg_series_algebra *a, unsigned op, unsigned index, const eg_growth *x,
                          const eg_growth *y);

#endif
