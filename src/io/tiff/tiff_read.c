/* SPDX-License-Identifier: MIT */
/*
 * The TIFF source. libtiff decodes, over random access to the input. Rows are returned from a
 * buffer of decoded rows (one row of tiles, or about a megabyte of strips), which all threads fill.
 */
#include "io/tiff/tiff_read.h"

#include <string.h>

#include "core/pipeline.h"

enum {
    BUFFER_BYTES = 1 << 20,    /* minimum size of the buffer for strips */
    BUFFER_LARGE = 32 << 20,   /* size up to which strips are added until every thread has two */
    STRIP_LARGE = 8 << 20,     /* strips larger than this are decoded row by row */
    RAW_READ_BYTES = 256 << 10 /* size of one read in EG_TIFF_READ_RAW */
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

/* Returns the row at which to refill the buffer to reach row y, which follows the rows held: the
 * first row of y's block, because the blocks in between can be skipped, or the row after the buffer
 * if that is inside y's block, because a strip is decoded row by row from its start. */
static size_t next_buffer_row(const eg_tiff_source *reader, size_t y)
{
    size_t block = y - y % reader->image.block_height;
    size_t end = reader->buffer_first + reader->buffer_count;
    return end > block ? end : block;
}

static eg_status tiff_read(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    eg_tiff_source *reader = (eg_tiff_source *)source;
    size_t y = source->next_row, bytes = eg_row_bytes(source->info.sample, source->info.width);
    char *out = rows;
    if (reader->mode == EG_TIFF_READ_RAW)
        return eg_tiff_raw_read(reader, out, stride, y, count, error);
    for (size_t i = 0; i < count; i++, y++, out += stride) {
        eg_status status = EG_OK;
        while (y >= reader->buffer_first + reader->buffer_count && status == EG_OK)
            status = eg_tiff_buffer_fill(reader, next_buffer_row(reader, y), error);
        if (status != EG_OK)
            return status;
        memcpy(out, reader->buffer + (y - reader->buffer_first) * reader->buffer_stride, bytes);
    }
    return EG_OK;
}

static void tiff_close(eg_source *source)
{
    eg_tiff_source *reader = (eg_tiff_source *)source;
    for (size_t i = 0; i < reader->worker_count; i++)
        eg_tiff_worker_close(reader, &reader->workers[i]);
    eg_free(reader->workers);
    eg_free(reader->buffer);
    eg_georef_data_free(&reader->georef_data);
    eg_random_access_close(reader->access);
    eg_input_close(reader->input);
    eg_free(reader);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Fails if rows would have to be reordered and cannot be: a georeferenced raster would no longer
 * fit its transform, and eg_orient() does not take 64-bit samples. */
static eg_status check_orientation(const eg_tiff_source *reader, eg_error *error)
{
    const eg_info *info = &reader->base.info;
    if (info->orientation == 1 || reader->options.ignore_orientation)
        return EG_OK;
    if (!reader->georef_data.georef.located && info->sample != EG_F64)
        return EG_OK;
    return eg_input_fail(
        reader->input, error, EG_UNSUPPORTED,
        "has orientation %d, which is not supported for %s; use --ignore-orientation to read the "
        "rows as stored",
        info->orientation,
        reader->georef_data.georef.located ? "georeferenced rasters" : "64-bit samples");
}

/* Applies nodata, scale and offset, and chooses the conversion to the source's sample type. */
static void choose_conversion(eg_tiff_source *reader)
{
    eg_samples *samples = &reader->image.samples;
    const eg_tiff_metadata *metadata = &reader->metadata;
    samples->has_nodata = reader->georef_data.georef.has_nodata;
    samples->nodata = reader->georef_data.georef.nodata;
    samples->scale = metadata->scale;
    samples->offset = metadata->offset;
    samples->scaled = reader->options.as_values && (samples->scale != 1 || samples->offset != 0);
    eg_samples_choose(samples, reader->options.as_values);
    reader->base.info.sample = samples->out;
    reader->base.has_mask = eg_samples_masked(samples);
}

/* Returns how many strips to decode at a time, so that every thread has work. */
static size_t strips_per_buffer(const eg_tiff_source *reader, size_t strip_bytes)
{
    const eg_tiff_image *image = &reader->image;
    size_t strips = BUFFER_BYTES / strip_bytes + 1, wanted = 2 * eg_worker_count(reader->base.ctx);
    if (strips < wanted && wanted * strip_bytes <= BUFFER_LARGE)
        strips = wanted;
    return strips < image->blocks_down ? strips : image->blocks_down;
}

/* Chooses the read mode and the buffer's capacity. */
static void choose_mode(eg_tiff_source *reader)
{
    const eg_tiff_image *image = &reader->image;
    size_t out_bytes =
        reader->buffer_stride > image->row_bytes ? reader->buffer_stride : image->row_bytes;
    size_t rows = (image->tiled ? image->height : image->block_height);
    if (!image->tiled && image->plain_bytes && image->plane_count == 1 &&
        image->samples.kind != EG_KIND_BITS) {
        reader->mode = EG_TIFF_READ_RAW;
        reader->buffer_rows = RAW_READ_BYTES / out_bytes + 1;
    } else if (!image->tiled && rows > 1 && rows * out_bytes > STRIP_LARGE) {
        reader->mode = EG_TIFF_READ_SCANLINES;
        reader->buffer_rows = BUFFER_BYTES / out_bytes + 1;
    } else {
        reader->mode = EG_TIFF_READ_BLOCKS;
        reader->buffer_rows = image->block_height;
        if (!image->tiled)
            reader->buffer_rows *= strips_per_buffer(reader, image->block_height * out_bytes);
    }
    if (reader->buffer_rows > image->height)
        reader->buffer_rows = image->height;
}

/* Allocates the buffers when the file is opened, so that a file too large for the memory limit
 * fails before the first row. */
static eg_status allocate_buffers(eg_tiff_source *reader, eg_error *error)
{
    eg_status status = eg_tiff_worker_open(reader, &reader->workers[0], error);
    if (status != EG_OK || reader->mode == EG_TIFF_READ_RAW)
        return status;
    reader->buffer = eg_alloc(reader->base.ctx, reader->buffer_rows, reader->buffer_stride, error);
    return reader->buffer ? EG_OK : eg_failed(error);
}

/* Opens the file, reads its directory and prepares the source. */
static eg_status open_reader(eg_tiff_source *reader, eg_error *error)
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
    eg_status status = eg_random_access_open(&reader->access, reader->input, error);
    if (status == EG_OK)
        status = eg_tiff_client_open(client, reader->input, reader->access,
                                     reader->options.tolerate, error);
    if (status == EG_OK)
        status =
            eg_tiff_image_read(&reader->image, &reader->base.info, client, &reader->options, error);
    if (status == EG_OK)
        status = eg_tiff_georef_read(&reader->georef_data, &reader->metadata, client, error);
    if (status != EG_OK)
        return status;
    choose_conversion(reader);
    reader->base.georef = eg_georef_data_get(&reader->georef_data);
    reader->buffer_stride = eg_row_bytes(reader->image.samples.out, reader->image.width);
    choose_mode(reader);
    status = check_orientation(reader, error);
    return status == EG_OK ? allocate_buffers(reader, error) : status;
}

eg_status eg_tiff_open(eg_source **source, eg_input *input, const eg_read_options *options,
                       eg_error *error)
{
    static const eg_source_ops ops = {.read = tiff_read, .close = tiff_close, .skip = eg_skip_noop};
    *source = NULL;
    eg_tiff_source *reader = eg_calloc(input->ctx, 1, sizeof *reader, error);
    if (!reader) {
        eg_input_close(input);
        return eg_failed(error);
    }
    reader->base.ops = &ops;
    reader->base.ctx = input->ctx;
    reader->input = input;
    reader->options = *options;
    eg_status status = eg_tiff_load(error);
    if (status == EG_OK)
        status = open_reader(reader, error);
    if (status == EG_OK)
        *source = &reader->base;
    else
        tiff_close(&reader->base);
    return status;
}
