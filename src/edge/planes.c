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

static eg_status plane_read(eg_source *source, void *rows, size_t stride, size_t count,
                            eg_error *error)
{
    (void)error;
    const eg_planes *planes = ((plane_source *)source)->planes;
    for (size_t i = 0; i < count; i++)
        memcpy((char *)rows + i * stride, eg_edge_row(planes, source->next_row + i),
               planes->words * sizeof(uint64_t));
    return EG_OK;
}

eg_status eg_planes_write(const eg_planes *planes, const eg_source *from, eg_sink *sink,
                          eg_error *error)
{
    static const eg_source_ops ops = {.read = plane_read, .skip = eg_skip_noop};
    plane_source source = {.base = {.ops = &ops, .ctx = from->ctx}, .planes = planes};
    source.base.info.width = planes->width;
    source.base.info.height = planes->height;
    source.base.info.sample = EG_BIT;
    source.base.info.white_level = 255;
    source.base.internal = true;
    source.base.georef = eg_source_georef(from);
    return eg_copy(&source.base, sink, eg_edge_kernels_for(from->ctx->cpu)->expand_bits, error);
}
