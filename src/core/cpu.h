/* SPDX-License-Identifier: MIT */
/* Which instruction set the kernels use. */
#ifndef EG_CORE_CPU_H
#define EG_CORE_CPU_H

#include "edgegrad.h"

/* Kernel files are compiled once per level; EG_CPU_BASELINE is what the compiler targets by itself
 * (x86-64 with SSE2, or aarch64 with NEON). */
typedef enum eg_cpu_level { EG_CPU_BASELINE, EG_CPU_V3, EG_CPU_V4, EG_CPU_LEVELS } eg_cpu_level;

extern const char *const eg_cpu_names[EG_CPU_LEVELS];

/* The level called `name`; for NULL the one $EDGEGRAD_CPU names, else the best of this processor.
 * EG_USAGE for a name that is unknown or that this processor or build lacks. */
eg_status eg_cpu_pick(eg_cpu_level *level, const char *name, eg_error *error);

bool eg_cpu_has(eg_cpu_level level);

#endif
