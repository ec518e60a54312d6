/* SPDX-License-Identifier: MIT */
/* Options of the colour detector, and edges by thresholds or density. */
#include <math.h>

#include "core/context.h"
#include "core/portable_math.h"
#include "core/status.h"
#include "edge/colour/colour.h"
#include "edge/edge_options.h"
#include "gradient/derivative.h"

/* ---- options ---- */

static eg_status check_options(const eg_edges_options *options, eg_error *error)
{
    eg_status status = eg_check_edge_options(options, error);
    if (status != EG_OK)
        return status;
    if (options->border != EG_BORDER_REPLICATE && options->border != EG_BORDER_REFLECT)
        return eg_fail(error, EG_USAGE,
                       "the operator gaussian needs the border rule replicate or reflect");
    const bool given = !isnan(options->low) || !isnan(options->high);
    if (given && options->unit == EG_UNIT_RESPONSE)
        return eg_fail(
            error, EG_USAGE,
            "thresholds of the operator gaussian are levels per pixel or percentiles, not "
            "responses");
    if (options->low < 0 || options->high < 0 ||
        (options->unit == EG_UNIT_PERCENT && (options->low > 100 || options->high > 100)))
        return eg_fail(error, EG_USAGE, "thresholds are 0 or more, percentiles 0 to 100");
    if (options->nms != EG_NMS_AUTO && options->nms != EG_NMS_INTERPOLATED &&
        options->nms != EG_NMS_SECTORS)
        return eg_fail(error, EG_USAGE, "unknown kind of non-maximum suppression");
    if (options->compat_skimage)
        return eg_fail(error, EG_USAGE, "compatibility with skimage needs the operator sobel3");
    if (given && !isnan(options->density))
        return eg_fail(error, EG_USAGE, "a density and thresholds exclude each other");
    if (!isnan(options->density) && !(options->density >= 0 && options->density <= 100))
        return eg_fail(error, EG_USAGE, "the density must be 0 to 100 percent, not %g",
                       options->density);
    return EG_OK;
}

/* Largest sigma in pixels: a Gaussian has at most EG_TENSOR_RADIUS_MAX samples on a side, of
 * EG_FACTOR_MAX pixels each. The largest one of the boundary detector is 4.5 / 3.5 sigma. */
enum {
    SIGMA_MOST = EG_FACTOR_MAX * EG_TENSOR_RADIUS_MAX / 3,
    BOUNDARY_SIGMA_MOST = SIGMA_MOST * 35 / 45
};

/* Sets *sigma to the standard deviation in pixels that the options ask for; NaN: automatic. */
static eg_status choose_sigma(const eg_edges_options *options, const eg_source *source,
                              double *sigma, eg_error *error)
{
    const size_t width = source->info.width, height = source->info.height;
    const double diagonal = eg_hypotenuse((double)width, (double)height);
    const double limit = options->method == EG_EDGE_BOUNDARY ? BOUNDARY_SIGMA_MOST : SIGMA_MOST;
    const double most = fmin(fmax(diagonal, 3.5), limit);
    *sigma = options->sigma;
    if (options->sigma_percent > 0)
        *sigma = options->sigma_percent / 100 * diagonal;
    if (isnan(*sigma))
        return EG_OK;
    if (!(*sigma >= EG_LEAST_FIELD_SIGMA))
        return eg_fail_file(error, EG_USAGE, source->name,
                            "sigma %g is less than 0.5 pixels, the least of the operator "
                            "gaussian; sobel3 takes any",
                            *sigma);
    if (*sigma > most)
        return eg_fail_file(error, EG_USAGE, source->name,
                            "sigma %g is too large for %zu x %zu pixels: give at most %.4g", *sigma,
                            width, height, floor(most * 10) / 10);
    return EG_OK;
}

