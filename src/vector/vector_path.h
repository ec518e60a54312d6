/* SPDX-License-Identifier: MIT */
/* The internal representation of a path. */
#ifndef EG_VECTOR_VECTOR_PATH_H
#define EG_VECTOR_VECTOR_PATH_H

#include "expr/expr.h"

struct eg_vector_path {
    eg_context *ctx;
    size_t n;
    char *parameter;
    eg_expr *components[EG_VECTOR_DIMENSION]; /* of the parameter */
    eg_expr *ends[2];                         /* values of the parameter, constants */
    eg_expr *points[2][EG_VECTOR_DIMENSION];  /* constants */
};

/* Substitutes the path for the variables of f: a formula of the parameter. */
eg_status eg_path_substitute(eg_expr **result, const eg_vector_path *path, const eg_expr *f,
                             eg_error *error);

#endif
