/* SPDX-License-Identifier: MIT */
/* Applying a mask: a second raster of the same size, 0 where the first has no data. */
#include <math.h>

#include "io/io.h"

enum { ROWS = 16 }; /* rows read at a time */

typedef struct masked_source {
    eg_source base;
    eg_source *stored, *mask;
    size_t mask_stride;
    char *mask_rows;
    uint8_t *bytes; /* stored rows of EG_U8; NULL if rows are read in place */
} masked_source;

/* ---- rows ------------------------------------------------------------------------------------ */

/* Returns true if sample x of a row of the mask is 0 or NaN. */
static inline bool is_masked(const void *row, eg_sample sample, size_t x)
{
    double value = sample == EG_U8    ? ((const uint8_t *)row)[x]
                   : sample == EG_F32 ? (double)((const float *)row)[x]
                                      : ((const double *)row)[x];
    return value == 0 || isnan(value);
}

static void remove_masked(const masked_source *masked, void *row, const void *mask_row)
{
    const eg_sample sample = masked->mask->info.sample;
    for (size_t x = 0; x < masked->base.info.width; x++) {
        if (!is_masked(mask_row, sample, x))
            continue;
        if (masked->base.info.sample == EG_F64)
            ((double *)row)[x] = (double)NAN;
        else
            ((float *)row)[x] = NAN;
    }
}

/* Reads at most ROWS rows. */
static eg_status read_some(masked_source *masked, char *rows, size_t stride, size_t count,
                           eg_error *error)
{
    const size_t width = masked->base.info.width;
    eg_status status = masked->bytes
                           ? eg_source_read(masked->stored, masked->bytes, width, count, error)
                           : eg_source_read(masked->stored, rows, stride, count, error);
    if (status == EG_OK)
        status = eg_source_read(masked->mask, masked->mask_rows, masked->mask_stride, count, error);
    for (size_t y = 0; y < count && status == EG_OK; y++) {
        float *floats = (float *)(void *)(rows + y * stride);
        for (size_t x = 0; masked->bytes && x < width; x++)
            floats[x] = masked->bytes[y * width + x];
        remove_masked(masked, floats, masked->mask_rows + y * masked->mask_stride);
    }
    return status;
}

static eg_status masked_read(eg_source *source, void *rows, size_t stride, size_t count,
                             eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t y = 0; y < count && status == EG_OK; y += ROWS)
        status = read_some((masked_source *)source, (char *)rows + y * stride, stride,
                           count - y < ROWS ? count - y : ROWS, error);
    return status;
}

static eg_status masked_skip(eg_source *source, size_t count, eg_error *error)
{
    masked_source *masked = (masked_source *)source;
    const size_t next = masked->stored->next_row + count;
    eg_status status = eg_source_fetch(masked->stored, next, NULL, 0, 0, error);
    return status == EG_OK ? eg_source_fetch(masked->mask, next, NULL, 0, 0, error) : status;
}

static eg_status masked_finish(eg_source *source, eg_error *error)
{
    masked_source *masked = (masked_source *)source;
    eg_status status = eg_source_finish(masked->stored, error);
    if (status == EG_OK)
        status = eg_source_finish(masked->mask, error);
    eg_source_move_warnings(source, masked->stored);
    return status;
}

static void masked_close(eg_source *source)
{
    masked_source *masked = (masked_source *)source;
    eg_source_close(masked->mask);
    eg_source_close(masked->stored);
    eg_free(masked->mask_rows);
    eg_free(masked->bytes);
    eg_free(masked);
}

/* ---- the source ------------------------------------------------------------------------------ */

/* Allocates the rows and sets the sample type. */
static eg_status prepare(masked_source *masked, eg_error *error)
{
    eg_source *source = &masked->base;
    const size_t width = source->info.width;
    const bool bytes = source->info.sample == EG_U8;
    masked->mask_stride = eg_row_bytes(masked->mask->info.sample, width);
    masked->mask_rows = eg_alloc(source->ctx, ROWS, masked->mask_stride, error);
    if (masked->mask_rows && bytes)
        masked->bytes = eg_alloc(source->ctx, ROWS, width, error);
    if (!masked->mask_rows || (bytes && !masked->bytes))
        return eg_failed(error);
    if (bytes)
        source->info.sample = EG_F32;
    return EG_OK;
}

eg_status eg_mask_apply(eg_source **source, eg_source *stored, eg_source *mask, eg_error *error)
{
    static const eg_source_ops ops = {masked_read, masked_finish, masked_close, masked_skip};
    *source = NULL;
    masked_source *masked = eg_calloc(stored->ctx, 1, sizeof *masked, error);
    if (!masked) {
        eg_source_close(mask);
        eg_source_close(stored);
        return eg_failed(error);
    }
    masked->base.ops = &ops;
    masked->base.ctx = stored->ctx;
    masked->base.info = stored->info;
    masked->base.georef = stored->georef;
    masked->stored = stored;
    masked->mask = mask;
    eg_status status = prepare(masked, error);
    if (status != EG_OK) {
        masked_close(&masked->base);
        return status;
    }
    eg_source_move_warnings(&masked->base, stored);
    eg_source_move_pages(&masked->base, stored);
    *source = &masked->base;
    return EG_OK;
}
