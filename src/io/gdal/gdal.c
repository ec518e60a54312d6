/* SPDX-License-Identifier: MIT */
/*
 * GDAL in: the first band, or the grey of a picture's colours, in bands of rows that are whole rows
 * of blocks. GDAL opens files by their names, so there must be one.
 */
#include "io/gdal/gdal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cpl_string.h>

enum {
    BAND_BYTES = 1 << 20,  /* read at a time, at least */
    BAND_MOST = 256 << 20, /* ... and at most, where a row of blocks is larger */
    VRT_ROWS = 512,        /* how high the blocks of what a VRT is made of may be */
    OVERHEAD = 1 << 20     /* charged for an open file */
};

/* ---- recognising ----------------------------------------------------------------------------- */

/* The file's absolute name, which no driver takes for an address or for more than a name. */
static bool find_path(const eg_input *input, char path[PATH_MAX])
{
    struct stat about;
    return fstat(input->fd, &about) == 0 && S_ISREG(about.st_mode) && realpath(input->name, path) &&
           strncmp(path, "/vsi", 4) != 0;
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

static int CPL_STDCALL go_on(double done, const char *message, void *ctx)
{
    (void)done, (void)message;
    return !eg_cancelled(ctx);
}

static bool read_rows(const eg_gdal_source *reader, size_t first, size_t count)
{
    const size_t width = reader->base.info.width, bytes = reader->samples.bytes;
    GDALRasterIOExtraArg extra;
    INIT_RASTERIO_EXTRA_ARG(extra);
    extra.pfnProgress = go_on;
    extra.pProgressData = reader->base.ctx;
    return GDALDatasetRasterIOEx(reader->dataset, GF_Read, 0, (int)first, (int)width, (int)count,
                                 reader->band, (int)width, (int)count, reader->type,
                                 reader->channel_count, (int *)reader->channels,
                                 (GSpacing)bytes * reader->channel_count,
                                 (GSpacing)reader->row_bytes, (GSpacing)bytes, &extra) == CE_None;
}

static eg_status read_band(eg_gdal_source *reader, size_t first, eg_error *error)
{
    const size_t height = reader->base.info.height;
    eg_gdal_call call;
    size_t count = height - first < reader->band_rows ? height - first : reader->band_rows;
    eg_gdal_enter(&call, reader->base.ctx);
    reader->band_lost = !read_rows(reader, first, count);
    eg_gdal_leave(&call);
    if (eg_cancelled(reader->base.ctx))
        return eg_input_fail(reader->input, error, EG_CANCELLED, "cancelled");
    if (reader->band_lost && !reader->options.tolerate)
        return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                             "one of its rows %zu to %zu cannot be read: %s", first + 1,
                             first + count, call.message);
    reader->band_first = first;
    reader->band_count = count;
    return EG_OK;
}

