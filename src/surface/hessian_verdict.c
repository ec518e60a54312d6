/* SPDX-License-Identifier: MIT */
/* Classifies a point by the Hessian, in words. */
#include "edgegrad.h"

const char *eg_hessian_verdict(bool known, eg_real_sign criticality, eg_extremum extremum)
{
    static const char *const critical[] = {
        [EG_MINIMUM] = "minimum: f rises in every direction",
        [EG_MAXIMUM] = "maximum: f falls in every direction",
        [EG_SADDLE] = "saddle: f rises in some directions and falls in others",
        [EG_UNDECIDED] = "undecided: an eigenvalue is 0, so higher derivatives decide",
    };
    static const char *const not_critical[] = {
        [EG_MINIMUM] = "no critical point (the gradient is not 0); locally convex",
        [EG_MAXIMUM] = "no critical point (the gradient is not 0); locally concave",
        [EG_SADDLE] = "no critical point (the gradient is not 0); curved both ways like a saddle",
        [EG_UNDECIDED] = "no critical point (the gradient is not 0); an eigenvalue is 0",
    };
    if (!known)
        return "undecided: the sign of an eigenvalue could not be told";
    if (criticality == EG_SIGN_UNKNOWN)
        return "undecided: the gradient could not be told from 0";
    return (criticality == EG_SIGN_ZERO ? critical : not_critical)[extremum];
}
