/* SPDX-License-Identifier: MIT */
/*
 * Canny on the colour tensor: the gradient field of the channel planes, automatic thresholds from
 * its magnitudes, interpolated non-maximum suppression at full resolution, hysteresis.
 *
 * Magnitudes of the field are multiplied by sigma (Lindeberg, International Journal of Computer
 * Vision 30, 1998): levels over the distance sigma, so that the same picture at twice the size has
 * the same magnitudes. Thresholds are reported in levels per pixel.
 *
 * The field is computed at the resolution that sigma allows (a large blur leaves nothing that a
 * coarser grid would lose) and interpolated back, so that the cost does not grow with sigma.
 *
 * Memory: besides the strips being computed, two bits for each pixel and, unless thresholds are
 * given, a float for each local maximum, of which there are 0.01 .. 0.3 for each pixel. Whole
 * planes of the field, where its samples are 4 x 4 pixels or more, take at most 1.5 bytes for each
 * pixel; EG_EDGE_THRESHOLD with automatic thresholds keeps a float for each sample of the field.
 */
#ifndef EG_EDGE_COLOUR_H
#define EG_EDGE_COLOUR_H

#include "edge/colour/field_histogram.h"
#include "edge/hysteresis.h"
#include "gradient/tensor.h"

/* Memory layout of the field: whole planes, or the part for one strip of the image at a time, or
 * for one tile of a block of rows whose channels are in whole planes. All give the same edges. */
typedef enum eg_field_layout {
    EG_FIELD_AUTOMATIC,
    EG_FIELD_WHOLE,
    EG_FIELD_STRIPS,
    EG_FIELD_BLOCKS /* 8-bit images; not EG_EDGE_THRESHOLD and not the boundary detector */
} eg_field_layout;

/* Magnitudes of the local maxima of a tile, row by row. */
typedef struct eg_kept_tile {
    float *magnitudes; /* NULL: none */
    size_t count;
} eg_kept_tile;

typedef struct eg_colour_canny {
    eg_context *ctx;
    eg_edge_method method; /* this and the next two are set before eg_colour_canny_measure() */
    eg_field_layout layout;
    bool count_only; /* the histogram is computed, but no edges */
    bool adjustable; /* set before as well: edges can be marked with several thresholds */
    bool sectors;    /* EG_NMS_SECTORS */
    bool automatic;  /* the thresholds are chosen from the image */
    bool flat;       /* see eg_edges_result */
    double sigma;    /* in pixels of the image */
    size_t first;    /* image row of the first row of the planes */
    size_t factor;   /* image pixels for each sample of the field, along a side */
    eg_channels channels;
    eg_gradient_field field;
    eg_field_histogram histogram; /* of the rows that belong to the window of the source */
    double low, high;             /* thresholds, in levels per pixel; see eg_colour_canny_unit() */
    bool constant;                /* the image is constant: what the field has is rounding */
    bool known;                   /* the thresholds are given, before the image is read */
    eg_planes planes;
    eg_block_rows *blocks;
    size_t block_count;
    /* With EG_FIELD_STRIPS or EG_FIELD_BLOCKS and thresholds that depend on the histogram: the
     * local maxima as a plane of bits, which may be planes.candidate, and their magnitudes in
     * block_count * tile_count tiles.
     */
    uint64_t *maxima;
    eg_kept_tile *kept;
    size_t tile_count;   /* tiles of a strip, from left to right */
    size_t tile_columns; /* of the image in a tile, a multiple of 64; the last tile may have less */
} eg_colour_canny;

/* Magnitudes behind the last one of a tile that kernels may read. */
enum { EG_KEPT_SLACK = 64 };

