/* SPDX-License-Identifier: MIT */
/* Special functions of individual doubles that the system's library lacks, or has with errors of
 * several units in the last place. Computed in long double. */
#ifndef EG_EXPR_EVAL_SPECIAL_H
#define EG_EXPR_EVAL_SPECIAL_H

double eg_gamma(double x);     /* NaN at negative integers, infinite at 0 */
double eg_log_gamma(double x); /* log |gamma(x)|; infinite at 0 and at negative integers */

/* Returns the n-th derivative of the digamma function, n <= 100; NaN at its poles 0, -1, -2 ... */
double eg_polygamma(unsigned n, double x);

/* Returns the n-th derivative of sin(x)/x, n <= 4. */
double eg_sinc(unsigned n, double x);

/* Returns a - b floor(a/b), which has the sign of b. */
double eg_modulo(double a, double b);

/* Largest orders of eg_polygamma() and eg_sinc(). */
enum { EG_MAX_POLYGAMMA = 100, EG_MAX_SINC = 4 };

#endif
