/* SPDX-License-Identifier: MIT */
/*
 * The operations of a tape on blocks of points, one table for each instruction set, all with the
 * same bits. Kernels are leaves: arrays in, array out, a count that is a multiple of EG_BLOCK_UNIT;
 * arrays may be read and written in place.
 */
#ifndef EG_EXPR_EVAL_KERNELS_H
#define EG_EXPR_EVAL_KERNELS_H

#include "core/cpu.h"
#include "expr/eval/ops.h"

enum { EG_BLOCK_UNIT = 8 };

/* `second`: of EG_OP_SIN_COS, where the cosine goes. */
typedef struct eg_operands {
    double *out, *second;
    const double *a, *b;
    unsigned power;
} eg_operands;

typedef void eg_op_kernel(eg_operands operands, size_t count);

/* NULL: no kernel, the system's library does it point by point. */
typedef struct eg_tape_kernels {
    eg_op_kernel *apply[EG_OPS];
} eg_tape_kernels;

const eg_tape_kernels *eg_tape_kernels_for(eg_cpu_level level);

#endif
