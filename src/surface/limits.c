/* SPDX-License-Identifier: MIT */
/*
 * Limit of a sequence of samples at distances t that are halved from one to the next. Samples of
 * the form L + a t^p have steps that shrink by a constant factor, and Aitken's delta-squared method
 * gives L. The nearest samples have the largest rounding errors, so the estimate is taken from the
 * most consistent run of samples.
 */
#include <math.h>

#include "surface/surface.h"

/* Relative tolerances: of the spread of successive estimates that counts as convergence, and of a
 * step that counts as 0. */
static const double agreement = 1e-5, no_step = 1e-10;

static bool all_finite(const double samples[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(samples[i]))
            return false;
    return true;
}

/* Extrapolates three samples by Aitken's delta-squared method. Returns NaN if the steps do not
 * shrink. */
static double aitken(const double s[3], double scale)
{
    double first = s[1] - s[0], second = s[2] - s[1];
    if (fabs(second) <= no_step * scale)
        return s[2];
    if (fabs(second) > 0.97 * fabs(first))
        return NAN;
    return s[2] - second * second / (second - first);
}

/* Returns true if the samples diverge: they grow with every step, and the steps do not shrink
 * faster than those of a logarithm. */
static bool diverges(const double samples[], size_t count)
{
    for (size_t i = 2; i < count; i++) {
        double step = fabs(samples[i]) - fabs(samples[i - 1]);
        if (samples[i] * samples[i - 1] <= 0 || !(step > 0) ||
            step < 0.97 * (fabs(samples[i - 1]) - fabs(samples[i - 2])))
            return false;
    }
    return true;
}

static double max_abs(const double samples[], size_t count)
{
    double max = 0;
    for (size_t i = 0; i < count; i++)
        max = fmax(max, fabs(samples[i]));
    return max;
}

/* Extrapolates the limit: the estimate that agrees best with its neighbours. max_sample: the
 * largest |sample| of all. */
static eg_limit extrapolate_limit(const double samples[], size_t count, double max_sample)
{
    double scale = max_abs(samples, count), best = agreement * max_sample, value = NAN;
    for (size_t i = 0; i + 4 < count; i++) {
        double a = aitken(samples + i, scale), b = aitken(samples + i + 1, scale);
        double c = aitken(samples + i + 2, scale), spread = fabs(a - b) + fabs(b - c);
        if (spread <= best) {
            best = spread;
            value = c;
        }
    }
    if (isnan(value))
        return (eg_limit){.kind = EG_LIMIT_NONE, .value = NAN};
    double zero_tolerance = fmax(agreement * scale, 16 * best);
    return (eg_limit){.kind = EG_LIMIT_FINITE, .value = fabs(value) <= zero_tolerance ? 0 : value};
}

eg_limit eg_estimate_limit(const double samples[], size_t count)
{
    size_t half = count / 2; /* the nearer half decides, because it is closest to the limit */
    const double *near = samples + half;
    if (!all_finite(near, count - half)) {
        for (size_t i = half; i < count; i++)
            if (isinf(samples[i]))
                return (eg_limit){.kind = EG_LIMIT_INFINITE, .value = samples[i]};
        return (eg_limit){.kind = EG_LIMIT_UNDEFINED, .value = NAN};
    }
    if (diverges(near, count - half))
        return (eg_limit){.kind = EG_LIMIT_INFINITE,
                          .value = copysign(INFINITY, samples[count - 1])};
    return extrapolate_limit(near, count - half,
                             fmax(max_abs(samples, half), max_abs(near, count - half)));
}
