/* SPDX-License-Identifier: MIT */
/* The elevation kernel tables by instruction set. */
#include "gradient/elevation.h"

EG_DEFINE_KERNELS_FOR(eg_elevation_kernels_for, eg_elevation_kernels)
