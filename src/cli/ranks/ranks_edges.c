/* SPDX-License-Identifier: MIT */
/* Canny over all ranks: one pair of thresholds, and edges that go on from part to part. */
#include <stdlib.h>

#include "cli/ranks/ranks.h"
#include "cli/ranks/ranks_raster.h"

/* Adds up what all ranks counted. */
static eg_status add_surveys(eg_edge_histogram *sum, const eg_edge_histogram *mine, eg_error *error)
{
    size_t size = eg_edge_histogram_size(mine),
           *sizes = calloc((size_t)rank_count(), sizeof *sizes);
    void *bytes = malloc(size), *all = NULL;
    if (!sizes || !bytes)
        shared_fail(error, EG_NO_MEMORY, "there is no memory left");
    if (shared_agree(error) && sizes && bytes) {
        eg_edge_histogram_pack(mine, bytes);
        ranks_gather(bytes, size, &all, sizes);
        const char *at = all;
        for (int i = 0; i < rank_count() && error->status == EG_OK; at += sizes[i++])
            eg_edge_histogram_unpack(sum, at, sizes[i], error);
    }
    free(all);
    free(bytes);
    free(sizes);
    return error->status;
}

static eg_status link_part(eg_context *ctx, eg_edges_block *part, eg_error *error)
{
    eg_edge_histogram *mine = NULL, *sum = NULL;
    if (eg_edge_histogram_new(&mine, ctx, error) == EG_OK &&
        eg_edge_histogram_new(&sum, ctx, error) == EG_OK && part)
        eg_edges_block_histogram(part, mine, error);
    if (shared_agree(error) && add_surveys(sum, mine, error) == EG_OK && part)
        eg_edges_block_link(part, sum, error);
    eg_edge_histogram_free(sum);
    eg_edge_histogram_free(mine);
    return error->status;
}

/* Border rows of this part and its neighbours', each of `bytes` bytes. */
typedef struct borders {
    uint64_t *first, *last, *above, *below;
    int upper, lower; /* the neighbours' ranks; negative: there is none */
    size_t bytes;
} borders;

/* False: no part has grown. */
static bool grow_once(eg_edges_block *part, const borders *b, eg_error *error)
{
    bool grew = false;
    if (part)
        eg_edges_block_border(part, b->first, b->last, error);
    rank_exchange(b->upper, b->first, b->lower, b->below, b->bytes);
    rank_exchange(b->lower, b->last, b->upper, b->above, b->bytes);
    if (part && error->status == EG_OK)
        eg_edges_block_propagate(part, b->upper >= 0 ? b->above : NULL,
                                 b->lower >= 0 ? b->below : NULL, &grew, error);
    return ranks_any(grew);
}

/* Those that have rows are the first ones. */
static eg_status grow(eg_edges_block *part, size_t bytes, eg_error *error)
{
    const int mine = rank_number(), ranks = (int)ranks_sum(part != NULL);
    borders b = {.bytes = bytes, .upper = -1, .lower = -1};
    uint64_t *rows = malloc(4 * bytes);
    if (!rows)
        shared_fail(error, EG_NO_MEMORY, "there is no memory left");
    if (shared_agree(error) && rows) {
        const size_t words = bytes / sizeof *rows;
        b.first = rows;
        b.last = rows + words;
        b.above = rows + 2 * words;
        b.below = rows + 3 * words;
        if (part && mine > 0)
            b.upper = mine - 1;
        if (part && mine + 1 < ranks)
            b.lower = mine + 1;
        while (grow_once(part, &b, error))
            ;
    }
    free(rows);
    return error->status;
}

eg_status shared_edges(eg_context *ctx, eg_source *source, eg_sink *sink,
                       const eg_edges_options *options, eg_edges_result *result, eg_error *error)
{
    eg_edges_block *part = NULL;
    size_t bytes = source ? eg_row_bytes(EG_BIT, eg_source_info(source)->width) : 0;
    ranks_broadcast(&bytes, sizeof bytes, 0);
    if (source)
        eg_edges_block_new(&part, source, options, error);
    if (shared_agree(error))
        link_part(ctx, part, error);
    if (shared_agree(error))
        grow(part, bytes, error);
    if (shared_agree(error) && part)
        eg_edges_block_write(part, sink, result, error);
    eg_edges_block_free(part);
    result->edge_pixels = ranks_sum(result->edge_pixels);
    return error->status;
}
