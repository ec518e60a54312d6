/* SPDX-License-Identifier: MIT */
/*
 * GDAL in: the first band, or the grey of a picture's colours, in bands of rows that are whole rows of blocks. GDAL
 * opens files by their names, so there must be one.
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

bool eg_gdal_claims(const eg_input *input)
{
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

static bool read_rows(const eg_gdal_source *self, size_t first, size_t count)
{
    const size_t width = self->base.info.width, bytes = self->samples.bytes;
    GDALRasterIOExtraArg extra;
    INIT_RASTERIO_EXTRA_ARG(extra);
    extra.pfnProgress = go_on;
    extra.pProgressData = self->base.ctx;
    return GDALDatasetRasterIOEx(self->dataset, GF_Read, 0, (int)first, (int)width, (int)count,
                                 self->band, (int)width, (int)count, self->type,
                                 self->channel_count, (int *)self->channels,
                                 (GSpacing)bytes * self->channel_count, (GSpacing)self->row_bytes,
                                 (GSpacing)bytes, &extra) == CE_None;
}

static eg_status read_band(eg_gdal_source *self, size_t first, eg_error *error)
{
    const size_t height = self->base.info.height;
    eg_gdal_call call;
    size_t count = height - first < self->band_rows ? height - first : self->band_rows;
    eg_gdal_enter(&call, self->base.ctx);
    self->band_lost = !read_rows(self, first, count);
    eg_gdal_leave(&call);
    if (eg_cancelled(self->base.ctx))
        return eg_input_fail(self->input, error, EG_CANCELLED, "cancelled");
    if (self->band_lost && !self->options.tolerate)
        return eg_input_fail(self->input, error, EG_BAD_INPUT,
                             "one of its rows %zu to %zu cannot be read: %s", first + 1,
                             first + count, call.message);
    self->band_first = first;
    self->band_count = count;
    return EG_OK;
}

static eg_status gdal_read(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    eg_gdal_source *self = (eg_gdal_source *)source;
    const eg_samples *how = &self->samples;
    const size_t width = source->info.width;
    char *out = rows;
    for (size_t y = source->next_row; count > 0; count--, y++, out += stride) {
        eg_status status = EG_OK;
        if (y >= self->band_first + self->band_count)
            status = read_band(self, y, error);
        if (status != EG_OK)
            return status;
        if (self->band_lost)
            eg_samples_lose(how, out, stride, width, 1);
        else
            how->convert(how, out, self->band + (y - self->band_first) * self->row_bytes, width);
    }
    return EG_OK;
}

static void gdal_close(eg_source *source)
{
    eg_gdal_source *self = (eg_gdal_source *)source;
    eg_gdal_call call;
    if (self->dataset) {
        eg_gdal_enter(&call, source->ctx);
        GDALClose(self->dataset);
        eg_gdal_leave(&call);
    }
    eg_uncharge(source->ctx, self->charged);
    eg_free(self->band);
    eg_place_free(&self->place);
    eg_input_close(self->input);
    eg_free(self);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Such files name what there is to open in them. */
static eg_status refuse_container(const eg_gdal_source *self, eg_error *error)
{
    CSLConstList parts = GDALGetMetadata(self->dataset, "SUBDATASETS");
    const char *first = CSLFetchNameValue(parts, "SUBDATASET_1_NAME");
    if (first)
        return eg_input_fail(self->input, error, EG_UNSUPPORTED,
                             "holds %d rasters; take one out of it first, such as by "
                             "gdal_translate '%s' raster.tif",
                             CSLCount(parts) / 2, first);
    return eg_input_fail(self->input, error, EG_UNSUPPORTED, "holds no raster");
}

