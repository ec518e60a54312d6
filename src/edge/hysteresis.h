/* SPDX-License-Identifier: MIT */
/*
 * Hysteresis: every candidate that is 8-connected, through candidates, to an edge becomes one. A
 * flood over words of 64 pixels: first inside each block of rows, which may happen in parallel,
 * then from block to block until nothing changes. A word is looked at again only when a neighbour
 * grew, so the work stays in proportion to the picture whatever shape the candidates have.
 */
#ifndef EG_EDGE_HYSTERESIS_H
#define EG_EDGE_HYSTERESIS_H

#include "edge/planes.h"

typedef struct eg_block_rows {
    size_t y0, y1;
} eg_block_rows;

/* Bytes of working memory for eg_hysteresis_block() on a block of `rows` rows. */
size_t eg_hysteresis_scratch(size_t words, size_t rows);

/* Links inside rows y0 .. y1-1; reads and writes nothing outside them. */
void eg_hysteresis_block(const eg_planes *planes, eg_block_rows block, void *scratch);

/* Links across the borders of `count` blocks, each linked inside already, which cover the planes
 * from top to bottom. */
eg_status eg_hysteresis_across_blocks(eg_context *ctx, const eg_planes *planes,
                                      const eg_block_rows *blocks, size_t count, eg_error *error);

/* What is known of the rows just outside the planes, and what comes of it. */
typedef struct eg_neighbour_rows {
    const uint64_t *above, *below; /* rows of edges; NULL: nothing is there */
    bool grew_first, grew_last;    /* the planes' own first and last row have more edges now */
} eg_neighbour_rows;

/* Lets edges outside grow into planes that are linked among themselves. */
eg_status eg_hysteresis_neighbours(eg_context *ctx, const eg_planes *planes,
                                   const eg_block_rows *blocks, size_t count,
                                   eg_neighbour_rows *neighbours, eg_error *error);

#endif
