/* SPDX-License-Identifier: MIT */
/* The functions of expressions in Arb. */
#ifndef EG_REAL_ARB_FUNCTIONS_H
#define EG_REAL_ARB_FUNCTIONS_H

#include "real/ball.h"

#ifdef EG_HAVE_ARB

/* Computes function f at `a` and, if it has two arguments, `b`; `order` is the index of EG_F_SINC
 * and EG_F_POLYGAMMA. Arguments outside the domain give balls that are not finite. */
void eg_arb_function(arb_t out, eg_function_id f, unsigned order, const arb_t a, const arb_t b,
                     long bits);

#endif
#endif
