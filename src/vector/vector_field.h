/* SPDX-License-Identifier: MIT */
/* The internal representation of a vector field. */
#ifndef EG_VECTOR_VECTOR_FIELD_H
#define EG_VECTOR_VECTOR_FIELD_H

#include "expr/expr.h"

struct eg_vector_field {
    eg_context *ctx;
    size_t n;
    eg_expr *components[EG_VECTOR_DIMENSION];
    eg_expr *partials[EG_VECTOR_DIMENSION * EG_VECTOR_DIMENSION]; /* row i: of component i */
    eg_expr *divergence;
    eg_expr *curl[3];
};

#endif
