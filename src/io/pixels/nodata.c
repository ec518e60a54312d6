/* SPDX-License-Identifier: MIT */
/* Comparison of samples with a nodata value. */
#include "io/pixels/nodata.h"

#include <float.h>
#include <math.h>

/* The shortest usual texts of FLT_MAX and DBL_MAX are 3.4e+38 and 1.8e+308. */
static const double below = 0.999, above = 1.001;

/* Returns the range whose ends are `inner` and `outer` times the sign of `nodata`. */
static eg_nodata_range range_between(double nodata, double inner, double outer)
{
    return nodata < 0 ? (eg_nodata_range){-outer, -inner} : (eg_nodata_range){inner, outer};
}

eg_nodata_range eg_nodata_range_of(double nodata, bool single)
{
    const double magnitude = fabs(nodata), float_max = (double)FLT_MAX;
    double value = single ? (double)(float)nodata : nodata;
    if (single && magnitude > below * float_max)
        return range_between(nodata, below * float_max, (double)INFINITY);
    if (magnitude > below * DBL_MAX)
        return range_between(nodata, below * DBL_MAX, (double)INFINITY);
    if (magnitude > below * float_max && magnitude < above * float_max)
        return range_between(nodata, below * float_max, above * float_max);
    return (eg_nodata_range){value, value};
}
