/* SPDX-License-Identifier: MIT */
/* Canny on the colour tensor. */
#include "edge/colour.h"

#include "edge/boundary.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

extern const eg_colour_kernels eg_colour_kernels_baseline;
#if defined(__x86_64__)
extern const eg_colour_kernels eg_colour_kernels_v3, eg_colour_kernels_v4;
#endif

const eg_colour_kernels *eg_colour_kernels_for(eg_cpu_level level)
{
    static const eg_colour_kernels *const tables[EG_CPU_LEVELS] = {
        [EG_CPU_BASELINE] = &eg_colour_kernels_baseline,
#if defined(__x86_64__)
        [EG_CPU_V3] = &eg_colour_kernels_v3,
        [EG_CPU_V4] = &eg_colour_kernels_v4,
#endif
    };
    return tables[level];
}

/* ---- scale ---- */

#define REFERENCE_SIGMA    3.5 /* the best for the drawings of the Berkeley segmentation data set */
#define REFERENCE_DIAGONAL 578.3 /* of its images of 481 x 321 pixels */
#define TEXTURE_SHARE                                                                              \
    0.05 /* median / strongest magnitude above which an image has texture or noise */

double eg_automatic_sigma(size_t width, size_t height, bool drawing)
{
    const double scale = hypot((double)width, (double)height) / REFERENCE_DIAGONAL;
    return fmax(REFERENCE_SIGMA * (drawing && scale < 1 ? scale : sqrt(scale)), 1);
}

/* Returns the largest power of two that leaves a sigma of at least 2.5 samples. */
static size_t choose_factor(double sigma)
{
    size_t factor = 1;
    while (factor < EG_FACTOR_MAX && sigma / (double)(2 * factor) >= 2.5)
        factor *= 2;
    return factor;
}

