/* SPDX-License-Identifier: MIT */
/*
 * Which levels to draw. Evenly spaced ones crowd on steep walls and leave the valley empty; so
 * where half of the area lies within a small part of the range, levels are 1, 2, 5, 10 ... above
 * the lowest value (or below the highest, where the walls go down).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plot/plot.h"

enum { ABOUT = 9, FEWEST = 6, MOST = 14 };
enum { TAIL = 50 }; /* nearly all values are all but a 50th at each end */

#define LOPSIDED 0.4 /* the median's place in the range from which on levels are even */

double eg_nice_step(double range, double about)
{
    double rough = range / about, power = pow(10, floor(log10(rough)));
    double part = rough / power;
    return power * (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static size_t even_levels(double low, double high, double levels[])
{
    double step = eg_nice_step(high - low, ABOUT);
    size_t count = 0;
    const double first = floor(low / step) + 1;
    while (count < MOST && (first + (double)count) * step < high) {
        levels[count] = (first + (double)count) * step;
        count++;
    }
    return count;
}

/* first, and then each time `factors` as much, up to `last`. Returns how many it takes. */
static size_t steps_up(double first, double last, const double *factors, size_t cycle,
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

/* Distances from the bottom: from what a hundredth of the area is below, up to the highest. */
static size_t growing_steps(double first, double last, double steps[EG_PLOT_LEVELS])
{
    static const double fine[] = {1, 2, 5}, coarse[] = {1, 3}, decades[] = {1};
    first = fmax(first, last * 1e-12);
    size_t count = steps_up(first, last, fine, 3, steps);
    if (count > MOST)
        count = steps_up(first, last, coarse, 2, steps);
    if (count > MOST)
        count = steps_up(first, last, decades, 1, steps);
    return count;
}

/* base + sign * steps, rounded to the first digit of the step: 4.7 rather than 4.7134. */
static size_t growing_levels(double base, double sign, double first, double last, double levels[])
{
    double steps[EG_PLOT_LEVELS];
    if (fabs(base) < 0.01 * last) /* what is nearly 0 is meant to be */
        base = 0;
    size_t count = growing_steps(first, last, steps);
    for (size_t i = 0; i < count; i++) {
        double grain = pow(10, floor(log10(steps[i])));
        double level =
            base == 0 ? sign * steps[i] : round((base + sign * steps[i]) / grain) * grain;
        levels[sign > 0 ? i : count - 1 - i] = level;
    }
    return count;
}

static size_t sort_values(const double values[], size_t count, double sorted[])
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]))
            sorted[n++] = values[i];
    qsort(sorted, n, sizeof *sorted, by_value);
    return n;
}

/* Where it runs off both ways, as at poles, what nearly all values are between. */
static void extremes(const double sorted[], size_t n, double *low, double *high)
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
    extremes(sorted, n, &low, &high);
    double middle = sorted[n / 2];
    if (!(high > low) || !isfinite(high - low))
        return 0;
    double place = (middle - low) / (high - low);
    size_t found = 0;
    if (place < LOPSIDED)
        found = growing_levels(low, 1, sorted[n / 100] - low, high - low, levels);
    else if (place > 1 - LOPSIDED)
        found = growing_levels(high, -1, high - sorted[n - 1 - n / 100], high - low, levels);
    return found >= FEWEST ? found : even_levels(low, high, levels);
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

void eg_tick_text(char *out, size_t size, double value, double step)
{
    int places = (int)fmax(0, ceil(-log10(step) - 1e-9));
    if (fabs(value) < step / 1000)
        value = 0;
    if (fabs(value) < 1e8 && places <= 6)
        snprintf(out, size, "%.*f", places, value);
    else
        snprintf(out, size, "%.*g", (int)fmin(17, 2 + log10(fmax(1, fabs(value) / step))), value);
}
