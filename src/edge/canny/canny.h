/* SPDX-License-Identifier: MIT */
/* State of one Canny run, and the steps of its automatic thresholds. */
#ifndef EG_EDGE_CANNY_H
#define EG_EDGE_CANNY_H

#include <stdatomic.h>

#include "edge/canny/magnitude_histogram.h"
#include "edge/canny/skimage.h"
#include "edge/colour/field_histogram.h"
#include "edge/hysteresis.h"
#include "gradient/derivative.h"

#define EG_SIGMA_DEFAULT  1.4 /* pixels, if sigma is not given */
#define EG_LOW_HIGH_RATIO 0.5 /* low threshold / high threshold, if either is not given */

/* Result of the first pass for one strip. */
typedef struct eg_canny_strip {
    eg_block_rows rows; /* rows of the planes */
    bool exceeds;       /* a sample is so large that gradients may overflow */
    unsigned seen;      /* automatic thresholds: EG_SEEN_ZERO and so on */
    size_t bin_count;   /* number of local maxima in `bins` */
    /* Bins of the local maxima: tile by tile, row by row, left to right; of integers uint8_t, of
     * floats int16_t. NULL if the thresholds are given. */
    void *bins;
    int32_t base;                     /* of floats: index of bin 0, see bin_floats() */
    uint32_t counts[EG_INTEGER_BINS]; /* of integers */
} eg_canny_strip;

typedef struct eg_canny {
    eg_context *ctx;
    eg_span span; /* rows of the raster that the planes hold */
    double sigma; /* pixels */
    eg_derivative_stage derivative;
    eg_response_scale scale;
    eg_thresholds thresholds;
    eg_skimage *skimage; /* computes the first pass as skimage does; NULL: it is Canny's */
    const eg_edge_kernels *kernels;
    eg_mag_kernel *magnitude;
    size_t colours;              /* planes of the source */
    eg_keep_kernel *keep_larger; /* of the responses of two planes */
    eg_candidate_kernel *find_candidates;
    eg_planes planes;
    eg_canny_strip *strips;
    eg_block_rows *blocks; /* rows of the strips, set by eg_canny_hysteresis() */
    size_t strip_count;
    int32_t bin_base; /* of integers: index of bin 0 */
    bool hysteresis, automatic;
    bool flat;             /* see eg_edges_result */
    bool histogram_only;   /* collect only histograms; set before eg_canny_first_pass() */
    atomic_bool any_valid; /* the first pass read a valid sample */
    /* Thresholds as responses on the 0..255 scale; NaN: not chosen yet. */
    double low_response, high_response;
} eg_canny;

/* Initialises `canny` from the options. Call eg_canny_release() even on failure. EG_USAGE: options
 * out of range. */
eg_status eg_canny_init(eg_canny *canny, const eg_source *source, const eg_edges_options *options,
                        eg_error *error);
void eg_canny_release(eg_canny *canny);

/* Runs the first pass over `source`: candidates and strong pixels, or candidates and their bins if
 * the thresholds are automatic. */
eg_status eg_canny_first_pass(eg_canny *canny, eg_source *source, eg_error *error);

/* Returns the bytes of memory in which the bins of a strip are collected. */
size_t eg_bin_scratch(const eg_canny *canny, size_t rows);

/* Collects the candidates among `width` pixels with magnitudes `mag` in `scratch`, which holds
 * strip->bin_count of them already: integers as bins, floats as magnitudes. */
void eg_collect_bins(const eg_canny *canny, eg_canny_strip *strip, const uint64_t *candidate,
                     size_t width, const void *mag, void *scratch);

/* Stores the bins of a strip until thresholds are known. Integers are counted; if only the
 * histogram is needed, they are not stored. */
eg_status eg_store_bins(const eg_canny *canny, eg_canny_strip *strip, const void *scratch,
                        eg_error *error);

/* Initialises the histogram of all strips. Release it also on failure. */
eg_status eg_canny_histogram(const eg_canny *canny, eg_magnitude_histogram *histogram,
                             eg_error *error);

/* Applies the threshold bins chosen from `sum`, the histogram of the whole image: classifies
 * candidates, sets low_response and high_response, and runs hysteresis inside each strip; in
 * parallel. Warns of an image without edges. */
eg_status eg_apply_threshold_bins(eg_canny *canny, eg_source *source,
                                  const eg_magnitude_histogram *sum, eg_threshold_bins choice,
                                  eg_error *error);

/* Returns what is seen (EG_SEEN_ZERO and so on) of the samples of row y, and of `width` magnitudes
 * in it up to the first gradient. */
unsigned eg_canny_look(const eg_canny *canny, const eg_band *band, size_t y, const void *mag,
                       size_t width);

/* Returns true if a sample of rows y0 .. y1 - 1 is so large that gradients may overflow. */
bool eg_canny_may_overflow(const eg_canny *canny, const eg_band *band, size_t y0, size_t y1);

/* Record warnings of the source: of samples that may overflow, if there are any; of an image
 * without edges, with the reason. */
void eg_canny_warn_of_overflow(const eg_canny *canny, eg_source *source);
void eg_canny_warn_empty(eg_source *source, const eg_magnitude_histogram *sum);

/* Runs hysteresis across the strips. */
eg_status eg_canny_hysteresis(eg_canny *canny, eg_error *error);

void eg_canny_result(const eg_canny *canny, eg_edges_result *result);

/* Adds the histogram collected by an automatic first pass. */
eg_status eg_edge_histogram_add_canny(eg_edge_histogram *histogram, const eg_canny *canny,
                                      eg_error *error);

/* Adds the histogram of a gradient field that the boundary detector or Canny uses. EG_USAGE: the
 * sum is of other options. */
eg_status eg_edge_histogram_add_field(eg_edge_histogram *histogram, const eg_field_histogram *field,
                                      eg_edge_method method, eg_error *error);

/* Returns the histogram of the gradient fields of `method`; NULL: it has none, or of another one.
 */
const eg_field_histogram *eg_edge_histogram_field(const eg_edge_histogram *histogram,
                                                  eg_edge_method method);

/* Chooses threshold bins from a histogram of blocks of the same raster as `canny`, and applies
 * them. EG_USAGE: the histogram is of other options or sample types. */
eg_status eg_edge_histogram_apply(const eg_edge_histogram *histogram, eg_canny *canny,
                                  eg_source *source, eg_error *error);

#endif
