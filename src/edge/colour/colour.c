/* SPDX-License-Identifier: MIT */
/* Canny on the colour tensor. */
#include "edge/colour/colour.h"

#include "core/portable_math.h"
#include "edge/colour/boundary.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/colour/drawing.h"

/* ---- scale ---- */

#define REFERENCE_SIGMA    3.5 /* the best for the drawings of the Berkeley segmentation data set */
#define REFERENCE_DIAGONAL 578.3 /* of its images of 481 x 321 pixels */

double eg_automatic_sigma(size_t width, size_t height)
{
    const double scale = eg_hypotenuse((double)width, (double)height) / REFERENCE_DIAGONAL;
    return fmax(REFERENCE_SIGMA * sqrt(scale), 1);
}

/* Returns the largest power of two that leaves a sigma of at least 2.5 samples. */
static size_t choose_factor(double sigma)
{
    size_t factor = 1;
    while (factor < EG_FACTOR_MAX && sigma / (double)(2 * factor) >= 2.5)
        factor *= 2;
    return factor;
}

eg_status eg_field_scale(double sigma, size_t *factor, eg_gaussian_derivative *derivative,
                         eg_error *error)
{
    const double f = (double)(*factor = choose_factor(sigma));
    const double variance = sigma * sigma - (f * f - 1) / 12; /* the boxes have blurred already */
    return eg_gaussian_derivative_init(derivative, sqrt(variance) / f, error);
}

static bool is_boundary(const eg_colour_canny *canny)
{
    return canny->method == EG_EDGE_BOUNDARY;
}

/* Returns the samples of the field for each pixel of the reference size. */
static double boundary_scale(const eg_colour_canny *canny)
{
    return canny->sigma / REFERENCE_SIGMA / (double)canny->factor;
}

/* ---- measuring ---- */

/* Counting of the field in blocks of rows, each with a histogram. */
typedef struct counter {
    const eg_colour_canny *canny;
    eg_field_histogram *histograms;
    size_t first, end, share; /* rows of the field; share: of a block */
} counter;

static eg_status count_block(void *opaque, size_t index, eg_error *error)
{
    const counter *c = opaque;
    const eg_colour_canny *canny = c->canny;
    const size_t first = c->first + index * c->share;
    const eg_span rows = {first, c->end - first < c->share ? c->end : first + c->share},
                  all = {0, canny->field.width};
    eg_field_histogram *histogram = &c->histograms[index];
    eg_status status = eg_field_histogram_new(histogram, canny->ctx, error);
    if (status != EG_OK)
        return status;
    histogram->differs = canny->channels.differs;
    eg_count_magnitudes(histogram, &canny->field, &canny->channels, rows, all);
    eg_count_maxima(histogram, &canny->field, rows, all, canny->sectors);
    return EG_OK;
}

/* Counts the magnitudes of the rows of the field that begin in rows of the image `rows`, without
 * those of missing samples, and the local maxima. */
static eg_status count_rows(eg_colour_canny *canny, eg_span rows, eg_error *error)
{
    const size_t f = canny->factor;
    counter c = {.canny = canny, .first = (rows.first + f - 1) / f, .end = (rows.end + f - 1) / f};
    const size_t count = c.end - c.first, pixels = 4 * count * canny->field.width;
    eg_field_histogram_clear(&canny->histogram);
    canny->histogram.differs = canny->channels.differs;
    if (count == 0)
        return EG_OK;
    const size_t threads = (size_t)eg_thread_count_for(canny->ctx, pixels);
    c.share = (count + threads - 1) / threads;
    const size_t blocks = (count + c.share - 1) / c.share;
    c.histograms = eg_calloc(canny->ctx, blocks, sizeof *c.histograms, error);
    if (!c.histograms)
        return eg_failed(error);
    eg_status status = eg_parallel_for(canny->ctx, blocks, pixels, &c, count_block, error);
    for (size_t i = 0; i < blocks; i++) {
        if (status == EG_OK && i == 0)
            eg_field_histogram_swap(&canny->histogram, &c.histograms[0]);
        else if (status == EG_OK)
            eg_field_histogram_add(&canny->histogram, &c.histograms[i]);
        eg_field_histogram_free(&c.histograms[i]);
    }
    eg_free(c.histograms);
    return status;
}

/* Computes the rows of the field that edges in rows of the image `rows` depend on, at canny->sigma,
 * and their histogram. */
static eg_status measure_rows(eg_colour_canny *canny, eg_span rows, eg_border border,
                              const eg_gaussian_derivative *derivative, eg_error *error)
{
    const eg_channels *c = &canny->channels;
    const size_t around = eg_field_around(canny->factor);
    const size_t first = rows.first / canny->factor;
    const size_t end = (rows.end + canny->factor - 1) / canny->factor;
    const size_t from = first > around ? first - around : 0;
    const size_t to = end + around < c->height ? end + around : c->height;
    const float sigma = (float)(canny->sigma / (double)canny->factor);
    const float weights[3] = {sigma, EG_OPPONENT_WEIGHT * sigma, EG_OPPONENT_WEIGHT * sigma};
    eg_status status;
    if (is_boundary(canny)) {
        eg_channels_normalise(&canny->channels);
        status = eg_boundary_field(&canny->field, c, boundary_scale(canny), from, to, error);
    } else {
        status = eg_gradient_field_compute(&canny->field, c, derivative, weights, border, from, to,
                                           error);
    }
    return status == EG_OK ? count_rows(canny, rows, error) : status;
}

