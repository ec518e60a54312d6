/* SPDX-License-Identifier: MIT */
/*
 * Power series of a function along a path, in s > 0 with s^q the distance t from the point. The
 * coefficients are exact real numbers, so that a leading coefficient is proven not to be 0.
 */
#ifndef EG_SURFACE_SERIES_H
#define EG_SURFACE_SERIES_H

#include "real/real.h"

enum { SERIES_TERMS = 64, SERIES_EXACT = 1 << 28 };

/* The sum of c[k] s^(first + k) for k < count, plus O(s^order); SERIES_EXACT: plus nothing. */
typedef struct eg_series {
    int first, count, order;
    bool oscillates; /* the rest, divided by s^order, is bounded and has no limit */
    eg_real c[SERIES_TERMS];
} eg_series;

/* Reasons for having no series. */
typedef enum eg_series_state {
    EG_SERIES_OK,
    EG_SERIES_NO_VALUES, /* proven: the function has no values near the point on this path */
    EG_SERIES_SHORT,     /* all known terms cancel: more terms are needed */
    EG_SERIES_ROOT,      /* a root needs powers of t^(1/(q*root)) */
    EG_SERIES_UNKNOWN    /* a sign is undecided, or the function has no such series */
} eg_series_state;

/* State shared by the operations on series. The first failure is kept in `state`, and every series
 * made after it is 0. */
typedef struct eg_series_algebra {
    eg_reals *reals;
    eg_real zero, one;
    int q, root;
    int terms; /* number of terms that are kept, counted from the first that is not 0 */
    eg_series_state state;
} eg_series_algebra;

/* ---- series.c ---- */

void eg_series_begin(eg_series_algebra *a, eg_reals *reals);

/* Removes zeros at both ends, and terms beyond those kept. */
void eg_series_trim(const eg_series_algebra *a, eg_series *x);

/* Records the first failure. */
static inline void eg_series_fail(eg_series_algebra *a, eg_series_state state)
{
    if (a->state == EG_SERIES_OK)
        a->state = state;
}

eg_series eg_series_constant(eg_series_algebra *a, eg_real value);
eg_series eg_series_big_o(int order); /* O(s^order) */

/* Returns a lower bound of the exponent of the leading term. */
int eg_series_valuation(const eg_series *x);
/* Returns the coefficient of s^exponent. */
eg_real eg_series_at(const eg_series_algebra *a, const eg_series *x, int exponent);

/* Drops leading terms that are proven to be 0 and returns the sign of the leading coefficient; 0 if
 * there is no term left: the series is 0 if its order is SERIES_EXACT, else O(s^order). */
int eg_series_lead(eg_series_algebra *a, eg_series *x);

/* Decides whether a series tends to a finite limit, and drops terms that are proven to be 0. Fails
 * if that is open. */
bool eg_series_is_bounded(eg_series_algebra *a, eg_series *x);

eg_series eg_series_add(eg_series_algebra *a, const eg_series *x, const eg_series *y);
eg_series eg_series_subtract(eg_series_algebra *a, const eg_series *x, const eg_series *y);
eg_series eg_series_multiply(eg_series_algebra *a, const eg_series *x, const eg_series *y);
eg_series eg_series_divide(eg_series_algebra *a, const eg_series *x, eg_series y);
eg_series eg_series_scale(eg_series_algebra *a, const eg_series *x, eg_real factor);
eg_series eg_series_shift(eg_series x, int exponent);
eg_series eg_series_derivative(eg_series_algebra *a, const eg_series *x);
/* Integrates, with `constant` at s = 0. */
eg_series eg_series_integral(eg_series_algebra *a, const eg_series *x, eg_real constant);

/* ---- coefficients.c ---- */

/* Computes a coefficient. A fraction that is known as such becomes a number. */
eg_real eg_series_coefficient(eg_series_algebra *a, unsigned op, eg_real x, eg_real y);
eg_real eg_series_fraction(eg_series_algebra *a, int numerator, int denominator);

/* ---- corners.c ---- */

eg_series eg_series_absolute(eg_series_algebra *a, eg_series u);
eg_series eg_series_sign(eg_series_algebra *a, eg_series u);
/* Compares with 0: 1 where u < 0 (less) or u = 0, else 0. */
eg_series eg_series_compare(eg_series_algebra *a, eg_series u, bool less);
/* Computes EG_OP_WHEN, or a combination of conditions, which are 0 or 1. */
eg_series eg_series_condition(eg_series_algebra *a, unsigned op, eg_series x, const eg_series *y);
/* Returns the smaller or larger of two series near s = 0. */
eg_series eg_series_select(eg_series_algebra *a, const eg_series *x, const eg_series *y,
                           bool smaller);
/* Rounds down, or up. */
eg_series eg_series_rounded(eg_series_algebra *a, eg_series u, bool up);

/* ---- functions.c ---- */

/* Computes operation `op` of expr/eval/ops.h with its index; y is the second operand or x. */
eg_series eg_series_apply(eg_series_algebra *a, unsigned op, unsigned index, const eg_series *x,
                          const eg_series *y);

/* ---- powers.c ---- */

/* Computes x^r, r a number; `odd_root`: the real root of a negative number. */
typedef struct eg_series_exponent {
    eg_real value;
    bool rational; /* value = num/den */
    int num, den;
    bool odd_root;
} eg_series_exponent;

eg_series eg_series_power(eg_series_algebra *a, eg_series x, eg_series_exponent r);
eg_series eg_series_root(eg_series_algebra *a, eg_series x); /* the square root */

#endif
