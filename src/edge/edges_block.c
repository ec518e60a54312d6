/* SPDX-License-Identifier: MIT */
/* eg_edges() in separate steps, for a raster in row blocks that exchange their border rows. */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/canny.h"
#include "gradient/missing.h"

struct eg_edges_block {
    eg_canny canny;
    eg_source *source;
    bool linked;
};

eg_status eg_edges_block_new(eg_edges_block **block, eg_source *source,
                             const eg_edges_options *options, eg_error *error)
{
    *block = NULL;
    eg_edges_block *created = eg_calloc(source->ctx, 1, sizeof *created, error);
    if (!created)
        return eg_failed(error);
    created->source = source;
    eg_status status = eg_canny_init(&created->canny, source, options, error);
    if (status == EG_OK)
        status = eg_canny_first_pass(&created->canny, source, error);
    if (status == EG_OK)
        eg_note_valid(source, atomic_load(&created->canny.any_valid));
    eg_name_failure(error, source->name);
    if (status == EG_OK)
        *block = created;
    else
        eg_edges_block_free(created);
    return status;
}

void eg_edges_block_free(eg_edges_block *block)
{
    if (!block)
        return;
    eg_canny_release(&block->canny);
    eg_free(block);
}

eg_status eg_edges_block_histogram(const eg_edges_block *block, eg_edge_histogram *histogram,
                                   eg_error *error)
{
    const eg_canny *canny = &block->canny;
    return canny->automatic ? eg_edge_histogram_add_canny(histogram, canny, error) : EG_OK;
}

eg_status eg_edges_block_link(eg_edges_block *block, const eg_edge_histogram *sum, eg_error *error)
{
    eg_canny *canny = &block->canny;
    eg_status status = EG_OK;
    if (block->linked || (canny->automatic && !sum))
        return eg_fail(error, EG_USAGE,
                       block->linked ? "the block is already linked"
                                     : "automatic thresholds need the histogram of all blocks");
    if (canny->automatic)
        status = eg_edge_histogram_apply(sum, canny, block->source, error);
    if (status == EG_OK)
        status = eg_canny_hysteresis(canny, error);
    block->linked = status == EG_OK;
    return status;
}

static eg_status not_linked(eg_error *error)
{
    return eg_fail(error, EG_USAGE,
                   "the block is not linked yet: call eg_edges_block_link() first");
}

eg_status eg_edges_block_border(const eg_edges_block *block, uint64_t *first, uint64_t *last,
                                eg_error *error)
{
    const eg_planes *planes = &block->canny.planes;
    if (!block->linked)
        return not_linked(error);
    if (first)
        memcpy(first, eg_edge_row(planes, 0), planes->words * sizeof *first);
    if (last)
        memcpy(last, eg_edge_row(planes, planes->height - 1), planes->words * sizeof *last);
    return EG_OK;
}

eg_status eg_edges_block_propagate(eg_edges_block *block, const uint64_t *above,
                                   const uint64_t *below, bool *grew, eg_error *error)
{
    const eg_canny *canny = &block->canny;
    eg_neighbour_rows neighbours = {.above = above, .below = below};
    *grew = false;
    if (!block->linked)
        return not_linked(error);
    if (!canny->hysteresis)
        return EG_OK;
    eg_status status = eg_hysteresis_neighbours(canny->ctx, &canny->planes, canny->blocks,
                                                canny->strip_count, &neighbours, error);
    *grew = neighbours.grew_first || neighbours.grew_last;
    return status;
}

eg_status eg_edges_block_write(eg_edges_block *block, eg_sink *sink, eg_edges_result *result,
                               eg_error *error)
{
    eg_status status = block->linked ? eg_check_edge_sink(sink, error) : not_linked(error);
    if (status == EG_OK)
        status = eg_canny_write(&block->canny, block->source, sink, error);
    if (status == EG_OK && result)
        eg_canny_result(&block->canny, result);
    return status;
}
