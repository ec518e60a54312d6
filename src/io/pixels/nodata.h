/* SPDX-License-Identifier: MIT */
/* The values that stand for missing cells. */
#ifndef EG_IO_PIXELS_NODATA_H
#define EG_IO_PIXELS_NODATA_H

#include <stdbool.h>

/* Missing values: low <= value <= high; none if low or high is NaN. */
typedef struct eg_nodata_range {
    double low, high;
} eg_nodata_range;

/* Returns the values for which a nodata value read from text stands: that value, rounded to float
 * if the samples are floats (`single`). Programs use the lowest float or double as nodata and round
 * it in different ways when they write it: a nodata value beyond 0.999 FLT_MAX (of doubles also
 * DBL_MAX) stands for all samples near that limit and beyond it. */
eg_nodata_range eg_nodata_range_of(double nodata, bool single);

static inline bool eg_is_nodata(const eg_nodata_range *range, double value)
{
    return value >= range->low && value <= range->high;
}

#endif
