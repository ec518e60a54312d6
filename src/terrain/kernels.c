/* SPDX-License-Identifier: MIT */
/* The terrain kernel tables by instruction set. */
#include "terrain/kernels.h"

#if defined(__x86_64__)
#define TABLES(name)                                                                               \
    extern const name name##_baseline, name##_v3, name##_v4;                                       \
    static const name *const name##_tables[EG_CPU_LEVELS] = {                                      \
        [EG_CPU_BASELINE] = &name##_baseline, [EG_CPU_V3] = &name##_v3, [EG_CPU_V4] = &name##_v4}
#else
#define TABLES(name)                                                                               \
    extern const name name##_baseline;                                                             \
    static const name *const name##_tables[EG_CPU_LEVELS] = {[EG_CPU_BASELINE] = &name##_baseline}
#endif

TABLES(eg_slope_kernels);
TABLES(eg_focal_kernels);
TABLES(eg_flow_kernels);
TABLES(eg_output_kernels);

const eg_slope_kernels *eg_slope_kernels_for(eg_cpu_level level)
{
    return eg_slope_kernels_tables[level];
}

const eg_focal_kernels *eg_focal_kernels_for(eg_cpu_level level)
{
    return eg_focal_kernels_tables[level];
}

const eg_flow_kernels *eg_flow_kernels_for(eg_cpu_level level)
{
    return eg_flow_kernels_tables[level];
}

const eg_output_kernels *eg_output_kernels_for(eg_cpu_level level)
{
    return eg_output_kernels_tables[level];
}
