/* SPDX-License-Identifier: MIT */
/* Reading rasters in tests. */
#include "raster.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/georef.h"

static double as_double(const void *row, eg_sample sample, size_t x)
{
    return sample == EG_F64   ? ((const double *)row)[x]
           : sample == EG_F32 ? (double)((const float *)row)[x]
                              : ((const uint8_t *)row)[x];
}

static eg_status read_values(raster *r, eg_source *source, size_t rows, eg_error *error)
{
    size_t width = r->info.width, stride = eg_row_bytes(r->info.sample, width) + 64;
    size_t most = rows == 0 || rows > r->info.height ? r->info.height : rows;
    char *buffer = malloc(most * stride);
    r->values = malloc(width * r->info.height * sizeof *r->values);
    assert_true(buffer && r->values);
    eg_status status = EG_OK;
    for (size_t y = 0; y < r->info.height && status == EG_OK; y += most) {
        size_t count = r->info.height - y < most ? r->info.height - y : most;
        status = eg_source_read(source, buffer, stride, count, error);
        for (size_t i = 0; i < count * width && status == EG_OK; i++)
            r->values[y * width + i] =
                as_double(buffer + i / width * stride, r->info.sample, i % width);
    }
    free(buffer);
    return status == EG_OK ? eg_source_finish(source, error) : status;
}

eg_status raster_read(raster *r, eg_context *ctx, const char *path, const eg_read_options *options,
                      size_t rows, eg_error *error)
{
    eg_source *source = NULL;
    *r = (raster){0};
    eg_status status = eg_source_open(&source, ctx, path, options, error);
    if (status != EG_OK)
        return status;
    const eg_georef *georef = eg_source_georef(source);
    r->info = *eg_source_info(source);
    r->placed = georef != NULL;
    if (georef) {
        r->georef = *georef;
        r->georef.tags = NULL;
        if (georef->tags && georef->tags->wkt)
            snprintf(r->wkt, sizeof r->wkt, "%s", georef->tags->wkt);
    }
    status = read_values(r, source, rows, error);
    eg_source_close(source);
    return status;
}

void raster_free(raster *r)
{
    free(r->values);
    *r = (raster){0};
}

raster raster_of(const char *path, bool heights)
{
    raster r;
    eg_error error = {0};
    eg_read_options options;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_default(&options);
    options.as_values = heights;
    if (raster_read(&r, ctx, path, &options, 0, &error) != EG_OK)
        fail_msg("%s", error.message);
    close_context(ctx);
    return r;
}

const char *put_file(const char *name, const void *data, size_t size)
{
    const char *path = scratch(name);
    remove(path); /* because ext4 waits for the disk when a file is truncated and rewritten */
    write_bytes(path, data, size);
    return path;
}

raster raster_of_bytes(const char *name, const void *data, size_t size, bool heights)
{
    return raster_of(put_file(name, data, size), heights);
}

eg_error failure_of_bytes(const char *name, const void *data, size_t size)
{
    raster r;
    eg_error error = {0};
    eg_context *ctx = small_context();
    const char *path = put_file(name, data, size);
    eg_status status = raster_read(&r, ctx, path, NULL, 1, &error);
    assert_int_equal(status, error.status);
    raster_free(&r);
    close_context(ctx);
    return error;
}

void assert_same_raster(const raster *a, const raster *b, const char *what)
{
    assert_int_equal(a->info.width, b->info.width);
    assert_int_equal(a->info.height, b->info.height);
    for (size_t i = 0; i < a->info.width * a->info.height; i++)
        if (a->values[i] != b->values[i] && !(isnan(a->values[i]) && isnan(b->values[i])))
            fail_msg("%s: value %zu is %.17g, not %.17g", what, i, a->values[i], b->values[i]);
    assert_int_equal(a->georef.located, b->georef.located);
    for (int i = 0; i < 6; i++)
        if (a->georef.transform[i] != b->georef.transform[i])
            fail_msg("%s: transform[%d] is %.17g, not %.17g", what, i, a->georef.transform[i],
                     b->georef.transform[i]);
}
