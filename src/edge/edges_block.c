/* SPDX-License-Identifier: MIT */
/* The steps of eg_edges() one by one, for a picture in parts that meet at their border rows. */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/canny.h"

struct eg_edges_block {
    eg_canny marking;
    const eg_source *source;
    bool linked;
};

eg_status eg_edges_block_new(eg_edges_block **part, eg_source *source,
                             const eg_edges_options *options, eg_error *error)
{
    *part = NULL;
    eg_edges_block *made = eg_calloc(source->ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->source = source;
    eg_status status = eg_canny_init(&made->marking, source, options, error);
    if (status == EG_OK)
        status = eg_canny_first_pass(&made->marking, source, error);
    eg_name_failure(error, source->name);
    if (status == EG_OK)
        *part = made;
    else
        eg_edges_block_free(made);
    return status;
}

void eg_edges_block_free(eg_edges_block *part)
{
    if (!part)
        return;
    eg_canny_release(&part->marking);
    eg_free(part);
}

eg_status eg_edges_block_histogram(const eg_edges_block *part, eg_edge_histogram *histogram,
                                   eg_error *error)
{
    const eg_canny *m = &part->marking;
    return m->automatic ? eg_edge_histogram_add_canny(histogram, m, error) : EG_OK;
}

eg_status eg_edges_block_link(eg_edges_block *part, const eg_edge_histogram *sum, eg_error *error)
{
    eg_canny *m = &part->marking;
    eg_bin_choice choice = {0};
    eg_status status = EG_OK;
    if (part->linked || (m->automatic && !sum))
        return eg_fail(error, EG_USAGE,
                       part->linked ? "a part is linked once"
                                    : "a histogram of all parts is missing");
    if (m->automatic)
        status = eg_edge_histogram_choose(sum, m, &choice, error);
    if (status == EG_OK && m->automatic)
        status = eg_apply_bins(m, choice, error);
    if (status == EG_OK)
        status = eg_canny_link(m, error);
    part->linked = status == EG_OK;
    return status;
}

static eg_status not_linked(eg_error *error)
{
    return eg_fail(error, EG_USAGE, "a part has no edges before it is linked");
}

eg_status eg_edges_block_border(const eg_edges_block *part, uint64_t *first, uint64_t *last,
                                eg_error *error)
{
    const eg_planes *planes = &part->marking.planes;
    if (!part->linked)
        return not_linked(error);
    if (first)
        memcpy(first, eg_edge_row(planes, 0), planes->words * sizeof *first);
    if (last)
        memcpy(last, eg_edge_row(planes, planes->height - 1), planes->words * sizeof *last);
    return EG_OK;
}

eg_status eg_edges_block_propagate(eg_edges_block *part, const uint64_t *above,
                                   const uint64_t *below, bool *grew, eg_error *error)
{
    const eg_canny *m = &part->marking;
    eg_neighbour_rows outside = {.above = above, .below = below};
    *grew = false;
    if (!part->linked)
        return not_linked(error);
    if (!m->hysteresis)
        return EG_OK;
    eg_status status =
        eg_link_neighbours(m->ctx, &m->planes, m->blocks, m->strip_count, &outside, error);
    *grew = outside.grew_first || outside.grew_last;
    return status;
}

eg_status eg_edges_block_write(eg_edges_block *part, eg_sink *sink, eg_edges_result *result,
                               eg_error *error)
{
    eg_status status = part->linked ? eg_check_edge_sink(sink, error) : not_linked(error);
    if (status == EG_OK)
        status = eg_canny_write(&part->marking, part->source, sink, error);
    if (status == EG_OK && result)
        eg_canny_result(&part->marking, result);
    return status;
}
