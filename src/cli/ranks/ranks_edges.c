/* SPDX-License-Identifier: MIT */
/* Canny over all ranks: thresholds from the sum of the ranks' histograms, and edges linked across
 * the borders of their blocks of rows. */
#include <stdlib.h>

#include "cli/ranks/ranks.h"
#include "cli/ranks/ranks_raster.h"

eg_status ranks_sum_histogram(eg_edge_histogram *histogram, eg_error *error)
{
    size_t size = eg_edge_histogram_size(histogram);
    size_t *sizes = calloc((size_t)rank_count(), sizeof *sizes);
    void *packed = malloc(size), *all = NULL;
    if (!sizes || !packed)
        ranks_fail(error, EG_NO_MEMORY, "out of memory");
    if (ranks_agree(error) && sizes && packed) {
        eg_edge_histogram_pack(histogram, packed);
        ranks_gather(packed, size, &all, sizes);
        const char *at = all;
        for (int i = 0; i < rank_count() && error->status == EG_OK; at += sizes[i++])
            if (i != rank_number())
                eg_edge_histogram_unpack(histogram, at, sizes[i], error);
    }
    free(all);
    free(packed);
    free(sizes);
    return error->status;
}

/* Links the edges inside this rank's block with thresholds from the histograms of all blocks. */
static eg_status link_block(eg_context *ctx, eg_edges_block *block, eg_error *error)
{
    eg_edge_histogram *histogram = NULL;
    if (eg_edge_histogram_new(&histogram, ctx, error) == EG_OK && block)
        eg_edges_block_histogram(block, histogram, error);
    if (ranks_agree(error) && ranks_sum_histogram(histogram, error) == EG_OK && block)
        eg_edges_block_link(block, histogram, error);
    eg_edge_histogram_free(histogram);
    return error->status;
}

/* The edge bits of a block's border rows and of the adjacent rows of its neighbours. */
typedef struct borders {
    uint64_t *first, *last, *above, *below;
    int upper, lower; /* ranks of the neighbours; negative if there is none */
    size_t bytes;     /* of a row */
} borders;

/* Exchanges border rows and propagates edges from them into the block. Returns true if a block of
 * any rank gained edges. */
static bool propagate_edges(eg_edges_block *block, const borders *b, eg_error *error)
{
    bool grew = false;
    if (block)
        eg_edges_block_border(block, b->first, b->last, error);
    rank_exchange(b->upper, b->first, b->lower, b->below, b->bytes);
    rank_exchange(b->lower, b->last, b->upper, b->above, b->bytes);
    if (block && error->status == EG_OK)
        eg_edges_block_propagate(block, b->upper >= 0 ? b->above : NULL,
                                 b->lower >= 0 ? b->below : NULL, &grew, error);
    return ranks_any(grew);
}

/* Gives the blocks other thresholds while a density is searched. Returns true if a block has some.
 */
static bool refine(eg_edges_block *block, eg_error *error)
{
    bool again = false;
    const uint64_t count = ranks_sum(block ? eg_edges_block_count(block) : 0);
    if (block && error->status == EG_OK)
        eg_edges_block_refine(block, count, &again, error);
    return ranks_any(again) && ranks_agree(error);
}

/* Links edges across the borders of the blocks. The ranks that have a block are the first ones. */
static eg_status link_across_borders(eg_edges_block *block, size_t bytes, eg_error *error)
{
    const int rank = rank_number(), ranks = (int)ranks_sum(block != NULL);
    borders b = {.bytes = bytes, .upper = -1, .lower = -1};
    uint64_t *rows = malloc(4 * bytes);
    if (!rows)
        ranks_fail(error, EG_NO_MEMORY, "out of memory");
    if (ranks_agree(error) && rows) {
        const size_t words = bytes / sizeof *rows;
        b.first = rows;
        b.last = rows + words;
        b.above = rows + 2 * words;
        b.below = rows + 3 * words;
        if (block && rank > 0)
            b.upper = rank - 1;
        if (block && rank + 1 < ranks)
            b.lower = rank + 1;
        do
            while (propagate_edges(block, &b, error))
                ;
        while (refine(block, error));
    }
    free(rows);
    return error->status;
}

eg_status ranks_edges(eg_context *ctx, eg_source *source, eg_sink *sink,
                      const eg_edges_options *options, eg_edges_result *result, eg_error *error)
{
    eg_edges_block *block = NULL;
    size_t bytes = source ? eg_row_bytes(EG_BIT, eg_source_info(source)->width) : 0;
    ranks_broadcast(&bytes, sizeof bytes, 0);
    if (source)
        eg_edges_block_new(&block, source, options, error);
    if (ranks_agree(error))
        link_block(ctx, block, error);
    if (ranks_agree(error))
        link_across_borders(block, bytes, error);
    if (ranks_agree(error) && block)
        eg_edges_block_write(block, sink, result, error);
    eg_edges_block_free(block);
    result->edge_pixels = ranks_sum(result->edge_pixels);
    return error->status;
}
