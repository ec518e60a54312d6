/* SPDX-License-Identifier: MIT */
/* Gaussian weights, in floats and in the fixed point that cv::GaussianBlur uses for 8-bit images.
 */
#include "gradient/gaussian.h"

#include <math.h>

#include "core/status.h"

/* Returns the kernel radius that cv::GaussianBlur derives from sigma: half of 2 sigma `sigmas` + 1
 * rounded and made odd. */
static size_t radius_for_sigma(double sigma, double sigmas)
{
    long size = lrint(sigma * sigmas * 2 + 1) | 1;
    return (size_t)size / 2;
}

/* Rounds the weights to multiples of 1/256 from the outside in and carries each rounding error to
 * the next weight. The middle weight gets the remainder, so that the sum is exactly 256. */
static void quantise_weights(uint16_t *fixed, const double *weight, size_t radius)
{
    double carried = 0;
    int sum = 0;
    for (size_t k = radius; k > 0; k--) {
        double exact = weight[k] * 256 + carried;
        double rounded = rint(exact);
        carried = exact - rounded;
        fixed[k] = (uint16_t)rounded;
        sum += 2 * fixed[k];
    }
    fixed[0] = (uint16_t)(256 - sum);
}

eg_status eg_gaussian_init(eg_gaussian *gaussian, double sigma, eg_sample sample, eg_error *error)
{
    *gaussian = (eg_gaussian){0};
    if (!(sigma >= 0 && sigma <= EG_SIGMA_MAX))
        return eg_fail(error, EG_USAGE, "sigma must be 0 to %g pixels, not %g", EG_SIGMA_MAX,
                       sigma);
    if (sigma == 0)
        return EG_OK;
    double weight[EG_RADIUS_MAX + 1];
    size_t radius = radius_for_sigma(sigma, sample == EG_U8 ? 3 : 4);
    if (radius > EG_RADIUS_MAX)
        radius = EG_RADIUS_MAX;
    double sum = 0;
    for (size_t k = 0; k <= radius; k++) {
        weight[k] = exp(-0.5 * (double)(k * k) / (sigma * sigma));
        sum += k ? 2 * weight[k] : weight[k];
    }
    for (size_t k = 0; k <= radius; k++) {
        weight[k] /= sum;
        gaussian->real[k] = (float)weight[k];
    }
    quantise_weights(gaussian->fixed, weight, radius);
    gaussian->radius = radius;
    return EG_OK;
}
