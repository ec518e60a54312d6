/* SPDX-License-Identifier: MIT */
/* Encoding a preview as a JPEG in memory. */
#include <string.h>

#include "core/preview.h"
#include "io/io.h"
#include "io/jpeg/jpeg_error.h"

enum { MIN_BYTES = 4096 };

typedef struct memory_jpeg {
    eg_context *ctx;
    eg_jpeg_guard guard;
    struct jpeg_compress_struct cinfo;
    struct jpeg_destination_mgr destination;
    int quality;
    eg_grid grid;
    JOCTET *bytes;
    size_t size, capacity;
} memory_jpeg;

static void init_destination(j_compress_ptr cinfo)
{
    (void)cinfo;
}

/* Doubles the output buffer; returns false after recording EG_NO_MEMORY or EG_LIMIT_EXCEEDED. */
static bool grow_buffer(memory_jpeg *encoder)
{
    JOCTET *larger = eg_alloc(encoder->ctx, 2, encoder->capacity, encoder->guard.error);
    if (!larger)
        return false;
    memcpy(larger, encoder->bytes, encoder->capacity);
    eg_free(encoder->bytes);
    encoder->bytes = larger;
    encoder->destination.next_output_byte = larger + encoder->capacity;
    encoder->destination.free_in_buffer = encoder->capacity;
    encoder->capacity *= 2;
    return true;
}

/* Called by libjpeg when the buffer is full; free_in_buffer is not valid then. */
static boolean empty_output_buffer(j_compress_ptr cinfo)
{
    memory_jpeg *encoder = cinfo->client_data;
    if (!grow_buffer(encoder))
        eg_jpeg_raise(&encoder->guard, eg_failed(encoder->guard.error));
    return TRUE;
}

static void term_destination(j_compress_ptr cinfo)
{
    memory_jpeg *encoder = cinfo->client_data;
    encoder->size = encoder->capacity - encoder->destination.free_in_buffer;
}

static void compress_preview(void *opaque)
{
    memory_jpeg *encoder = opaque;
    struct jpeg_compress_struct *cinfo = &encoder->cinfo;
    jpeg_create_compress(cinfo);
    cinfo->dest = &encoder->destination;
    cinfo->image_width = (JDIMENSION)encoder->grid.width;
    cinfo->image_height = (JDIMENSION)encoder->grid.height;
    cinfo->input_components = 1;
    cinfo->in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(cinfo);
    jpeg_set_quality(cinfo, encoder->quality, TRUE);
    cinfo->dct_method = JDCT_ISLOW;
    cinfo->optimize_coding = TRUE; /* because default tables are a large part of a small file */
    jpeg_start_compress(cinfo, TRUE);
    for (size_t y = 0; y < encoder->grid.height; y++) {
        JSAMPROW row = (JSAMPLE *)encoder->grid.data + y * encoder->grid.stride;
        jpeg_write_scanlines(cinfo, &row, 1);
    }
    jpeg_finish_compress(cinfo);
}

static eg_status encode_preview(memory_jpeg *encoder, eg_error *error)
{
    encoder->capacity = encoder->grid.width * encoder->grid.height / 4 + MIN_BYTES;
    encoder->bytes = eg_alloc(encoder->ctx, 1, encoder->capacity, error);
    if (!encoder->bytes)
        return eg_failed(error);
    eg_jpeg_guard_init(&encoder->guard, "preview", false);
    encoder->cinfo.err = &encoder->guard.manager;
    encoder->cinfo.client_data = encoder;
    encoder->destination = (struct jpeg_destination_mgr){.next_output_byte = encoder->bytes,
                                                         .free_in_buffer = encoder->capacity,
                                                         .init_destination = init_destination,
                                                         .empty_output_buffer = empty_output_buffer,
                                                         .term_destination = term_destination};
    eg_status status = eg_jpeg_run(&encoder->guard, compress_preview, encoder, error);
    jpeg_destroy_compress(&encoder->cinfo);
    return status;
}

eg_status eg_preview_jpeg(eg_preview *preview, int quality, const void **bytes, size_t *size,
                          eg_error *error)
{
    eg_grid grid;
    *bytes = NULL;
    *size = 0;
    if (quality < 1 || quality > 100)
        return eg_fail(error, EG_USAGE, "preview: the JPEG quality must be 1 to 100");
    eg_status status = eg_preview_grid(preview, &grid, error);
    if (status != EG_OK)
        return status;
    if (grid.width > JPEG_MAX_DIMENSION || grid.height > JPEG_MAX_DIMENSION)
        return eg_fail(error, EG_USAGE, "preview: too large for a JPEG");
    eg_context *ctx = eg_preview_context(preview);
    memory_jpeg *encoder = eg_calloc(ctx, 1, sizeof *encoder, error);
    if (!encoder)
        return eg_failed(error);
    encoder->ctx = ctx;
    encoder->quality = quality;
    encoder->grid = grid;
    status = encode_preview(encoder, error);
    if (status == EG_OK) {
        eg_preview_keep(preview, encoder->bytes);
        *bytes = encoder->bytes;
        *size = encoder->size;
    } else {
        eg_free(encoder->bytes);
    }
    eg_free(encoder);
    return status;
}
