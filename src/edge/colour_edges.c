/* SPDX-License-Identifier: MIT */
/* Options of the colour detector, its thresholds, and eg_edges() with it. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/colour.h"

#define LOW_HIGH_RATIO 0.6

bool eg_is_colour_edges(const eg_edges_options *options)
{
    return strcmp(options->op, "gaussian") == 0;
}

/* ---- options ---- */

static eg_status check_options(const eg_edges_options *options, eg_error *error)
{
    if (options->method != EG_EDGE_CANNY && options->method != EG_EDGE_BOUNDARY &&
        options->method != EG_EDGE_THRESHOLD)
        return eg_fail(error, EG_USAGE, "unknown edge method");
    if (options->border != EG_BORDER_REPLICATE && options->border != EG_BORDER_REFLECT)
        return eg_fail(error, EG_USAGE,
                       "the operator gaussian needs the border rule replicate or reflect");
    const bool given = !isnan(options->low) || !isnan(options->high);
    if (given && options->unit == EG_UNIT_RESPONSE)
        return eg_fail(
            error, EG_USAGE,
            "thresholds of the operator gaussian are levels per pixel or percentiles, not "
            "responses");
    if (given && !isnan(options->density))
        return eg_fail(error, EG_USAGE, "a density and thresholds exclude each other");
    if (!isnan(options->density) && !(options->density >= 0 && options->density <= 100))
        return eg_fail(error, EG_USAGE, "the density must be 0 to 100 percent, not %g",
                       options->density);
    return EG_OK;
}

/* Sets *sigma to the standard deviation in pixels that the options ask for; NaN: automatic. */
static eg_status choose_sigma(const eg_edges_options *options, const eg_source *source,
                              double *sigma, eg_error *error)
{
    const double diagonal = hypot((double)source->info.width, (double)source->info.height);
    *sigma = options->sigma;
    if (options->sigma_percent != 0)
        *sigma = options->sigma_percent / 100 * diagonal;
    if (isnan(*sigma))
        return EG_OK;
    if (!(*sigma >= 0.5))
        return eg_fail(error, EG_USAGE,
                       "sigma must be at least 0.5 pixels with the operator gaussian, not %g",
                       *sigma);
    if (*sigma > fmax(diagonal / 4, 3.5))
        return eg_fail(
            error, EG_USAGE,
            "sigma %g is too large for %zu x %zu pixels; the largest is a quarter of the "
            "diagonal",
            *sigma, source->info.width, source->info.height);
    return EG_OK;
}

eg_status eg_colour_canny_begin(eg_colour_canny *canny, eg_source *source,
                                const eg_edges_options *options, eg_error *error)
{
    double sigma;
    *canny = (eg_colour_canny){.method = options->method};
    eg_status status = check_options(options, error);
    if (status == EG_OK)
        status = choose_sigma(options, source, &sigma, error);
    if (status == EG_OK)
        status = eg_colour_canny_measure(canny, source, sigma, options->border, error);
    return status;
}

/* ---- thresholds ---- */

/* Otsu's split of the square roots of the local maxima (IEEE Trans. SMC 9, 1979). */
static double otsu_threshold(const uint64_t *counts)
{
    double total = 0, moment = 0, below = 0, below_moment = 0, best = -1, threshold = 0;
    for (uint32_t i = 0; i < EG_QUANTILE_BINS; i++) {
        if (!counts[i])
            continue;
        total += (double)counts[i];
        moment += (double)counts[i] * sqrt(eg_quantile_magnitude(i));
    }
    for (uint32_t i = 0; i < EG_QUANTILE_BINS; i++) {
        const double above = total - below;
        if (!counts[i])
            continue;
        if (below > 0) {
            double apart = below_moment / below - (moment - below_moment) / above;
            double score = below * above * apart * apart;
            if (score > best) {
                best = score;
                threshold = eg_quantile_magnitude(i);
            }
        }
        below += (double)counts[i];
        below_moment += (double)counts[i] * sqrt(eg_quantile_magnitude(i));
    }
    return threshold;
}

