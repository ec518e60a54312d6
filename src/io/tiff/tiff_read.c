/* SPDX-License-Identifier: MIT */
/*
 * TIFF in: libtiff decodes, over random access to the input. Rows are handed out from a band of
 * decoded rows, one row of tiles or about a megabyte of strips, which all threads help to fill.
 */
#include "io/tiff/tiff_read.h"

#include <string.h>

#include "core/pipeline.h"

enum {
    BAND_BYTES = 1 << 20,    /* of strips decoded at a time, at least */
    BAND_LARGE = 32 << 20,   /* beyond this no strip is added to give every thread one */
    STRIP_LARGE = 8 << 20,   /* strips larger than this are decoded row by row */
    DIRECT_BYTES = 256 << 10 /* read at a time where rows are converted */
};

bool eg_tiff_probe(const eg_input *input, const uint8_t *bytes, size_t size)
{
    (void)input;
    static const char starts[][4] = {"II*", "II+", {'M', 'M', '\0', '*'}, {'M', 'M', '\0', '+'}};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (size >= sizeof *starts && memcmp(bytes, starts[i], sizeof *starts) == 0)
            return true;
    return false;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Where the next band begins on the way to row y, which is not in this one: strips and tiles in
 * between are left out, but a strip that is decoded row by row is so from its beginning on. */
static size_t next_band(const eg_tiff_source *reader, size_t y)
{
    size_t block = y - y % reader->picture.block_height;
    size_t end = reader->band_first + reader->band_count;
    return end > block ? end : block;
}

static eg_status tiff_read(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    eg_tiff_source *reader = (eg_tiff_source *)source;
    size_t y = source->next_row, bytes = eg_row_bytes(source->info.sample, source->info.width);
    char *out = rows;
    if (reader->way == EG_TIFF_DIRECT)
        return eg_tiff_direct_read(reader, out, stride, y, count, error);
    for (size_t i = 0; i < count; i++, y++, out += stride) {
        eg_status status = EG_OK;
        while (y >= reader->band_first + reader->band_count && status == EG_OK)
            status = eg_tiff_band_read(reader, next_band(reader, y), error);
        if (status != EG_OK)
            return status;
        memcpy(out, reader->band + (y - reader->band_first) * reader->band_stride, bytes);
    }
    return EG_OK;
}

static void tiff_close(eg_source *source)
{
    eg_tiff_source *reader = (eg_tiff_source *)source;
    for (size_t i = 0; i < reader->worker_count; i++)
        eg_tiff_worker_close(reader, &reader->workers[i]);
    eg_free(reader->workers);
    eg_free(reader->band);
    eg_georef_data_free(&reader->place);
    eg_random_access_close(reader->spool);
    eg_input_close(reader->input);
    eg_free(reader);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* A raster on the ground has its rows in one order only. */
static eg_status check_orientation(const eg_tiff_source *reader, eg_error *error)
{
    const eg_info *info = &reader->base.info;
    if (info->orientation == 1 || reader->options.ignore_orientation)
        return EG_OK;
    if (!reader->place.georef.located && info->sample != EG_F64)
        return EG_OK;
    return eg_input_fail(
        reader->input, error, EG_UNSUPPORTED,
        "has orientation %d, which is not read of %s; --ignore-orientation takes its "
        "rows as they are stored",
        info->orientation,
        reader->place.georef.located ? "georeferenced rasters" : "64-bit samples");
}

/* What GDAL's tags say of the samples. */
static void choose_samples(eg_tiff_source *reader)
{
    eg_samples *how = &reader->picture.how;
    const eg_tiff_metadata *metadata = &reader->metadata;
    how->has_nodata = reader->place.georef.has_nodata;
    how->nodata = reader->place.georef.nodata;
    how->scale = metadata->scale;
    how->offset = metadata->offset;
    how->scaled = reader->options.as_values && (how->scale != 1 || how->offset != 0);
    eg_samples_choose(how, reader->options.as_values);
    reader->base.info.sample = how->out;
}

/* Several strips make a band, so that there is work for every thread. */
static size_t strips_a_band(const eg_tiff_source *reader, size_t strip_bytes)
{
    const eg_tiff_image *p = &reader->picture;
    size_t strips = BAND_BYTES / strip_bytes + 1, wanted = 2 * eg_worker_count(reader->base.ctx);
    if (strips < wanted && wanted * strip_bytes <= BAND_LARGE)
        strips = wanted;
    return strips < p->down ? strips : p->down;
}

static void choose_way(eg_tiff_source *reader)
{
    const eg_tiff_image *p = &reader->picture;
    size_t out_bytes = reader->band_stride > p->row_bytes ? reader->band_stride : p->row_bytes;
    size_t rows = (p->tiled ? p->height : p->block_height);
    if (!p->tiled && p->plain_bytes && p->planes == 1 && p->how.kind != EG_KIND_BITS) {
        reader->way = EG_TIFF_DIRECT;
        reader->band_rows = DIRECT_BYTES / out_bytes + 1;
    } else if (!p->tiled && rows > 1 && rows * out_bytes > STRIP_LARGE) {
        reader->way = EG_TIFF_BY_LINE;
        reader->band_rows = BAND_BYTES / out_bytes + 1;
    } else {
        reader->way = EG_TIFF_BY_BLOCK;
        reader->band_rows = p->block_height;
        if (!p->tiled)
            reader->band_rows *= strips_a_band(reader, p->block_height * out_bytes);
    }
    if (reader->band_rows > p->height)
        reader->band_rows = p->height;
}

/* What is too large is said now, not at the first row. */
static eg_status allocate(eg_tiff_source *reader, eg_error *error)
{
    eg_status status = eg_tiff_worker_open(reader, &reader->workers[0], error);
    if (status != EG_OK || reader->way == EG_TIFF_DIRECT)
        return status;
    reader->band = eg_alloc(reader->base.ctx, reader->band_rows, reader->band_stride, error);
    return reader->band ? EG_OK : eg_failed(error);
}

static eg_status start(eg_tiff_source *reader, eg_error *error)
{
    size_t workers = eg_worker_count(reader->base.ctx);
    reader->worker_count = workers > EG_TIFF_PLANES ? workers : EG_TIFF_PLANES;
    reader->workers =
        eg_calloc(reader->base.ctx, reader->worker_count, sizeof *reader->workers, error);
    if (!reader->workers) {
        reader->worker_count = 0;
        return eg_failed(error);
    }
    eg_tiff_client *client = &reader->workers[0].client;
    eg_status status = eg_random_access_open(&reader->spool, reader->input, error);
    if (status == EG_OK)
        status = eg_tiff_client_open(client, reader->input, reader->spool, reader->options.tolerate,
                                     error);
    if (status == EG_OK)
        status = eg_tiff_image_read(&reader->picture, &reader->base.info, client, &reader->options,
                                    error);
    if (status == EG_OK)
        status = eg_tiff_georef_read(&reader->place, &reader->metadata, client, error);
    if (status != EG_OK)
        return status;
    choose_samples(reader);
    reader->base.georef = eg_georef_data_of(&reader->place);
    reader->band_stride = eg_row_bytes(reader->picture.how.out, reader->picture.width);
    choose_way(reader);
    status = check_orientation(reader, error);
    return status == EG_OK ? allocate(reader, error) : status;
}

eg_status eg_tiff_open(eg_source **source, eg_input *input, const eg_read_options *options,
                       eg_error *error)
{
    static const eg_source_ops ops = {.read = tiff_read, .close = tiff_close, .skip = eg_skip_noop};
    *source = NULL;
    eg_tiff_source *made = eg_calloc(input->ctx, 1, sizeof *made, error);
    if (!made) {
        eg_input_close(input);
        return eg_failed(error);
    }
    made->base.ops = &ops;
    made->base.ctx = input->ctx;
    made->input = input;
    made->options = *options;
    eg_status status = eg_tiff_load(error);
    if (status == EG_OK)
        status = start(made, error);
    if (status == EG_OK)
        *source = &made->base;
    else
        tiff_close(&made->base);
    return status;
}
