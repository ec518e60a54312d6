/* SPDX-License-Identifier: MIT */
/* Options of the maps that follow from Gaussian derivatives of the intensity. */
#include "gradient/jet/jet_options.h"

#include <math.h>
#include <string.h>

#include "core/status.h"
#include "gradient/jet/jet_weights.h"
#include "gradient/operators.h"

#define DOG_RATIO 1.6

bool eg_is_jet_map(const eg_gradient_options *options)
{
    return options->map >= EG_MAP_LAPLACIAN || eg_is_gaussian_derivative(options->op) ||
           eg_is_farid(options->op);
}

bool eg_is_farid_map(const eg_gradient_options *options)
{
    return options->map < EG_MAP_LAPLACIAN && eg_is_farid(options->op);
}

/* Returns true if sigma 0 stands for no smoothing, not for a default. */
static bool is_unsmoothed(const eg_gradient_options *options)
{
    return options->map == EG_MAP_LAPLACIAN || eg_is_farid_map(options);
}

double eg_jet_sigma(const eg_gradient_options *options)
{
    if (options->sigma != 0 || is_unsmoothed(options))
        return options->sigma;
    return options->map > EG_MAP_LAPLACIAN && options->map != EG_MAP_COHERENCE ? 2 : 1;
}

double eg_jet_wide_sigma(const eg_gradient_options *options)
{
    return eg_jet_sigma(options) * (options->dog_ratio != 0 ? options->dog_ratio : DOG_RATIO);
}

double eg_jet_integration_sigma(const eg_gradient_options *options)
{
    if (options->integration_sigma != 0)
        return options->integration_sigma;
    return fmin(2 * eg_jet_sigma(options), EG_JET_SIGMA_MOST);
}

static bool is_in_range(double sigma)
{
    return sigma >= EG_JET_SIGMA_LEAST && sigma <= EG_JET_SIGMA_MOST;
}

eg_status eg_check_jet_options(const eg_gradient_options *options, eg_error *error)
{
    const double sigma = eg_jet_sigma(options), ratio = options->dog_ratio;
    if (!is_in_range(sigma) && !(is_unsmoothed(options) && sigma == 0))
        return eg_fail(error, EG_USAGE,
                       "sigma of a map of Gaussian derivatives must be %g to %g pixels, not %g",
                       EG_JET_SIGMA_LEAST, EG_JET_SIGMA_MOST, sigma);
    if (options->map == EG_MAP_COHERENCE && !is_in_range(eg_jet_integration_sigma(options)))
        return eg_fail(error, EG_USAGE,
                       "the integration sigma of the coherence must be %g to %g pixels, not %g",
                       EG_JET_SIGMA_LEAST, EG_JET_SIGMA_MOST, eg_jet_integration_sigma(options));
    if (options->map != EG_MAP_DOG)
        return EG_OK;
    if (ratio != 0 && !(ratio >= 1.1 && ratio <= 10))
        return eg_fail(error, EG_USAGE,
                       "the ratio of the sigmas of a difference of Gaussians must be 1.1 to 10, "
                       "not %g",
                       ratio);
    if (!is_in_range(eg_jet_wide_sigma(options)))
        return eg_fail(error, EG_USAGE,
                       "the wider sigma of the difference of Gaussians is %g pixels: choose sigma "
                       "and ratio so that it is at most %g",
                       eg_jet_wide_sigma(options), EG_JET_SIGMA_MOST);
    return EG_OK;
}

eg_status eg_check_map_choices(const eg_gradient_options *options, eg_error *error)
{
    if (options->thin && (options->map != EG_MAP_MAGNITUDE || eg_is_gaussian(options->op)))
        return eg_fail(error, EG_USAGE,
                       "thinning needs the map magnitude and another operator than gaussian");
    if (options->zero_crossings && (options->map < EG_MAP_LAPLACIAN || options->map > EG_MAP_DOG))
        return eg_fail(error, EG_USAGE, "zero crossings need the map laplacian, log or dog");
    if (!(options->slope >= 0 && isfinite(options->slope)))
        return eg_fail(error, EG_USAGE, "the slope of zero crossings must be 0 or more, not %g",
                       options->slope);
    if (options->zero_crossings &&
        (options->scale != 0 || (options->depth != 0 && options->depth != 8)))
        return eg_fail(error, EG_USAGE, "zero crossings have no scale and a depth of 8 bits");
    return EG_OK;
}