/* What there is of the raster, before anything is made of it. */
static eg_status describe(eg_gdal_source *self, eg_error *error)
{
    eg_info *info = &self->base.info;
    info->channels = GDALGetRasterCount(self->dataset);
    if (info->channels == 0)
        return refuse_container(self, error);
    GDALDataType type = GDALGetRasterDataType(GDALGetRasterBand(self->dataset, 1));
    if (GDALDataTypeIsComplex(type))
        return eg_input_fail(self->input, error, EG_UNSUPPORTED,
                             "has complex samples, which are not read here");
    info->depth = GDALGetDataTypeSizeBits(type);
    info->orientation = 1;
    info->width = info->stored_width = (size_t)GDALGetRasterXSize(self->dataset);
    info->height = info->stored_height = (size_t)GDALGetRasterYSize(self->dataset);
    return eg_check_size(self->base.ctx, self->input->name, info->width, info->height, error);
}

/* Bands begin with a row of blocks, so that each block is decoded once. */
static eg_status allocate(eg_gdal_source *self, eg_error *error)
{
    const eg_info *info = &self->base.info;
    eg_context *ctx = self->base.ctx;
    int block_width, block_height;
    GDALGetBlockSize(GDALGetRasterBand(self->dataset, 1), &block_width, &block_height);
    size_t high = strcmp(info->format, "VRT") == 0 ? VRT_ROWS : (size_t)block_height;
    size_t most = ctx->config.max_memory / 4;
    most = (most < BAND_MOST ? most : BAND_MOST) / self->row_bytes;
    self->band_rows = (BAND_BYTES / self->row_bytes + high) / high * high;
    if (self->band_rows > most)
        self->band_rows = most ? most : 1;
    if (self->band_rows > info->height)
        self->band_rows = info->height;
    /* all that GDAL keeps in its cache, but for its own tables and what its drivers are busy with */
    size_t all = info->width * info->height * (size_t)(info->depth / 8) * (size_t)info->channels;
    size_t charge = (all < EG_GDAL_CACHE ? all : EG_GDAL_CACHE) + OVERHEAD;
    if (!eg_charge(ctx, charge, error))
        return eg_failed(error);
    self->charged = charge;
    self->band = eg_alloc(ctx, self->band_rows, self->row_bytes, error);
    return self->band ? EG_OK : eg_failed(error);
}

static eg_status open_dataset(eg_gdal_source *self, const char *path, const eg_gdal_call *call,
                              eg_error *error)
{
    const unsigned flags = GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR;
    const char *const driver[] = {self->base.info.format, NULL};
    if (strcmp(driver[0], "VRT") == 0) {
        eg_status status = eg_gdal_check_vrt(self->input, path, call, error);
        if (status != EG_OK)
            return status;
    }
    self->dataset = GDALOpenEx(path, flags, driver, NULL, NULL);
    if (!self->dataset)
        return eg_input_fail(self->input, error, EG_BAD_INPUT,
                             "is taken for %s by GDAL, which cannot open it: %s", driver[0],
                             call->message);
    return EG_OK;
}

static eg_status start(eg_gdal_source *self, const eg_gdal_call *call, eg_error *error)
{
    char path[PATH_MAX];
    if (find_path(self->input, path))
        self->base.info.format = eg_gdal_identify(path);
    if (!self->base.info.format)
        return eg_input_fail(self->input, error, EG_FILE, "is no longer what it was");
    eg_status status = open_dataset(self, path, call, error);
    if (status == EG_OK)
        status = describe(self, error);
    if (status == EG_OK)
        status = eg_gdal_place(self, error);
    if (status != EG_OK)
        return status;
    eg_gdal_samples(self);
    self->base.georef = eg_place_of(&self->place);
    return allocate(self, error);
}

eg_status eg_gdal_open(eg_source **source, eg_input *input, const eg_read_options *options,
                       eg_error *error)
{
    static const eg_source_ops ops = {
        .read = gdal_read, .close = gdal_close, .skip = eg_skip_nothing};
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
    eg_place_init(&made->place);
    eg_gdal_enter(&call, input->ctx);
    eg_status status = start(made, &call, error);
    eg_gdal_leave(&call);
    if (status == EG_OK)
        *source = &made->base;
    else
        gdal_close(&made->base);
    return status;
}
