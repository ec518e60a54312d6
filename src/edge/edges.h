/* SPDX-License-Identifier: MIT */
/* The state of one eg_edges() and the steps of its automatic thresholds. */
#ifndef EG_EDGE_EDGES_H
#define EG_EDGE_EDGES_H

#include "edge/link.h"
#include "edge/threshold.h"
#include "gradient/front.h"

#define EG_LOW_TO_HIGH 0.5 /* the low threshold where only the high one is given, and automatic */

/* What the first pass leaves behind of a strip. */
typedef struct eg_strip {
    eg_block_rows rows;
    size_t count;   /* ridges, and their codes: tile by tile, row by row, left to right */
    uint8_t *codes; /* NULL where thresholds were given */
    uint32_t histogram[EG_CODES];
} eg_strip;

typedef struct eg_marking {
    eg_context *ctx;
    eg_front front;
    eg_scale scale;
    eg_levels levels;
    const eg_edge_kernels *kernels;
    eg_mag_kernel *magnitude;
    eg_mark_kernel *mark;
    eg_planes planes;
    eg_strip *strips;
    size_t strip_count;
    eg_coder coder;
    bool hysteresis, automatic;
    double low_sum, high_sum; /* thresholds in the operator's sums on the 0..255 scale */
} eg_marking;

/* One bit a pixel for m->planes, released with them. The plane of edges is made as late as it can be:
 * while automatic thresholds are open, the codes have its place in memory. */
eg_status eg_allocate_plane(const eg_marking *m, uint64_t **plane, eg_error *error);

/* Appends the codes of the candidates of columns x0 .. x0 + width - 1 of row y to `codes`, where
 * strip->count of them are already, and counts them. mag[0] is the magnitude at x0. */
void eg_collect_codes(const eg_marking *m, eg_strip *strip, size_t x0, size_t width, size_t y,
                      const void *mag, uint8_t *codes);

/* Copies what was collected to where it stays until thresholds are known. */
eg_status eg_keep_codes(const eg_marking *m, eg_strip *strip, const uint8_t *codes,
                        eg_error *error);

/* Chooses thresholds from all strips' histograms, sorts the candidates by them, and links inside each
 * strip; in parallel. */
eg_status eg_apply_codes(eg_marking *m, eg_error *error);

#endif
