/* SPDX-License-Identifier: MIT */
/*
 * A pass over the image that computes the field in tiles and keeps only bits and the magnitudes of
 * the local maxima. With EG_FIELD_STRIPS a tile is computed from the rows of a strip, with
 * EG_FIELD_BLOCKS from channels in whole planes.
 */
#ifndef EG_EDGE_FIELD_PASS_H
#define EG_EDGE_FIELD_PASS_H

#include <stdatomic.h>

#include "core/pipeline.h"
#include "edge/colour/colour.h"

/* Memory of a thread. */
typedef struct eg_pass_worker {
    atomic_flag busy;
    eg_channels channels; /* of a tile */
    eg_gradient_field field;
    eg_field_histogram histogram;
    void *reducing, *deriving, *marking, *linking; /* working rows */
    float *kept;
    char *memory; /* of all these, other than the histogram */
} eg_pass_worker;

typedef struct eg_field_pass {
    eg_colour_canny *canny;
    eg_border border;
    const eg_gaussian_derivative *derivative;
    float weights[3];
    float white_level;
    float low, high;  /* thresholds as magnitudes of the field */
    bool has_missing; /* samples may be missing: they are floats */
    bool whole;       /* the channels are whole planes */
    bool field_only;  /* nothing is counted, marked or kept */
    size_t around;    /* samples of the field that are computed around a tile */
    eg_span span;     /* rows of the image that blocks cover */
    size_t rows_most; /* most rows of a block */
    eg_pass_worker *workers;
    size_t worker_count;
    eg_samples_seen seen;
    atomic_bool missing;
} eg_field_pass;

/* Allocates the results, and the memory of workers, once all other fields are set. Release also on
 * failure. */
eg_status eg_field_pass_allocate(eg_field_pass *pass, eg_error *error);

/* Allocates the memory of workers alone, for a pass with `field_only`. */
eg_status eg_field_pass_allocate_workers(eg_field_pass *pass, eg_error *error);
void eg_field_pass_release(eg_field_pass *pass);

/* Returns memory that no other thread uses until worker->busy is cleared. Waits for no one: there
 * are as many workers as threads. */
eg_pass_worker *eg_field_pass_claim(eg_field_pass *pass);

/* Computes the field of a tile of rows and columns of the image, and counts, marks and keeps it.
 * `band`: the rows that its channels are reduced from; NULL: they are those of the canny. `block`:
 * index of the block of rows that the tile belongs to. */
eg_status eg_field_pass_tile(eg_field_pass *pass, eg_pass_worker *worker, const eg_band *band,
                             size_t block, eg_span rows, eg_span columns, eg_error *error);

/* Sets the rows of the channels that the field in the rows of a strip depends on, and adds them to
 * what is known of the image. */
void eg_field_pass_begin_strip(eg_field_pass *pass, eg_pass_worker *worker, const eg_band *band,
                               eg_span rows);

/* Computes the field of a tile into worker->field. Returns the channels as the field sees them. */
eg_channels eg_field_pass_derive(eg_field_pass *pass, eg_pass_worker *worker, const eg_band *band,
                                 eg_span rows, eg_span columns);

/* Sets the histogram of the image from those of the workers. */
void eg_field_pass_collect(eg_field_pass *pass);

/* Return the span with `margin` samples around it, clipped to 0 .. count; and the samples of the
 * field that a span of the image overlaps. */
eg_span eg_span_widened(eg_span span, size_t margin, size_t count);
eg_span eg_span_reduced(eg_span span, size_t factor);

#endif
