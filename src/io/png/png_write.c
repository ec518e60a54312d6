/* SPDX-License-Identifier: MIT */
/*
 * The PNG writer. Strips are filtered and compressed independently, on any thread. Each ends on a
 * byte boundary (deflate.h), so that their bytes in order are one zlib stream, to which the writer
 * adds the header and the end. libpng writes the chunks.
 */
#include <math.h>
#include <stdatomic.h>
#include <string.h>
#include <zlib.h>

#include "core/class_colours.h"
#include "io/codecs/isal_deflate.h"
#include "io/io.h"
#include "io/pixels/terrain_rgb.h"
#include "io/png/deflate.h"
#include "io/png/png_filter.h"
#include "io/png/png_guard.h"
#include "io/png/png_read.h"

enum {
    PNG_SAMPLES = 1u << EG_BIT | 1u << EG_U8 | 1u << EG_U16 | 1u << EG_RGB,
    BATCH_BYTES = 64 * 1024, /* filtered bytes passed to the compressor at a time */
    MAX_IDAT = 1 << 30       /* bytes of a block in one chunk; PNG's limit is 2^31 - 1 */
};

/*
 * Pixel formats, by sample type, with their filters. Measured on maps of photographs of 24
 * megapixels: filtering edges is not worth its time. Size of 8-bit magnitude in megabytes with
 * zlib's Z_RLE: Paeth 12.8, Up 13.5, Sub (used by OpenCV) 14.0, none 14.8. 16-bit maps are mostly
 * noise: Paeth 39.0 of 48, Sub 39.8.
 */
static const struct pixel_format {
    int depth, channels;
    size_t step; /* bytes of a pixel for the filters, at least 1 */
    int first;   /* filter of a strip's first row, which must not depend on the previous strip */
    int filter;  /* filter of the other rows */
    void (*to_png)(uint8_t *out, const void *row, size_t bytes); /* NULL: same order as PNG */
} sample_formats[] = {
    [EG_BIT] = {1, 1, 1, EG_PNG_NONE, EG_PNG_NONE, eg_png_from_bits},
    [EG_U8] = {8, 1, 1, EG_PNG_SUB, EG_PNG_PAETH, NULL},
    [EG_U16] = {16, 1, 2, EG_PNG_SUB, EG_PNG_PAETH, eg_png_from_u16},
    [EG_RGB] = {8, 3, 3, EG_PNG_SUB, EG_PNG_PAETH, NULL},
};

/* Pixel format of encoded elevations. It has an alpha channel, because floats may be NaN even if
 * the raster has no nodata value. */
static const struct pixel_format elevation_format = {8, 4, 4, EG_PNG_SUB, EG_PNG_PAETH, NULL};

/* Pixel format of classes: indices of a palette. */
static const struct pixel_format class_format = {8, 1, 1, EG_PNG_NONE, EG_PNG_NONE, NULL};

/* Buffers and compressor for packing a strip, used by one thread at a time. Created at first use
 * and reused, because creating a compressor takes a third of the time of compressing a strip of
 * edges. */
typedef struct coder {
    atomic_bool busy;
    eg_deflate *deflate; /* NULL: not created yet */
    uint8_t *filtered;   /* batch_rows filtered rows, each with its filter type in front */
    uint8_t *samples[2]; /* this row and the row above in PNG's order, if converted */
} coder;

typedef struct png_sink {
    eg_sink base;
    eg_png_guard guard;
    eg_output *output;
    const struct pixel_format *pixels;
    eg_encode_elevation elevations;
    int level; /* level for eg_deflate_new() */
    size_t row_bytes, batch_rows;
    coder *coders; /* one for each thread of the context */
    size_t coder_count;
    bool started;                 /* true once the header of the zlib stream is written */
    uint32_t check;               /* Adler-32 of the rows written so far */
    const eg_packed_block *block; /* argument of png_emit() */
} png_sink;

/* ---- packing, any strip on any thread -------------------------------------------------------- */

/* Acquires an unused coder of the pool. The loop terminates, because there are as many coders as
 * threads. */
static coder *acquire_coder(const png_sink *s)
{
    for (size_t i = 0;; i = (i + 1) % s->coder_count)
        if (!atomic_exchange_explicit(&s->coders[i].busy, true, memory_order_acquire))
            return &s->coders[i];
}

