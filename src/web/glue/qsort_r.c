/* SPDX-License-Identifier: MIT */
/* qsort_r() by qsort(): the module has one thread, so that a variable can pass the argument on. */
#include "web/glue/qsort_r.h"

#include <stdlib.h>

typedef struct order {
    int (*compare)(const void *, const void *, void *);
    void *opaque;
} order;

static order current;

static int compare_items(const void *a, const void *b)
{
    return current.compare(a, b, current.opaque);
}

void qsort_r(void *items, size_t count, size_t size,
             int (*compare)(const void *, const void *, void *), void *opaque)
{
    const order before = current;
    current = (order){compare, opaque};
    qsort(items, count, size, compare_items);
    current = before;
}
