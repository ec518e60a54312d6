/* SPDX-License-Identifier: MIT */
/* Enclosures of an expression and its derivatives over many boxes, with what is certain about its
 * domain. */
#ifndef EG_EXPR_EVAL_ENCLOSE_H
#define EG_EXPR_EVAL_ENCLOSE_H

#include "expr/eval/domain.h"
#include "expr/expr.h"

/* A tape with memory for its slots, whose constants are computed. */
typedef struct eg_enclosed_tape {
    const eg_tape *tape;
    eg_interval *slots;
    unsigned char *domains; /* eg_domain, by slot */
    bool clips; /* arguments are clipped to the domain of operations: outside of it there is no
                   value. Not with conditions, whose other branch may have one */
} eg_enclosed_tape;

typedef struct eg_encloser {
    const eg_expr *expr;
    eg_enclosed_tape value, gradient, tangent;
} eg_encloser;

/* Prepares the enclosures of an expression, which must outlive them. */
eg_status eg_encloser_new(eg_encloser *encloser, const eg_expr *expr, eg_error *error);
void eg_encloser_free(eg_encloser *encloser); /* accepts a zeroed one */

/* Enclose f, its partial derivatives by `count` variables axes[], and the derivatives of those by
 * the variables columns[] (count x column_count) over a box. They return what is certain about all
 * results; `value` may be NULL. */
eg_domain eg_enclose_value(eg_encloser *encloser, const eg_interval box[], eg_interval *value);
eg_domain eg_enclose_gradient(eg_encloser *encloser, const eg_interval box[], const size_t axes[],
                              size_t count, eg_interval *value, eg_interval gradient[]);
eg_domain eg_enclose_hessian(eg_encloser *encloser, const eg_interval box[], const size_t axes[],
                             size_t count, const size_t columns[], size_t column_count,
                             eg_interval hessian[]);

#endif
