/* SPDX-License-Identifier: MIT */
/* The chain rule of --with: the tree of dependencies, and the paths in it. (surface_chain.c) */
#ifndef CLI_SURFACE_SURFACE_CHAIN_H
#define CLI_SURFACE_SURFACE_CHAIN_H

#include "cli/surface/surface.h"

/* The definition of a variable: its formula, or none for a variable of f. */
typedef struct chain_node {
    const eg_expr *expr;              /* in its own variables; NULL: a variable of f */
    eg_real value;                    /* at the point */
    eg_real slope[EG_EXPR_VARIABLES]; /* derivatives of the formula by its variables */
} chain_node;

typedef struct chain {
    surface_job *job;
    chain_node f;                        /* the operand */
    chain_node with[OPTION_TEXTS_LIMIT]; /* the variables of --with, in the order of job->with */
} chain;

/* Nodes of a path from f to a variable of f, and the slopes between them. Slope i is the derivative
 * of expr[i], the formula of name[i], by its variable number variable[i], which is name[i + 1]. */
typedef struct chain_path {
    const char *name[OPTION_TEXTS_LIMIT + 2];
    const eg_expr *expr[OPTION_TEXTS_LIMIT + 1];
    size_t variable[OPTION_TEXTS_LIMIT + 1];
    eg_real slope[OPTION_TEXTS_LIMIT + 1];
    size_t length; /* slopes */
} chain_path;

typedef void chain_visitor(const chain *c, const chain_path *p, void *opaque);

/* Sets the formulas of a chain, without values. */
void chain_begin(chain *c, surface_job *job);

/* Computes values and slopes at the point. */
eg_status chain_evaluate(chain *c, eg_error *error);

/* Calls `visit` for each path from the last node of `p`, whose definition is `n`, to the variable
 * `to` of f, in the order of the tree. */
void chain_visit(const chain *c, const chain_node *n, const char *to, chain_path *p,
                 chain_visitor *visit, void *opaque);

/* Returns the product of the slopes of a path. */
eg_real chain_product(const chain *c, const chain_path *p);

#endif
