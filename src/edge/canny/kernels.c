/* SPDX-License-Identifier: MIT */
/* The edge kernel tables by instruction set. */
#include "edge/canny/kernels.h"

EG_DEFINE_KERNELS_FOR(eg_edge_kernels_for, eg_edge_kernels)

EG_DEFINE_KERNELS_FOR(eg_bin_kernels_for, eg_bin_kernels)

EG_DEFINE_KERNELS_FOR(eg_interpolated_kernels_for, eg_interpolated_kernels)