/* Row kernels, compiled for each instruction set. All give the same results. */
typedef struct eg_colour_kernels {
    /* Interpolates a row by `factor`: out[factor x + p] = sum of weights[4 p + k] in[x + k - 1 - (p
     * < factor / 2)], k = 0 .. 3. `in` has two samples beside it. */
    void (*widen)(float *out, const float *in, size_t width, size_t factor, const float *weights);
    /* out = sum of weights[k] rows[k]. */
    void (*blend)(float *out, const float *const rows[4], const float weights[4], size_t width);
    /* Sets the bits of local maxima along the direction (cosine, sine) with magnitudes above `low`
     * and above `high`; `sectors`: along the nearest of four directions. magnitude[0 .. 2] are the
     * rows above, at and below, with 16 samples beside them. */
    void (*suppress)(uint64_t *candidate, uint64_t *strong, const float *const magnitude[3],
                     const float *cosine, const float *sine, size_t width, float low, float high,
                     bool sectors);
    /* Sets the bits of magnitudes above `high`. */
    void (*exceed)(uint64_t *strong, const float *magnitude, size_t width, float high);
    /* Sets the bits of local maxima whose magnitudes, one for each bit in order, are above `low`
     * and above `high`. Returns the end of the magnitudes; up to EG_KEPT_SLACK more are read.
     * `maxima` may be `candidate`. */
    const float *(*classify)(uint64_t *candidate, uint64_t *strong, const uint64_t *maxima,
                             size_t words, const float *magnitude, float low, float high);
} eg_colour_kernels;

const eg_colour_kernels *eg_colour_kernels_for(eg_cpu_level level);

/* Returns the automatic sigma for an image of that size, in pixels. It grows with the square root
 * of the diagonal, a compromise between the same sharpness at every size and the same outlines. */
double eg_automatic_sigma(size_t width, size_t height);

/* Sets the side of the boxes that are averaged for a field at `sigma`, in pixels, and the weights
 * of the derivative of the averages. */
eg_status eg_field_scale(double sigma, size_t *factor, eg_gaussian_derivative *derivative,
                         eg_error *error);

/* Reads `source` and computes its histogram and what eg_colour_canny_mark() needs: the field, the
 * local maxima or, with given thresholds, the edges. `sigma` NaN: automatic. Call
 * eg_colour_canny_release() even on failure. */
eg_status eg_colour_canny_measure(eg_colour_canny *canny, eg_source *source,
                                  const eg_edges_options *options, double sigma, eg_error *error);

/* Does the same with EG_FIELD_STRIPS, once sigma and factor are set. */
eg_status eg_colour_strips_measure(eg_colour_canny *canny, eg_source *source,
                                   const eg_edges_options *options,
                                   const eg_gaussian_derivative *derivative, eg_error *error);

/* Does the same with EG_FIELD_BLOCKS: the field is computed while the image is read. */
eg_status eg_colour_blocks_measure(eg_colour_canny *canny, eg_source *source,
                                   const eg_edges_options *options,
                                   const eg_gaussian_derivative *derivative, eg_error *error);

/* Marks edges from the magnitudes that EG_FIELD_STRIPS or EG_FIELD_BLOCKS has kept. */
eg_status eg_colour_strips_mark(eg_colour_canny *canny, eg_error *error);

/* Counts the magnitudes of the field in rows and columns of the field. `channels` are those it was
 * computed from. */
void eg_count_magnitudes(eg_field_histogram *histogram, const eg_gradient_field *field,
                         const eg_channels *channels, eg_span rows, eg_span columns);

/* Counts the local maxima there, other than the outermost samples of the image. */
void eg_count_maxima(eg_field_histogram *histogram, const eg_gradient_field *field, eg_span rows,
                     eg_span columns, bool sectors);

/* Rows and columns of the image in which edges are marked. */
typedef struct eg_mark_tile {
    const eg_colour_canny *canny; /* size of the image, factor and method */
    const eg_gradient_field *field;
    eg_span rows, columns;   /* columns.first is a multiple of 64 */
    float low, high;         /* thresholds as magnitudes of the field */
    const uint64_t *missing; /* missing pixels from columns.first of rows.first on; NULL: none */
    size_t missing_words;    /* from row to row */
    uint64_t *candidate;     /* output, from columns.first of rows.first on */
    uint64_t *strong;        /* the same; NULL: candidates only */
    float *kept;             /* output: magnitudes of the candidates; NULL: not kept */
    size_t kept_count;       /* output */
    /* output: rows of magnitudes, NaN at missing pixels; `thin`: 0 except at candidates. NULL: none
     */
    float *magnitudes;
    size_t magnitudes_stride; /* samples from row to row */
    bool thin;
} eg_mark_tile;