/* Sets the weights of the derivative for canny->sigma: the boxes have blurred already. */
static eg_status choose_derivative(eg_colour_canny *canny, eg_gaussian_derivative *derivative,
                                   eg_error *error)
{
    const double f = (double)canny->factor;
    const double variance = canny->sigma * canny->sigma - (f * f - 1) / 12;
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

double eg_colour_canny_unit(const eg_colour_canny *canny)
{
    return canny->method == EG_EDGE_BOUNDARY ? 1 : canny->sigma;
}

/* ---- measuring ---- */

/* Counts the local maxima of a row of the field, other than the outermost samples. */
static void count_maxima(eg_colour_canny *canny, size_t y)
{
    enum { CHUNK = 4096 };
    const eg_gradient_field *f = &canny->field;
    const size_t at = (y - f->first) * f->stride;
    uint64_t maxima[CHUNK / 64], strong[CHUNK / 64];
    for (size_t x0 = 0; x0 < f->width; x0 += CHUNK) {
        const size_t width = f->width - x0 < CHUNK ? f->width - x0 : CHUNK;
        const float *row = f->magnitude + at + x0;
        const float *rows[3] = {row - f->stride, row, row + f->stride};
        eg_colour_kernels_for(canny->ctx->cpu)
            ->suppress(maxima, strong, rows, f->cosine + at + x0, f->sine + at + x0, width, 0, 0);
        for (size_t word = 0; word * 64 < width; word++)
            for (uint64_t bits = maxima[word]; bits; bits &= bits - 1) {
                size_t x = word * 64 + (size_t)__builtin_ctzll(bits);
                if (x0 + x > 0 && x0 + x + 1 < f->width)
                    canny->histogram.maxima[eg_field_bin(row[x])]++;
            }
    }
}

/* Counts the magnitudes of the rows of the field, other than those of missing samples, that begin
 * in rows of the image `rows`. */
static void count_magnitudes(eg_colour_canny *canny, eg_span rows)
{
    const eg_gradient_field *f = &canny->field;
    const eg_channels *c = &canny->channels;
    const size_t first = (rows.first + canny->factor - 1) / canny->factor;
    const size_t end = (rows.end + canny->factor - 1) / canny->factor;
    memset(canny->histogram.all, 0, 2 * EG_FIELD_BINS * sizeof *canny->histogram.all);
    canny->histogram.differs = c->differs;
    for (size_t y = first; y < end; y++) {
        const float *row = f->magnitude + (y - f->first) * f->stride;
        const float *valid = c->valid ? c->valid + (y - c->first) * c->stride : NULL;
        for (size_t x = 0; x < f->width; x++)
            if (!valid || valid[x] > 0)
                canny->histogram.all[eg_field_bin(row[x])]++;
        if (y > 0 && y + 1 < f->height)
            count_maxima(canny, y);
    }
}

/* Computes the rows of the field that edges in rows of the image `rows` depend on, at canny->sigma,
 * and their histogram. */
static eg_status measure_rows(eg_colour_canny *canny, eg_span rows, eg_border border,
                              eg_error *error)
{
    enum { AROUND = 3 }; /* rows of the field that interpolation and suppression read beyond */
    const eg_channels *c = &canny->channels;
    const size_t first = rows.first / canny->factor;
    const size_t end = (rows.end + canny->factor - 1) / canny->factor;
    const size_t from = first > AROUND ? first - AROUND : 0;
    const size_t to = end + AROUND < c->height ? end + AROUND : c->height;
    const float sigma = (float)(canny->sigma / (double)canny->factor);
    const float weights[3] = {sigma, 1.5f * sigma, 1.5f * sigma};
    eg_gaussian_derivative derivative;
    eg_status status;
    if (is_boundary(canny)) {
        eg_channels_normalise(&canny->channels);
        status = eg_boundary_field(&canny->field, c, boundary_scale(canny), from, to, error);
    } else {
        status = choose_derivative(canny, &derivative, error);
        if (status == EG_OK)
            status = eg_gradient_field_compute(&canny->field, c, &derivative, weights, border, from,
                                               to, error);
    }
    if (status == EG_OK)
        count_magnitudes(canny, rows);
    return status;
}

/* Returns true if the image has texture or noise, which takes a larger sigma than a drawing. */
static bool has_texture(const eg_colour_canny *canny)
{
    return eg_quantile(canny->histogram.all, 0.5) >
           TEXTURE_SHARE * eg_quantile(canny->histogram.maxima, 0.99);
}

/* Computes the field at the automatic sigma of a small image: that of a drawing, whose lines may be
 * close together, unless it has texture. Looks at the whole image also if a row block is wanted. */
static eg_status measure_small(eg_colour_canny *canny, eg_span rows, eg_border border,
                               eg_error *error)
{
    const eg_channels *c = &canny->channels;
    canny->sigma = eg_automatic_sigma(c->full_width, c->full_height, true);
    eg_status status = measure_rows(canny, (eg_span){0, c->full_height}, border, error);
    if (status != EG_OK)
        return status;
    if (has_texture(canny)) {
        canny->sigma = eg_automatic_sigma(c->full_width, c->full_height, false);
        eg_gradient_field_free(&canny->field);
        return measure_rows(canny, rows, border, error);
    }
    count_magnitudes(canny, rows);
    return EG_OK;
}

eg_status eg_colour_canny_measure(eg_colour_canny *canny, eg_source *source, double sigma,
                                  eg_border border, eg_error *error)
{
    const eg_span span = eg_source_span(source);
    const size_t width = source->info.width, height = source->info.height;
    eg_gaussian_derivative derivative;
    *canny = (eg_colour_canny){
        .ctx = source->ctx, .sigma = sigma, .first = span.first, .method = canny->method};
    const bool automatic = isnan(sigma);
    if (automatic)
        canny->sigma = eg_automatic_sigma(width, height, false);
    const bool small = automatic && canny->sigma < REFERENCE_SIGMA && !is_boundary(canny);
    canny->factor = small ? 1 : choose_factor(canny->sigma);
    canny->planes.width = width;
    canny->planes.height = span.end - span.first;
    canny->planes.words = (width + 63) / 64;
    eg_status status = choose_derivative(canny, &derivative, error);
    if (status == EG_OK)
        status = eg_channels_read(&canny->channels, source, canny->factor,
                                  small                ? height
                                  : is_boundary(canny) ? eg_boundary_margin(boundary_scale(canny))
                                                       : derivative.radius + 4,
                                  error);
    if (status == EG_OK)
        status = eg_field_histogram_new(&canny->histogram, canny->ctx, error);
    if (status != EG_OK)
        return status;
    status = small ? measure_small(canny, span, border, error)
                   : measure_rows(canny, span, border, error);
    eg_channels_drop(&canny->channels);
    return status;
}

void eg_colour_canny_release(eg_colour_canny *canny)
{
    eg_channels_free(&canny->channels);
    eg_gradient_field_free(&canny->field);
    eg_field_histogram_free(&canny->histogram);
    eg_free(canny->blocks);
    eg_free(canny->planes.candidate);
    eg_free(canny->planes.edge);
}
