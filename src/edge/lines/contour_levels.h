/* SPDX-License-Identifier: MIT */
/* The levels of contour lines, and the class of a value between them. */
#ifndef EG_EDGE_LINES_CONTOUR_LEVELS_H
#define EG_EDGE_LINES_CONTOUR_LEVELS_H

#include <math.h>

#include "edgegrad.h"

/* Levels have ascending numbers. Those of an interval are numbered by its multiples, listed ones
 * from 1. */
typedef struct eg_contour_levels {
    double interval, base; /* interval NaN: the levels are listed */
    double *listed;        /* ascending, each once */
    size_t count;
    const char *name; /* of the raster, for messages; may be NULL */
} eg_contour_levels;

/* Checks the options and prepares their levels, which eg_contour_levels_free() releases, also after
 * a failure. EG_USAGE: options out of range. */
eg_status eg_contour_levels_init(eg_contour_levels *levels, eg_context *ctx,
                                 const eg_contour_options *options, const char *name,
                                 eg_error *error);
void eg_contour_levels_free(eg_contour_levels *levels);

/* Returns the number of the highest level that is not above a finite value, an integer, or the
 * number before the first one. */
double eg_contour_class(const eg_contour_levels *levels, double value);

/* Returns the value of the level with that number. */
static inline double eg_contour_level(const eg_contour_levels *levels, double number)
{
    return levels->listed ? levels->listed[(size_t)number - 1]
                          : levels->base + number * levels->interval;
}

/* Returns the level below the values of a class: that with its number; an infinity below the first
 * and above the last listed one. */
static inline double eg_contour_class_low(const eg_contour_levels *levels, double class)
{
    if (levels->listed && class < 1)
        return -(double)INFINITY;
    if (levels->listed && class > (double)levels->count)
        return (double)INFINITY;
    return eg_contour_level(levels, class);
}

enum { EG_CLASS_MISSING = INT32_MIN };

/* Sets classes[i] to the class of values[i] minus the class `first`, from which the difference is
 * at most EG_CONTOUR_LEVELS, or to EG_CLASS_MISSING if the value is NaN. */
void eg_contour_classify(const eg_contour_levels *levels, const double *values, double first,
                         int32_t *classes, size_t count);

/* Fails with EG_USAGE if there are too many levels between two values. */
eg_status eg_contour_check_range(const eg_contour_levels *levels, double lowest, double highest,
                                 eg_error *error);

#endif
