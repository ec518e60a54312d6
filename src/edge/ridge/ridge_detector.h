/* SPDX-License-Identifier: MIT */
/*
 * Detection of ridges: curvilinear lines, bright or dark. The first pass computes Gaussian
 * derivatives strip by strip and keeps a bit for each pixel that a line passes through; for
 * thresholds that depend on the whole image also the strength of the line there. Hysteresis on the
 * strengths follows.
 */
#ifndef EG_EDGE_RIDGE_DETECTOR_H
#define EG_EDGE_RIDGE_DETECTOR_H

#include <stdatomic.h>

#include "edge/colour/field_histogram.h"
#include "edge/hysteresis.h"
#include "edge/ridge/ridge.h"
#include "gradient/channels.h"
#include "gradient/jet/jet.h"

/* Result of the first pass for one strip. */
typedef struct eg_ridge_strip {
    eg_block_rows rows; /* rows of the planes */
    /* Strengths of the bits, row by row, for each tile of columns; NULL: none. */
    float **strengths;
} eg_ridge_strip;

typedef struct eg_ridge_detector {
    eg_context *ctx;
    eg_span span; /* rows of the raster that the planes hold */
    double sigma; /* pixels */
    eg_ridges kind;
    eg_border border;
    double border_value;
    eg_jet_stage jet;
    double unit;    /* level on the 0..255 scale of a stored one */
    size_t columns; /* of a tile */
    eg_planes planes;
    uint64_t *lines; /* bits of pixels that a line passes through; may be planes.candidate */
    eg_ridge_strip *strips;
    eg_block_rows *blocks; /* rows of the strips */
    size_t strip_count, tile_count;
    eg_field_histogram histogram; /* of strengths on the 0..255 scale */
    eg_samples_seen seen;
    atomic_bool any_valid;
    bool known;      /* thresholds do not depend on the histogram */
    bool count_only; /* only the histogram is wanted */
    bool adjustable; /* edges can be marked with several thresholds */
    bool automatic, flat;
    double low, high; /* levels of 0..255 per pixel squared */
} eg_ridge_detector;

/* Runs the first pass over `source`. Call eg_ridge_release() even on failure. EG_USAGE: options out
 * of range. */
eg_status eg_ridge_begin(eg_ridge_detector *detector, eg_source *source,
                         const eg_edges_options *options, eg_error *error);

/* The same, and eg_ridge_mark() can mark the edges again. */
eg_status eg_ridge_begin_adjustable(eg_ridge_detector *detector, eg_source *source,
                                    const eg_edges_options *options, eg_error *error);

/* The same for the histogram alone. */
eg_status eg_ridge_count(eg_ridge_detector *detector, eg_source *source,
                         const eg_edges_options *options, eg_error *error);
void eg_ridge_release(eg_ridge_detector *detector);

/* Sets the thresholds by the options and the histogram of the whole image, marks the pixels and
 * runs hysteresis. Warns of an image without ridges. */
eg_status eg_ridge_link(eg_ridge_detector *detector, eg_source *source,
                        const eg_field_histogram *histogram, const eg_edges_options *options,
                        eg_error *error);

/* Marks the pixels of an adjustable detector with its thresholds, and runs hysteresis. */
eg_status eg_ridge_mark(eg_ridge_detector *detector, eg_error *error);

/* Sets the thresholds, in any order; one NaN: by its usual ratio to the other. */
void eg_ridge_set_thresholds(eg_ridge_detector *detector, double low, double high);

void eg_ridge_result(const eg_ridge_detector *detector, eg_edges_result *result);

#endif