/* Interpolates the field, and marks local maxima. `scratch` has eg_mark_scratch() bytes for a tile
 * of that many columns, zeroed when allocated. */
void eg_mark_tile_rows(eg_mark_tile *tile, void *scratch);
size_t eg_mark_scratch(size_t columns, size_t factor);

/* Returns the rows and columns of the field around a sample that interpolation and suppression
 * read. */
static inline size_t eg_field_around(size_t factor)
{
    return factor > 1 ? 3 : 1;
}

/* Checks the options, and measures the image with them. Call eg_colour_canny_release() even on
 * failure. */
eg_status eg_colour_canny_begin(eg_colour_canny *canny, eg_source *source,
                                const eg_edges_options *options, eg_error *error);

/* Does the same such that edges can be marked with several thresholds, also if some are given. */
eg_status eg_colour_canny_begin_adjustable(eg_colour_canny *canny, eg_source *source,
                                           const eg_edges_options *options, eg_error *error);

/* Computes the histogram alone. Call eg_colour_canny_release() even on failure. */
eg_status eg_colour_canny_count(eg_colour_canny *canny, eg_source *source,
                                const eg_edges_options *options, eg_error *error);

/* Returns the low threshold for a high one of 1, if it is not given or chosen by another rule. */
double eg_low_high_ratio(eg_edge_method method);

/* Returns true if the thresholds do not depend on the histogram. */
bool eg_thresholds_known(const eg_edges_options *options);

/* Returns the magnitude of the field for a gradient of one level per pixel. */
double eg_colour_canny_unit(const eg_colour_canny *canny);

/* Sets the thresholds by the options, other than a density, and the histogram of the whole image.
 * Warns of an image without edges. */
void eg_colour_canny_resolve(eg_colour_canny *canny, eg_source *source,
                             const eg_field_histogram *histogram, const eg_edges_options *options);

/* Sets the thresholds, given as magnitudes of the field, rounded in levels per pixel. */
void eg_colour_set_magnitudes(eg_colour_canny *canny, double low, double high);

/* Chooses thresholds and marks the edges. */
eg_status eg_colour_canny_find(eg_colour_canny *canny, eg_source *source,
                               const eg_edges_options *options, eg_error *error);
void eg_colour_canny_result(const eg_colour_canny *canny, eg_edges_result *result);

/* Search for the high threshold that brings the number of edge pixels closest to `wanted`: a
 * bisection between nothing and the largest magnitude, and a last step with the best one. */
typedef struct eg_density_search {
    double least, most, best, best_error, wanted;
    int step;
} eg_density_search;

void eg_density_search_start(eg_density_search *search, const eg_colour_canny *canny,
                             const eg_field_histogram *histogram, double wanted);

/* Marks edges with the thresholds of the step. */
eg_status eg_density_search_mark(const eg_density_search *search, eg_colour_canny *canny,
                                 eg_error *error);

/* Receives the number of edge pixels of the step, and goes to the next one. Returns false after the
 * last step. */
bool eg_density_search_next(eg_density_search *search, double count);

/* Sets thresholds of `options` by its automatic rule or percentiles, in levels per pixel, rounded
 * to 6 digits so that their text is exact. */
void eg_field_thresholds(const eg_field_histogram *histogram, eg_edges_options *options);

/* Sets the thresholds in levels per pixel, in any order. */
void eg_colour_set_thresholds(eg_colour_canny *canny, double low, double high);

/* Marks the edges in canny->planes by its thresholds. May be called again with others if
 * canny->adjustable. */
eg_status eg_colour_canny_mark(eg_colour_canny *canny, eg_error *error);
void eg_colour_canny_release(eg_colour_canny *canny);

#endif
