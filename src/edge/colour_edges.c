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
    if (options->low < 0 || options->high < 0 ||
        (options->unit == EG_UNIT_PERCENT && (options->low > 100 || options->high > 100)))
        return eg_fail(error, EG_USAGE, "thresholds are 0 or more, percentiles 0 to 100");
    if (options->nms == EG_NMS_SECTORS)
        return eg_fail(error, EG_USAGE,
                       "the operator gaussian needs interpolated non-maximum suppression");
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

static eg_status check_and_measure(eg_colour_canny *canny, eg_source *source,
                                   const eg_edges_options *options, eg_error *error)
{
    double sigma;
    eg_status status = check_options(options, error);
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

eg_status eg_colour_canny_count(eg_colour_canny *canny, eg_source *source,
                                const eg_edges_options *options, eg_error *error)
{
    *canny = (eg_colour_canny){.method = options->method, .count_only = true};
    return check_and_measure(canny, source, options, error);
}

/* ---- thresholds ---- */

/* Otsu's split of the square roots of the local maxima (IEEE Trans. SMC 9, 1979). */
static double otsu_threshold(const uint64_t *counts)
{
    double total = 0, moment = 0, below = 0, below_moment = 0, best = -1, threshold = 0;
    for (uint32_t i = 0; i < EG_FIELD_BINS; i++) {
        if (!counts[i])
            continue;
        total += (double)counts[i];
        moment += (double)counts[i] * sqrt(eg_field_bin_magnitude(i));
    }
    for (uint32_t i = 0; i < EG_FIELD_BINS; i++) {
        const double above = total - below;
        if (!counts[i])
            continue;
        if (below > 0) {
            double apart = below_moment / below - (moment - below_moment) / above;
            double score = below * above * apart * apart;
            if (score > best) {
                best = score;
                threshold = eg_field_bin_magnitude(i);
            }
        }
        below += (double)counts[i];
        below_moment += (double)counts[i] * sqrt(eg_field_bin_magnitude(i));
    }
    return threshold;
}

/* The outline rule: the high threshold lies between the texture, of which the median of all
 * magnitudes is a measure, and the strongest edges, the 99th percentile of the local maxima. The
 * factors are the best for the drawings of the Berkeley segmentation data set. */
static double outline_threshold(const eg_field_histogram *histogram, eg_edge_method method)
{
    const double median = eg_quantile(histogram->all, 0.5),
                 strongest = eg_quantile(histogram->maxima, 0.99);
    const double factor = method == EG_EDGE_BOUNDARY ? 0.98 : 0.894;
    return factor * sqrt(strongest * (median + 0.05 * strongest));
}

void eg_field_thresholds(const eg_field_histogram *histogram, eg_edges_options *options)
{
    const eg_auto_rule rule = options->rule;
    if (options->unit == EG_UNIT_PERCENT && !(isnan(options->low) && isnan(options->high))) {
        options->low = isnan(options->low) ? NAN : eg_quantile(histogram->all, options->low / 100);
        options->high =
            isnan(options->high) ? NAN : eg_quantile(histogram->all, options->high / 100);
    } else {
        options->high = rule == EG_AUTO_OTSU     ? otsu_threshold(histogram->maxima)
                        : rule == EG_AUTO_MEDIAN ? eg_quantile(histogram->maxima, 0.5) * 4 / 3
                                                 : outline_threshold(histogram, options->method);
        options->low = options->high * (rule == EG_AUTO_OUTLINE ? LOW_HIGH_RATIO : 0.5);
    }
    options->unit = EG_UNIT_SIGMA;
}

/* Returns a threshold with 6 significant digits, so that its text is exact. */
static double round_threshold(double threshold)
{
    if (!(threshold > 0) || !isfinite(threshold))
        return threshold;
    const double digits = 5 - floor(log10(threshold));
    if (digits >= 0)
        return round(threshold * pow(10, digits)) / pow(10, digits);
    return round(threshold / pow(10, -digits)) * pow(10, -digits);
}

/* Sets the thresholds, in any order. */
static void set_thresholds(eg_colour_canny *canny, double low, double high)
{
    if (canny->method == EG_EDGE_THRESHOLD)
        low = high;
    canny->low = fmin(low, high);
    canny->high = fmax(low, high);
}

/* Sets the thresholds, given as magnitudes of the field, rounded in levels per pixel. */
static void set_magnitudes(eg_colour_canny *canny, double low, double high)
{
    const double unit = eg_colour_canny_unit(canny);
    set_thresholds(canny, round_threshold(low / unit), round_threshold(high / unit));
}

static void warn_empty(const eg_field_histogram *histogram, eg_source *source)
{
    const char *reason = "is constant";
    if (!eg_field_histogram_total(histogram->all))
        reason = "no gradient is finite";
    else if (eg_field_histogram_total(histogram->all) > histogram->all[0])
        reason = "its gradient has no local maximum";
    else if (histogram->differs)
        reason = "all gradients are 0";
    eg_source_warn(source, "%s: there are no edges", reason);
}

bool eg_thresholds_known(const eg_edges_options *options)
{
    const bool any =
        !isnan(options->high) || (!isnan(options->low) && options->method != EG_EDGE_THRESHOLD);
    return any && options->unit != EG_UNIT_PERCENT && isnan(options->density);
}

void eg_colour_canny_resolve(eg_colour_canny *canny, eg_source *source,
                             const eg_field_histogram *histogram, const eg_edges_options *options)
{
    eg_edges_options chosen = *options;
    if (options->method == EG_EDGE_THRESHOLD)
        chosen.low = (double)NAN;
    canny->automatic = isnan(chosen.low) && isnan(chosen.high);
    canny->flat = canny->automatic && eg_field_histogram_total(histogram->maxima) == 0;
    if (canny->flat)
        warn_empty(histogram, source);
    if (canny->automatic || options->unit == EG_UNIT_PERCENT)
        eg_field_thresholds(histogram, &chosen);
    if (isnan(chosen.low))
        chosen.low = chosen.high * LOW_HIGH_RATIO;
    if (isnan(chosen.high))
        chosen.high = chosen.low / LOW_HIGH_RATIO;
    (chosen.unit == EG_UNIT_SIGMA ? set_magnitudes : set_thresholds)(canny, chosen.low,
                                                                     chosen.high);
}

/* ---- density ---- */

/* Marks edges with the high threshold that brings their number closest to `wanted` pixels: a
 * bisection of the thresholds between nothing and the largest magnitude. */
static eg_status mark_density(eg_colour_canny *canny, double wanted, eg_error *error)
{
    enum { STEPS = 24 };
    double least = 0, most = eg_quantile(canny->histogram.maxima, 1), best = most;
    double best_error = (double)INFINITY;
    eg_status status = EG_OK;
    for (int i = 0; i <= STEPS && status == EG_OK; i++) {
        const double high = i < STEPS ? (least + most) / 2 : best;
        set_magnitudes(canny, high * LOW_HIGH_RATIO, high);
        status = eg_colour_canny_mark(canny, error);
        if (status != EG_OK)
            break;
        const double count = (double)eg_planes_count(&canny->planes), away = fabs(count - wanted);
        if (away < best_error) {
            best_error = away;
            best = high;
        }
        *(count > wanted ? &least : &most) = high;
    }
    canny->automatic = true;
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
        .edge_pixels = eg_planes_count(&canny->planes),
    };
}
