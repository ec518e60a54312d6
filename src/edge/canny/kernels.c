/* SPDX-License-Identifier: MIT */
/* The edge kernel tables by instruction set. */
#include "edge/canny/kernels.h"

extern const eg_edge_kernels eg_edge_kernels_baseline;
extern const eg_bin_kernels eg_bin_kernels_baseline;
extern const eg_interpolated_kernels eg_interpolated_kernels_baseline;
#if defined(__x86_64__)
extern const eg_edge_kernels eg_edge_kernels_v3, eg_edge_kernels_v4;
extern const eg_bin_kernels eg_bin_kernels_v3, eg_bin_kernels_v4;
extern const eg_interpolated_kernels eg_interpolated_kernels_v3, eg_interpolated_kernels_v4;
#endif

const eg_edge_kernels *eg_edge_kernels_for(eg_cpu_level level)
{
    static const eg_edge_kernels *const tables[EG_CPU_LEVELS] = {
        [EG_CPU_BASELINE] = &eg_edge_kernels_baseline,
#if defined(__x86_64__)
        [EG_CPU_V3] = &eg_edge_kernels_v3,
        [EG_CPU_V4] = &eg_edge_kernels_v4,
#endif
    };
    return tables[level];
}

const eg_bin_kernels *eg_bin_kernels_for(eg_cpu_level level)
{
    static const eg_bin_kernels *const tables[EG_CPU_LEVELS] = {
        [EG_CPU_BASELINE] = &eg_bin_kernels_baseline,
#if defined(__x86_64__)
        [EG_CPU_V3] = &eg_bin_kernels_v3,
        [EG_CPU_V4] = &eg_bin_kernels_v4,
#endif
    };
    return tables[level];
}

const eg_interpolated_kernels *eg_interpolated_kernels_for(eg_cpu_level level)
{
    static const eg_interpolated_kernels *const tables[EG_CPU_LEVELS] = {
        [EG_CPU_BASELINE] = &eg_interpolated_kernels_baseline,
#if defined(__x86_64__)
        [EG_CPU_V3] = &eg_interpolated_kernels_v3,
        [EG_CPU_V4] = &eg_interpolated_kernels_v4,
#endif
    };
    return tables[level];
}