static void release_coder(coder *c)
{
    atomic_store_explicit(&c->busy, false, memory_order_release);
}

static void free_coder(coder *c)
{
    eg_deflate_free(c->deflate);
    eg_free(c->filtered);
    eg_free(c->samples[0]);
    c->deflate = NULL;
    c->filtered = c->samples[0] = NULL;
}

static eg_status init_coder(const png_sink *s, coder *c, eg_error *error)
{
    eg_context *ctx = s->base.ctx;
    c->filtered = eg_alloc(ctx, s->batch_rows, s->row_bytes + 1, error);
    c->samples[0] = c->filtered ? eg_alloc(ctx, 2, s->row_bytes, error) : NULL;
    if (!c->samples[0])
        return eg_failed(error);
    c->samples[1] = c->samples[0] + s->row_bytes;
    return eg_deflate_new(&c->deflate, ctx, s->level, error);
}

/* Prepares the coder for the next strip. */
static eg_status prepare_coder(const png_sink *s, coder *c, eg_error *error)
{
    if (c->deflate) {
        eg_deflate_reset(c->deflate);
        return EG_OK;
    }
    eg_error failure = {0};
    if (init_coder(s, c, &failure) == EG_OK)
        return EG_OK;
    free_coder(c);
    return eg_fail(error, failure.status, "%s", failure.message);
}

/* Returns row y of the strip in PNG's order, converted into the coder's buffer if necessary. */
static const uint8_t *convert_row(const png_sink *s, coder *c, const char *row, size_t y)
{
    uint8_t *converted = c->samples[y % 2];
    if (s->elevations.encoding)
        eg_encode_elevations(converted, (const float *)(const void *)row, s->base.layout.width,
                             &s->elevations);
    else if (s->pixels->to_png)
        s->pixels->to_png(converted, row, s->row_bytes);
    else
        return (const uint8_t *)row;
    return converted;
}

static bool pack_rows(const png_sink *s, coder *c, const char *rows, size_t stride, size_t count,
                      eg_packed_block *block)
{
    const uint8_t *above = NULL;
    const size_t bytes = s->row_bytes + 1;
    uint32_t check = 1;

    for (size_t y = 0, batched = 0; y < count; y++) {
        const uint8_t *row = convert_row(s, c, rows + y * stride, y);
        int filter = s->level == 0 ? EG_PNG_NONE : y == 0 ? s->pixels->first : s->pixels->filter;
        eg_png_filter(s->base.ctx->cpu, c->filtered + batched * bytes, filter, row, above,
                      s->row_bytes, s->pixels->step);
        above = row;
        bool last = y + 1 == count;
        if (++batched < s->batch_rows && !last)
            continue;
        check = eg_adler32(check, c->filtered, batched * bytes);
        if (!eg_deflate_add(c->deflate, c->filtered, batched * bytes, last, block))
            return false;
        batched = 0;
    }
    block->check = check;
    return true;
}

static eg_status png_pack(const eg_sink *sink, const void *rows, size_t stride, size_t count,
                          eg_packed_block *block, eg_error *error)
{
    const png_sink *s = (const png_sink *)sink;
    coder *c = acquire_coder(s);
    eg_status status = prepare_coder(s, c, error);
    block->size = 0;
    block->rows = count;
    block->raw_size = count * (s->row_bytes + 1);
    if (status == EG_OK && !pack_rows(s, c, rows, stride, count, block))
        status = eg_output_fail(s->output, error, EG_FILE, "the rows could not be compressed");
    release_coder(c);
    return status;
}

static size_t png_packed_bound(const eg_sink *sink, size_t rows)
{
    size_t raw;
    if (__builtin_mul_overflow(rows, ((const png_sink *)sink)->row_bytes + 1, &raw))
        return SIZE_MAX;
    return eg_deflate_bound(raw);
}

/* ---- writing, in order ----------------------------------------------------------------------- */

static void on_write(png_structp png, png_bytep bytes, size_t size)
{
    png_sink *s = png_get_io_ptr(png);
    if (eg_output_write(s->output, bytes, size, &s->guard.failure) != EG_OK)
        eg_png_leave(png);
}

static void on_flush(png_structp png)
{
    (void)png;
}

/* The content of the text chunk that names the program. */
static const char software[] = "Software\0" EG_SOFTWARE;

