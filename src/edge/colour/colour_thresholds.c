/* SPDX-License-Identifier: MIT */
/* Thresholds of the colour detector. */
#include <math.h>

#include "core/stream.h"
#include "edge/colour/colour.h"

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
    const double factor = method == EG_EDGE_BOUNDARY ? 0.88 : 0.9;
    return factor * sqrt(strongest * (median + 0.05 * strongest));
}

double eg_low_high_ratio(eg_edge_method method)
{
    return method == EG_EDGE_BOUNDARY ? 0.7 : 0.6;
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
        options->low =
            options->high * (rule == EG_AUTO_OUTLINE ? eg_low_high_ratio(options->method) : 0.5);
    }
    options->low = round_threshold(options->low / histogram->sigma);
    options->high = round_threshold(options->high / histogram->sigma);
    options->unit = EG_UNIT_PIXEL;
}

/* Sets the thresholds, in any order. */
static void set_thresholds(eg_colour_canny *canny, double low, double high)
{
    if (canny->method == EG_EDGE_THRESHOLD)
        low = high;
    canny->low = fmin(low, high);
    canny->high = fmax(low, high);
}

void eg_colour_set_magnitudes(eg_colour_canny *canny, double low, double high)
{
    const double unit = eg_colour_canny_unit(canny);
    set_thresholds(canny, round_threshold(low / unit), round_threshold(high / unit));
}

/* Says why an image has no edges. Of images of less than 3 pixels a side nobody expects one. */
static void warn_empty(const eg_field_histogram *histogram, eg_source *source)
{
    const char *reason = "is constant";
    if (histogram->differs && (source->info.width < 3 || source->info.height < 3))
        return;
    if (eg_field_histogram_total(histogram->all) > histogram->all[0])
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
    if (canny->flat && eg_field_histogram_total(histogram->all) > 0)
        warn_empty(histogram, source);
    if (canny->automatic || options->unit == EG_UNIT_PERCENT)
        eg_field_thresholds(histogram, &chosen);
    if (isnan(chosen.low))
        chosen.low = chosen.high * eg_low_high_ratio(options->method);
    if (isnan(chosen.high))
        chosen.high = chosen.low / eg_low_high_ratio(options->method);
    if (chosen.unit == EG_UNIT_SIGMA)
        eg_colour_set_magnitudes(canny, chosen.low, chosen.high);
    else
        set_thresholds(canny, chosen.low, chosen.high);
}
