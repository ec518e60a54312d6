/* SPDX-License-Identifier: MIT */
/*
 * Chooses levels. They cover all values in view, except beside poles. Evenly spaced levels would
 * crowd on steep walls and leave the valley empty. So if half of the area lies within a small part
 * of the range, levels are 1, 2, 5, 10 ... above the lowest value, below the highest if the
 * function falls steeply, or on both sides of the middle if it has poles of both signs.
 */
#include <math.h>
#include <stdlib.h>

#include "plot/plot.h"

enum { EVEN_LEVELS = 9, MIN_LEVELS = 6, MAX_LEVELS = 14 };
#define FINEST 1e-3 /* smallest distance of a level from the extreme, of the range */
#define REST   0.35 /* part of the range that no level need divide */

enum { TAIL = 50 }; /* outliers are 1/50 of the values at each end */

/* Levels are even if the median lies from this part of the range to 1 minus it, ... */
#define SKEWED 0.34

/* ... and the middle half of the values is at least this part of the range. */
#define PEAKED 0.2

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
        levels[count] = (first + (double)count) * step + 0.0; /* never -0 */
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
    first = fmax(first, last * FINEST);
    size_t count = list_steps(first, last, fine, 3, steps);
    if (count > MAX_LEVELS)
        count = list_steps(first, last, coarse, 2, steps);
    if (count > MAX_LEVELS)
        count = list_steps(first, last, decades, 1, steps);
    return count;
}

/* Rounds a level to the first digit of its step: 4.7, not 4.7134. */
static double round_level(double base, double step)
{
    double unit = pow(10, floor(log10(fabs(step))));
    return base == 0 ? step : round((base + step) / unit) * unit + 0.0; /* + 0: never -0 */
}

/* Chooses levels base + sign * step. Beyond the last of them the rest of the range is divided. */
static size_t growing_levels(double base, double sign, double first, double last, double levels[])
{
    double steps[EG_PLOT_LEVELS];
    if (fabs(base) < 0.01 * last) /* for round levels */
        base = 0;
    size_t count = growing_steps(first, last, steps);
    while (count > 0 && count < MAX_LEVELS && last - steps[count - 1] > REST * last) {
        double step = eg_nice_step(last - steps[count - 1], 2);
        steps[count] = steps[count - 1] + step;
        if (steps[count++] >= last) {
            count--;
            break;
        }
    }
    for (size_t i = 0; i < count; i++)
        levels[sign > 0 ? i : count - 1 - i] = round_level(base, sign * steps[i]);
    return count;
}

/* Chooses the base of levels that grow on both sides: a round number in the middle of the values.
 */
static double choose_base(const double sorted[], size_t n)
{
    double low = sorted[n / 4], high = sorted[n - 1 - n / 4];
    if (low <= 0 && high >= 0)
        return 0;
    double step = eg_nice_step(high - low, 2);
    return round(sorted[n / 2] / step) * step;
}

/* Chooses levels that grow on both sides of a base between `low` and `high`. */
static size_t two_sided_levels(const double sorted[], size_t n, double low, double high,
                               double levels[])
{
    double base = choose_base(sorted, n), steps[EG_PLOT_LEVELS];
    double first = (sorted[n - 1 - n / 4] - sorted[n / 4]) / 4;
    size_t count = 0, found = growing_steps(first, fmax(high - base, base - low), steps);
    if (found > MAX_LEVELS / 2)
        found = MAX_LEVELS / 2;
    for (size_t i = found; i-- > 0;)
        if (base - steps[i] > low)
            levels[count++] = round_level(base, -steps[i]);
    if (base > low && base < high)
        levels[count++] = base;
    for (size_t i = 0; i < found; i++)
        if (base + steps[i] < high)
            levels[count++] = round_level(base, steps[i]);
    return count;
}

/* Removes levels that rounding made equal or moved out of the range. */
static size_t keep_ascending(double levels[], size_t count, double low, double high)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (levels[i] > low && levels[i] < high && (kept == 0 || levels[i] > levels[kept - 1]))
            levels[kept++] = levels[i];
    return kept;
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

/* Finds the range of the values, without outliers if they lie on both sides, as beside poles:
 * returns true. */
static bool find_range(const double sorted[], size_t n, double *low, double *high)
{
    double first = sorted[n / TAIL], last = sorted[n - 1 - n / TAIL];
    *low = sorted[0];
    *high = sorted[n - 1];
    bool outliers = *low < first - (last - first) && *high > last + (last - first);
    if (outliers) {
        *low = first;
        *high = last;
    }
    return outliers;
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

size_t eg_plot_choose_levels(const double values[], size_t count, double sorted[],
                             double levels[EG_PLOT_LEVELS])
{
    double low, high;
    size_t n = sort_values(values, count, sorted);
    if (n == 0)
        return 0;
    bool has_poles = find_range(sorted, n, &low, &high);
    double middle = sorted[n / 2];
    if (!(high > low) || !isfinite(high - low))
        return 0;
    double median = (middle - low) / (high - low);
    double half = (sorted[n - 1 - n / 4] - sorted[n / 4]) / (high - low);
    size_t found = 0;
    if (has_poles && half > 0 && half < PEAKED)
        found = two_sided_levels(sorted, n, low, high, levels);
    else if (median < SKEWED)
        found = growing_levels(low, 1, sorted[n / 100] - low, high - low, levels);
    else if (median > 1 - SKEWED)
        found = growing_levels(high, -1, high - sorted[n - 1 - n / 100], high - low, levels);
    found = keep_ascending(levels, found, low, high);
    return found >= MIN_LEVELS ? found : even_levels(low, high, levels);
}

double eg_level_position(const double levels[], size_t count, double value)
{
    size_t k = 0;
    if (!isfinite(value))
        return (double)NAN;
    while (k < count && value >= levels[k])
        k++;
    return (double)k +
           (k > 0 && k < count ? (value - levels[k - 1]) / (levels[k] - levels[k - 1]) : 0.5);
}
