/* SPDX-License-Identifier: MIT */
/*
 * The TIFF source, over random access to the input. Rows are returned from a buffer of decoded rows
 * (one row of tiles, or about a megabyte of strips), which all threads fill.
 */
#include "io/tiff/tiff_read.h"

#include <math.h>
#include <string.h>

#include "core/pipeline.h"
#include "io/foreign.h"
#include "io/tiff/tiff_pages.h"

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
    const size_t planes = eg_source_planes(source);
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
        const char *row = reader->buffer + (y - reader->buffer_first) * reader->buffer_stride;
        for (size_t k = 0; k < planes; k++)
            memcpy(out + k * (stride / planes), row + k * bytes, bytes);
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
    eg_tiff_directory_free(&reader->directory);
    eg_georef_data_free(&reader->georef_data);
    if (!reader->shared) {
        eg_random_access_close(reader->access);
        eg_input_close(reader->input);
    }
    eg_free(reader);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Fails if the rows of a georeferenced raster would have to be reordered: programs disagree on
 * whether its transform is that of the stored rows. */
static eg_status check_orientation(const eg_tiff_source *reader, eg_error *error)
{
    const eg_info *info = &reader->base.info;
    if (info->orientation == 1 || reader->options.ignore_orientation ||
        !reader->georef_data.georef.located)
        return EG_OK;
    return eg_input_fail(
        reader->input, error, EG_UNSUPPORTED,
        "has orientation %d, which is not supported for georeferenced rasters; use "
        "--ignore-orientation to read the rows as stored, as GDAL does",
        info->orientation);
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
    samples->scaled = reader->options.as_values && !reader->options.ignore_scale &&
                      (samples->scale != 1 || samples->offset != 0);
    eg_samples_choose(samples, reader->options.as_values);
    reader->base.info.sample = samples->out;
    reader->base.info.planes = samples->planes;
    reader->base.has_mask = eg_samples_masked(samples);
    if (eg_decodes_colours(&reader->options))
        reader->georef_data.georef.nodata = (double)NAN; /* it was a value of colours */
}

/* Warns of a transform that was read and cannot be used: not finite, or not invertible. */
static void warn_of_transform(eg_tiff_source *reader)
{
    const eg_georef *georef = &reader->georef_data.georef;
    bool given = false;
    for (size_t i = 0; i < 6; i++)
        given = given || georef->transform[i] != 0;
    if (given && !georef->located)
        eg_source_warn(&reader->base, "its georeferencing is no invertible transform of finite "
                                      "numbers; it is ignored");
}