/* Writes the text chunk that says what the samples of a map stand for. */
static void write_description(png_structp png, const eg_layout *layout)
{
    static const char key[] = "Description";
    char text[sizeof key + EG_MAP_TEXT];
    const size_t length = eg_map_describe(layout, text + sizeof key);
    memcpy(text, key, sizeof key);
    if (length)
        png_write_chunk(png, (png_const_bytep) "tEXt", (png_const_bytep)text, sizeof key + length);
}

/* Sets the palette and its transparency. */
static void set_palette(png_structp png, png_infop info, const eg_layout *layout)
{
    uint8_t colours[EG_CLASS_COUNT][4];
    png_color palette[EG_CLASS_COUNT];
    png_byte alpha[EG_CLASS_COUNT];
    eg_class_colours(layout, colours);
    for (size_t i = 0; i < EG_CLASS_COUNT; i++) {
        palette[i] = (png_color){colours[i][0], colours[i][1], colours[i][2]};
        alpha[i] = colours[i][3];
    }
    png_set_PLTE(png, info, palette, EG_CLASS_COUNT);
    png_set_tRNS(png, info, alpha, EG_CLASS_COUNT, NULL);
}

static void write_header(void *opaque)
{
    static const int colours[] = {
        [1] = PNG_COLOR_TYPE_GRAY, [3] = PNG_COLOR_TYPE_RGB, [4] = PNG_COLOR_TYPE_RGB_ALPHA};
    png_sink *s = opaque;
    png_structp png = s->guard.png;
    const eg_layout *layout = &s->base.layout;

    png_set_write_fn(png, s, on_write, on_flush);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_IHDR(png, s->guard.info, (png_uint_32)layout->width, (png_uint_32)layout->height,
                 s->pixels->depth,
                 layout->classes ? PNG_COLOR_TYPE_PALETTE : colours[s->pixels->channels],
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (layout->classes)
        set_palette(png, s->guard.info, layout);
    png_write_info(png, s->guard.info);
    png_write_chunk(png, (png_const_bytep) "tEXt", (png_const_bytep)software, sizeof software - 1);
    write_description(png, layout);
}

static void choose_pixel_format(png_sink *s, const eg_layout *layout)
{
    s->elevations.nodata = layout->has_nodata ? layout->nodata : (double)NAN;
    s->pixels = s->elevations.encoding ? &elevation_format
                : layout->classes      ? &class_format
                                       : &sample_formats[layout->sample];
    size_t bits = (size_t)s->pixels->depth * (size_t)s->pixels->channels;
    s->row_bytes = (layout->width * bits + 7) / 8;
}

static eg_status png_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    png_sink *s = (png_sink *)sink;
    if (layout->width > PNG_UINT_31_MAX || layout->height > PNG_UINT_31_MAX)
        return eg_output_fail(
            s->output, error, EG_LIMIT_EXCEEDED,
            "%zu x %zu pixels are too many for PNG, whose limit is 2147483647 a side",
            layout->width, layout->height);
    choose_pixel_format(s, layout);
    s->batch_rows = BATCH_BYTES / (s->row_bytes + 1) + 1;
    s->coders = eg_calloc(s->base.ctx, s->coder_count, sizeof *s->coders, error);
    if (!s->coders)
        return eg_failed(error);
    eg_status status =
        eg_png_guard_init(&s->guard, s->base.ctx, eg_output_name(s->output), true, error);
    return status == EG_OK ? eg_png_run(&s->guard, write_header, s, error) : status;
}

/* Writes an IDAT chunk of `size` bytes; the first has the header of the zlib stream before them,
 * the last its end after them. */
static void write_chunk(png_sink *s, const uint8_t *bytes, size_t size, bool last)
{
    static const png_byte header[2] = {0x78, 0x01}; /* deflate, 32 KB window, fastest (RFC 1950) */
    png_byte end[6] = {0x03, 0x00}; /* an empty final block; the checksum is appended */
    png_structp png = s->guard.png;
    size_t before = s->started ? 0 : sizeof header, after = last ? sizeof end : 0;

    png_write_chunk_start(png, (png_const_bytep) "IDAT", (png_uint_32)(before + size + after));
    png_write_chunk_data(png, header, before);
    png_write_chunk_data(png, bytes, size);
    png_save_uint_32(end + 2, s->check);
    png_write_chunk_data(png, end, after);
    png_write_chunk_end(png);
    s->started = true;
}

