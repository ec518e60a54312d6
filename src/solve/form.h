/* SPDX-License-Identifier: MIT */
/* Homogeneous polynomials in up to three variables. */
#ifndef EG_SOLVE_FORM_H
#define EG_SOLVE_FORM_H

#include "expr/eval/interval.h"

#include <stdbool.h>
#include <stddef.h>

enum { EG_FORM_VARIABLES = 3, EG_FORM_TERMS = 64 };

/* The sum of factor[k] x^exponent[k], whose exponents have the same sum. */
typedef struct eg_form {
    size_t n, count;
    unsigned char exponent[EG_FORM_TERMS][EG_FORM_VARIABLES];
    eg_interval factor[EG_FORM_TERMS];
} eg_form;

/* Returns 1 or -1 if the form, of an even degree, has that sign everywhere but at 0; else 0, also
 * if that is not decided. */
int eg_form_sign(const eg_form *form);

/* Sets *least to a lower bound of the largest component of the gradient, in size, where the largest
 * coordinate is 1 in size. Returns false if that is not above 0. */
bool eg_form_gradient(const eg_form *form, double *least);

#endif
