/* SPDX-License-Identifier: MIT */
/*
 * PNG out. Strips are filtered and deflated apart from one another, on whatever thread has them;
 * each ends on a byte boundary (deflate.h), so that their bytes in order are one zlib stream, to
 * which only the two bytes before and the end after are added. libpng writes the chunks.
 */
#include <math.h>
#include <stdatomic.h>
#include <zlib.h>

#include "io/io.h"
#include "io/pixels/terrain_rgb.h"
#include "io/png/deflate.h"
#include "io/png/png_filter.h"
#include "io/png/png_guard.h"
#include "io/png/png_read.h"

enum {
    BATCH_BYTES = 64 * 1024, /* filtered rows handed to the compressor at a time */
    IDAT_MOST = 1 << 30      /* bytes of a block that go into one chunk; PNG allows nearly 2^31 */
};

/*
 * How the samples of each kind of map are filtered. Measured on maps of photographs, 24 megapixels:
 * edges gain nothing worth its time. 8-bit magnitude in megabytes, by zlib's Z_RLE: "paeth" 12.8,
 * "up" 13.5, "sub" (what OpenCV writes) 14.0, none 14.8. 16-bit maps are mostly noise: "paeth" 39.0
 * of 48, "sub" 39.8.
 */
static const struct kind {
    int depth, channels;
    size_t step; /* bytes from a sample to its left neighbour, as filters count */
    int first;   /* filter of a strip's first row, which may not look at the row above */
    int filter;  /* of the others */
    void (*to_png)(uint8_t *out, const void *row, size_t bytes); /* NULL: they are PNG's already */
} kinds[] = {
    [EG_BIT] = {1, 1, 1, EG_PNG_NONE, EG_PNG_NONE, eg_png_from_bits},
    [EG_U8] = {8, 1, 1, EG_PNG_SUB, EG_PNG_PAETH, NULL},
    [EG_U16] = {16, 1, 2, EG_PNG_SUB, EG_PNG_PAETH, eg_png_from_u16},
};

/* The same for heights as colours, without and with an alpha channel. */
static const struct kind colour_kinds[] = {
    {8, 3, 3, EG_PNG_SUB, EG_PNG_PAETH, NULL},
    {8, 4, 4, EG_PNG_SUB, EG_PNG_PAETH, NULL},
};

/* What one thread at a time needs to pack a strip. Made when first used, kept for the next strip:
 * setting up a compressor takes a third of the time of compressing a strip of edges. */
typedef struct coder {
    atomic_bool busy;
    eg_deflate *deflate; /* NULL: not made yet */
    uint8_t *filtered;   /* batch_rows rows, each with its filter's number in front */
    /* This row and the one above as PNG has them, where that is not as they come */
    uint8_t *samples[2];
} coder;

typedef struct png_sink {
    eg_sink base;
    eg_png_guard guard;
    eg_output *output;
    const struct kind *kind;
    eg_encode_elevation elevations;
    int level; /* as eg_deflate_new() takes it */
    size_t row_bytes, batch_rows;
    coder *coders; /* one for each of the context's threads */
    size_t coder_count;
    bool started;                 /* the zlib stream's header is out */
    uint32_t check;               /* Adler-32 of the rows so far */
    const eg_packed_block *block; /* the one being written */
} png_sink;

/* ---- packing: any strip on any thread -------------------------------------------------------- */

/* A coder nobody else uses. There is one for every thread: the search ends. */
static coder *claim_coder(const png_sink *s)
{
    for (size_t i = 0;; i = (i + 1) % s->coder_count)
        if (!atomic_exchange_explicit(&s->coders[i].busy, true, memory_order_acquire))
            return &s->coders[i];
}

static void release_coder(coder *c)
{
    atomic_store_explicit(&c->busy, false, memory_order_release);
}

static void clear_coder(coder *c)
{
    eg_deflate_free(c->deflate);
    eg_free(c->filtered);
    eg_free(c->samples[0]);
    c->deflate = NULL;
    c->filtered = c->samples[0] = NULL;
}

static eg_status make_coder(const png_sink *s, coder *c, eg_error *error)
{
    eg_context *ctx = s->base.ctx;
    c->filtered = eg_alloc(ctx, s->batch_rows, s->row_bytes + 1, error);
    c->samples[0] = c->filtered ? eg_alloc(ctx, 2, s->row_bytes, error) : NULL;
    if (!c->samples[0])
        return eg_failed(error);
    c->samples[1] = c->samples[0] + s->row_bytes;
    return eg_deflate_new(&c->deflate, ctx, s->level, error);
}

static eg_status ready_coder(const png_sink *s, coder *c, eg_error *error)
{
    if (c->deflate) {
        eg_deflate_reset(c->deflate);
        return EG_OK;
    }
    eg_error failure = {0};
    if (make_coder(s, c, &failure) == EG_OK)
        return EG_OK;
    clear_coder(c);
    return eg_fail(error, failure.status, "%s", failure.message);
}