static eg_status check_and_measure(eg_colour_canny *canny, eg_source *source,
                                   const eg_edges_options *options, eg_error *error)
{
    double sigma;
    eg_status status = eg_check_gradient_samples(source, error);
    if (status == EG_OK)
        status = check_options(options, error);
    if (status == EG_OK)
        status = choose_sigma(options, source, &sigma, error);
    if (status == EG_OK)
        status = eg_colour_canny_measure(canny, source, options, sigma, error);
    return status;
}

eg_status eg_colour_canny_begin(eg_colour_canny *canny, eg_source *source,
                                const eg_edges_options *options, eg_error *error)
{
    *canny = (eg_colour_canny){.method = options->method};
    return check_and_measure(canny, source, options, error);
}

eg_status eg_colour_canny_begin_adjustable(eg_colour_canny *canny, eg_source *source,
                                           const eg_edges_options *options, eg_error *error)
{
    *canny = (eg_colour_canny){.method = options->method, .adjustable = true};
    return check_and_measure(canny, source, options, error);
}

eg_status eg_colour_canny_count(eg_colour_canny *canny, eg_source *source,
                                const eg_edges_options *options, eg_error *error)
{
    *canny = (eg_colour_canny){.method = options->method, .count_only = true};
    return check_and_measure(canny, source, options, error);
}

/* ---- density ---- */

enum { DENSITY_STEPS = 24 };

static double searched_threshold(const eg_density_search *search)
{
    return search->step < DENSITY_STEPS ? (search->least + search->most) / 2 : search->best;
}

void eg_density_search_start(eg_density_search *search, const eg_colour_canny *canny,
                             const eg_field_histogram *histogram, double wanted)
{
    const bool coarse = canny->factor > 1;
    const bool all = coarse || canny->method == EG_EDGE_THRESHOLD;
    /* Interpolation exceeds the samples of the field by up to 27 %. */
    const double most =
        eg_quantile(histogram, all ? histogram->all : histogram->maxima, 1) * (coarse ? 1.3 : 1);
    *search = (eg_density_search){
        .most = most, .best = most, .wanted = wanted, .best_error = (double)INFINITY};
}

bool eg_density_search_next(eg_density_search *search, double count)
{
    const double high = searched_threshold(search), away = fabs(count - search->wanted);
    if (away < search->best_error) {
        search->best_error = away;
        search->best = high;
    }
    *(count > search->wanted ? &search->least : &search->most) = high;
    return search->step++ < DENSITY_STEPS;
}

eg_status eg_density_search_mark(const eg_density_search *search, eg_colour_canny *canny,
                                 eg_error *error)
{
    const double high = searched_threshold(search);
    eg_colour_set_magnitudes(canny, high * eg_low_high_ratio(canny->method), high);
    canny->automatic = true;
    return eg_colour_canny_mark(canny, error);
}

static eg_status mark_density(eg_colour_canny *canny, double wanted, eg_error *error)
{
    eg_density_search search;
    eg_density_search_start(&search, canny, &canny->histogram, wanted);
    eg_status status;
    do
        status = eg_density_search_mark(&search, canny, error);
    while (status == EG_OK &&
           eg_density_search_next(&search, (double)eg_planes_count(&canny->planes, canny->ctx)));
    return status;
}

eg_status eg_colour_canny_find(eg_colour_canny *canny, eg_source *source,
                               const eg_edges_options *options, eg_error *error)
{
    eg_colour_canny_resolve(canny, source, &canny->histogram, options);
    if (isnan(options->density) || canny->flat)
        return eg_colour_canny_mark(canny, error);
    return mark_density(
        canny, options->density / 100 * (double)canny->planes.width * (double)canny->planes.height,
        error);
}

void eg_colour_canny_result(const eg_colour_canny *canny, eg_edges_result *result)
{
    *result = (eg_edges_result){
        .low = canny->low,
        .high = canny->high,
        .low_response = (double)NAN,
        .high_response = (double)NAN,
        .sigma = canny->sigma,
        .automatic = canny->automatic,
        .flat = canny->flat,
        .edge_pixels = eg_planes_count(&canny->planes, canny->ctx),
    };
}
