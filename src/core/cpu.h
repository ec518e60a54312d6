/* SPDX-License-Identifier: MIT */
/* The processors: how many there are, and the instruction set used by the kernels. */
#ifndef EG_CORE_CPU_H
#define EG_CORE_CPU_H

#include "edgegrad.h"

/* Instruction sets for which kernel files are compiled. EG_CPU_BASELINE is the compiler's default
 * target (x86-64 with SSE2, or aarch64 with NEON). */
enum { EG_MAX_THREADS = 1024 }; /* largest number of threads of a context */

typedef enum eg_cpu_level { EG_CPU_BASELINE, EG_CPU_V3, EG_CPU_V4, EG_CPU_LEVELS } eg_cpu_level;

extern const char *const eg_cpu_names[EG_CPU_LEVELS];

/* Sets *level to the instruction set called `name`; for NULL to the one named by $EDGEGRAD_CPU, or
 * else to the best of this processor. EG_USAGE: the name is unknown, or this processor lacks it. */
eg_status eg_cpu_pick(eg_cpu_level *level, const char *name, eg_error *error);

/* Returns true if the processor has the instruction set. */
bool eg_cpu_has(eg_cpu_level level);

/* Returns the number of processors that this process may use, at least 1. */
int eg_processor_count(void);

#endif