/* The row as PNG has it. */
static const uint8_t *png_samples(const png_sink *s, coder *c, const char *row, size_t y)
{
    uint8_t *made = c->samples[y % 2];
    if (s->elevations.encoding)
        eg_encode_elevations(made, (const float *)(const void *)row, s->base.layout.width,
                             &s->elevations);
    else if (s->kind->to_png)
        s->kind->to_png(made, row, s->row_bytes);
    else
        return (const uint8_t *)row;
    return made;
}

static bool pack_rows(const png_sink *s, coder *c, const char *rows, size_t stride, size_t count,
                      eg_packed_block *block)
{
    const uint8_t *above = NULL;
    const size_t bytes = s->row_bytes + 1;
    uLong check = adler32(0, NULL, 0);

    for (size_t y = 0, held = 0; y < count; y++) {
        const uint8_t *row = png_samples(s, c, rows + y * stride, y);
        int filter = s->level == 0 ? EG_PNG_NONE : y == 0 ? s->kind->first : s->kind->filter;
        eg_png_filter(c->filtered + held * bytes, filter, row, above, s->row_bytes, s->kind->step);
        above = row;
        bool last = y + 1 == count;
        if (++held < s->batch_rows && !last)
            continue;
        check = adler32_z(check, c->filtered, held * bytes);
        if (!eg_deflate_add(c->deflate, c->filtered, held * bytes, last, block))
            return false;
        held = 0;
    }
    block->check = (uint32_t)check;
    return true;
}

static eg_status png_pack(const eg_sink *sink, const void *rows, size_t stride, size_t count,
                          eg_packed_block *block, eg_error *error)
{
    const png_sink *s = (const png_sink *)sink;
    coder *c = claim_coder(s);
    eg_status status = ready_coder(s, c, error);
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

/* ---- writing: in order ----------------------------------------------------------------------- */

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
                 s->kind->depth, colours[s->kind->channels], PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, s->guard.info);
}

static void choose_kind(png_sink *s, const eg_layout *layout)
{
    s->elevations.alpha = layout->has_nodata;
    s->elevations.nodata = layout->has_nodata ? layout->nodata : (double)NAN;
    s->kind = s->elevations.encoding ? &colour_kinds[s->elevations.alpha] : &kinds[layout->sample];
    size_t bits = (size_t)s->kind->depth * (size_t)s->kind->channels;
    s->row_bytes = (layout->width * bits + 7) / 8;
}

static eg_status png_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    png_sink *s = (png_sink *)sink;
    if (layout->width > PNG_UINT_31_MAX || layout->height > PNG_UINT_31_MAX)
        return eg_output_fail(s->output, error, EG_LIMIT_EXCEEDED,
                              "PNG has room for 2147483647 pixels a side, not for %zu x %zu",
                              layout->width, layout->height);
    choose_kind(s, layout);
    s->batch_rows = BATCH_BYTES / (s->row_bytes + 1) + 1;
    s->coders = eg_calloc(s->base.ctx, s->coder_count, sizeof *s->coders, error);
    if (!s->coders)
        return eg_failed(error);
    eg_status status =
        eg_png_guard_init(&s->guard, s->base.ctx, eg_output_name(s->output), true, error);
    return status == EG_OK ? eg_png_run(&s->guard, write_header, s, error) : status;
}

/* One IDAT chunk: `size` bytes with the zlib stream's header or its end around them where it is
 * due. */
static void write_chunk(png_sink *s, const uint8_t *bytes, size_t size, bool last)
{
    static const png_byte header[2] = {0x78, 0x01}; /* deflate, 32 KB window, fast (RFC 1950) */
    png_byte end[6] = {0x03, 0x00}; /* an empty final block; the check sum follows */
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
    for (; left > IDAT_MOST; left -= IDAT_MOST, bytes += IDAT_MOST)
        write_chunk(s, bytes, IDAT_MOST, false);
    write_chunk(s, bytes, left, block->last);
}

static eg_status png_emit(eg_sink *sink, const eg_packed_block *block, eg_error *error)
{
    png_sink *s = (png_sink *)sink;
    s->block = block;
    s->check = (uint32_t)adler32_combine(s->check, block->check, (z_off_t)block->raw_size);
    return eg_png_run(&s->guard, write_block, s, error);
}

/* Not png_write_end(), which would miss the image data it has not seen. */
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
        clear_coder(&s->coders[i]);
    eg_free(s->coders);
    eg_png_guard_free(&s->guard);
    eg_output_close(s->output);
    eg_free(s);
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
    made->base.accepts =
        options->encoding ? 1u << EG_F32 : 1u << EG_BIT | 1u << EG_U8 | 1u << EG_U16;
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
    .help = "Portable Network Graphics; 1, 8 or 16 bits",
    .extensions = "png",
    .supports_encoding = true,
    .probe = eg_png_probe,
    .open = eg_png_open,
    .create = png_create,
    .accepts = 1u << EG_BIT | 1u << EG_U8 | 1u << EG_U16,
};
