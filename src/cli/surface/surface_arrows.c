/* SPDX-License-Identifier: MIT */
/* Arrows of plots. */
#include <math.h>
#include <stdlib.h>

#include "cli/surface/surface.h"

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void surface_clip_arrows(double *arrows, size_t count)
{
    double lengths[SURFACE_ARROWS];
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        lengths[i] = hypot(arrows[4 * i + 2], arrows[4 * i + 3]);
    qsort(lengths, count, sizeof *lengths, compare_doubles);
    double longest = lengths[count * 9 / 10];
    for (size_t i = 0; i < count; i++) {
        double length = hypot(arrows[4 * i + 2], arrows[4 * i + 3]);
        for (size_t k = 2; k < 4 && length > longest; k++)
            arrows[4 * i + k] *= longest / length;
    }
}
