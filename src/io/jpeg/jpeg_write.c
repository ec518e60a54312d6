/* SPDX-License-Identifier: MIT */
/* The JPEG writer: 8-bit grey or colours, through libjpeg. */
#include <string.h>

#include "io/io.h"
#include "io/jpeg/jpeg_error.h"
#include "io/jpeg/jpeg_read.h"

enum { JPEG_SAMPLES = 1u << EG_U8 | 1u << EG_RGB, BUFFER = 64 * 1024, ROWS_AT_A_TIME = 16 };

typedef struct jpeg_sink {
    eg_sink base;
    eg_output *output;
    int quality;
    eg_jpeg_guard guard;
    struct jpeg_compress_struct cinfo;
    struct jpeg_destination_mgr bytes;

    /* arguments of jpeg_write(), advanced as rows are encoded */
    const uint8_t *rows;
    size_t stride, count;

    JOCTET buffer[BUFFER];
} jpeg_sink;

/* ---- bytes ----------------------------------------------------------------------------------- */

static void init_destination(j_compress_ptr cinfo)
{
    jpeg_sink *writer = cinfo->client_data;
    writer->bytes.next_output_byte = writer->buffer;
    writer->bytes.free_in_buffer = BUFFER;
}

static void flush_buffer(jpeg_sink *writer, size_t size)
{
    eg_status status = eg_output_write(writer->output, writer->buffer, size, writer->guard.error);
    if (status != EG_OK)
        eg_jpeg_raise(&writer->guard, status);
}

/* Called by libjpeg when the buffer is full; free_in_buffer is not valid then. */
static boolean empty_output_buffer(j_compress_ptr cinfo)
{
    flush_buffer(cinfo->client_data, BUFFER);
    init_destination(cinfo);
    return TRUE;
}

static void term_destination(j_compress_ptr cinfo)
{
    jpeg_sink *writer = cinfo->client_data;
    flush_buffer(writer, BUFFER - writer->bytes.free_in_buffer);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void begin_step(void *opaque)
{
    jpeg_sink *writer = opaque;
    struct jpeg_compress_struct *cinfo = &writer->cinfo;
    const bool colours = writer->base.layout.sample == EG_RGB;
    char text[EG_MAP_TEXT];
    jpeg_create_compress(cinfo);
    cinfo->dest = &writer->bytes;
    cinfo->image_width = (JDIMENSION)writer->base.layout.width;
    cinfo->image_height = (JDIMENSION)writer->base.layout.height;
    cinfo->input_components = colours ? 3 : 1;
    cinfo->in_color_space = colours ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(cinfo);
    if (colours) /* chroma of each pixel, because lines are one pixel wide */
        cinfo->comp_info[0].h_samp_factor = cinfo->comp_info[0].v_samp_factor = 1;
    jpeg_set_quality(cinfo, writer->quality, TRUE);
    cinfo->dct_method = JDCT_ISLOW;
    jpeg_start_compress(cinfo, TRUE);
    jpeg_write_marker(cinfo, JPEG_COM, (const JOCTET *)EG_SOFTWARE, sizeof EG_SOFTWARE - 1);
    const size_t length = eg_map_describe(&writer->base.layout, text);
    if (length)
        jpeg_write_marker(cinfo, JPEG_COM, (const JOCTET *)text, (unsigned)length);
}

/* Checks the size. The format's limit is 65535 pixels a side; libjpeg's, JPEG_MAX_DIMENSION, is
 * less because of padding. */
static eg_status jpeg_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    jpeg_sink *writer = (jpeg_sink *)sink;
    if (layout->width > JPEG_MAX_DIMENSION || layout->height > JPEG_MAX_DIMENSION)
        return eg_output_fail(
            writer->output, error, EG_USAGE,
            "%zu x %zu pixels are too many for JPEG, whose limit is %ld a side; write "
            "PNG instead",
            layout->width, layout->height, JPEG_MAX_DIMENSION);
    if (layout->classes)
        return eg_output_fail(writer->output, error, EG_USAGE,
                              "the numbers of a mask or of directions would not survive JPEG's "
                              "lossy compression; write PNG or TIFF instead");
    return eg_jpeg_run(&writer->guard, begin_step, writer, error);
}

