/* SPDX-License-Identifier: MIT */
/* Selection of the tape kernels by instruction set. */
#include "expr/eval/kernels.h"

EG_DEFINE_KERNELS_FOR(eg_tape_kernels_for, eg_tape_kernels)
