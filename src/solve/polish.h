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

/* Looks in the box `tight` for a point of fractions, square roots of fractions and multiples of pi
 * that lies in `within` and at which all equations are proven to hold. Sets at[], an element for
 * each variable, and returns true if there is one. */
bool eg_polish_recognise(const eg_polish *polish, const eg_interval tight[],
                         const eg_interval within[], eg_real at[]);

/* Computes the digits of a regular solution. Sets at[]. */
eg_status eg_polish_refine(const eg_polish *polish, const eg_root *root, eg_real at[]);

/* Sets at[] to numbers of which the enclosure in doubles is known. */
void eg_polish_enclose(const eg_polish *polish, const eg_interval tight[], eg_real at[]);

#endif
