/* SPDX-License-Identifier: MIT */
/* Allocating, counting and writing planes. */
#include <string.h>

#include "core/copy.h"
#include "core/stream.h"
#include "edge/canny/canny.h"

eg_status eg_planes_allocate(const eg_planes *planes, eg_context *ctx, uint64_t **plane,
                             eg_error *error)
{
    *plane = eg_alloc(ctx, planes->height, planes->words * sizeof **plane, error);
    return *plane ? EG_OK : eg_failed(error);
}

uint64_t eg_planes_count(const eg_planes *planes, const eg_context *ctx)
{
    return eg_edge_kernels_for(ctx->cpu)->count_bits(planes->edge, planes->words * planes->height);
}

/* ---- writing ---- */

typedef struct plane_source {
    eg_source base;
    const eg_planes *planes;
} plane_source;

static void *plane_row(const eg_source *source, size_t y, size_t *stride)
{
    const eg_planes *planes = ((const plane_source *)source)->planes;
    *stride = planes->words * sizeof(uint64_t);
    return eg_edge_row(planes, y);
}

eg_status eg_planes_write(const eg_planes *planes, bool inverted, const eg_source *from,
                          eg_sink *sink, eg_error *error)
{
    static const eg_source_ops ops = {.row_address = plane_row};
    plane_source source = {.base = {.ops = &ops, .ctx = from->ctx}, .planes = planes};
    source.base.info.width = planes->width;
    source.base.info.height = planes->height;
    source.base.info.sample = EG_BIT;
    source.base.info.white_level = 255;
    source.base.internal = true;
    source.base.inverted = inverted;
    source.base.georef = eg_source_georef(from);
    return eg_copy(&source.base, sink, eg_edge_kernels_for(from->ctx->cpu)->expand_bits, error);
}
