/* SPDX-License-Identifier: MIT */
/* The steps of eg_edges() one by one, for a picture in parts that meet at their border rows. */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "edge/canny.h"

struct eg_edges_part {
    eg_marking marking;
    const eg_source *source;
    bool linked;
};

eg_status eg_edges_part_new(eg_edges_part **part, eg_source *source,
                            const eg_edges_options *options, eg_error *error)
{
    *part = NULL;
    eg_edges_part *made = eg_calloc(source->ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->source = source;
    eg_status status = eg_marking_init(&made->marking, source, options, error);
    if (status == EG_OK)
        status = eg_mark(&made->marking, source, error);
    eg_name_failure(error, source->name);
    if (status == EG_OK)
        *part = made;
    else
        eg_edges_part_free(made);
    return status;
}

void eg_edges_part_free(eg_edges_part *part)
{
    if (!part)
        return;
    eg_marking_release(&part->marking);
    eg_free(part);
}

eg_status eg_edges_part_survey(const eg_edges_part *part, eg_survey *survey, eg_error *error)
{
    const eg_marking *m = &part->marking;
    return m->automatic ? eg_survey_add_marking(survey, m, error) : EG_OK;
}

eg_status eg_edges_part_link(eg_edges_part *part, const eg_survey *sum, eg_error *error)
{
    eg_marking *m = &part->marking;
    eg_code_choice choice = {0};
    eg_status status = EG_OK;
    if (part->linked || (m->automatic && !sum))
        return eg_fail(error, EG_USAGE,
                       part->linked ? "a part is linked once" : "a survey of all parts is missing");
    if (m->automatic)
        status = eg_survey_choose(sum, m, &choice, error);
    if (status == EG_OK && m->automatic)
        status = eg_apply_codes(m, choice, error);
    if (status == EG_OK)
        status = eg_link_marking(m, error);
    part->linked = status == EG_OK;
    return status;
}

static eg_status not_linked(eg_error *error)
{
    return eg_fail(error, EG_USAGE, "a part has no edges before it is linked");
}

eg_status eg_edges_part_border(const eg_edges_part *part, uint64_t *first, uint64_t *last,
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

eg_status eg_edges_part_grow(eg_edges_part *part, const uint64_t *above, const uint64_t *below,
                             bool *grew, eg_error *error)
{
    const eg_marking *m = &part->marking;
    eg_outside outside = {.above = above, .below = below};
    *grew = false;
    if (!part->linked)
        return not_linked(error);
    if (!m->hysteresis)
        return EG_OK;
    eg_status status =
        eg_link_outside(m->ctx, &m->planes, m->blocks, m->strip_count, &outside, error);
    *grew = outside.grew_first || outside.grew_last;
    return status;
}

eg_status eg_edges_part_write(eg_edges_part *part, eg_sink *sink, eg_edges_result *result,
                              eg_error *error)
{
    eg_status status = part->linked ? eg_check_edge_sink(sink, error) : not_linked(error);
    if (status == EG_OK)
        status = eg_write_marking(&part->marking, part->source, sink, error);
    if (status == EG_OK && result)
        eg_marking_result(&part->marking, result);
    return status;
}
