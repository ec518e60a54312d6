/* SPDX-License-Identifier: MIT */
/*
 * PNG out. Strips are filtered and deflated apart from one another, on whatever thread has them; each
 * ends on a byte boundary (Z_SYNC_FLUSH), so that their bytes in order are one zlib stream, to which
 * only the two bytes before and the end after are added. libpng writes the chunks.
 */
#include <limits.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>
#include <zlib.h>

#include "io/io.h"
#include "io/png_filter.h"
#include "io/png_guard.h"
#include "io/terrain_rgb.h"

enum {
    WINDOW_BITS = 15,
    MEMORY_LEVEL = 8,
    IDAT_MOST = 1 << 30 /* bytes of a block that go into one chunk; PNG allows nearly 2^31 */
};

/*
 * How the samples of each kind of map are compressed unless the user asks for a level. Measured with
 * zlib 1.2.13 on maps of photographs, strips of 64 rows. Z_RLE, which looks for runs only, beats the
 * general search on all of them: most of what matches it finds further away costs more bits than the
 * literals would. Edges, 24 megapixels: 1.34 MB in 30 ms, level 1 1.51 MB in 50 ms, level 6 1.43 MB in
 * 145 ms; filter "up" is 5 % smaller than none. 8-bit magnitude, 24 megapixels: "paeth" 12.8 MB in
 * 270 ms, "up" 13.5, "sub" (what OpenCV writes) 14.0, none 14.8 MB; level 6 13.3 MB in 1860 ms.
 * Z_HUFFMAN_ONLY is a sixth faster but cannot go below one bit a sample, however flat the map. 16-bit
 * maps are mostly noise: 39.0 MB of 48 with "paeth", 39.8 with "sub". Where a level is given,
 * Z_FILTERED keeps the search from the short matches: 2 to 5 % smaller on the same maps.
 */
static const struct kind {
    int depth, channels;
    size_t step; /* bytes from a sample to its left neighbour, as filters count */
    int first;   /* filter of a strip's first row, which may not look at the row above */
    int filter;  /* of the others */
    void (*to_png)(uint8_t *out, const void *row, size_t bytes); /* NULL: they are PNG's already */
} kinds[] = {
    [EG_BIT] = {1, 1, 1, EG_PNG_NONE, EG_PNG_UP, eg_png_from_bits},
    [EG_U8] = {8, 1, 1, EG_PNG_SUB, EG_PNG_PAETH, NULL},
    [EG_U16] = {16, 1, 2, EG_PNG_SUB, EG_PNG_PAETH, eg_png_from_u16},
};

/* The same for heights as colours, without and with an alpha channel. */
static const struct kind colour_kinds[] = {
    {8, 3, 3, EG_PNG_SUB, EG_PNG_PAETH, NULL},
    {8, 4, 4, EG_PNG_SUB, EG_PNG_PAETH, NULL},
};

/* What one thread at a time needs to compress a strip. Made when first used, kept for the next strip:
 * setting up zlib's 260 KB costs a third of the time of compressing a strip of edges. */
typedef struct coder {
    atomic_bool busy;
    bool ready;
    z_stream deflate;
    eg_context *ctx;
    eg_error failure;  /* of an allocation for zlib */
    uint8_t *filtered; /* a row with its filter's number in front */
    /* This row and the one above as PNG has them, where that is not as they come */
    uint8_t *samples[2];
} coder;

typedef struct png_sink {
    eg_sink base;
    eg_png_guard guard;
    eg_output *output;
    const struct kind *kind;
    eg_height_colours heights;
    int level, strategy;
    size_t row_bytes;
    coder *coders; /* one for each of the context's threads */
    size_t coder_count;
    bool started;          /* the zlib stream's header is out */
    uint32_t check;        /* Adler-32 of the rows so far */
    const eg_block *block; /* the one being written */
} png_sink;

/* ---- packing: any strip on any thread -------------------------------------------------------- */

static void *zlib_alloc(void *self, unsigned items, unsigned size)
{
    coder *c = self;
    return eg_alloc(c->ctx, items, size, &c->failure);
}

