/* SPDX-License-Identifier: MIT */
/* The smaller and the larger of two sizes. */
#ifndef EG_CORE_SIZE_H
#define EG_CORE_SIZE_H

#include <stddef.h>

static inline size_t eg_min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

static inline size_t eg_max_size(size_t a, size_t b)
{
    return a > b ? a : b;
}

#endif
