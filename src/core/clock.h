/* SPDX-License-Identifier: MIT */
#ifndef EG_CORE_CLOCK_H
#define EG_CORE_CLOCK_H

#include <time.h>

/* Returns the monotonic time in seconds since an arbitrary start. */
static inline double eg_seconds(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
