/* SPDX-License-Identifier: MIT */
/* Arrays that grow. */
#include "core/growing.h"

#include <string.h>

#include "core/context.h"

eg_status eg_growing_reserve(eg_growing *array, eg_context *ctx, size_t more, size_t size,
                             eg_error *error)
{
    enum { FIRST = 256 };
    if (more <= array->capacity - array->count)
        return EG_OK;
    size_t capacity = array->capacity ? 2 * array->capacity : FIRST;
    if (capacity - array->count < more)
        capacity = array->count + more;
    void *grown = eg_alloc(ctx, capacity, size, error);
    if (!grown)
        return eg_failed(error);
    if (array->count)
        memcpy(grown, array->items, array->count * size);
    eg_free(array->items);
    array->items = grown;
    array->capacity = capacity;
    return EG_OK;
}

eg_status eg_growing_resize(eg_growing *array, eg_context *ctx, size_t count, size_t size,
                            eg_error *error)
{
    array->count = 0;
    eg_status status = eg_growing_reserve(array, ctx, count, size, error);
    if (status == EG_OK)
        array->count = count;
    return status;
}

eg_status eg_growing_zero(eg_growing *array, eg_context *ctx, size_t count, size_t size,
                          eg_error *error)
{
    eg_status status = eg_growing_resize(array, ctx, count, size, error);
    if (status == EG_OK && count > 0)
        memset(array->items, 0, count * size);
    return status;
}
