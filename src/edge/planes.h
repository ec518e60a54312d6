/* SPDX-License-Identifier: MIT */
/* Two bits per pixel, candidate and edge, in planes of 64-bit words. */
#ifndef EG_EDGE_PLANES_H
#define EG_EDGE_PLANES_H

#include "core/context.h"

/* Word i of a row holds pixels 64 i .. 64 i + 63, pixel 64 i in bit 0; spare bits are 0. */
typedef struct eg_planes {
    size_t width, height, words; /* words: per row */
    uint64_t *candidate;         /* local maxima above the low threshold */
    uint64_t *edge;              /* strong pixels; after hysteresis all edges */
} eg_planes;

static inline uint64_t *eg_candidate_row(const eg_planes *planes, size_t y)
{
    return planes->candidate + y * planes->words;
}

static inline uint64_t *eg_edge_row(const eg_planes *planes, size_t y)
{
    return planes->edge + y * planes->words;
}

/* Returns the number of edge pixels. */
uint64_t eg_planes_count(const eg_planes *planes, const eg_context *ctx);

/* Allocates a plane of the size of `planes`, such as &planes->edge, freed by eg_free(). */
eg_status eg_planes_allocate(const eg_planes *planes, eg_context *ctx, uint64_t **plane,
                             eg_error *error);

/* Writes the edge plane to `sink` with the georeferencing of `from`, as bytes, 0 or 255, if the
 * sink does not accept bits. `inverted`: the bits of edges are 0. */
eg_status eg_planes_write(const eg_planes *planes, bool inverted, const eg_source *from,
                          eg_sink *sink, eg_error *error);

#endif