/* Warns of metadata that is ignored. */
static void warn_of_metadata(eg_tiff_source *reader)
{
    const eg_tiff_metadata *metadata = &reader->metadata;
    if (metadata->odd_nodata[0] != '\0')
        eg_source_warn(&reader->base, "the nodata value '%s' is not a number and is %s",
                       metadata->odd_nodata,
                       reader->georef_data.georef.has_nodata ? "read up to the space" : "ignored");
    if (reader->image.luma_only)
        eg_source_warn(&reader->base, "its chroma is subsampled in separate planes, which is not "
                                      "read: edges of colour alone are not found");
    if (metadata->invalid && reader->options.as_values && !reader->options.ignore_scale)
        eg_source_warn(&reader->base,
                       "the scale or offset of its values is not a number, or 0, and is ignored");
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
    if (!image->tiled && image->plain_bytes && !eg_tiff_rearranges(image)) {
        reader->mode = EG_TIFF_READ_RAW;
        reader->buffer_rows = RAW_READ_BYTES / out_bytes + 1;
    } else if (!image->tiled && !image->subsampled && rows > 1 && rows * out_bytes > STRIP_LARGE) {
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

/* Chooses the directory to read. Fails if the file is a camera raw image. */
static eg_status choose_page(eg_tiff_source *reader, eg_error *error)
{
    eg_tiff_choice choice;
    eg_status status = eg_tiff_pages_read(&choice, &reader->base, reader->input, reader->access,
                                          reader->options.page, error);
    if (status != EG_OK)
        return status;
    reader->offset = choice.directory;
    return choice.camera_raw ? eg_fail_camera_raw(reader->input, choice.make, error) : EG_OK;
}

static eg_status allocate_workers(eg_tiff_source *reader, eg_error *error)
{
    size_t workers = eg_worker_count(reader->base.ctx);
    reader->worker_count = workers > EG_TIFF_PLANES ? workers : EG_TIFF_PLANES;
    reader->workers =
        eg_calloc(reader->base.ctx, reader->worker_count, sizeof *reader->workers, error);
    if (reader->workers)
        return EG_OK;
    reader->worker_count = 0;
    return eg_failed(error);
}

/* Fails if the directory has fewer offsets than the image has blocks: what lacks is lost, not
 * omitted by a writer of sparse files, which stores an offset 0. */
static eg_status check_offsets(const eg_tiff_source *reader, eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    const eg_tiff_field *offsets = eg_tiff_find(&reader->directory, TIFFTAG_TILEOFFSETS);
    const size_t planes = image->separate ? image->samples_per_pixel : 1;
    const size_t blocks = image->blocks_across * image->blocks_down * planes;
    if (!offsets)
        offsets = eg_tiff_find(&reader->directory, TIFFTAG_STRIPOFFSETS);
    if (!offsets || offsets->count >= blocks || reader->options.tolerate)
        return EG_OK;
    return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                         "is damaged: it has the offsets of %llu of %zu %s (use --tolerate to read "
                         "the rest)",
                         (unsigned long long)offsets->count, blocks,
                         image->tiled ? "tiles" : "strips");
}

/* Reads the tags, with those of georeferencing unless the image is a mask. */
static eg_status read_tags(eg_tiff_source *reader, eg_error *error)
{
    const eg_tiff_directory *directory = &reader->directory;
    eg_status status =
        eg_tiff_image_read(&reader->image, &reader->base.info, directory, &reader->options, error);
    if (status == EG_OK)
        status = check_offsets(reader, error);
    if (status != EG_OK)
        return status;
    if (reader->image.is_mask) {
        reader->metadata.scale = 1;
        return EG_OK;
    }
    status = eg_tiff_georef_read(&reader->georef_data, &reader->metadata, directory,
                                 eg_band_index(&reader->options), error);
    if (status == EG_OK)
        eg_georef_data_publish(&reader->georef_data, &reader->base);
    return status;
}

/* Prepares the source when the directory has been read. */
static eg_status prepare(eg_tiff_source *reader, eg_error *error)
{
    eg_status status = read_tags(reader, error);
    if (status != EG_OK)
        return status;
    warn_of_metadata(reader);
    choose_conversion(reader);
    warn_of_transform(reader);
    reader->buffer_stride = eg_source_planes(&reader->base) *
                            eg_row_bytes(reader->image.samples.out, reader->image.width);
    choose_mode(reader);
    status = check_orientation(reader, error);
    return status == EG_OK ? allocate_buffers(reader, error) : status;
}

/* Opens the file and reads the directory of the page. */
static eg_status open_reader(eg_tiff_source *reader, eg_error *error)
{
    eg_status status = allocate_workers(reader, error);
    if (status == EG_OK)
        status = eg_random_access_open(&reader->access, reader->input, error);
    if (status == EG_OK)
        status = choose_page(reader, error);
    if (status == EG_OK)
        status = eg_tiff_directory_read(&reader->directory, reader->input, reader->access,
                                        reader->offset, reader->options.tolerate, error);
    return status == EG_OK ? prepare(reader, error) : status;
}

/* ---- the mask -------------------------------------------------------------------------------- */

static eg_tiff_source *new_reader(eg_input *input, const eg_read_options *options, eg_error *error)
{
    static const eg_source_ops ops = {.read = tiff_read, .close = tiff_close, .skip = eg_skip_noop};
    eg_tiff_source *reader = eg_calloc(input->ctx, 1, sizeof *reader, error);
    if (!reader)
        return NULL;
    reader->base.ops = &ops;
    reader->base.ctx = input->ctx;
    reader->input = input;
    reader->options = *options;
    return reader;
}

/* Opens the mask in another directory of the same file. */
static eg_status open_mask(eg_source **mask, const eg_tiff_source *image, uint64_t directory,
                           eg_error *error)
{
    eg_read_options options = image->options;
    options.as_values = options.ignore_orientation = true;
    options.band = 0;
    options.alpha = EG_ALPHA_IGNORE;
    eg_tiff_source *reader = new_reader(image->input, &options, error);
    if (!reader)
        return eg_failed(error);
    reader->offset = directory;
    reader->shared = true;
    reader->access = image->access;
    reader->image.is_mask = true;
    eg_status status = allocate_workers(reader, error);
    if (status == EG_OK)
        status = eg_tiff_directory_read(&reader->directory, reader->input, reader->access,
                                        directory, options.tolerate, error);
    if (status == EG_OK)
        status = prepare(reader, error);
    if (status == EG_OK)
        *mask = &reader->base;
    else
        eg_source_close(&reader->base);
    return status;
}

/* Applies the mask of the file to the source, if it has one. A failure closes the source. */
static eg_status apply_mask(eg_source **source, eg_tiff_source *reader, eg_error *error)
{
    uint64_t directory = 0;
    eg_source *mask = NULL;
    eg_status status = eg_tiff_mask_find(&directory, &reader->directory, &reader->base, error);
    if (status == EG_OK && directory)
        status = open_mask(&mask, reader, directory, error);
    if (status != EG_OK) {
        eg_source_close(&reader->base);
        return status;
    }
    *source = &reader->base;
    return mask ? eg_mask_apply(source, &reader->base, mask, error) : EG_OK;
}

eg_status eg_tiff_open(eg_source **source, eg_input *input, const eg_read_options *options,
                       eg_error *error)
{
    *source = NULL;
    eg_tiff_source *reader = new_reader(input, options, error);
    if (!reader) {
        eg_input_close(input);
        return eg_failed(error);
    }
    eg_status status = open_reader(reader, error);
    if (status == EG_OK)
        return apply_mask(source, reader, error);
    eg_source_close(&reader->base);
    return status;
}
