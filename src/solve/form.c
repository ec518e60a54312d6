/* SPDX-License-Identifier: MIT */
/* The sign and the gradient of a homogeneous polynomial on the faces of a cube, each of which is
 * divided until intervals decide. */
#include "solve/form.h"

#include <math.h>

#include "solve/arithmetic.h"

enum { MOST_DEPTH = 14 };

/* Returns factor x^exponent, differentiated by `axis` if that is below n. */
static eg_interval term(const eg_form *form, size_t k, const eg_interval x[], size_t axis)
{
    eg_interval product = form->factor[k];
    for (size_t i = 0; i < form->n; i++) {
        unsigned exponent = form->exponent[k][i];
        if (i == axis) {
            if (exponent == 0)
                return eg_iv(0, 0);
            product = eg_iv_mul(product, eg_iv(exponent, exponent));
            exponent--;
        }
        if (exponent == 1)
            product = eg_iv_mul(product, x[i]);
        else if (exponent == 2)
            product = eg_iv_mul(product, eg_interval_apply(EG_OP_SQUARE, 0, x[i], x[i]));
        else if (exponent > 2)
            product = eg_iv_mul(product, eg_interval_apply(EG_OP_POWI, exponent, x[i], x[i]));
    }
    return product;
}

static eg_interval value(const eg_form *form, const eg_interval x[], size_t axis)
{
    eg_interval sum = {0, 0};
    for (size_t k = 0; k < form->count; k++)
        sum = eg_iv_add(sum, term(form, k, x, axis));
    return sum;
}

/* Halves the longest side of x; half: the other half. */
static void halve(const eg_form *form, eg_interval x[], eg_interval half[])
{
    size_t longest = 0;
    for (size_t i = 0; i < form->n; i++) {
        half[i] = x[i];
        if (eg_iv_width(x[i]) > eg_iv_width(x[longest]))
            longest = i;
    }
    x[longest].high = half[longest].low = eg_iv_middle(x[longest]);
}

/* Returns 1 or -1 if the form has that sign in the whole box, else 0. */
static int sign_in(const eg_form *form, const eg_interval box[], int depth)
{
    eg_interval x[EG_FORM_VARIABLES], half[EG_FORM_VARIABLES], v = value(form, box, form->n);
    if (v.low > 0 || v.high < 0)
        return v.low > 0 ? 1 : -1;
    if (depth == MOST_DEPTH)
        return 0;
    for (size_t i = 0; i < form->n; i++)
        x[i] = box[i];
    halve(form, x, half);
    int sign = sign_in(form, x, depth + 1);
    return sign && sign_in(form, half, depth + 1) == sign ? sign : 0;
}

/* Returns a lower bound of the largest component of the gradient in the box, in size. */
static double least_gradient(const eg_form *form, const eg_interval box[], int depth)
{
    eg_interval x[EG_FORM_VARIABLES], half[EG_FORM_VARIABLES];
    double least = 0;
    for (size_t axis = 0; axis < form->n; axis++) {
        eg_interval v = value(form, box, axis);
        least = fmax(least, v.low > 0 ? v.low : v.high < 0 ? -v.high : 0);
    }
    if (least > 0 || depth == MOST_DEPTH)
        return least;
    for (size_t i = 0; i < form->n; i++)
        x[i] = box[i];
    halve(form, x, half);
    least = least_gradient(form, x, depth + 1);
    return least > 0 ? fmin(least, least_gradient(form, half, depth + 1)) : 0;
}

/* Sets x[] to a face of the cube: x[face] = 1. Opposite faces are alike, but for signs. */
static void take_face(const eg_form *form, size_t face, eg_interval x[])
{
    for (size_t i = 0; i < form->n; i++)
        x[i] = i == face ? eg_iv(1, 1) : eg_iv(-1, 1);
}

int eg_form_sign(const eg_form *form)
{
    int sign = 0;
    for (size_t face = 0; face < form->n; face++) {
        eg_interval x[EG_FORM_VARIABLES];
        take_face(form, face, x);
        int here = sign_in(form, x, 0);
        if (!here || (sign && here != sign))
            return 0;
        sign = here;
    }
    return sign;
}

bool eg_form_gradient(const eg_form *form, double *least)
{
    *least = INFINITY;
    for (size_t face = 0; face<form->n && * least> 0; face++) {
        eg_interval x[EG_FORM_VARIABLES];
        take_face(form, face, x);
        *least = fmin(*least, least_gradient(form, x, 0));
    }
    return *least > 0;
}
