/* SPDX-License-Identifier: MIT */
/*
 * Chains: successive steps of a tape, each of which takes the result of the one before. A kernel
 * runs a chain on some vectors at a time and keeps the intermediate results in registers, which
 * takes about half the time of a kernel a step, whose loads and stores limit it.
 */
#ifndef EG_EXPR_EVAL_CHAIN_H
#define EG_EXPR_EVAL_CHAIN_H

#include "core/context.h"
#include "expr/eval/tape.h"

enum { EG_CHAIN_MAX = 16 };

/* Operations on the value v of the link before and an operand x. */
typedef enum eg_link_kind {
    EG_LINK_NONE, /* no link: the step has a kernel of its own */
    EG_LINK_ADD,
    EG_LINK_SUB,      /* v - x */
    EG_LINK_SUB_FROM, /* x - v */
    EG_LINK_MUL,
    EG_LINK_DIV,    /* v / x */
    EG_LINK_DIV_OF, /* x / v */
    EG_LINK_NEG,
    EG_LINK_SQUARE,
    EG_LINK_RESULT,    /* v, or NaN if x is NaN */
    EG_LINK_OWN_RESULT /* v; NaN in one form */
} eg_link_kind;

/* A link, with the addresses of a block of points. */
typedef struct eg_link {
    eg_link_kind kind;
    bool streams;    /* EG_LINK_RESULT, EG_LINK_OWN_RESULT: see eg_operands */
    const double *x; /* any address that can be read, if the operation has no operand */
    double *out;     /* NULL: no later step reads the value */
} eg_link;

/* A step as a link. */
typedef struct eg_chain_step {
    uint8_t kind;   /* eg_link_kind */
    uint8_t length; /* of the first step of a chain: number of its links, else 0 */
    bool stores;    /* a later step than the next one reads the value, or it is the chain's last */
    uint32_t x;     /* slot of the operand */
} eg_chain_step;

/* Finds the chains of the steps of a tape that depend on the point. Returns an array with an
 * element for each step, to be released with eg_free(); NULL: out of memory. */
eg_chain_step *eg_chains_find(const eg_tape *tape, eg_context *ctx, eg_error *error);

#endif
