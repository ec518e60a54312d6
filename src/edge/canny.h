/* SPDX-License-Identifier: MIT */
/* State of one Canny run, and the steps of its automatic thresholds. */
#ifndef EG_EDGE_CANNY_H
#define EG_EDGE_CANNY_H

#include <stdatomic.h>

#include "edge/hysteresis.h"
#include "edge/threshold.h"
#include "gradient/derivative.h"

#define EG_LOW_HIGH_RATIO 0.5 /* low threshold / high threshold, if either is not given */

/* Result of the first pass for one strip. */
typedef struct eg_canny_strip {
    eg_block_rows rows; /* rows of the planes */
    size_t bin_count;   /* number of local maxima in `bins` */
    /* Bins of the local maxima: tile by tile, row by row, left to right. NULL if the thresholds are
     * given. */
    uint8_t *bins;
    uint32_t counts[EG_BINS];
} eg_canny_strip;

typedef struct eg_canny {
    eg_context *ctx;
    eg_span span; /* rows of the raster that the planes hold */
    eg_derivative_stage derivative;
    eg_response_scale scale;
    eg_thresholds thresholds;
    const eg_edge_kernels *kernels;
    eg_mag_kernel *magnitude;
    eg_candidate_kernel *find_candidates;
    eg_planes planes;
    eg_canny_strip *strips;
    eg_block_rows *blocks; /* rows of the strips, set by eg_canny_hysteresis() */
    size_t strip_count;
    eg_binning binning;
    bool hysteresis, automatic;
    bool histogram_only;   /* collect only histograms; set before eg_canny_first_pass() */
    atomic_bool any_valid; /* the first pass read a valid sample */
    /* Thresholds as responses on the 0..255 scale; NaN: not chosen yet. */
    double low_response, high_response;
} eg_canny;

/* Allocates a plane of one bit per pixel, released by eg_canny_release(). Allocate the edge plane
 * as late as possible: with automatic thresholds the bins occupy memory until they are applied. */
eg_status eg_allocate_plane(const eg_canny *canny, uint64_t **plane, eg_error *error);

/* Initialises `canny` from the options. Call eg_canny_release() even on failure. EG_USAGE: options
 * out of range. */
eg_status eg_canny_init(eg_canny *canny, const eg_source *source, const eg_edges_options *options,
                        eg_error *error);
void eg_canny_release(eg_canny *canny);

/* Runs the first pass over `source`: candidates and strong pixels, or candidates and their bins if
 * the thresholds are automatic. */
eg_status eg_canny_first_pass(eg_canny *canny, eg_source *source, eg_error *error);

/* Appends the bins of the candidates among `width` pixels with magnitudes `mag` to `bins`, which
 * holds strip->bin_count of them already. */
void eg_collect_bins(const eg_canny *canny, eg_canny_strip *strip, const uint64_t *candidate,
                     size_t width, const void *mag, uint8_t *bins);

/* Counts the collected bins of a strip and stores a copy until thresholds are known. */
eg_status eg_store_bins(const eg_canny *canny, eg_canny_strip *strip, const uint8_t *bins,
                        eg_error *error);

/* Adds the histograms of all strips to `histogram`. */
void eg_sum_histograms(const eg_canny *canny, uint64_t histogram[EG_BINS]);

/* Applies the chosen threshold bins: classifies candidates, sets low_response and high_response,
 * and runs hysteresis inside each strip; in parallel. */
eg_status eg_apply_threshold_bins(eg_canny *canny, eg_threshold_bins choice, eg_error *error);

/* Runs hysteresis across the strips. */
eg_status eg_canny_hysteresis(eg_canny *canny, eg_error *error);

/* Writes the edge plane to `sink`. */
eg_status eg_canny_write(const eg_canny *canny, const eg_source *from, eg_sink *sink,
                         eg_error *error);
void eg_canny_result(const eg_canny *canny, eg_edges_result *result);

/* Fails with EG_USAGE if the sink accepts neither EG_BIT nor EG_U8. */
eg_status eg_check_edge_sink(const eg_sink *sink, eg_error *error);

/* Adds the histogram collected by an automatic first pass. */
eg_status eg_edge_histogram_add_canny(eg_edge_histogram *histogram, const eg_canny *canny,
                                      eg_error *error);

/* Chooses threshold bins from a histogram of blocks of the same raster as `canny`. EG_USAGE: the
 * histogram is of other options or sample types. */
eg_status eg_edge_histogram_choose(const eg_edge_histogram *histogram, const eg_canny *canny,
                                   eg_threshold_bins *choice, eg_error *error);

#endif
