/* SPDX-License-Identifier: MIT */
/* A preview as a JPEG in memory. */
#include <string.h>

#include "core/preview.h"
#include "io/io.h"
#include "io/jpeg/jpeg_error.h"

enum { LEAST_BYTES = 4096 };

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

/* Twice the memory. False after recording that there is none. */
static bool grow(memory_jpeg *self)
{
    JOCTET *larger = eg_alloc(self->ctx, 2, self->capacity, self->guard.error);
    if (!larger)
        return false;
    memcpy(larger, self->bytes, self->capacity);
    eg_free(self->bytes);
    self->bytes = larger;
    self->destination.next_output_byte = larger + self->capacity;
    self->destination.free_in_buffer = self->capacity;
    self->capacity *= 2;
    return true;
}

/* libjpeg calls this when all of the buffer is full, whatever free_in_buffer says. */
static boolean empty_output_buffer(j_compress_ptr cinfo)
{
    memory_jpeg *self = cinfo->client_data;
    if (!grow(self))
        eg_jpeg_raise(&self->guard, eg_failed(self->guard.error));
    return TRUE;
}

static void term_destination(j_compress_ptr cinfo)
{
    memory_jpeg *self = cinfo->client_data;
    self->size = self->capacity - self->destination.free_in_buffer;
}

static void compress(void *opaque)
{
    memory_jpeg *self = opaque;
    struct jpeg_compress_struct *cinfo = &self->cinfo;
    jpeg_create_compress(cinfo);
    cinfo->dest = &self->destination;
    cinfo->image_width = (JDIMENSION)self->grid.width;
    cinfo->image_height = (JDIMENSION)self->grid.height;
    cinfo->input_components = 1;
    cinfo->in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(cinfo);
    jpeg_set_quality(cinfo, self->quality, TRUE);
    cinfo->dct_method = JDCT_ISLOW;
    cinfo->optimize_coding = TRUE; /* small pictures gain most by tables of their own */
    jpeg_start_compress(cinfo, TRUE);
    for (size_t y = 0; y < self->grid.height; y++) {
        JSAMPROW row = (JSAMPLE *)self->grid.data + y * self->grid.stride;
        jpeg_write_scanlines(cinfo, &row, 1);
    }
    jpeg_finish_compress(cinfo);
}

static eg_status make(memory_jpeg *self, eg_error *error)
{
    self->capacity = self->grid.width * self->grid.height / 4 + LEAST_BYTES;
    self->bytes = eg_alloc(self->ctx, 1, self->capacity, error);
    if (!self->bytes)
        return eg_failed(error);
    eg_jpeg_guard_init(&self->guard, "preview", false);
    self->cinfo.err = &self->guard.manager;
    self->cinfo.client_data = self;
    self->destination = (struct jpeg_destination_mgr){.next_output_byte = self->bytes,
                                                      .free_in_buffer = self->capacity,
                                                      .init_destination = init_destination,
                                                      .empty_output_buffer = empty_output_buffer,
                                                      .term_destination = term_destination};
    eg_status status = eg_jpeg_run(&self->guard, compress, self, error);
    jpeg_destroy_compress(&self->cinfo);
    return status;
}

eg_status eg_preview_jpeg(eg_preview *preview, int quality, const void **bytes, size_t *size,
                          eg_error *error)
{
    eg_grid grid;
    *bytes = NULL;
    *size = 0;
    if (quality < 1 || quality > 100)
        return eg_fail(error, EG_USAGE, "preview: the quality of a JPEG is 1 to 100");
    eg_status status = eg_preview_grid(preview, &grid, error);
    if (status != EG_OK)
        return status;
    if (grid.width > JPEG_MAX_DIMENSION || grid.height > JPEG_MAX_DIMENSION)
        return eg_fail(error, EG_USAGE, "preview: too large for a JPEG");
    eg_context *ctx = eg_preview_context(preview);
    memory_jpeg *self = eg_calloc(ctx, 1, sizeof *self, error);
    if (!self)
        return eg_failed(error);
    self->ctx = ctx;
    self->quality = quality;
    self->grid = grid;
    status = make(self, error);
    if (status == EG_OK) {
        eg_preview_keep(preview, self->bytes);
        *bytes = self->bytes;
        *size = self->size;
    } else {
        eg_free(self->bytes);
    }
    eg_free(self);
    return status;
}
