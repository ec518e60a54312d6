/* SPDX-License-Identifier: MIT */
/*
 * The GDAL source: reads the first band of a raster, or the colours of an image, into a buffer of
 * whole rows of blocks. The input must be a file with a name, because GDAL opens files by name.
 */
#include "io/gdal/gdal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cpl_string.h>

enum {
    BUFFER_BYTES = 1 << 20, /* minimum size of the buffer */
    BUFFER_MAX = 256 << 20, /* maximum size, if a row of blocks is larger */
    VRT_BLOCK_ROWS = 512,   /* assumed height of the blocks of a VRT's sources */
    OVERHEAD = 1 << 20      /* memory reserved for an open file, in bytes */
};

/* ---- recognition ----------------------------------------------------------------------------- */

/* Finds the absolute path of the input, which no driver mistakes for a URL or a connection string.
 * Returns false if the input is not a regular file, or is decompressed. */
static bool find_path(const eg_input *input, char path[PATH_MAX])
{
    struct stat info;
    return !input->inflate && fstat(input->fd, &info) == 0 && S_ISREG(info.st_mode) &&
           realpath(input->name, path) && strncmp(path, "/vsi", 4) != 0;
}

static bool gdal_probe(const eg_input *input, const uint8_t *bytes, size_t size)
{
    (void)bytes, (void)size;
    char path[PATH_MAX];
    eg_gdal_call call;
    if (!find_path(input, path))
        return false;
    eg_gdal_enter(&call, input->ctx);
    const char *name = eg_gdal_identify(path);
    eg_gdal_leave(&call);
    return name != NULL;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Progress callback of GDAL: returns 0 to cancel. */
static int CPL_STDCALL on_progress(double done, const char *message, void *ctx)
{
    (void)done, (void)message;
    return !eg_cancelled(ctx);
}

static bool read_rows(const eg_gdal_source *reader, size_t first, size_t count)
{
    const size_t width = reader->base.info.width, bytes = reader->samples.bytes;
    GDALRasterIOExtraArg extra;
    INIT_RASTERIO_EXTRA_ARG(extra);
    extra.pfnProgress = on_progress;
    extra.pProgressData = reader->base.ctx;
    return GDALDatasetRasterIOEx(reader->dataset, GF_Read, 0, (int)first, (int)width, (int)count,
                                 reader->buffer, (int)width, (int)count, reader->type,
                                 reader->channel_count, (int *)reader->channels,
                                 (GSpacing)bytes * reader->channel_count,
                                 (GSpacing)reader->row_bytes, (GSpacing)bytes, &extra) == CE_None;
}

/* Fills the buffer with rows from `first` on. */
static eg_status fill_buffer(eg_gdal_source *reader, size_t first, eg_error *error)
{
    const size_t height = reader->base.info.height;
    eg_gdal_call call;
    size_t count = height - first < reader->buffer_rows ? height - first : reader->buffer_rows;
    eg_gdal_enter(&call, reader->base.ctx);
    reader->buffer_lost = !read_rows(reader, first, count);
    eg_gdal_leave(&call);
    if (eg_cancelled(reader->base.ctx))
        return eg_input_fail(reader->input, error, EG_CANCELLED, "cancelled");
    if (reader->buffer_lost && !reader->options.tolerate)
        return eg_input_fail(reader->input, error, EG_BAD_INPUT, "cannot read rows %zu to %zu: %s",
                             first + 1, first + count, call.message);
    reader->buffer_first = first;
    reader->buffer_count = count;
    return EG_OK;
}

static eg_status gdal_read(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    eg_gdal_source *reader = (eg_gdal_source *)source;
    const eg_samples *samples = &reader->samples;
    const size_t width = source->info.width;
    char *out = rows;
    for (size_t y = source->next_row; count > 0; count--, y++, out += stride) {
        eg_status status = EG_OK;
        if (y >= reader->buffer_first + reader->buffer_count)
            status = fill_buffer(reader, y, error);
        if (status != EG_OK)
            return status;
        if (reader->buffer_lost)
            eg_samples_lose(samples, out, stride, width, 1);
        else
            eg_samples_convert(samples, out, stride,
                               reader->buffer + (y - reader->buffer_first) * reader->row_bytes,
                               width);
    }
    return EG_OK;
}

static void gdal_close(eg_source *source)
{
    eg_gdal_source *reader = (eg_gdal_source *)source;
    eg_gdal_call call;
    if (reader->dataset) {
        eg_gdal_enter(&call, source->ctx);
        GDALClose(reader->dataset);
        eg_gdal_leave(&call);
    }
    eg_memory_release(source->ctx, reader->reserved);
    eg_free(reader->buffer);
    eg_georef_data_free(&reader->georef_data);
    eg_input_close(reader->input);
    eg_free(reader);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Fails because the file has no raster of its own, and names the first of its subdatasets, if any.
 */
static eg_status fail_container(const eg_gdal_source *reader, eg_error *error)
{
    CSLConstList parts = GDALGetMetadata(reader->dataset, "SUBDATASETS");
    const char *first = CSLFetchNameValue(parts, "SUBDATASET_1_NAME");
    if (first)
        return eg_input_fail(reader->input, error, EG_UNSUPPORTED,
                             "contains %d rasters; extract one first, such as with "
                             "gdal_translate '%s' raster.tif",
                             CSLCount(parts) / 2, first);
    return eg_input_fail(reader->input, error, EG_UNSUPPORTED, "contains no raster");
}

/* Fills in size, channels and depth of the source's info, and checks them. */
static eg_status fill_info(eg_gdal_source *reader, eg_error *error)
{
    eg_info *info = &reader->base.info;
    info->channels = GDALGetRasterCount(reader->dataset);
    if (info->channels == 0)
        return fail_container(reader, error);
    const int band = eg_band_index(&reader->options) + 1;
    if (band > info->channels)
        return eg_fail_band(reader->input->name, band, info->channels, error);
    GDALDataType type = GDALGetRasterDataType(GDALGetRasterBand(reader->dataset, band));
    if (GDALDataTypeIsComplex(type))
        return eg_input_fail(reader->input, error, EG_UNSUPPORTED,
                             "complex samples are not supported");
    info->depth = GDALGetDataTypeSizeBits(type);
    info->orientation = 1;
    info->width = info->stored_width = (size_t)GDALGetRasterXSize(reader->dataset);
    info->height = info->stored_height = (size_t)GDALGetRasterYSize(reader->dataset);
    return eg_check_size(reader->base.ctx, reader->input->name, info->width, info->height, error);
}

/* Reserves GDAL's memory and allocates the buffer. It holds whole rows of blocks, so that each
 * block is decoded once. */
static eg_status allocate_buffer(eg_gdal_source *reader, eg_error *error)
{
    const eg_info *info = &reader->base.info;
    eg_context *ctx = reader->base.ctx;
    int block_width, block_height;
    GDALGetBlockSize(GDALGetRasterBand(reader->dataset, 1), &block_width, &block_height);
    size_t block_rows = strcmp(info->format, "VRT") == 0 ? VRT_BLOCK_ROWS : (size_t)block_height;
    size_t max_rows = ctx->config.max_memory / 4;
    max_rows = (max_rows < BUFFER_MAX ? max_rows : BUFFER_MAX) / reader->row_bytes;
    reader->buffer_rows = (BUFFER_BYTES / reader->row_bytes + block_rows) / block_rows * block_rows;
    if (reader->buffer_rows > max_rows)
        reader->buffer_rows = max_rows ? max_rows : 1;
    if (reader->buffer_rows > info->height)
        reader->buffer_rows = info->height;
    /* GDAL's block cache; the tables of GDAL and its drivers are covered by OVERHEAD */
    size_t raster_bytes =
        info->width * info->height * (size_t)(info->depth / 8) * (size_t)info->channels;
    size_t reserve = (raster_bytes < EG_GDAL_CACHE ? raster_bytes : EG_GDAL_CACHE) + OVERHEAD;
    if (!eg_memory_reserve(ctx, reserve, error))
        return eg_failed(error);
    reader->reserved = reserve;
    reader->buffer = eg_alloc(ctx, reader->buffer_rows, reader->row_bytes, error);
    return reader->buffer ? EG_OK : eg_failed(error);
}

static eg_status open_dataset(eg_gdal_source *reader, const char *path, const eg_gdal_call *call,
                              eg_error *error)
{
    const unsigned flags = GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR;
    const char *const driver[] = {reader->base.info.format, NULL};
    if (strcmp(driver[0], "VRT") == 0) {
        eg_status status = eg_gdal_check_vrt(reader->input, path, call, error);
        if (status != EG_OK)
            return status;
    }
    reader->dataset = GDALOpenEx(path, flags, driver, NULL, NULL);
    if (!reader->dataset)
        return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                             "GDAL recognises it as %s but cannot open it: %s", driver[0],
                             call->message);
    return EG_OK;
}

/* Opens the dataset and prepares the source. */
static eg_status open_reader(eg_gdal_source *reader, const eg_gdal_call *call, eg_error *error)
{
    char path[PATH_MAX];
    if (find_path(reader->input, path))
        reader->base.info.format = eg_gdal_identify(path);
    if (!reader->base.info.format)
        return eg_input_fail(reader->input, error, EG_FILE, "has changed while it was opened");
    eg_status status = open_dataset(reader, path, call, error);
    if (status == EG_OK)
        status = fill_info(reader, error);
    if (status == EG_OK)
        status = eg_gdal_georef(reader, error);
    if (status != EG_OK)
        return status;
    eg_gdal_samples(reader);
    eg_georef_data_publish(&reader->georef_data, &reader->base);
    return allocate_buffer(reader, error);
}

static eg_status gdal_open(eg_source **source, eg_input *input, const eg_read_options *options,
                           eg_error *error)
{
    static const eg_source_ops ops = {.read = gdal_read, .close = gdal_close, .skip = eg_skip_noop};
    eg_gdal_call call;
    *source = NULL;
    eg_gdal_source *reader = eg_calloc(input->ctx, 1, sizeof *reader, error);
    if (!reader) {
        eg_input_close(input);
        return eg_failed(error);
    }
    reader->base.ops = &ops;
    reader->base.ctx = input->ctx;
    reader->input = input;
    reader->options = *options;
    eg_georef_data_init(&reader->georef_data);
    eg_gdal_enter(&call, input->ctx);
    eg_status status = open_reader(reader, &call, error);
    eg_gdal_leave(&call);
    if (status == EG_OK)
        *source = &reader->base;
    else
        gdal_close(&reader->base);
    return status;
}

const eg_format eg_gdal_format = {
    .name = "gdal",
    .title = "Formats of GDAL",
    .reads = "every local raster file that GDAL reads",
    .options = "page",
    .georef = "as GDAL reads it",
    .extensions = "",
    .reads_sidecars = true,
    .reads_bands = true,
    .probe = gdal_probe,
    .open = gdal_open,
};
