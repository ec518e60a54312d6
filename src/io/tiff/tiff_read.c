/* SPDX-License-Identifier: MIT */
/*
 * TIFF in: libtiff decodes, over random access to the input. Rows are handed out from a band of decoded
 * rows, one row of tiles or about a megabyte of strips, which all threads help to fill.
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

bool eg_tiff_probe(const uint8_t *bytes, size_t size)
{
    static const char starts[][4] = {"II*", "II+", {'M', 'M', '\0', '*'}, {'M', 'M', '\0', '+'}};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (size >= sizeof *starts && memcmp(bytes, starts[i], sizeof *starts) == 0)
            return true;
    return false;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Where the next band begins on the way to row y, which is not in this one: strips and tiles in between are
 * left out, but a strip that is decoded row by row is so from its beginning on. */
static size_t next_band(const eg_tiff_source *self, size_t y)
{
    size_t block = y - y % self->picture.block_height;
    size_t end = self->band_first + self->band_count;
    return end > block ? end : block;
}

static eg_status tiff_read(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    eg_tiff_source *self = (eg_tiff_source *)source;
    size_t y = source->next_row, bytes = eg_row_bytes(source->info.sample, source->info.width);
    char *out = rows;
    if (self->way == EG_TIFF_DIRECT)
        return eg_tiff_direct_read(self, out, stride, y, count, error);
    for (size_t i = 0; i < count; i++, y++, out += stride) {
        eg_status status = EG_OK;
        while (y >= self->band_first + self->band_count && status == EG_OK)
            status = eg_tiff_band_read(self, next_band(self, y), error);
        if (status != EG_OK)
            return status;
        memcpy(out, self->band + (y - self->band_first) * self->band_stride, bytes);
    }
    return EG_OK;
}

static void tiff_close(eg_source *source)
{
    eg_tiff_source *self = (eg_tiff_source *)source;
    for (size_t i = 0; i < self->worker_count; i++)
        eg_tiff_worker_close(self, &self->workers[i]);
    eg_free(self->workers);
    eg_free(self->band);
    eg_place_free(&self->place);
    eg_spool_close(self->spool);
    eg_input_close(self->input);
    eg_free(self);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* A raster on the ground has its rows in one order only. */
static eg_status check_orientation(const eg_tiff_source *self, eg_error *error)
{
    const eg_info *info = &self->base.info;
    if (info->orientation == 1 || self->options.ignore_orientation)
        return EG_OK;
    if (!self->place.georef.located && info->sample != EG_F64)
        return EG_OK;
    return eg_input_fail(
        self->input, error, EG_UNSUPPORTED,
        "has orientation %d, which is not read of %s; --ignore-orientation takes its "
        "rows as they are stored",
        info->orientation, self->place.georef.located ? "georeferenced rasters" : "64-bit samples");
}

/* What GDAL's tags say of the samples. */
static void choose_samples(eg_tiff_source *self)
{
    eg_samples *how = &self->picture.how;
    const eg_tiff_metadata *metadata = &self->metadata;
    how->has_nodata = self->place.georef.has_nodata;
    how->nodata = self->place.georef.nodata;
    how->scale = metadata->scale;
    how->offset = metadata->offset;
    how->scaled = self->options.heights && (how->scale != 1 || how->offset != 0);
    eg_samples_choose(how, self->options.heights);
    self->base.info.sample = how->out;
}

/* Several strips make a band, so that there is work for every thread. */
static size_t strips_a_band(const eg_tiff_source *self, size_t strip_bytes)
{
    const eg_tiff_picture *p = &self->picture;
    size_t strips = BAND_BYTES / strip_bytes + 1, wanted = 2 * eg_workers(self->base.ctx);
    if (strips < wanted && wanted * strip_bytes <= BAND_LARGE)
        strips = wanted;
    return strips < p->down ? strips : p->down;
}

static void choose_way(eg_tiff_source *self)
{
    const eg_tiff_picture *p = &self->picture;
    size_t out_bytes = self->band_stride > p->row_bytes ? self->band_stride : p->row_bytes;
    size_t rows = (p->tiled ? p->height : p->block_height);
    if (!p->tiled && p->plain_bytes && p->planes == 1 && p->how.kind != EG_KIND_BITS) {
        self->way = EG_TIFF_DIRECT;
        self->band_rows = DIRECT_BYTES / out_bytes + 1;
    } else if (!p->tiled && rows > 1 && rows * out_bytes > STRIP_LARGE) {
        self->way = EG_TIFF_BY_LINE;
        self->band_rows = BAND_BYTES / out_bytes + 1;
    } else {
        self->way = EG_TIFF_BY_BLOCK;
        self->band_rows = p->block_height;
        if (!p->tiled)
            self->band_rows *= strips_a_band(self, p->block_height * out_bytes);
    }
    if (self->band_rows > p->height)
        self->band_rows = p->height;
}

/* What is too large is said now, not at the first row. */
static eg_status allocate(eg_tiff_source *self, eg_error *error)
{
    eg_status status = eg_tiff_worker_open(self, &self->workers[0], error);
    if (status != EG_OK || self->way == EG_TIFF_DIRECT)
        return status;
    self->band = eg_alloc(self->base.ctx, self->band_rows, self->band_stride, error);
    return self->band ? EG_OK : eg_failed(error);
}

static eg_status start(eg_tiff_source *self, eg_error *error)
{
    size_t workers = eg_workers(self->base.ctx);
    self->worker_count = workers > EG_TIFF_PLANES ? workers : EG_TIFF_PLANES;
    self->workers = eg_calloc(self->base.ctx, self->worker_count, sizeof *self->workers, error);
    if (!self->workers) {
        self->worker_count = 0;
        return eg_failed(error);
    }
    eg_tiff_client *client = &self->workers[0].client;
    eg_status status = eg_spool_open(&self->spool, self->input, error);
    if (status == EG_OK)
        status =
            eg_tiff_client_open(client, self->input, self->spool, self->options.tolerate, error);
    if (status == EG_OK)
        status =
            eg_tiff_picture_read(&self->picture, &self->base.info, client, &self->options, error);
    if (status == EG_OK)
        status = eg_tiff_place_read(&self->place, &self->metadata, client, error);
    if (status != EG_OK)
        return status;
    choose_samples(self);
    self->base.georef = eg_place_of(&self->place);
    self->band_stride = eg_row_bytes(self->picture.how.out, self->picture.width);
    choose_way(self);
    status = check_orientation(self, error);
    return status == EG_OK ? allocate(self, error) : status;
}

eg_status eg_tiff_open(eg_source **source, eg_input *input, const eg_read_options *options,
                       eg_error *error)
{
    static const eg_source_ops ops = {
        .read = tiff_read, .close = tiff_close, .skip = eg_skip_nothing};
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
