/* SPDX-License-Identifier: MIT */
#include "core/portable_math.h"

#include <math.h>

/* Returns sqrt(a^2 + b^2) of 0 <= b <= a whose squares neither overflow nor underflow. A step of
 * Newton's method corrects it by its exact residual (C. F. Borges, "Algorithm 1014: An improved
 * algorithm for hypot(x, y)", ACM Transactions on Mathematical Software 47, 2020). */
static double corrected_hypot(double a, double b)
{
    double h = sqrt(fma(a, a, b * b)), h2 = h * h, a2 = a * a;
    double rest = fma(-b, b, h2 - a2) + fma(h, h, -h2) - fma(a, a, -a2);
    return h - rest / (2 * h);
}

double eg_hypotenuse(double a, double b)
{
    double large = fabs(a), small = fabs(b);
    if (isinf(large) || isinf(small))
        return INFINITY;
    if (isnan(large) || isnan(small))
        return NAN;
    if (small > large) {
        double swapped = small;
        small = large;
        large = swapped;
    }
    if (small <= large * 0x1p-54) /* also where both are 0 */
        return large + small;
    if (large > 0x1p511)
        return corrected_hypot(large * 0x1p-600, small * 0x1p-600) * 0x1p600;
    if (small < 0x1p-459)
        return corrected_hypot(large * 0x1p600, small * 0x1p600) * 0x1p-600;
    return corrected_hypot(large, small);
}

double eg_cube_root(double a)
{
    if (a == 0 || !isfinite(a))
        return a;
    int exponent;
    double m = frexp(fabs(a), &exponent); /* 0.5 <= m < 1 */
    int rest = (exponent % 3 + 3) % 3;
    m = ldexp(m, rest); /* below 4 */
    /* A straight line that is within 13 % of the root, then Halley's method, which triples the
     * number of right digits. */
    double c = 0.62 + 0.26 * m;
    for (int i = 0; i < 3; i++) {
        double cube = c * c * c;
        c *= (cube + 2 * m) / (2 * cube + m);
    }
    /* A step of Newton's method with the exact residual. */
    double square = c * c;
    double residual = fma(square, c, -m) + fma(c, c, -square) * c;
    c -= residual / (3 * square);
    return copysign(ldexp(c, (exponent - rest) / 3), a);
}
