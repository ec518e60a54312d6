/* SPDX-License-Identifier: MIT */
/*
 * Hysteresis (edge linking): every candidate that is 8-connected to an edge through candidates
 * becomes an edge. A flood fill over words of 64 pixels: first inside each block of rows, in
 * parallel, then from block to block until nothing changes. A word is revisited only if a neighbour
 * grew, so the work is proportional to the image size for any shape of the candidates.
 */
#ifndef EG_EDGE_HYSTERESIS_H
#define EG_EDGE_HYSTERESIS_H

#include "core/cpu.h"
#include "edge/planes.h"

typedef struct eg_block_rows {
    size_t y0, y1;
} eg_block_rows;

/* Returns the bytes of scratch memory that eg_hysteresis_block() needs for `rows` rows. */
size_t eg_hysteresis_scratch(size_t words, size_t rows);

/* Runs hysteresis inside rows y0 .. y1-1; accesses no other row. */
void eg_hysteresis_block(const eg_planes *planes, eg_block_rows block, eg_cpu_level cpu,
                         void *scratch);

/* Words before and after a row that the kernel sets. */
enum { EG_HYSTERESIS_PAD = 1 };

typedef struct eg_hysteresis_kernels {
    /* Sets bit i of `growing` if word i of a row has a candidate that is no edge and touches an
     * edge; edge[0 .. 2] are the rows above, at and below. `columns` has room for words + 2
     * EG_HYSTERESIS_PAD words. */
    void (*find_growing)(uint64_t *growing, uint64_t *columns, const uint64_t *const edge[3],
                         const uint64_t *candidate, size_t words);
} eg_hysteresis_kernels;

/* Runs hysteresis across the borders of `count` blocks, which cover the planes from top to bottom
 * and are linked inside. */
eg_status eg_hysteresis_across_blocks(eg_context *ctx, const eg_planes *planes,
                                      const eg_block_rows *blocks, size_t count, eg_error *error);

/* In: edge rows of the neighbouring planes. Out: border rows that gained edges. */
typedef struct eg_neighbour_rows {
    const uint64_t *above, *below; /* rows of edges; NULL: none */
    bool grew_first, grew_last;    /* the planes' first or last row gained edges */
} eg_neighbour_rows;

/* Grows the edges of the neighbouring rows into planes that are linked inside. */
eg_status eg_hysteresis_neighbours(eg_context *ctx, const eg_planes *planes,
                                   const eg_block_rows *blocks, size_t count,
                                   eg_neighbour_rows *neighbours, eg_error *error);

#endif
