/* SPDX-License-Identifier: MIT */
/* Telling drawings from photographs. */
#include "edge/colour/drawing.h"

#include <string.h>

#include "core/context.h"
#include "core/status.h"

/* ---- a copy of the image ---- */

static eg_status copy_read(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    (void)error;
    const eg_image_copy *copy = (const eg_image_copy *)source;
    const size_t planes = eg_source_planes(source);
    const size_t bytes = eg_row_bytes(source->info.sample, source->info.width);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < planes; k++)
            memcpy((char *)rows + i * stride + k * (stride / planes),
                   copy->rows + (source->next_row + i) * copy->stride + k * (copy->stride / planes),
                   bytes);
    return EG_OK;
}

/* Counts the 8-bit samples that equal the next one of their row. */
static size_t count_equal_u8(const uint8_t *row, size_t width)
{
    size_t count = 0;
    for (size_t x = 0; x + 1 < width; x++)
        count += row[x] == row[x + 1];
    return count;
}

static size_t count_equal_f32(const float *row, size_t width)
{
    size_t count = 0;
    for (size_t x = 0; x + 1 < width; x++)
        count += !(row[x] < row[x + 1]) & !(row[x] > row[x + 1]);
    return count;
}

/* Returns true if more than half of the samples equal the next one of their row. */
static bool is_flat(const eg_image_copy *copy)
{
    const eg_info *info = &copy->base.info;
    const size_t planes = eg_source_planes(&copy->base), plane = copy->stride / planes;
    size_t equal = 0;
    for (size_t i = 0; i < info->height * planes; i++) {
        const char *row = copy->rows + i * plane;
        equal += info->sample == EG_U8
                     ? count_equal_u8((const uint8_t *)row, info->width)
                     : count_equal_f32((const float *)(const void *)row, info->width);
    }
    return 2 * equal > info->width * info->height * planes;
}

eg_status eg_image_copy_read(eg_image_copy *copy, eg_source *source, eg_error *error)
{
    static const eg_source_ops ops = {.read = copy_read, .skip = eg_skip_noop};
    const size_t height = source->info.height, strip = source->ctx->config.strip_rows;
    const size_t at_once = strip ? strip : 16;
    *copy = (eg_image_copy){
        .base = {.ops = &ops, .ctx = source->ctx, .info = source->info},
        .window = source->window,
        .window_info = source->window_info,
        .stride = eg_source_planes(source) *
                  ((eg_row_bytes(source->info.sample, source->info.width) + 63) / 64 * 64)};
    copy->rows = eg_alloc(source->ctx, height, copy->stride, error);
    if (!copy->rows)
        return eg_failed(error);
    for (size_t y = 0; y < height; y += at_once) {
        const size_t count = height - y < at_once ? height - y : at_once;
        if (eg_cancelled(source->ctx))
            return eg_fail(error, EG_CANCELLED, "cancelled");
        eg_status status =
            eg_source_fetch(source, y, copy->rows + y * copy->stride, copy->stride, count, error);
        if (status != EG_OK)
            return status;
    }
    copy->flat = is_flat(copy);
    return eg_source_finish(source, error);
}

void eg_image_copy_rewind(eg_image_copy *copy, bool whole)
{
    copy->base.next_row = 0;
    copy->base.internal = whole;
    copy->base.window = copy->window;
    copy->base.window_info = (eg_info){0};
    if (!whole)
        copy->base.window_info = copy->window_info;
}

void eg_image_copy_release(eg_image_copy *copy)
{
    eg_free(copy->rows);
    copy->rows = NULL;
}

/* ---- what the image is ---- */

bool eg_is_drawing(const eg_field_histogram *histogram)
{
    const double strongest = eg_quantile(histogram, histogram->maxima, 0.99);
    const double weakest = 0.02 * strongest; /* of the local maxima that count */
    uint64_t weak = 0, total = eg_field_histogram_total(histogram, histogram->maxima);
    for (uint32_t i = 0; i < eg_field_bin((float)weakest); i = eg_field_next_bin(histogram, i))
        weak += histogram->maxima[i];
    if (total == weak)
        return false;
    const double middle = ((double)weak + (double)(total - weak) / 2) / (double)total;
    return eg_quantile(histogram, histogram->all, 0.5) < 0.01 * strongest &&
           eg_quantile(histogram, histogram->maxima, middle) > 0.4 * strongest;
}
