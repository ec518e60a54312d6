/* SPDX-License-Identifier: MIT */
/* Reading files as planes in tests. */
#include "plane_raster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 16, FILLER = 0xA5 }; /* bytes after each plane, which must not change */

static double as_double(const void *row, eg_sample sample, size_t x)
{
    return sample == EG_F64   ? ((const double *)row)[x]
           : sample == EG_F32 ? (double)((const float *)row)[x]
                              : ((const uint8_t *)row)[x];
}

double plane_at(const plane_raster *r, size_t plane, size_t x, size_t y)
{
    return r->values[(plane * r->info.height + y) * r->info.width + x];
}

/* Copies a plane of a row and checks the bytes after it. */
static void take_plane(plane_raster *r, const char *plane, size_t k, size_t y)
{
    const size_t width = r->info.width, bytes = eg_row_bytes(r->info.sample, width);
    for (size_t x = 0; x < width; x++)
        r->values[(k * r->info.height + y) * width + x] = as_double(plane, r->info.sample, x);
    for (size_t i = 0; i < GAP; i++)
        assert_int_equal((uint8_t)plane[bytes + i], FILLER);
}

static eg_status read_values(plane_raster *r, eg_source *source, size_t rows, eg_error *error)
{
    const size_t planes = (size_t)r->info.planes, height = r->info.height;
    const size_t plane_bytes = eg_row_bytes(r->info.sample, r->info.width) + GAP;
    const size_t most = rows == 0 || rows > height ? height : rows;
    char *buffer = malloc(most * planes * plane_bytes);
    r->values = malloc(planes * r->info.width * height * sizeof *r->values);
    assert_true(buffer && r->values);
    eg_status status = EG_OK;
    for (size_t y = 0; y < height && status == EG_OK; y += most) {
        const size_t count = height - y < most ? height - y : most;
        memset(buffer, FILLER, most * planes * plane_bytes);
        status = eg_source_read(source, buffer, planes * plane_bytes, count, error);
        for (size_t i = 0; i < count * planes && status == EG_OK; i++)
            take_plane(r, buffer + i * plane_bytes, i % planes, y + i / planes);
    }
    free(buffer);
    return status == EG_OK ? eg_source_finish(source, error) : status;
}

eg_status plane_raster_read(plane_raster *r, eg_context *ctx, const char *path,
                            const eg_read_options *options, size_t rows, const size_t window[2],
                            eg_error *error)
{
    eg_source *source = NULL;
    eg_read_options local;
    eg_read_default(&local);
    if (options)
        local = *options;
    local.colour_planes = true;
    *r = (plane_raster){0};
    eg_status status = eg_source_open(&source, ctx, path, &local, error);
    if (status == EG_OK && window)
        status = eg_source_rows(source, window[0], window[1], error);
    if (status == EG_OK) {
        r->info = *eg_source_info(source);
        r->info.planes = r->info.planes > 1 ? r->info.planes : 1;
        status = read_values(r, source, rows, error);
    }
    if (source)
        eg_source_close(source);
    return status;
}

void plane_raster_free(plane_raster *r)
{
    free(r->values);
    *r = (plane_raster){0};
}

plane_raster planes_of(eg_context *ctx, const char *path, const eg_read_options *options)
{
    plane_raster r;
    eg_error error = {0};
    if (plane_raster_read(&r, ctx, path, options, 5, NULL, &error) != EG_OK)
        fail_msg("%s", error.message);
    return r;
}

plane_raster planes_with_grey(eg_context *ctx, const char *path, const eg_read_options *options,
                              double tolerance)
{
    eg_grid grey;
    plane_raster r = planes_of(ctx, path, options);
    load_grid(&grey, ctx, path, options);
    assert_int_equal(r.info.planes, 3);
    assert_true(r.info.sample == grey.sample && r.info.white_level == grey.white_level);
    assert_true(r.info.width == grey.width && r.info.height == grey.height);
    for (size_t y = 0; y < grey.height; y++)
        for (size_t x = 0; x < grey.width; x++) {
            const double rgb[3] = {plane_at(&r, 0, x, y), plane_at(&r, 1, x, y),
                                   plane_at(&r, 2, x, y)};
            const double wanted = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
            const double got = sample_at(&grey, x, y);
            const bool missing = isnan(got);
            for (int i = 0; i < 3; i++)
                assert_true(isnan(rgb[i]) == missing);
            if (!missing && !(fabs(got - wanted) <= tolerance))
                fail_msg("%s: (%zu, %zu): grey %.9g, planes %.9g %.9g %.9g", path, x, y, got,
                         rgb[0], rgb[1], rgb[2]);
        }
    eg_grid_free(&grey);
    return r;
}

void assert_one_plane(eg_context *ctx, const char *path, const eg_read_options *options)
{
    eg_grid grid;
    plane_raster r = planes_of(ctx, path, options);
    load_grid(&grid, ctx, path, options);
    assert_true(r.info.planes == 1 && r.info.sample == grid.sample);
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++)
            assert_true(plane_at(&r, 0, x, y) == sample_at(&grid, x, y) ||
                        (isnan(plane_at(&r, 0, x, y)) && isnan(sample_at(&grid, x, y))));
    plane_raster_free(&r);
    eg_grid_free(&grid);
}

void assert_same_planes(const plane_raster *a, const plane_raster *b, double tolerance)
{
    assert_int_equal(a->info.planes, b->info.planes);
    assert_true(a->info.width == b->info.width && a->info.height == b->info.height);
    const size_t count = (size_t)a->info.planes * a->info.width * a->info.height;
    for (size_t i = 0; i < count; i++)
        if (isnan(a->values[i]) != isnan(b->values[i]) ||
            fabs(a->values[i] - b->values[i]) > tolerance)
            fail_msg("sample %zu is %.9g, not %.9g", i, a->values[i], b->values[i]);
}