static void write_block(void *opaque)
{
    png_sink *s = opaque;
    const eg_packed_block *block = s->block;
    const uint8_t *bytes = block->bytes;
    size_t left = block->size;
    for (; left > MAX_IDAT; left -= MAX_IDAT, bytes += MAX_IDAT)
        write_chunk(s, bytes, MAX_IDAT, false);
    write_chunk(s, bytes, left, block->last);
}

static eg_status png_emit(eg_sink *sink, const eg_packed_block *block, eg_error *error)
{
    png_sink *s = (png_sink *)sink;
    s->block = block;
    s->check = (uint32_t)adler32_combine(s->check, block->check, (z_off_t)block->raw_size);
    return eg_png_run(&s->guard, write_block, s, error);
}

/* Does not use png_write_end(), which fails because libpng has not seen the image data. */
static void write_end(void *opaque)
{
    png_sink *s = opaque;
    png_write_chunk(s->guard.png, (png_const_bytep) "IEND", NULL, 0);
}

static eg_status png_finish(eg_sink *sink, eg_error *error)
{
    png_sink *s = (png_sink *)sink;
    eg_status status = eg_png_run(&s->guard, write_end, s, error);
    return status == EG_OK ? eg_output_commit(s->output, error) : status;
}

static void png_close(eg_sink *sink)
{
    png_sink *s = (png_sink *)sink;
    for (size_t i = 0; s->coders && i < s->coder_count; i++)
        free_coder(&s->coders[i]);
    eg_free(s->coders);
    eg_png_guard_free(&s->guard);
    eg_output_close(s->output);
    eg_free(s);
}

/* ---- existing files -------------------------------------------------------------------------- */

/* Looks for the text chunk among those before the image data, which are in the first bytes of a PNG
 * that this writer made. */
static eg_origin png_origin(const eg_file_head *head)
{
    enum { SIGNATURE = 8, FRAME = 12 }; /* bytes; a chunk's length, name and checksum */
    const size_t length = sizeof software - 1;
    if (!eg_file_head_begins(head, "\x89PNG\r\n\x1a\n"))
        return EG_ORIGIN_OTHER;
    for (size_t at = SIGNATURE; at + FRAME <= head->count;) {
        const uint8_t *chunk = head->bytes + at, *data = chunk + 8;
        size_t size = png_get_uint_32(chunk);
        if (size > head->count - at - FRAME || memcmp(chunk + 4, "IDAT", 4) == 0)
            break;
        if (size == length && memcmp(chunk + 4, "tEXt", 4) == 0 &&
            memcmp(data, software, length) == 0)
            return EG_ORIGIN_EDGEGRAD;
        at += FRAME + size;
    }
    return EG_ORIGIN_OTHER;
}

/* ---- opening --------------------------------------------------------------------------------- */

static const eg_sink_ops png_sink_ops = {
    .begin = png_begin,
    .packed_bound = png_packed_bound,
    .pack = png_pack,
    .emit = png_emit,
    .finish = png_finish,
    .close = png_close,
};

static eg_status png_create(eg_sink **sink, eg_output *output, const eg_write_options *options,
                            eg_error *error)
{
    eg_context *ctx = eg_output_context(output);
    png_sink *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made) {
        eg_output_close(output);
        return eg_failed(error);
    }
    made->base.ops = &png_sink_ops;
    made->base.ctx = ctx;
    made->base.accepts = options->encoding ? 1u << EG_F32 : PNG_SAMPLES;
    made->elevations.encoding = options->encoding;
    made->output = output;
    made->level = options->compression >= 0 ? options->compression : EG_DEFLATE_FAST;
    made->coder_count = (size_t)ctx->config.threads;
    made->check = (uint32_t)adler32(0, NULL, 0);
    *sink = &made->base;
    return EG_OK;
}

const eg_format eg_png_format = {
    .name = "png",
    .title = "PNG",
    .reads = "all colour types and depths, interlaced images",
    .writes = "masks and directions with a palette",
    .options = "compression",
    .limits = "2147483647 pixels a side",
    .extensions = "png",
    .reads_encoding = true,
    .writes_encoding = true,
    .is_image = true,
    .sidecars = EG_SIDECAR_WORLD | EG_SIDECAR_AUX,
    .probe = eg_png_probe,
    .open = eg_png_open,
    .create = png_create,
    .accepts = PNG_SAMPLES,
    .origin = png_origin,
};
