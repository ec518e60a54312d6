/* SPDX-License-Identifier: MIT */
/* Canny over all ranks: thresholds from the sum of the ranks' histograms, and edges linked across
 * the borders of their blocks of rows. */
#include <stdlib.h>
#include <string.h>

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

/* ---- rows that thick edges reach ---- */

/* Rows of edges around a block, the nearest first. */
typedef struct surroundings {
    uint64_t *above, *below, *sent; /* `sent`: a row on its way */
    size_t above_count, below_count;
} surroundings;

/* Copies to `row` the row that is `distance` rows from the lower (`last`) or upper end of the
 * block: one of its own, or of those that were received from the other side. */
static bool copy_row(const eg_edges_block *block, size_t height, const surroundings *s,
                     size_t words, size_t distance, bool last, uint64_t *row, eg_error *error)
{
    const uint64_t *beyond = last ? s->above : s->below;
    const size_t count = last ? s->above_count : s->below_count;
    if (distance < height)
        return eg_edges_block_rows(block, last ? height - 1 - distance : distance, 1, row, error) ==
               EG_OK;
    if (distance - height >= count)
        return false;
    memcpy(row, beyond + (distance - height) * words, words * sizeof *row);
    return true;
}

/* Sends each neighbour the row at a distance, and receives its row. Blocks may have fewer rows than
 * thick edges reach: then a row comes from the neighbour's neighbour, who sent it before. */
static void exchange_rows(const eg_edges_block *block, size_t height, const borders *b,
                          surroundings *s, size_t distance, eg_error *error)
{
    const size_t words = b->bytes / sizeof *s->sent;
    for (int down = 0; block && down < 2; down++) {
        const int to = down ? b->lower : b->upper, from = down ? b->upper : b->lower;
        uint64_t *received = (down ? s->above : s->below) + distance * words;
        uint64_t has = copy_row(block, height, s, words, distance, down, s->sent, error), had = 0;
        rank_exchange(to, &has, from, &had, sizeof has);
        rank_exchange(has ? to : -1, s->sent, had ? from : -1, received, b->bytes);
        *(down ? &s->above_count : &s->below_count) += had ? 1 : 0;
    }
}

/* Gives the block the rows around it that edges of `thickness` pixels reach. The caller frees
 * s->above. Called by every rank. */
static eg_status surround(eg_edges_block *block, size_t height, size_t bytes, int thickness,
                          surroundings *s, eg_error *error)
{
    const size_t reach = thickness > 1 ? (size_t)thickness / 2 : 0, words = bytes / sizeof *s->sent;
    const int rank = rank_number(), ranks = (int)ranks_sum(block != NULL);
    const borders b = {.bytes = bytes,
                       .upper = block && rank > 0 ? rank - 1 : -1,
                       .lower = block && rank + 1 < ranks ? rank + 1 : -1};
    if (reach == 0)
        return EG_OK;
    s->above = calloc(2 * reach + 1, bytes);
    if (!s->above)
        ranks_fail(error, EG_NO_MEMORY, "out of memory");
    if (!ranks_agree(error) || !s->above)
        return error->status;
    s->below = s->above + reach * words;
    s->sent = s->below + reach * words;
    for (size_t i = 0; i < reach; i++)
        exchange_rows(block, height, &b, s, i, error);
    if (block)
        eg_edges_block_surround(block, s->above, s->above_count, s->below, s->below_count);
    ranks_agree(error);
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
    surroundings around = {0};
    if (ranks_agree(error))
        surround(block, source ? eg_source_info(source)->height : 0, bytes,
                 options->style.thickness, &around, error);
    if (error->status == EG_OK && block)
        eg_edges_block_write(block, sink, result, error);
    free(around.above);
    eg_edges_block_free(block);
    result->edge_pixels = ranks_sum(result->edge_pixels);
    return error->status;
}
