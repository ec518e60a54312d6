/* SPDX-License-Identifier: MIT */
/* The state of one eg_edges() and the steps of its automatic thresholds. */
#ifndef EG_EDGE_CANNY_H
#define EG_EDGE_CANNY_H

#include "edge/hysteresis.h"
#include "edge/threshold.h"
#include "gradient/derivative.h"

#define EG_LOW_HIGH_RATIO                                                                          \
    0.5 /* the low threshold where only the high one is given, and automatic */

/* What the first pass leaves behind of a strip. */
typedef struct eg_canny_strip {
    eg_block_rows rows; /* of the planes */
    size_t bin_count;   /* ridges, and their codes: tile by tile, row by row, left to right */
    uint8_t *bins;      /* NULL where thresholds were given */
    uint32_t counts[EG_BINS];
} eg_canny_strip;

typedef struct eg_canny {
    eg_context *ctx;
    eg_span span; /* the rows of the raster that the planes have */
    eg_derivative_stage derivative;
    eg_response_scale scale;
    eg_thresholds thresholds;
    const eg_edge_kernels *kernels;
    eg_mag_kernel *magnitude;
    eg_candidate_kernel *find_candidates;
    eg_planes planes;
    eg_canny_strip *strips;
    eg_block_rows *blocks; /* the strips' rows, once they are linked */
    size_t strip_count;
    eg_binning binning;
    bool hysteresis, automatic;
    bool histogram_only; /* set before eg_canny_first_pass(): only the strips' histograms are wanted
                          */
    double low_response, high_response; /* thresholds in the operator's sums on the 0..255 scale */
} eg_canny;

/* One bit a pixel for m->planes, released with them. The plane of edges is made as late as it can
 * be: while automatic thresholds are open, the codes have its place in memory. */
eg_status eg_allocate_plane(const eg_canny *canny, uint64_t **plane, eg_error *error);

/* Options into what the passes work with. Release it in any case. */
eg_status eg_canny_init(eg_canny *canny, const eg_source *source, const eg_edges_options *options,
                        eg_error *error);
void eg_canny_release(eg_canny *canny);

/* The first pass. */
eg_status eg_canny_first_pass(eg_canny *canny, eg_source *source, eg_error *error);

/* Appends the codes of the candidates of `width` pixels, whose magnitudes are mag[0 ..], to
 * `codes`, where strip->count of them are already, and counts them. */
void eg_collect_bins(const eg_canny *canny, eg_canny_strip *strip, const uint64_t *candidate,
                     size_t width, const void *mag, uint8_t *bins);

/* Counts what was collected, and copies it to where it stays until thresholds are known. */
eg_status eg_store_bins(const eg_canny *canny, eg_canny_strip *strip, const uint8_t *bins,
                        eg_error *error);

/* Adds all strips' histograms to `histogram`. */
void eg_sum_histograms(const eg_canny *canny, uint64_t histogram[EG_BINS]);

/* Sorts the candidates by the codes that were chosen, notes what thresholds those stand for, and
 * links inside each strip; in parallel. */
eg_status eg_apply_threshold_bins(eg_canny *canny, eg_threshold_bins choice, eg_error *error);

/* Links all strips with each other. */
eg_status eg_canny_hysteresis(eg_canny *canny, eg_error *error);

/* Rows of bits into the sink. */
eg_status eg_canny_write(const eg_canny *canny, const eg_source *from, eg_sink *sink,
                         eg_error *error);
void eg_canny_result(const eg_canny *canny, eg_edges_result *result);

/* EG_USAGE where a sink takes no edges. */
eg_status eg_check_edge_sink(const eg_sink *sink, eg_error *error);

/* Adds what the first pass of an automatic marking counted. */
eg_status eg_edge_histogram_add_canny(eg_edge_histogram *histogram, const eg_canny *canny,
                                      eg_error *error);

/* The codes chosen from a histogram of markings like this one; EG_USAGE: of others. */
eg_status eg_edge_histogram_choose(const eg_edge_histogram *histogram, const eg_canny *canny,
                                   eg_threshold_bins *choice, eg_error *error);

#endif
