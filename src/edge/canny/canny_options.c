/* SPDX-License-Identifier: MIT */
/* Options of Canny on the operators of eg_operator_name(). */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/portable_math.h"
#include "core/status.h"
#include "edge/canny/canny.h"
#include "edge/edge_options.h"

/* Sets low_response and high_response from the options, both NaN if the thresholds are automatic.
 */
static void resolve_thresholds(eg_canny *canny, const eg_edges_options *options)
{
    double low = options->low, high = options->high;
    if (options->method == EG_EDGE_THRESHOLD)
        low = high;
    if (isnan(low))
        low = high * EG_LOW_HIGH_RATIO;
    if (isnan(high))
        high = low / EG_LOW_HIGH_RATIO;
    if (low > high) {
        double swap = low;
        low = high;
        high = swap;
    }
    double unit = options->unit == EG_UNIT_PIXEL ? canny->scale.divisor : 1;
    canny->low_response = low * unit;
    canny->high_response = high * unit;
    canny->automatic = isnan(low);
}

/* Returns the standard deviation of the blur in pixels. */
static double choose_sigma(const eg_edges_options *options, const eg_source *source)
{
    if (options->sigma_percent != 0)
        return options->sigma_percent / 100 *
               eg_hypotenuse((double)source->info.width, (double)source->info.height);
    return isnan(options->sigma) ? EG_SIGMA_DEFAULT : options->sigma;
}

/* Refuses what only the operator gaussian has. */
static eg_status check_gaussian_only(const eg_edges_options *options, eg_error *error)
{
    const bool automatic = isnan(options->low) && isnan(options->high);
    if (options->method == EG_EDGE_BOUNDARY)
        return eg_fail(error, EG_USAGE, "the method boundary needs the operator gaussian");
    if (!isnan(options->density))
        return eg_fail(error, EG_USAGE, "a density needs the operator gaussian");
    if ((options->unit == EG_UNIT_PERCENT || options->unit == EG_UNIT_SIGMA) && !automatic)
        return eg_fail(error, EG_USAGE,
                       "thresholds in percentiles or over the distance sigma need the operator "
                       "gaussian");
    if (options->rule == EG_AUTO_MEDIAN && automatic)
        return eg_fail(error, EG_USAGE,
                       "thresholds from the median need the operator gaussian; other operators "
                       "have Otsu's rule");
    return EG_OK;
}

static eg_status check_options(const eg_edges_options *options, eg_error *error)
{
    eg_status status = eg_check_edge_options(options, error);
    if (status != EG_OK)
        return status;
    if (options->norm != EG_NORM_L2 && options->norm != EG_NORM_L1)
        return eg_fail(error, EG_USAGE, "unknown norm");
    if (options->compat_skimage &&
        (strcmp(options->op, "sobel3") != 0 || options->method != EG_EDGE_CANNY ||
         options->norm != EG_NORM_L2 || options->nms != EG_NMS_INTERPOLATED ||
         options->border != EG_BORDER_REPLICATE || (isnan(options->low) && isnan(options->high))))
        return eg_fail(error, EG_USAGE,
                       "compatibility with skimage needs the method canny with thresholds, the "
                       "operator sobel3, the norm L2, interpolated neighbours and the border "
                       "rule replicate");
    return check_gaussian_only(options, error);
}

/* Returns the magnitudes to compute. */
static eg_magnitude_kind magnitude_kind(const eg_derivative_stage *derivative, eg_norm norm)
{
    if (derivative->response_type == EG_RESPONSE_I16)
        return norm == EG_NORM_L1 ? EG_MAGNITUDE_I16_L1 : EG_MAGNITUDE_I16_L2;
    return norm == EG_NORM_L1 ? EG_MAGNITUDE_F32_L1 : EG_MAGNITUDE_F32_L2;
}

static void choose_kernels(eg_canny *canny, const eg_edges_options *options)
{
    const eg_magnitude_kind kind = canny->scale.kind;
    const eg_plane_kernels *planes = eg_plane_kernels_for(canny->ctx->cpu);
    const eg_interpolated_kernels *interpolated = eg_interpolated_kernels_for(canny->ctx->cpu);
    canny->kernels = eg_edge_kernels_for(canny->ctx->cpu);
    canny->magnitude = canny->kernels->magnitude[kind];
    canny->keep_larger =
        (options->norm == EG_NORM_L1 ? planes->larger_l1
                                     : planes->larger_l2)[canny->derivative.response_type];
    if (!canny->hysteresis)
        canny->find_candidates = canny->kernels->threshold[kind];
    else if (options->nms != EG_NMS_INTERPOLATED)
        canny->find_candidates = canny->kernels->thin[kind];
    else
        canny->find_candidates = interpolated->thin[kind];
}

/* Prepares the first pass of skimage. */
static eg_status init_skimage(eg_canny *canny, eg_error *error)
{
    canny->skimage = eg_calloc(canny->ctx, 1, sizeof *canny->skimage, error);
    if (!canny->skimage)
        return eg_failed(error);
    eg_skimage_init(canny->skimage, canny->sigma, canny->scale.white_level,
                    canny->low_response / 255, canny->high_response / 255);
    return EG_OK;
}

eg_status eg_canny_init(eg_canny *canny, const eg_source *source, const eg_edges_options *options,
                        eg_error *error)
{
    const double sigma = choose_sigma(options, source);
    const eg_derivative_options derivative = {options->op, sigma, options->border,
                                              options->border_value};
    *canny = (eg_canny){.ctx = source->ctx, .sigma = sigma};
    atomic_init(&canny->any_valid, false);
    canny->colours = eg_source_planes(source);
    canny->planes.width = source->info.width;
    canny->span = eg_source_span(source);
    canny->planes.height = canny->span.end - canny->span.first;
    canny->planes.words = (canny->planes.width + 63) / 64;
    eg_status status =
        eg_derivative_stage_init(&canny->derivative, source, &derivative, true, error);
    if (status == EG_OK)
        status = check_options(options, error);
    if (status != EG_OK)
        return status;
    canny->derivative.keeps_shifts = source->info.sample == EG_F32;
    canny->scale = (eg_response_scale){
        .kind = magnitude_kind(&canny->derivative, options->norm),
        .divisor = canny->derivative.op->divisor,
        .shift =
            canny->derivative.response_type == EG_RESPONSE_I16 ? canny->derivative.op->shift : 0,
        .white_level = source->info.white_level,
    };
    canny->hysteresis = options->method == EG_EDGE_CANNY;
    choose_kernels(canny, options);
    resolve_thresholds(canny, options);
    if (canny->automatic)
        canny->thresholds = eg_collection_thresholds(&canny->scale, &canny->bin_base);
    else
        canny->thresholds =
            eg_thresholds_from_responses(&canny->scale, canny->low_response, canny->high_response);
    return options->compat_skimage ? init_skimage(canny, error) : EG_OK;
}
