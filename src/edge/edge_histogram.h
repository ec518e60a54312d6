/* SPDX-License-Identifier: MIT */
/* The histogram of many images, or of one raster in blocks, and steps of its functions. */
#ifndef EG_EDGE_EDGE_HISTOGRAM_H
#define EG_EDGE_EDGE_HISTOGRAM_H

#include "edge/canny/canny.h"
#include "gradient/operators.h"

/* Images of one operator, or gradient fields. `kinds` is sorted by compare_kinds(). */
struct eg_edge_histogram {
    eg_context *ctx;
    eg_field_histogram field;    /* .all NULL: not of gradient fields */
    eg_edge_method field_method; /* of the fields: EG_EDGE_CANNY, _BOUNDARY or _RIDGE */
    const eg_operator *op;       /* NULL: empty */
    bool hysteresis;
    size_t kind_count, capacity;
    eg_magnitude_histogram *kinds;
};

/* Adds the magnitudes of images of one kind of samples. */
eg_status eg_edge_histogram_add_kind(eg_edge_histogram *histogram,
                                     const eg_magnitude_histogram *kind, eg_error *error);

/* Sets operator, norm and method of an empty histogram. EG_USAGE: it has others already, whose
 * magnitudes are not comparable. */
eg_status eg_edge_histogram_set_operator(eg_edge_histogram *histogram, const eg_operator *op,
                                         bool hysteresis, eg_magnitude_kind kind, eg_error *error);

#endif
