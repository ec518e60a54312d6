/* SPDX-License-Identifier: MIT */
/* Arrays that grow. */
#ifndef EG_CORE_GROWING_H
#define EG_CORE_GROWING_H

#include "edgegrad.h"

/* An array of `count` items with memory for `capacity`, from eg_alloc(). */
typedef struct eg_growing {
    void *items;
    size_t count, capacity;
} eg_growing;

/* Makes room for `more` items of `size` bytes after those of the array, at least doubling its
 * capacity when it has to grow. */
eg_status eg_growing_reserve(eg_growing *array, eg_context *ctx, size_t more, size_t size,
                             eg_error *error);

#endif
