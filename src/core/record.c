/* SPDX-License-Identifier: MIT */
/* eg_source_record(): the rows that an operation reads, kept for another one. */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "core/stream.h"

typedef struct recording {
    eg_source base; /* delivers the kept rows */
    eg_row_observer observer;
    eg_row_observer *next; /* observer that the source had; may be NULL */
    eg_source *from;       /* NULL: it was closed */
    char *rows;
    size_t stride, kept; /* bytes from row to row; rows kept so far */
} recording;

static recording *recording_of(eg_row_observer *observer)
{
    return (recording *)(void *)((char *)observer - offsetof(recording, observer));
}

/* Copies a row of several planes, which are stride / planes apart. */
static void copy_row(const recording *r, char *to, size_t to_stride, const char *from,
                     size_t from_stride)
{
    const size_t planes = eg_source_planes(&r->base);
    const size_t bytes = eg_row_bytes(eg_source_stored_sample(&r->base), r->base.info.width);
    for (size_t k = 0; k < planes; k++)
        memcpy(to + k * (to_stride / planes), from + k * (from_stride / planes), bytes);
}

static void keep_rows(eg_row_observer *observer, const void *rows, size_t stride, size_t count)
{
    recording *r = recording_of(observer);
    for (size_t i = 0; i < count && r->kept < r->base.info.height; i++, r->kept++)
        copy_row(r, r->rows + r->kept * r->stride, r->stride, (const char *)rows + i * stride,
                 stride);
    if (r->next)
        r->next->rows(r->next, rows, stride, count);
}

static void detach(eg_row_observer *observer)
{
    recording *r = recording_of(observer);
    r->from = NULL;
    if (r->next)
        r->next->detach(r->next);
}

static eg_status read_kept(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    const recording *r = (const recording *)source;
    if (source->next_row + count > r->kept)
        return eg_fail(error, EG_USAGE, "the recorded source was not read to its end");
    for (size_t i = 0; i < count; i++)
        copy_row(r, (char *)rows + i * stride, stride, r->rows + (source->next_row + i) * r->stride,
                 r->stride);
    return EG_OK;
}

static void close_recording(eg_source *source)
{
    recording *r = (recording *)source;
    if (r->from)
        r->from->observer = r->next;
    eg_free(r->rows);
    eg_free(r);
}

eg_status eg_source_record(eg_source **record, eg_source *source, eg_error *error)
{
    static const eg_source_ops ops = {
        .read = read_kept, .close = close_recording, .skip = eg_skip_noop, .reads_stored = true};
    *record = NULL;
    if (source->next_row || source->window_info.height)
        return eg_fail_file(error, EG_USAGE, source->name ? source->name : "source",
                            "is recorded as a whole, before the first row is read");
    recording *r = eg_calloc(source->ctx, 1, sizeof *r, error);
    if (!r)
        return eg_failed(error);
    const eg_info *info = eg_source_info(source);
    const eg_sample sample = eg_source_stored_sample(source);
    const size_t plane = (eg_row_bytes(sample, info->width) + 63) / 64 * 64;
    r->base = (eg_source){.ops = &ops,
                          .ctx = source->ctx,
                          .info = *info,
                          .georef = eg_source_georef(source),
                          .has_mask = source->has_mask,
                          .block_rows = source->block_rows};
    r->base.info.sample = sample;
    r->stride = plane * eg_source_planes(source);
    r->rows = eg_alloc(source->ctx, info->height, r->stride, error);
    if (!r->rows) {
        eg_free(r);
        return eg_failed(error);
    }
    r->observer = (eg_row_observer){.rows = keep_rows, .detach = detach};
    r->next = source->observer;
    r->from = source;
    source->observer = &r->observer;
    *record = &r->base;
    return EG_OK;
}
