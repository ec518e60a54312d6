/* SPDX-License-Identifier: MIT */
/* The clock for durations. */
#include <time.h>

#include "cli/cli.h"

double seconds_now(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
