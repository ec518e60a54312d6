/* SPDX-License-Identifier: MIT */
/* The gradient kernel tables by instruction set. */
#include "gradient/kernels.h"

EG_DEFINE_KERNELS_FOR(eg_gradient_kernels_for, eg_gradient_kernels)

EG_DEFINE_KERNELS_FOR(eg_map_kernels_for, eg_map_kernels)

EG_DEFINE_KERNELS_FOR(eg_plane_kernels_for, eg_plane_kernels)
