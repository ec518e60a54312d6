/* SPDX-License-Identifier: MIT */
/* The elevation kernel tables by instruction set. */
#include "gradient/elevation.h"

extern const eg_elevation_kernels eg_elevation_kernels_baseline;
#if defined(__x86_64__)
extern const eg_elevation_kernels eg_elevation_kernels_v3, eg_elevation_kernels_v4;
#endif

const eg_elevation_kernels *eg_elevation_kernels_for(eg_cpu_level level)
{
    static const eg_elevation_kernels *const tables[EG_CPU_LEVELS] = {
        [EG_CPU_BASELINE] = &eg_elevation_kernels_baseline,
#if defined(__x86_64__)
        [EG_CPU_V3] = &eg_elevation_kernels_v3,
        [EG_CPU_V4] = &eg_elevation_kernels_v4,
#endif
    };
    return tables[level];
}