/* The outline rule: the high threshold lies between the texture, of which the median of all
 * magnitudes is a measure, and the strongest outlines, the 99th percentile of the local maxima. The
 * factors are the best for the drawings of the Berkeley segmentation data set. */
static double outline_threshold(const eg_colour_canny *canny)
{
    const double median = eg_quantile(canny->all, 0.5),
                 strongest = eg_quantile(canny->maxima, 0.99);
    const double factor = canny->method == EG_EDGE_BOUNDARY ? 0.98 : 0.894;
    return factor * sqrt(strongest * (median + 0.05 * strongest));
}

static void choose_automatic(eg_colour_canny *canny, eg_auto_rule rule)
{
    canny->automatic = true;
    canny->high = rule == EG_AUTO_OTSU     ? otsu_threshold(canny->maxima)
                  : rule == EG_AUTO_MEDIAN ? eg_quantile(canny->maxima, 0.5) * 4 / 3
                                           : outline_threshold(canny);
    canny->low = canny->high * (rule == EG_AUTO_OUTLINE ? LOW_HIGH_RATIO : 0.5);
}

void eg_colour_canny_resolve(eg_colour_canny *canny, const eg_edges_options *options)
{
    double low = options->low, high = options->high;
    if (options->method == EG_EDGE_THRESHOLD)
        low = high;
    if (isnan(low) && isnan(high)) {
        choose_automatic(canny, options->rule);
    } else {
        if (options->unit == EG_UNIT_PERCENT) {
            low = isnan(low) ? low : eg_quantile(canny->all, low / 100);
            high = isnan(high) ? high : eg_quantile(canny->all, high / 100);
        }
        canny->low = isnan(low) ? high * LOW_HIGH_RATIO : low;
        canny->high = isnan(high) ? low / LOW_HIGH_RATIO : high;
    }
    if (canny->low > canny->high) {
        double swap = canny->low;
        canny->low = canny->high;
        canny->high = swap;
    }
    if (options->method == EG_EDGE_THRESHOLD)
        canny->low = canny->high;
}

/* ---- density ---- */

/* Marks edges with the high threshold that brings their number closest to `wanted` pixels: a
 * bisection of the thresholds between nothing and the largest magnitude. */
static eg_status mark_density(eg_colour_canny *canny, double wanted, eg_error *error)
{
    enum { STEPS = 24 };
    double least = 0, most = eg_quantile(canny->maxima, 1), best = most, best_error = INFINITY;
    eg_status status = EG_OK;
    for (int i = 0; i <= STEPS && status == EG_OK; i++) {
        canny->high = i < STEPS ? (least + most) / 2 : best;
        canny->low = canny->high * LOW_HIGH_RATIO;
        status = eg_colour_canny_mark(canny, error);
        if (status != EG_OK)
            break;
        const double count = (double)eg_planes_count(&canny->planes), away = fabs(count - wanted);
        if (away < best_error) {
            best_error = away;
            best = canny->high;
        }
        *(count > wanted ? &least : &most) = canny->high;
    }
    canny->automatic = true;
    return status;
}

eg_status eg_colour_canny_find(eg_colour_canny *canny, const eg_edges_options *options,
                               eg_error *error)
{
    if (!isnan(options->density))
        return mark_density(canny,
                            options->density / 100 * (double)canny->planes.width *
                                (double)canny->planes.height,
                            error);
    eg_colour_canny_resolve(canny, options);
    return eg_colour_canny_mark(canny, error);
}

void eg_colour_canny_result(const eg_colour_canny *canny, eg_edges_result *result)
{
    *result = (eg_edges_result){
        .low = canny->low,
        .high = canny->high,
        .low_response = NAN,
        .high_response = NAN,
        .sigma = canny->sigma,
        .automatic = canny->automatic,
        .edge_pixels = eg_planes_count(&canny->planes),
    };
}