static void write_step(void *opaque)
{
    jpeg_sink *writer = opaque;
    JSAMPROW lines[ROWS_AT_A_TIME];
    while (writer->count) {
        JDIMENSION count = 0;
        for (; count < ROWS_AT_A_TIME && count < writer->count; count++)
            lines[count] = (JSAMPROW)(writer->rows + count * writer->stride);
        size_t written = jpeg_write_scanlines(&writer->cinfo, lines, count);
        writer->rows += written * writer->stride;
        writer->count -= written;
    }
}

static eg_status jpeg_write(eg_sink *sink, const void *rows, size_t stride, size_t count,
                            eg_error *error)
{
    jpeg_sink *writer = (jpeg_sink *)sink;
    writer->rows = rows;
    writer->stride = stride;
    writer->count = count;
    return eg_jpeg_run(&writer->guard, write_step, writer, error);
}

static void finish_step(void *opaque)
{
    jpeg_sink *writer = opaque;
    jpeg_finish_compress(&writer->cinfo);
}

static eg_status jpeg_finish(eg_sink *sink, eg_error *error)
{
    jpeg_sink *writer = (jpeg_sink *)sink;
    eg_status status = eg_jpeg_run(&writer->guard, finish_step, writer, error);
    return status == EG_OK ? eg_output_commit(writer->output, error) : status;
}

static void jpeg_close(eg_sink *sink)
{
    jpeg_sink *writer = (jpeg_sink *)sink;
    jpeg_destroy_compress(&writer->cinfo);
    eg_output_close(writer->output);
    eg_free(writer);
}

/* ---- existing files -------------------------------------------------------------------------- */

/* Looks for the comment among the markers before the tables, which are in the first bytes of a JPEG
 * that this writer made. */
static eg_origin jpeg_origin(const eg_file_head *head)
{
    static const uint8_t comment[] = "\xff\xfe\0\x0a" EG_SOFTWARE; /* marker, length, text */
    const size_t length = sizeof comment - 1;
    if (!eg_file_head_begins(head, "\xff\xd8\xff"))
        return EG_ORIGIN_OTHER;
    for (size_t at = 2; at + length <= head->count && head->bytes[at] == 0xff;) {
        const uint8_t *marker = head->bytes + at;
        if (memcmp(marker, comment, length) == 0)
            return EG_ORIGIN_EDGEGRAD;
        at += 2 + ((size_t)marker[2] << 8 | marker[3]);
    }
    return EG_ORIGIN_OTHER;
}

/* ---- opening --------------------------------------------------------------------------------- */

static const eg_sink_ops jpeg_sink_ops = {
    .begin = jpeg_begin, .write = jpeg_write, .finish = jpeg_finish, .close = jpeg_close};

static eg_status jpeg_create(eg_sink **sink, eg_output *output, const eg_write_options *options,
                             eg_error *error)
{
    eg_context *ctx = eg_output_context(output);
    jpeg_sink *writer = eg_calloc(ctx, 1, sizeof *writer, error);
    if (!writer) {
        eg_output_close(output);
        return eg_failed(error);
    }
    writer->base = (eg_sink){.ops = &jpeg_sink_ops, .ctx = ctx, .accepts = JPEG_SAMPLES};
    writer->output = output;
    writer->quality = options->quality;
    eg_jpeg_guard_init(&writer->guard, eg_output_name(output), false);
    writer->cinfo.err = &writer->guard.manager;
    writer->cinfo.client_data = writer;
    writer->bytes = (struct jpeg_destination_mgr){.init_destination = init_destination,
                                                  .empty_output_buffer = empty_output_buffer,
                                                  .term_destination = term_destination};
    *sink = &writer->base;
    return EG_OK;
}

const eg_format eg_jpeg_format = {
    .name = "jpeg",
    .title = "JPEG, MPO",
    .reads = "grey, YCbCr, RGB, CMYK, YCCK; progressive; arithmetic coding if libjpeg supports it",
    .writes = "lossy",
    .options = "page,quality",
    .limits = "65500 pixels a side",
    .extensions = "jpg,jpeg,jpe,jfif",
    .is_image = true,
    .sidecars = EG_SIDECAR_WORLD | EG_SIDECAR_AUX,
    .probe = eg_jpeg_probe,
    .open = eg_jpeg_open,
    .create = jpeg_create,
    .accepts = JPEG_SAMPLES,
    .origin = jpeg_origin,
};