/* Reads the channels, and computes the field in whole planes. */
static eg_status measure_planes(eg_colour_canny *canny, eg_source *source, eg_border border,
                                const eg_gaussian_derivative *derivative, eg_error *error)
{
    const eg_span span = eg_source_span(source);
    const size_t margin =
        is_boundary(canny) ? eg_boundary_margin(boundary_scale(canny)) : derivative->radius + 4;
    eg_status status =
        eg_channels_read(&canny->channels, source, canny->factor, margin, NULL, error);
    if (status == EG_OK)
        status = measure_rows(canny, span, border, derivative, error);
    eg_channels_drop(&canny->channels);
    return status;
}

/* Returns where to hold the field: in whole planes if they take little memory for each pixel, but
 * with factor 4 in blocks if possible, which are computed while the image is read. */
static eg_field_layout choose_layout(const eg_colour_canny *canny, const eg_source *source)
{
    if (canny->layout != EG_FIELD_AUTOMATIC && canny->layout != EG_FIELD_BLOCKS)
        return canny->layout;
    if (is_boundary(canny))
        return EG_FIELD_WHOLE;
    const bool can_follow = source->info.sample == EG_U8 && canny->method != EG_EDGE_THRESHOLD;
    if (canny->layout == EG_FIELD_BLOCKS)
        return can_follow ? EG_FIELD_BLOCKS : EG_FIELD_WHOLE;
    return canny->factor <= 2                 ? EG_FIELD_STRIPS
           : canny->factor == 4 && can_follow ? EG_FIELD_BLOCKS
                                              : EG_FIELD_WHOLE;
}

/* Counts all magnitudes as 0. */
static void flatten(eg_field_histogram *histogram)
{
    const uint64_t total = eg_field_histogram_total(histogram, histogram->all);
    eg_field_histogram_clear(histogram);
    histogram->all[0] = total;
}

/* Measures the image at a sigma in pixels. */
static eg_status measure_at(eg_colour_canny *canny, eg_source *source,
                            const eg_edges_options *options, double sigma, eg_error *error)
{
    const eg_span span = eg_source_span(source);
    const size_t width = source->info.width, height = source->info.height;
    eg_gaussian_derivative derivative;
    *canny = (eg_colour_canny){.ctx = source->ctx,
                               .sigma = sigma,
                               .first = span.first,
                               .method = canny->method,
                               .layout = canny->layout,
                               .count_only = canny->count_only,
                               .adjustable = canny->adjustable || !isnan(options->density),
                               .sectors = options->nms == EG_NMS_SECTORS,
                               .known = !canny->adjustable && eg_thresholds_known(options)};
    eg_status status = eg_field_scale(sigma, &canny->factor, &derivative, error);
    canny->layout = choose_layout(canny, source);
    canny->planes.width = width;
    canny->planes.height = span.end - span.first;
    canny->planes.words = (width + 63) / 64;
    if (status == EG_OK)
        status = eg_field_histogram_new(&canny->histogram, canny->ctx, error);
    if (status != EG_OK)
        return status;
    if (canny->layout == EG_FIELD_WHOLE)
        status = measure_planes(canny, source, options->border, &derivative, error);
    else
        status = (canny->layout == EG_FIELD_STRIPS
                      ? eg_colour_strips_measure
                      : eg_colour_blocks_measure)(canny, source, options, &derivative, error);
    canny->histogram.sigma = eg_colour_canny_unit(canny);
    canny->constant = canny->planes.height == height && !canny->histogram.differs;
    if (canny->constant)
        flatten(&canny->histogram);
    return status;
}

/* Sets *drawing if the whole image is a drawing. */
static eg_status find_drawing(eg_image_copy *copy, const eg_edges_options *options, bool *drawing,
                              eg_error *error)
{
    eg_colour_canny probe = {.layout = EG_FIELD_STRIPS, .count_only = true};
    *drawing = false;
    if (!copy->flat)
        return EG_OK;
    eg_image_copy_rewind(copy, true);
    eg_status status = measure_at(&probe, &copy->base, options, EG_DRAWING_SIGMA, error);
    if (status == EG_OK)
        *drawing = eg_is_drawing(&probe.histogram);
    eg_colour_canny_release(&probe);
    return status;
}

/* Measures a small image, of which a drawing takes EG_DRAWING_SIGMA. */
static eg_status measure_small(eg_colour_canny *canny, eg_source *source,
                               const eg_edges_options *options, double sigma, eg_error *error)
{
    bool drawing;
    eg_image_copy copy;
    eg_status status = eg_image_copy_read(&copy, source, error);
    if (status == EG_OK)
        status = find_drawing(&copy, options, &drawing, error);
    if (status == EG_OK) {
        eg_image_copy_rewind(&copy, false);
        status = measure_at(canny, &copy.base, options, drawing ? EG_DRAWING_SIGMA : sigma, error);
    }
    eg_image_copy_release(&copy);
    return status;
}

eg_status eg_colour_canny_measure(eg_colour_canny *canny, eg_source *source,
                                  const eg_edges_options *options, double sigma, eg_error *error)
{
    if (!isnan(sigma))
        return measure_at(canny, source, options, sigma, error);
    sigma = eg_automatic_sigma(source->info.width, source->info.height);
    if (choose_factor(sigma) == 1 && !is_boundary(canny))
        return measure_small(canny, source, options, sigma, error);
    return measure_at(canny, source, options, sigma, error);
}

void eg_colour_canny_release(eg_colour_canny *canny)
{
    eg_channels_free(&canny->channels);
    eg_gradient_field_free(&canny->field);
    eg_field_histogram_free(&canny->histogram);
    for (size_t i = 0; canny->kept && i < canny->block_count * canny->tile_count; i++)
        eg_free(canny->kept[i].magnitudes);
    eg_free(canny->kept);
    if (canny->maxima != canny->planes.candidate)
        eg_free(canny->maxima);
    eg_free(canny->blocks);
    eg_free(canny->planes.candidate);
    eg_free(canny->planes.edge);
}
