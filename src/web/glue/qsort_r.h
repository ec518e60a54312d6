/* SPDX-License-Identifier: MIT */
/* qsort_r(), which the C library of emscripten lacks; included before the files that use it. */
#ifndef EG_WEB_QSORT_R_H
#define EG_WEB_QSORT_R_H

#include <stddef.h>

void qsort_r(void *items, size_t count, size_t size,
             int (*compare)(const void *, const void *, void *), void *opaque);

#endif
