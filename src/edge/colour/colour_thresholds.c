/* SPDX-License-Identifier: MIT */
/* Thresholds of the colour detector. */
#include <math.h>

#include "core/stream.h"
#include "edge/colour/colour.h"
#include "edge/otsu.h"

/* Returns true if a gradient of the field is not 0. */
static bool has_gradient(const eg_field_histogram *histogram)
{
    return eg_field_histogram_total(histogram, histogram->all) > histogram->all[0];
}

/* Returns the counts that automatic thresholds follow: those of the local maxima or, if the field
 * has none, of all magnitudes. */
static const uint64_t *edge_magnitudes(const eg_field_histogram *histogram)
{
    return eg_field_histogram_total(histogram, histogram->maxima) == 0 && has_gradient(histogram)
               ? histogram->all
               : histogram->maxima;
}

/* Returns the higher threshold of Otsu's split of the square roots of magnitudes. */
static double otsu_threshold(const eg_field_histogram *histogram, const uint64_t *counts)
{
    eg_otsu_class total = {0}, below = {0};
    double best = -1, threshold = 0;
    for (uint32_t i = 0; i < EG_FIELD_BINS; i = eg_field_next_bin(histogram, i))
        if (counts[i])
            eg_otsu_add(&total, (double)counts[i], sqrt(eg_field_bin_magnitude(i)));
    for (uint32_t i = 0; i < EG_FIELD_BINS; i = eg_field_next_bin(histogram, i)) {
        if (!counts[i])
            continue;
        if (below.count > 0 && eg_otsu_score(below, total) > best) {
            best = eg_otsu_score(below, total);
            threshold = eg_field_bin_magnitude(i);
        }
        eg_otsu_add(&below, (double)counts[i], sqrt(eg_field_bin_magnitude(i)));
    }
    return threshold;
}

/* The outline rule: the high threshold lies between the texture, of which the median of all
 * magnitudes is a measure, and the strongest edges, the 99th percentile of the local maxima. The
 * factors are the best for the drawings of the Berkeley segmentation data set. */
static double outline_threshold(const eg_field_histogram *histogram, eg_edge_method method)
{
    const double median = eg_quantile(histogram, histogram->all, 0.5),
                 strongest = eg_quantile(histogram, edge_magnitudes(histogram), 0.99);
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
        if (!isnan(options->low))
            options->low = eg_quantile(histogram, histogram->all, options->low / 100);
        if (!isnan(options->high))
            options->high = eg_quantile(histogram, histogram->all, options->high / 100);
    } else {
        const uint64_t *counts = edge_magnitudes(histogram);
        options->high = rule == EG_AUTO_OTSU     ? otsu_threshold(histogram, counts)
                        : rule == EG_AUTO_MEDIAN ? eg_quantile(histogram, counts, 0.5) * 4 / 3
                                                 : outline_threshold(histogram, options->method);
        options->low =
            options->high * (rule == EG_AUTO_OUTLINE ? eg_low_high_ratio(options->method) : 0.5);
    }
    options->low = round_threshold(options->low / histogram->sigma);
    options->high = round_threshold(options->high / histogram->sigma);
    options->unit = EG_UNIT_PIXEL;
}

void eg_colour_set_thresholds(eg_colour_canny *canny, double low, double high)
{
    if (canny->method == EG_EDGE_THRESHOLD)
        low = high;
    canny->low = fmin(low, high);
    canny->high = fmax(low, high);
}

void eg_colour_set_magnitudes(eg_colour_canny *canny, double low, double high)
{
    const double unit = eg_colour_canny_unit(canny);
    eg_colour_set_thresholds(canny, round_threshold(low / unit), round_threshold(high / unit));
}

/* Says why an image has no edges. Of images of less than 3 pixels a side nobody expects one. */
static void warn_empty(const eg_field_histogram *histogram, eg_source *source)
{
    const char *reason = "is constant";
    if (histogram->differs && (source->info.width < 3 || source->info.height < 3))
        return;
    if (has_gradient(histogram))
        reason = "its gradient has no local maximum";
    else if (histogram->differs)
        reason = "all gradients are 0";
    eg_source_warn(source, "%s: there are no edges", reason);
}

/* Returns false if no pixel can be an edge. A pixel can be one without a local maximum of the field
 * if the method does not thin, or if the field is coarser than the image. */
static bool may_have_edges(const eg_colour_canny *canny, const eg_field_histogram *histogram)
{
    const eg_channels *c = &canny->channels;
    if (canny->method == EG_EDGE_THRESHOLD)
        return has_gradient(histogram);
    return eg_field_histogram_total(histogram, histogram->maxima) > 0 ||
           (canny->factor > 1 && c->full_width > 2 && c->full_height > 2 &&
            has_gradient(histogram));
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
    canny->flat = canny->automatic && !may_have_edges(canny, histogram);
    if (canny->flat && eg_field_histogram_total(histogram, histogram->all) > 0)
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
        eg_colour_set_thresholds(canny, chosen.low, chosen.high);
}