static void zlib_free(void *self, void *memory)
{
    (void)self;
    eg_free(memory);
}

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
    if (c->deflate.state)
        deflateEnd(&c->deflate);
    c->deflate = (z_stream){0};
    eg_free(c->filtered);
    eg_free(c->samples[0]);
    c->filtered = c->samples[0] = NULL;
    c->ready = false;
}

static bool make_coder(const png_sink *s, coder *c)
{
    c->ctx = s->base.ctx;
    c->failure = (eg_error){0};
    c->deflate = (z_stream){.zalloc = zlib_alloc, .zfree = zlib_free, .opaque = c};
    c->filtered = eg_alloc(c->ctx, 1, s->row_bytes + 1, &c->failure);
    c->samples[0] = c->filtered ? eg_alloc(c->ctx, 2, s->row_bytes, &c->failure) : NULL;
    if (!c->samples[0])
        return false;
    c->samples[1] = c->samples[0] + s->row_bytes;
    return deflateInit2(&c->deflate, s->level, Z_DEFLATED, -WINDOW_BITS, MEMORY_LEVEL,
                        s->strategy) == Z_OK;
}

static eg_status ready_coder(const png_sink *s, coder *c, eg_error *error)
{
    if (c->ready) {
        deflateReset(&c->deflate);
        return EG_OK;
    }
    c->ready = make_coder(s, c);
    if (c->ready)
        return EG_OK;
    eg_error failure = c->failure;
    clear_coder(c);
    if (failure.status == EG_OK)
        return eg_output_fail(s->output, error, EG_UNSUPPORTED, "zlib refused its parameters");
    return eg_fail(error, failure.status, "%s", failure.message);
}

/* Compresses the filtered row into what is left of the block. */
static bool deflate_row(coder *c, size_t bytes, int flush, eg_block *block)
{
    z_stream *z = &c->deflate;
    z->next_in = c->filtered;
    z->avail_in = (uInt)bytes;
    do {
        size_t room = block->capacity - block->size;
        z->next_out = block->bytes + block->size;
        z->avail_out = (uInt)(room < UINT_MAX ? room : UINT_MAX);
        uInt before = z->avail_out;
        if (deflate(z, flush) != Z_OK)
            return false;
        block->size += before - z->avail_out;
    } while (z->avail_in > 0 || z->avail_out == 0);
    return true;
}

/* The row as PNG has it. */
static const uint8_t *png_samples(const png_sink *s, coder *c, const char *row, size_t y)
{
    uint8_t *made = c->samples[y % 2];
    if (s->heights.encoding)
        eg_heights_to_colours(made, (const float *)(const void *)row, s->base.layout.width,
                              &s->heights);
    else if (s->kind->to_png)
        s->kind->to_png(made, row, s->row_bytes);
    else
        return (const uint8_t *)row;
    return made;
}

static bool pack_rows(const png_sink *s, coder *c, const char *rows, size_t stride, size_t count,
                      eg_block *block)
{
    const uint8_t *above = NULL;
    uLong check = adler32(0, NULL, 0);

    for (size_t y = 0; y < count; y++) {
        const uint8_t *row = png_samples(s, c, rows + y * stride, y);
        int filter = s->level == 0 ? EG_PNG_NONE : y == 0 ? s->kind->first : s->kind->filter;
        eg_png_filter(c->filtered, filter, row, above, s->row_bytes, s->kind->step);
        check = adler32(check, c->filtered, (uInt)(s->row_bytes + 1));
        if (!deflate_row(c, s->row_bytes + 1, y + 1 == count ? Z_SYNC_FLUSH : Z_NO_FLUSH, block))
            return false;
        above = row;
    }
    block->check = (uint32_t)check;
    return true;
}

static eg_status png_pack(const eg_sink *sink, const void *rows, size_t stride, size_t count,
                          eg_block *block, eg_error *error)
{
    const png_sink *s = (const png_sink *)sink;
    coder *c = claim_coder(s);
    eg_status status = ready_coder(s, c, error);
    block->size = 0;
    block->rows = count;
    block->raw_size = count * (s->row_bytes + 1);
    if (status == EG_OK && !pack_rows(s, c, rows, stride, count, block))
        status = eg_output_fail(s->output, error, EG_FILE, "zlib could not compress the rows");
    release_coder(c);
    return status;
}

