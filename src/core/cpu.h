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

/* Defines function(level), which returns the kernels of an instruction set: the tables called
 * `table`, of the type of that name, that a file *_rows.c exports as EG_AT_LEVEL(table). */
#if defined(__x86_64__)
#define EG_DEFINE_KERNELS_FOR(function, table)                                                     \
    const table *function(eg_cpu_level level)                                                      \
    {                                                                                              \
        extern const table table##_baseline, table##_v3, table##_v4;                               \
        static const table *const tables[EG_CPU_LEVELS] = {[EG_CPU_BASELINE] = &table##_baseline,  \
                                                           [EG_CPU_V3] = &table##_v3,              \
                                                           [EG_CPU_V4] = &table##_v4};             \
        return tables[level];                                                                      \
    }
#else
#define EG_DEFINE_KERNELS_FOR(function, table)                                                     \
    const table *function(eg_cpu_level level)                                                      \
    {                                                                                              \
        extern const table table##_baseline;                                                       \
        (void)level;                                                                               \
        return &table##_baseline;                                                                  \
    }
#endif

#endif
