/* SPDX-License-Identifier: MIT */
/*
 * eg_edges(). First pass, strip by strip while the source is decoded: front end, magnitudes,
 * non-maximum suppression, two bits a pixel. Where thresholds are automatic they come out of a
 * histogram that pass collects, with a byte kept for each ridge; the source is read once either
 * way. Then linking, then the rows of bits go to the sink.
 */
#include "edge/canny.h"

#include <math.h>
#include <string.h>

#include "core/copy.h"
#include "core/status.h"

/* ---- linking, and the way out ---- */

eg_status eg_canny_link(eg_canny *m, eg_error *error)
{
    if (!m->hysteresis)
        return EG_OK;
    m->blocks = eg_alloc(m->ctx, m->strip_count, sizeof *m->blocks, error);
    if (!m->blocks)
        return eg_failed(error);
    for (size_t k = 0; k < m->strip_count; k++)
        m->blocks[k] = m->strips[k].rows;
    return eg_link_seams(m->ctx, &m->planes, m->blocks, m->strip_count, error);
}

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

eg_status eg_canny_write(const eg_canny *m, const eg_source *from, eg_sink *sink, eg_error *error)
{
    static const eg_source_ops ops = {.read = plane_read, .skip = eg_skip_noop};
    plane_source source = {.base = {.ops = &ops, .ctx = m->ctx}, .planes = &m->planes};
    source.base.info.width = m->planes.width;
    source.base.info.height = m->planes.height;
    source.base.info.sample = EG_BIT;
    source.base.info.white_level = 255;
    source.base.georef = eg_source_georef(from);
    return eg_copy(&source.base, sink, m->kernels->expand, error);
}

static uint64_t count_edges(const eg_planes *planes)
{
    uint64_t count = 0;
    for (size_t i = 0; i < planes->words * planes->height; i++)
        count += (uint64_t)__builtin_popcountll(planes->edge[i]);
    return count;
}

void eg_canny_result(const eg_canny *m, eg_edges_result *result)
{
    double divisor = m->scale.divisor;
    *result = (eg_edges_result){
        .low = m->low_sum / divisor,
        .high = m->high_sum / divisor,
        .low_sum = m->low_sum,
        .high_sum = m->high_sum,
        .automatic = m->automatic,
        .edge_pixels = count_edges(&m->planes),
    };
}

/* ---- the whole ---- */

void eg_edges_default(eg_edges_options *options)
{
    *options = (eg_edges_options){.op = "sobel3", .sigma = 1.4, .low = NAN, .high = NAN};
}

eg_status eg_check_edge_sink(const eg_sink *sink, eg_error *error)
{
    if (eg_sink_accepts(sink, EG_BIT) || eg_sink_accepts(sink, EG_U8))
        return EG_OK;
    return eg_sink_refuse(sink, EG_BIT, "edges", error);
}

static eg_status choose_and_apply(eg_canny *m, eg_error *error)
{
    eg_histogram_bins coded = {.scale = m->scale, .coder = m->coder};
    eg_add_histograms(m, coded.histogram);
    return eg_apply_bins(m, eg_choose_bins(&coded, 1, m->hysteresis), error);
}

static eg_status find_edges(eg_canny *m, eg_source *source, eg_error *error)
{
    eg_status status = eg_canny_first_pass(m, source, error);
    if (status == EG_OK && m->automatic)
        status = choose_and_apply(m, error);
    return status == EG_OK ? eg_canny_link(m, error) : status;
}

eg_status eg_edges(eg_source *source, eg_sink *sink, const eg_edges_options *options,
                   eg_edges_result *result, eg_error *error)
{
    eg_canny m;
    eg_status status = eg_canny_init(&m, source, options, error);
    if (status == EG_OK)
        status = eg_check_edge_sink(sink, error);
    if (status == EG_OK)
        status = find_edges(&m, source, error);
    if (status == EG_OK)
        status = eg_canny_write(&m, source, sink, error);
    if (status == EG_OK && result)
        eg_canny_result(&m, result);
    eg_canny_release(&m);
    eg_name_failure(error, source->name);
    return status;
}
