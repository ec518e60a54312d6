/* SPDX-License-Identifier: MIT */
/* Kernels of the tape operations on blocks of points: one table for each instruction set, all with
 * bit-identical results. A kernel reads arrays and writes arrays, which may be the same, of a
 * length that is a multiple of EG_BLOCK_UNIT. */
#ifndef EG_EXPR_EVAL_KERNELS_H
#define EG_EXPR_EVAL_KERNELS_H

#include "core/cpu.h"
#include "expr/eval/chain.h"
#include "expr/eval/ops.h"

enum { EG_BLOCK_UNIT = 8 };

/* Arguments of a kernel. `second` receives the cosine of EG_OP_SIN_COS; `power` is that of the
 * step. They are passed by address, because a copy on the stack is read back in larger pieces than
 * it was written, for which the processor waits. */
typedef struct eg_operands {
    double *out, *second;
    const double *a, *b;
    unsigned power;
    bool streams; /* EG_OP_RESULT: write past the cache, because the results exceed it */
} eg_operands;

typedef void eg_op_kernel(const eg_operands *operands, size_t count);

/* The kernels by operation; NULL if the operation is left to eg_apply_op(), point by point. */
typedef struct eg_tape_kernels {
    eg_op_kernel *apply[EG_OPS];
    /* Runs a chain, whose first link takes its value from `first`. */
    void (*chain)(const eg_link *links, size_t link_count, const double *first, size_t count);
    void (*end_stream)(void); /* orders the results that were written past the cache */
} eg_tape_kernels;

/* Returns the kernels of an instruction set. */
const eg_tape_kernels *eg_tape_kernels_for(eg_cpu_level level);

#endif