static eg_status gdal_read(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    eg_gdal_source *reader = (eg_gdal_source *)source;
    const eg_samples *how = &reader->samples;
    const size_t width = source->info.width;
    char *out = rows;
    for (size_t y = source->next_row; count > 0; count--, y++, out += stride) {
        eg_status status = EG_OK;
        if (y >= reader->band_first + reader->band_count)
            status = read_band(reader, y, error);
        if (status != EG_OK)
            return status;
        if (reader->band_lost)
            eg_samples_lose(how, out, stride, width, 1);
        else
            how->convert(how, out, reader->band + (y - reader->band_first) * reader->row_bytes,
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
    eg_memory_release(source->ctx, reader->charged);
    eg_free(reader->band);
    eg_georef_data_free(&reader->place);
    eg_input_close(reader->input);
    eg_free(reader);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Such files name what there is to open in them. */
static eg_status refuse_container(const eg_gdal_source *reader, eg_error *error)
{
    CSLConstList parts = GDALGetMetadata(reader->dataset, "SUBDATASETS");
    const char *first = CSLFetchNameValue(parts, "SUBDATASET_1_NAME");
    if (first)
        return eg_input_fail(reader->input, error, EG_UNSUPPORTED,
                             "holds %d rasters; take one out of it first, such as by "
                             "gdal_translate '%s' raster.tif",
                             CSLCount(parts) / 2, first);
    return eg_input_fail(reader->input, error, EG_UNSUPPORTED, "holds no raster");
}

/* What there is of the raster, before anything is made of it. */
static eg_status describe(eg_gdal_source *reader, eg_error *error)
{
    eg_info *info = &reader->base.info;
    info->channels = GDALGetRasterCount(reader->dataset);
    if (info->channels == 0)
        return refuse_container(reader, error);
    GDALDataType type = GDALGetRasterDataType(GDALGetRasterBand(reader->dataset, 1));
    if (GDALDataTypeIsComplex(type))
        return eg_input_fail(reader->input, error, EG_UNSUPPORTED,
                             "has complex samples, which are not read here");
    info->depth = GDALGetDataTypeSizeBits(type);
    info->orientation = 1;
    info->width = info->stored_width = (size_t)GDALGetRasterXSize(reader->dataset);
    info->height = info->stored_height = (size_t)GDALGetRasterYSize(reader->dataset);
    return eg_check_size(reader->base.ctx, reader->input->name, info->width, info->height, error);
}

/* Bands begin with a row of blocks, so that each block is decoded once. */
static eg_status allocate(eg_gdal_source *reader, eg_error *error)
{
    const eg_info *info = &reader->base.info;
    eg_context *ctx = reader->base.ctx;
    int block_width, block_height;
    GDALGetBlockSize(GDALGetRasterBand(reader->dataset, 1), &block_width, &block_height);
    size_t high = strcmp(info->format, "VRT") == 0 ? VRT_ROWS : (size_t)block_height;
    size_t most = ctx->config.max_memory / 4;
    most = (most < BAND_MOST ? most : BAND_MOST) / reader->row_bytes;
    reader->band_rows = (BAND_BYTES / reader->row_bytes + high) / high * high;
    if (reader->band_rows > most)
        reader->band_rows = most ? most : 1;
    if (reader->band_rows > info->height)
        reader->band_rows = info->height;
    /* all that GDAL keeps in its cache, but for its own tables and what its drivers are busy with
     */
    size_t all = info->width * info->height * (size_t)(info->depth / 8) * (size_t)info->channels;
    size_t charge = (all < EG_GDAL_CACHE ? all : EG_GDAL_CACHE) + OVERHEAD;
    if (!eg_memory_reserve(ctx, charge, error))
        return eg_failed(error);
    reader->charged = charge;
    reader->band = eg_alloc(ctx, reader->band_rows, reader->row_bytes, error);
    return reader->band ? EG_OK : eg_failed(error);
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
                             "is taken for %s by GDAL, which cannot open it: %s", driver[0],
                             call->message);
    return EG_OK;
}

static eg_status start(eg_gdal_source *reader, const eg_gdal_call *call, eg_error *error)
{
    char path[PATH_MAX];
    if (find_path(reader->input, path))
        reader->base.info.format = eg_gdal_identify(path);
    if (!reader->base.info.format)
        return eg_input_fail(reader->input, error, EG_FILE, "is no longer what it was");
    eg_status status = open_dataset(reader, path, call, error);
    if (status == EG_OK)
        status = describe(reader, error);
    if (status == EG_OK)
        status = eg_gdal_georef(reader, error);
    if (status != EG_OK)
        return status;
    eg_gdal_samples(reader);
    reader->base.georef = eg_georef_data_of(&reader->place);
    return allocate(reader, error);
}

static eg_status gdal_open(eg_source **source, eg_input *input, const eg_read_options *options,
                           eg_error *error)
{
    static const eg_source_ops ops = {.read = gdal_read, .close = gdal_close, .skip = eg_skip_noop};
    eg_gdal_call call;
    *source = NULL;
    eg_gdal_source *made = eg_calloc(input->ctx, 1, sizeof *made, error);
    if (!made) {
        eg_input_close(input);
        return eg_failed(error);
    }
    made->base.ops = &ops;
    made->base.ctx = input->ctx;
    made->input = input;
    made->options = *options;
    eg_georef_data_init(&made->place);
    eg_gdal_enter(&call, input->ctx);
    eg_status status = start(made, &call, error);
    eg_gdal_leave(&call);
    if (status == EG_OK)
        *source = &made->base;
    else
        gdal_close(&made->base);
    return status;
}

const eg_format eg_gdal_format = {
    .name = "gdal",
    .help = "other formats, read by GDAL",
    .extensions = "",
    .probe = gdal_probe,
    .open = gdal_open,
};
