/* SPDX-License-Identifier: MIT */
/*
 * Where a sequence tends to that is sampled at halved distances. Its steps shrink by a constant
 * factor where it behaves like L + a t^p; Aitken's delta-squared then gives L. Rounding spoils the
 * nearest samples, so the best run is sought.
 */
#include <math.h>

#include "surface/surface.h"

/* Agreement of successive estimates that counts as having settled, and steps that count as none. */
static const double settled = 1e-5, still = 1e-10;

static bool all_finite(const double samples[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(samples[i]))
            return false;
    return true;
}

/* NaN where the steps do not shrink. */
static double aitken(const double s[3], double scale)
{
    double first = s[1] - s[0], second = s[2] - s[1];
    if (fabs(second) <= still * scale)
        return s[2];
    if (fabs(second) > 0.97 * fabs(first))
        return NAN;
    return s[2] - second * second / (second - first);
}

/* Larger with every step, and the steps no smaller than a logarithm's. */
static bool grows(const double samples[], size_t count)
{
    for (size_t i = 2; i < count; i++) {
        double step = fabs(samples[i]) - fabs(samples[i - 1]);
        if (samples[i] * samples[i - 1] <= 0 || !(step > 0) ||
            step < 0.97 * (fabs(samples[i - 1]) - fabs(samples[i - 2])))
            return false;
    }
    return true;
}

static double largest(const double samples[], size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(samples[i]));
    return most;
}

/* The estimate whose neighbours agree best, `far` being the largest sample of all. */
static eg_limit settle(const double samples[], size_t count, double far)
{
    double scale = largest(samples, count), best = settled * far, value = NAN;
    for (size_t i = 0; i + 4 < count; i++) {
        double a = aitken(samples + i, scale), b = aitken(samples + i + 1, scale);
        double c = aitken(samples + i + 2, scale), spread = fabs(a - b) + fabs(b - c);
        if (spread <= best) {
            best = spread;
            value = c;
        }
    }
    if (isnan(value))
        return (eg_limit){EG_LIMIT_NONE, NAN};
    double nothing = fmax(settled * scale, 16 * best);
    return (eg_limit){EG_LIMIT_FINITE, fabs(value) <= nothing ? 0 : value};
}

eg_limit eg_limit_of(const double samples[], size_t count)
{
    size_t half = count / 2; /* the nearer half decides */
    const double *near = samples + half;
    if (!all_finite(near, count - half)) {
        for (size_t i = half; i < count; i++)
            if (isinf(samples[i]))
                return (eg_limit){EG_LIMIT_INFINITE, samples[i]};
        return (eg_limit){EG_LIMIT_UNDEFINED, NAN};
    }
    if (grows(near, count - half))
        return (eg_limit){EG_LIMIT_INFINITE, copysign(INFINITY, samples[count - 1])};
    return settle(near, count - half, fmax(largest(samples, half), largest(near, count - half)));
}
