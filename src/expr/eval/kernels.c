/* SPDX-License-Identifier: MIT */
/* Selection of the tape kernels by instruction set. */
#include "expr/eval/kernels.h"

extern const eg_tape_kernels eg_tape_kernels_baseline;
#if defined(__x86_64__)
extern const eg_tape_kernels eg_tape_kernels_v3, eg_tape_kernels_v4;
#endif

const eg_tape_kernels *eg_tape_kernels_for(eg_cpu_level level)
{
    static const eg_tape_kernels *const tables[EG_CPU_LEVELS] = {
        [EG_CPU_BASELINE] = &eg_tape_kernels_baseline,
#if defined(__x86_64__)
        [EG_CPU_V3] = &eg_tape_kernels_v3,
        [EG_CPU_V4] = &eg_tape_kernels_v4,
#endif
    };
    return tables[level];
}
