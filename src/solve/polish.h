/* SPDX-License-Identifier: MIT */
/* Solutions as exact real numbers: recognised, or computed to any number of digits. */
#ifndef EG_SOLVE_POLISH_H
#define EG_SOLVE_POLISH_H

#include "real/real.h"
#include "solve/search.h"

/* A system in exact numbers. */
typedef struct eg_polish {
    eg_reals *reals;
    eg_system *system;
    const eg_real *fixed; /* by variable: the value of one that is no unknown */
    int digits;           /* wanted */
    eg_error *error;
} eg_polish;

/* Returns true if the status of an operation on expressions, which a proof can do without, is
 * EG_OK. A lack of memory makes the numbers exhausted, so that the result does not depend on it. */
static inline bool eg_polish_succeeds(eg_reals *reals, eg_status status)
{
    if (status == EG_NO_MEMORY)
        eg_reals_exhaust(reals, status);
    return status == EG_OK;
}

/* Returns true if a point is what is looked for. */
typedef bool eg_point_check(void *opaque, const eg_real point[]);

/* Tries points of n coordinates in the box `tight` that are fractions, square roots of fractions
 * or multiples of pi, and in the box `within`. Sets found[] and returns true if one passes the
 * check. (recognise.c) */
bool eg_polish_try(eg_reals *reals, const eg_interval tight[], const eg_interval within[], size_t n,
                   eg_point_check *check, void *opaque, eg_real found[]);

/* Looks in the box `tight` for a point of fractions, square roots of fractions and multiples of pi
 * that lies in `within` and at which all equations are proven to hold. Sets at[], an element for
 * each variable, and returns true if there is one. */
bool eg_polish_recognise(const eg_polish *polish, const eg_interval tight[],
                         const eg_interval within[], eg_real at[]);

/* Sets *real and *expr to the simplest fraction in the interval. Returns false if it is not simple.
 * The caller frees *expr. */
bool eg_polish_fraction(eg_reals *reals, eg_interval x, eg_real *real, eg_expr **expr);

/* Sets at[] to the numbers of a regular solution: recognised, if *exact, or computed, except for
 * those that are simple fractions. (coordinates.c) */
eg_status eg_polish_solve(const eg_polish *polish, const eg_root *root, eg_real at[], bool *exact);

/* Computes the digits of a regular solution. Sets at[]. (refine.c) */
eg_status eg_polish_refine(const eg_polish *polish, const eg_root *root, eg_real at[]);

/* Sets at[] to numbers of which the enclosure in doubles is known. */
void eg_polish_enclose(const eg_polish *polish, const eg_interval tight[], eg_real at[]);

#endif
