/* SPDX-License-Identifier: MIT */
/* The gradient kernel tables by instruction set. */
#include "gradient/kernels.h"

extern const eg_gradient_kernels eg_gradient_kernels_baseline;
extern const eg_map_kernels eg_map_kernels_baseline;
extern const eg_plane_kernels eg_plane_kernels_baseline;
#if defined(__x86_64__)
extern const eg_gradient_kernels eg_gradient_kernels_v3, eg_gradient_kernels_v4;
extern const eg_map_kernels eg_map_kernels_v3, eg_map_kernels_v4;
extern const eg_plane_kernels eg_plane_kernels_v3, eg_plane_kernels_v4;
#endif

const eg_gradient_kernels *eg_gradient_kernels_for(eg_cpu_level level)
{
    static const eg_gradient_kernels *const tables[EG_CPU_LEVELS] = {
        [EG_CPU_BASELINE] = &eg_gradient_kernels_baseline,
#if defined(__x86_64__)
        [EG_CPU_V3] = &eg_gradient_kernels_v3,
        [EG_CPU_V4] = &eg_gradient_kernels_v4,
#endif
    };
    return tables[level];
}

const eg_map_kernels *eg_map_kernels_for(eg_cpu_level level)
{
    static const eg_map_kernels *const tables[EG_CPU_LEVELS] = {
        [EG_CPU_BASELINE] = &eg_map_kernels_baseline,
#if defined(__x86_64__)
        [EG_CPU_V3] = &eg_map_kernels_v3,
        [EG_CPU_V4] = &eg_map_kernels_v4,
#endif
    };
    return tables[level];
}

const eg_plane_kernels *eg_plane_kernels_for(eg_cpu_level level)
{
    static const eg_plane_kernels *const tables[EG_CPU_LEVELS] = {
        [EG_CPU_BASELINE] = &eg_plane_kernels_baseline,
#if defined(__x86_64__)
        [EG_CPU_V3] = &eg_plane_kernels_v3,
        [EG_CPU_V4] = &eg_plane_kernels_v4,
#endif
    };
    return tables[level];
}