/* At worst every byte becomes a literal of 9 bits (RFC 1951, 3.2.6); the rest is for the headers of
 * blocks, of which there is one every 16383 symbols, and for the flush. */
static size_t png_packed_bound(const eg_sink *sink, size_t rows)
{
    const png_sink *s = (const png_sink *)sink;
    size_t raw, bound;
    if (__builtin_mul_overflow(rows, s->row_bytes + 1, &raw) ||
        __builtin_add_overflow(raw, raw / 8 + raw / 256 + 128, &bound))
        return SIZE_MAX;
    return bound;
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

static void write_header(void *self)
{
    static const int colours[] = {
        [1] = PNG_COLOR_TYPE_GRAY, [3] = PNG_COLOR_TYPE_RGB, [4] = PNG_COLOR_TYPE_RGB_ALPHA};
    png_sink *s = self;
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
    s->heights.alpha = layout->has_nodata;
    s->heights.nodata = layout->has_nodata ? layout->nodata : (double)NAN;
    s->kind = s->heights.encoding ? &colour_kinds[s->heights.alpha] : &kinds[layout->sample];
    size_t bits = (size_t)s->kind->depth * (size_t)s->kind->channels;
    s->row_bytes = (layout->width * bits + 7) / 8;
}

static eg_status png_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    png_sink *s = (png_sink *)sink;
    if (layout->width > PNG_UINT_31_MAX || layout->height > PNG_UINT_31_MAX)
        return eg_output_fail(s->output, error, EG_LIMIT,
                              "PNG has room for 2147483647 pixels a side, not for %zu x %zu",
                              layout->width, layout->height);
    choose_kind(s, layout);
    s->coders = eg_calloc(s->base.ctx, s->coder_count, sizeof *s->coders, error);
    if (!s->coders)
        return eg_failed(error);
    eg_status status =
        eg_png_guard_init(&s->guard, s->base.ctx, eg_output_name(s->output), true, error);
    return status == EG_OK ? eg_png_run(&s->guard, write_header, s, error) : status;
}

/* One IDAT chunk: `size` bytes with the zlib stream's header or its end around them where it is due. */
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

static void write_block(void *self)
{
    png_sink *s = self;
    const eg_block *block = s->block;
    const uint8_t *bytes = block->bytes;
    size_t left = block->size;
    for (; left > IDAT_MOST; left -= IDAT_MOST, bytes += IDAT_MOST)
        write_chunk(s, bytes, IDAT_MOST, false);
    write_chunk(s, bytes, left, block->last);
}

static eg_status png_emit(eg_sink *sink, const eg_block *block, eg_error *error)
{
    png_sink *s = (png_sink *)sink;
    s->block = block;
    s->check = (uint32_t)adler32_combine(s->check, block->check, (z_off_t)block->raw_size);
    return eg_png_run(&s->guard, write_block, s, error);
}

/* Not png_write_end(), which would miss the image data it has not seen. */
static void write_end(void *self)
{
    png_sink *s = self;
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

eg_status eg_png_create(eg_sink **sink, eg_output *output, const eg_write_options *options,
                        eg_error *error)
{
    eg_context *ctx = eg_output_context(output);
    png_sink *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made) {
        eg_output_close(output);
        return eg_failed(error);
    }
    bool chosen = options->compression >= 0;
    made->base.ops = &png_sink_ops;
    made->base.ctx = ctx;
    made->base.accepts =
        options->encoding ? 1u << EG_F32 : 1u << EG_BIT | 1u << EG_U8 | 1u << EG_U16;
    made->heights.encoding = options->encoding;
    made->output = output;
    made->level = chosen ? options->compression : 1;
    made->strategy = chosen ? Z_FILTERED : Z_RLE;
    made->coder_count = (size_t)ctx->config.threads;
    made->check = (uint32_t)adler32(0, NULL, 0);
    *sink = &made->base;
    return EG_OK;
}
