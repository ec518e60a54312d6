/* SPDX-License-Identifier: MIT */
/*
 * eg_edges(). The first pass computes derivatives, magnitudes and non-maximum suppression strip by
 * strip while the source is decoded, and stores two bits per pixel. For automatic thresholds that
 * pass also keeps the bin of the magnitude of each local maximum, one byte (8-bit images) or two,
 * so the source is read only once. Hysteresis follows, then the rows of bits are written to the
 * sink.
 */
#include "edge/canny/canny.h"
#include "edge/colour/colour.h"
#include "edge/ridge/ridge_detector.h"
#include "edge/style/style.h"

#include <math.h>
#include <string.h>

#include "core/status.h"
#include "edge/edges.h"
#include "gradient/missing.h"
#include "gradient/operators.h"

/* ---- hysteresis and output ---- */

eg_status eg_canny_hysteresis(eg_canny *canny, eg_error *error)
{
    if (!canny->hysteresis)
        return EG_OK;
    canny->blocks = eg_alloc(canny->ctx, canny->strip_count, sizeof *canny->blocks, error);
    if (!canny->blocks)
        return eg_failed(error);
    for (size_t k = 0; k < canny->strip_count; k++)
        canny->blocks[k] = canny->strips[k].rows;
    return eg_hysteresis_across_blocks(canny->ctx, &canny->planes, canny->blocks,
                                       canny->strip_count, error);
}

void eg_canny_result(const eg_canny *canny, eg_edges_result *result)
{
    double divisor = canny->scale.divisor;
    *result = (eg_edges_result){
        .low = canny->low_response / divisor,
        .high = canny->high_response / divisor,
        .low_response = canny->low_response,
        .high_response = canny->high_response,
        .automatic = canny->automatic,
        .flat = canny->flat,
        .sigma = canny->sigma,
        .edge_pixels = eg_planes_count(&canny->planes, canny->ctx),
    };
}

/* ---- public functions ---- */

void eg_edges_default(eg_edges_options *options)
{
    *options = (eg_edges_options){.style = {.thickness = 1},
                                  .op = "gaussian",
                                  .sigma = NAN,
                                  .unit = EG_UNIT_PIXEL,
                                  .low = NAN,
                                  .high = NAN,
                                  .density = NAN};
}

void eg_edges_opencv(eg_edges_options *options, double low, double high)
{
    eg_edges_default(options);
    options->op = "sobel3";
    options->sigma = 0;
    options->norm = EG_NORM_L1;
    options->unit = EG_UNIT_RESPONSE;
    options->low = low;
    options->high = high;
}

void eg_edges_skimage(eg_edges_options *options, double sigma, double low, double high)
{
    eg_edges_opencv(options, isnan(low) ? 25.5 : low, isnan(high) ? 51 : high);
    options->sigma = sigma;
    options->norm = EG_NORM_L2;
    options->nms = EG_NMS_INTERPOLATED;
    options->compat_skimage = true;
}

static eg_status choose_thresholds(eg_canny *canny, eg_source *source, eg_error *error)
{
    eg_magnitude_histogram histogram;
    eg_status status = eg_canny_histogram(canny, &histogram, error);
    if (status == EG_OK)
        status = eg_apply_threshold_bins(canny, source, &histogram,
                                         eg_choose_threshold_bins(&histogram, 1, canny->hysteresis),
                                         error);
    eg_magnitude_histogram_release(&histogram);
    return status;
}

static eg_status find_edges(eg_canny *canny, eg_source *source, eg_error *error)
{
    eg_status status = eg_canny_first_pass(canny, source, error);
    if (status == EG_OK && canny->automatic)
        status = choose_thresholds(canny, source, error);
    return status == EG_OK ? eg_canny_hysteresis(canny, error) : status;
}

/* Writes the edges to `sink`, unless it is NULL. */
static eg_status write_edges(const eg_planes *planes, eg_source *source, eg_sink *sink,
                             const eg_edges_options *options, const eg_edges_result *result,
                             eg_error *error)
{
    return sink ? eg_edges_write(planes, NULL, source, sink, options, result, error) : EG_OK;
}

/* Moves the edges out of `planes`, unless `kept` is NULL. */
static void keep_edges(eg_planes *planes, eg_planes *kept)
{
    if (!kept)
        return;
    *kept = *planes;
    kept->candidate = NULL;
    planes->edge = NULL;
}

static eg_status find_colour_edges(eg_source *source, eg_sink *sink,
                                   const eg_edges_options *options, eg_edges_result *result,
                                   eg_planes *kept, eg_error *error)
{
    eg_colour_canny canny;
    eg_status status = eg_colour_canny_begin(&canny, source, options, error);
    if (status == EG_OK)
        status = eg_colour_canny_find(&canny, source, options, error);
    if (status == EG_OK) {
        eg_colour_canny_result(&canny, result);
        status = write_edges(&canny.planes, source, sink, options, result, error);
    }
    if (status == EG_OK) {
        eg_note_valid(source, eg_field_histogram_total(&canny.histogram, canny.histogram.all) > 0);
        keep_edges(&canny.planes, kept);
    }
    eg_colour_canny_release(&canny);
    return status;
}

static eg_status find_operator_edges(eg_source *source, eg_sink *sink,
                                     const eg_edges_options *options, eg_edges_result *result,
                                     eg_planes *kept, eg_error *error)
{
    eg_canny canny;
    eg_status status = eg_canny_init(&canny, source, options, error);
    if (status == EG_OK)
        status = find_edges(&canny, source, error);
    if (status == EG_OK) {
        eg_canny_result(&canny, result);
        status = write_edges(&canny.planes, source, sink, options, result, error);
    }
    if (status == EG_OK) {
        eg_note_valid(source, atomic_load(&canny.any_valid));
        keep_edges(&canny.planes, kept);
    }
    eg_canny_release(&canny);
    return status;
}

/* Detects ridges; arguments as of find_colour_edges(). */
static eg_status find_ridges(eg_source *source, eg_sink *sink, const eg_edges_options *options,
                             eg_edges_result *result, eg_planes *kept, eg_error *error)
{
    eg_ridge_detector detector;
    eg_status status = eg_ridge_begin(&detector, source, options, error);
    if (status == EG_OK)
        status = eg_ridge_link(&detector, source, &detector.histogram, options, error);
    if (status == EG_OK) {
        eg_ridge_result(&detector, result);
        status = write_edges(&detector.planes, source, sink, options, result, error);
    }
    if (status == EG_OK) {
        eg_note_valid(source, atomic_load(&detector.any_valid));
        keep_edges(&detector.planes, kept);
    }
    eg_ridge_release(&detector);
    return status;
}

eg_status eg_find_edges(eg_source *source, eg_sink *sink, const eg_edges_options *options,
                        eg_edges_result *result, eg_planes *kept, eg_error *error)
{
    eg_edges_result found = {.flat = false};
    eg_status status = sink ? eg_edge_style_check(options, sink, error) : EG_OK;
    if (status == EG_OK)
        status = eg_source_as_float(source, false, error);
    if (status == EG_OK)
        status = (options->method == EG_EDGE_RIDGE ? find_ridges
                  : eg_is_gaussian(options->op)
                      ? find_colour_edges
                      : find_operator_edges)(source, sink, options, &found, kept, error);
    if (status == EG_OK && result)
        *result = found;
    eg_name_failure(error, source->name);
    return status;
}

eg_status eg_edges(eg_source *source, eg_sink *sink, const eg_edges_options *options,
                   eg_edges_result *result, eg_error *error)
{
    return eg_find_edges(source, sink, options, result, NULL, error);
}
