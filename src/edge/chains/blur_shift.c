/* SPDX-License-Identifier: MIT */
/* Displacement of curved edges by a Gaussian blur. */
#include <math.h>

#include "edge/chains/shape.h"

/* Returns I1(z) / I0(z), the ratio of modified Bessel functions, from its continued fraction. */
static double bessel_ratio(double z)
{
    double tail = 0;
    for (int k = (int)z + 40; k >= 1; k--)
        tail = z * z / (2 * k + tail);
    return tail / z;
}

/* Returns where the gradient of a blurred disc is greatest, for a disc whose rim is at r and a
 * point at u: a fixed point at the maximum. */
static double greatest(double r, double u)
{
    const double z = u * r;
    return r * (1 / bessel_ratio(z) - 1 / z);
}

/* Returns r - u for the radius r of the disc whose gradient is greatest at u. */
static double solve(double u)
{
    double low = u / 8, high = u + 1;
    for (int i = 0; i < 60; i++) {
        const double r = (low + high) / 2;
        *(greatest(r, u) < u ? &low : &high) = r;
    }
    return low - u;
}

void eg_blur_shift_init(eg_blur_shift *blur, double sigma)
{
    const double far = 1.0 / 16; /* beyond 16 sigma the series is exact to 1e-5 */
    blur->sigma = sigma;
    for (int i = 0; i <= EG_BLUR_STEPS; i++) {
        const double w = (double)i / EG_BLUR_STEPS;
        const double shift = w < far ? w / 2 : solve(1 / w);
        blur->shift[i] = shift > 0 ? shift : 0;
    }
}

double eg_blur_shift_at(const eg_blur_shift *blur, double radius)
{
    const double w = blur->sigma / radius;
    if (!(w < 1))
        return 0;
    const double at = w * EG_BLUR_STEPS;
    const int i = (int)at;
    return blur->sigma * (blur->shift[i] + (at - i) * (blur->shift[i + 1] - blur->shift[i]));
}
