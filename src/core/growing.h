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

/* Makes the array one of `count` items of `size` bytes. Their values are those of memory that was
 * not initialised, or of earlier items. */
eg_status eg_growing_resize(eg_growing *array, eg_context *ctx, size_t count, size_t size,
                            eg_error *error);

/* Makes the array one of `count` items of `size` bytes that are 0. */
eg_status eg_growing_zero(eg_growing *array, eg_context *ctx, size_t count, size_t size,
                          eg_error *error);

#endif
