/* SPDX-License-Identifier: MIT */
/* The levels of contour lines, and the class of a value between them. */
#include "edge/lines/contour_levels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

/* The largest number of a level: far below 2^53, so that numbers and their successors are exact. */
static const double number_max = 1125899906842624.0; /* 2^50 */

static int compare_levels(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static eg_status copy_listed(eg_contour_levels *levels, eg_context *ctx,
                             const eg_contour_options *options, eg_error *error)
{
    if (!options->levels || options->level_count == 0)
        return eg_fail(error, EG_USAGE, "no level is given: set an interval or levels");
    if (options->level_count > EG_CONTOUR_LEVELS)
        return eg_fail(error, EG_USAGE, "%zu levels are too many: at most %d are possible",
                       options->level_count, EG_CONTOUR_LEVELS);
    for (size_t i = 0; i < options->level_count; i++)
        if (!isfinite(options->levels[i]))
            return eg_fail(error, EG_USAGE, "a level must be a finite number, not %g",
                           options->levels[i]);
    levels->listed = eg_alloc(ctx, options->level_count, sizeof *levels->listed, error);
    if (!levels->listed)
        return eg_failed(error);
    memcpy(levels->listed, options->levels, options->level_count * sizeof *levels->listed);
    qsort(levels->listed, options->level_count, sizeof *levels->listed, compare_levels);
    for (size_t i = 0; i < options->level_count; i++)
        if (levels->count == 0 || levels->listed[i] != levels->listed[levels->count - 1])
            levels->listed[levels->count++] = levels->listed[i];
    return EG_OK;
}

eg_status eg_contour_levels_init(eg_contour_levels *levels, eg_context *ctx,
                                 const eg_contour_options *options, const char *name,
                                 eg_error *error)
{
    *levels =
        (eg_contour_levels){.interval = options->interval, .base = options->base, .name = name};
    if (isnan(options->interval))
        return copy_listed(levels, ctx, options, error);
    if (options->level_count > 0)
        return eg_fail(error, EG_USAGE, "an interval and levels contradict each other");
    if (!(options->interval > 0 && isfinite(options->interval)))
        return eg_fail(error, EG_USAGE, "the interval must be a finite number above 0, not %g",
                       options->interval);
    if (!isfinite(options->base))
        return eg_fail(error, EG_USAGE, "the base must be a finite number, not %g", options->base);
    return EG_OK;
}

void eg_contour_levels_free(eg_contour_levels *levels)
{
    eg_free(levels->listed);
    levels->listed = NULL;
}

/* Returns the number of listed levels that are not above the value. */
static double listed_class(const eg_contour_levels *levels, double value)
{
    size_t low = 0, high = levels->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (levels->listed[middle] <= value)
            low = middle + 1;
        else
            high = middle;
    }
    return (double)low;
}

/* The quotient is rounded, so the level itself decides. */
static inline double interval_class(const eg_contour_levels *levels, double value)
{
    double number = floor((value - levels->base) / levels->interval);
    if (levels->base + number * levels->interval > value)
        number -= 1;
    else if (levels->base + (number + 1) * levels->interval <= value)
        number += 1;
    return number;
}

double eg_contour_class(const eg_contour_levels *levels, double value)
{
    return levels->listed ? listed_class(levels, value) : interval_class(levels, value);
}

void eg_contour_classify(const eg_contour_levels *levels, const double *values, double first,
                         int32_t *classes, size_t count)
{
    if (levels->listed) {
        for (size_t i = 0; i < count; i++)
            classes[i] = isnan(values[i]) ? EG_CLASS_MISSING
                                          : (int32_t)(listed_class(levels, values[i]) - first);
        return;
    }
    for (size_t i = 0; i < count; i++)
        classes[i] = isnan(values[i]) ? EG_CLASS_MISSING
                                      : (int32_t)(interval_class(levels, values[i]) - first);
}

eg_status eg_contour_check_range(const eg_contour_levels *levels, double lowest, double highest,
                                 eg_error *error)
{
    if (levels->listed)
        return EG_OK;
    double first = eg_contour_class(levels, lowest), last = eg_contour_class(levels, highest);
    if (fabs(first) <= number_max && fabs(last) <= number_max &&
        last - first <= (double)EG_CONTOUR_LEVELS)
        return EG_OK;
    return eg_fail_file(
        error, EG_USAGE, levels->name,
        "has values from %.10g to %.10g, with more than %d levels at an interval of %.10g; "
        "take a larger interval, or list the levels",
        lowest, highest, EG_CONTOUR_LEVELS, levels->interval);
}
