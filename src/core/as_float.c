/* SPDX-License-Identifier: MIT */
/* Sources of 16-bit integers and doubles, whose rows operations on intensities read as floats. */
#include <string.h>

#include "core/band.h"
#include "core/context.h"
#include "core/status.h"
#include "core/stream.h"

eg_status eg_source_as_float(eg_source *source, bool accepts_doubles, eg_error *error)
{
    const eg_sample sample = source->info.sample;
    if (source->stored_row || !source->ops->reads_stored ||
        (sample != EG_U16 && (sample != EG_F64 || accepts_doubles)))
        return EG_OK;
    const size_t planes = eg_source_planes(source);
    const size_t plane = eg_row_bytes(sample, source->info.width + EG_BAND_SLACK);
    source->stored_row = eg_calloc(source->ctx, planes, plane, error);
    if (!source->stored_row)
        return eg_failed(error);
    source->stored_stride = planes * plane;
    source->stored = sample;
    source->info.sample = source->window_info.sample = EG_F32;
    return EG_OK;
}

eg_sample eg_source_stored_sample(const eg_source *source)
{
    return source->stored_row ? source->stored : source->info.sample;
}

/* Converts a plane of a row. */
static void convert(float *to, const void *from, eg_sample sample, size_t width)
{
    const uint16_t *integers = from;
    const double *doubles = from;
    if (sample == EG_U16)
        for (size_t x = 0; x < width; x++)
            to[x] = integers[x];
    else
        for (size_t x = 0; x < width; x++)
            to[x] = (float)doubles[x];
}

eg_status eg_read_row_as_float(eg_source *source, float *row, size_t stride, eg_error *error)
{
    const size_t planes = eg_source_planes(source), width = source->info.width;
    const eg_status status =
        source->ops->read(source, source->stored_row, source->stored_stride, 1, error);
    for (size_t k = 0; status == EG_OK && k < planes; k++)
        convert((float *)(void *)((char *)row + k * (stride / planes)),
                (const char *)source->stored_row + k * (source->stored_stride / planes),
                source->stored, width);
    return status;
}
