/* SPDX-License-Identifier: MIT */
/*
 * Chooses levels. Evenly spaced levels would crowd on steep walls and leave the valley
 * empty. So if half of the area lies within a small part of the range, levels are 1, 2, 5, 10 ...
 * above the lowest value, or below the highest if the function falls steeply.
 */
#include <math.h>
#include <stdlib.h>

#include "plot/plot.h"

enum { EVEN_LEVELS = 9, MIN_LEVELS = 6, MAX_LEVELS = 14 };
enum { TAIL = 50 }; /* outliers are 1/50 of the values at each end */

/* Levels are even if the median lies from this part of the range to 1 minus it. */
#define SKEWED 0.4

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static size_t even_levels(double low, double high, double levels[])
{
    double step = eg_nice_step(high - low, EVEN_LEVELS);
    size_t count = 0;
    const double first = floor(low / step) + 1;
    while (count < MAX_LEVELS && (first + (double)count) * step < high) {
        levels[count] = (first + (double)count) * step;
        count++;
    }
    return count;
}

/* Lists the products of `factors` and powers of ten from `first` to `last`. Returns their number.
 */
static size_t list_steps(double first, double last, const double *factors, size_t cycle,
                         double steps[EG_PLOT_LEVELS])
{
    double power = pow(10, floor(log10(first)));
    size_t count = 0;
    for (size_t i = 0; power * factors[i % cycle] < last && count < EG_PLOT_LEVELS; i++) {
        double step = power * factors[i % cycle];
        if (step >= first * 0.999)
            steps[count++] = step;
        if (i % cycle == cycle - 1)
            power *= 10;
    }
    return count;
}

/* Chooses growing distances of the levels from the extreme value: by 1, 2, 5 in a decade, fewer if
 * they are too many. */
static size_t growing_steps(double first, double last, double steps[EG_PLOT_LEVELS])
{
    static const double fine[] = {1, 2, 5}, coarse[] = {1, 3}, decades[] = {1};
    first = fmax(first, last * 1e-12);
    size_t count = list_steps(first, last, fine, 3, steps);
    if (count > MAX_LEVELS)
        count = list_steps(first, last, coarse, 2, steps);
    if (count > MAX_LEVELS)
        count = list_steps(first, last, decades, 1, steps);
    return count;
}

/* Chooses levels base + sign * step, rounded to the first digit of the step: 4.7, not 4.7134. */
static size_t growing_levels(double base, double sign, double first, double last, double levels[])
{
    double steps[EG_PLOT_LEVELS];
    if (fabs(base) < 0.01 * last) /* for round levels */
        base = 0;
    size_t count = growing_steps(first, last, steps);
    for (size_t i = 0; i < count; i++) {
        double unit = pow(10, floor(log10(steps[i])));
        double level = base == 0 ? sign * steps[i] : round((base + sign * steps[i]) / unit) * unit;
        levels[sign > 0 ? i : count - 1 - i] = level;
    }
    return count;
}

/* Sorts the finite values. Returns their number. */
static size_t sort_values(const double values[], size_t count, double sorted[])
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]))
            sorted[n++] = values[i];
    qsort(sorted, n, sizeof *sorted, compare_doubles);
    return n;
}

/* Finds the range of the values, without outliers if they lie on both sides, as beside poles. */
static void find_range(const double sorted[], size_t n, double *low, double *high)
{
    double first = sorted[n / TAIL], last = sorted[n - 1 - n / TAIL];
    *low = sorted[0];
    *high = sorted[n - 1];
    if (*low < first - (last - first) && *high > last + (last - first)) {
        *low = first;
        *high = last;
    }
}

void eg_cut_poles(double values[], size_t columns, size_t rows, double sorted[])
{
    size_t n = sort_values(values, columns * rows, sorted);
    if (n == 0)
        return;
    double low = sorted[n / TAIL], high = sorted[n - 1 - n / TAIL];
    for (size_t row = 0; row < rows; row++)
        for (size_t column = 0; column < columns; column++) {
            double *here = values + row * columns + column;
            double left = column > 0 ? here[-1] : *here;
            double below = row > 0 ? *(here - columns) : *here;
            if (fmin(*here, fmin(left, below)) < low && fmax(*here, fmax(left, below)) > high)
                *here = (double)NAN;
        }
}

size_t eg_choose_levels(const double values[], size_t count, double sorted[],
                        double levels[EG_PLOT_LEVELS])
{
    double low, high;
    size_t n = sort_values(values, count, sorted);
    if (n == 0)
        return 0;
    find_range(sorted, n, &low, &high);
    double middle = sorted[n / 2];
    if (!(high > low) || !isfinite(high - low))
        return 0;
    double median = (middle - low) / (high - low);
    size_t found = 0;
    if (median < SKEWED)
        found = growing_levels(low, 1, sorted[n / 100] - low, high - low, levels);
    else if (median > 1 - SKEWED)
        found = growing_levels(high, -1, high - sorted[n - 1 - n / 100], high - low, levels);
    return found >= MIN_LEVELS ? found : even_levels(low, high, levels);
}

double eg_level_rank(const eg_plot *plot, double value)
{
    size_t k = 0, count = plot->level_count;
    const double *levels = plot->levels;
    if (count < 2)
        return 0.5;
    while (k < count && value >= levels[k])
        k++;
    double part = k > 0 && k < count ? (value - levels[k - 1]) / (levels[k] - levels[k - 1]) : 0.5;
    return ((double)k + (k == count ? 0.5 : part)) / ((double)count + 1);
}
