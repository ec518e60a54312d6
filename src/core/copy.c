/* SPDX-License-Identifier: MIT */
/* Copying rows from a source to a sink, without computation. */
#include "core/copy.h"

#include <string.h>

#include "core/pipeline.h"
#include "core/status.h"

typedef struct copy_stage {
    eg_expand *expand; /* converter of EG_BIT rows to EG_U8; NULL copies rows unchanged */
} copy_stage;

void eg_expand_bits(uint8_t *out, const uint64_t *bits, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = (uint8_t)(0 - (bits[x / 64] >> (x % 64) & 1));
}

static eg_status run_copy(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                          size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)strip, (void)scratch, (void)error;
    const copy_stage *c = stage->opaque;
    for (size_t y = y0; y < y1; y++) {
        const void *from = eg_band_row(band, (ptrdiff_t)y);
        char *to = (char *)out->data + (y - y0) * out->stride;
        if (c->expand)
            c->expand((uint8_t *)to, from, band->width);
        else
            memcpy(to, from, eg_row_bytes(band->sample, band->width));
    }
    return EG_OK;
}

eg_status eg_sink_append(eg_sink *sink, eg_source *source, eg_error *error)
{
    const eg_info *info = eg_source_info(source);
    const eg_layout *layout = &sink->layout;
    if (!sink->total_rows || !sink->rows_received ||
        info->height > layout->height - sink->rows_received || info->width != layout->width ||
        info->sample != layout->sample)
        return eg_fail(
            error, EG_USAGE,
            "the appended rows do not fit: width or sample type differs, or there are too many");
    copy_stage c = {NULL};
    const eg_stage stage = {.opaque = &c, .run = run_copy};
    eg_status status = eg_check_one_plane(source, error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, &sink, 1, error);
    if (status == EG_OK)
        status = eg_sink_finish(sink, error);
    eg_name_failure(error, source->name);
    return status;
}

eg_status eg_copy(eg_source *source, eg_sink *sink, eg_expand *expand, eg_error *error)
{
    static const char *const names[] = {"1-bit samples", "8-bit samples", "16-bit samples",
                                        "floats",        "64-bit floats", "colours"};
    const eg_info *info = &source->info;
    eg_status status = eg_check_one_plane(source, error);
    if (status != EG_OK)
        return status;
    bool as_is = eg_sink_accepts(sink, info->sample);
    if (!as_is && !(info->sample == EG_BIT && eg_sink_accepts(sink, EG_U8)))
        return eg_sink_refuse(sink, info->sample, names[info->sample], error);
    copy_stage c = {as_is ? NULL : expand};
    const bool unchanged = as_is && !sink->ops->row_address;
    const eg_stage stage = {.opaque = &c, .run = unchanged ? NULL : run_copy};
    eg_layout layout = eg_layout_of(source, as_is ? info->sample : EG_U8);
    layout.mask = !as_is;
    status = eg_sink_begin(sink, &layout, error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, &sink, 1, error);
    if (status == EG_OK)
        status = eg_sink_finish(sink, error);
    eg_name_failure(error, source->name);
    return status;
}
