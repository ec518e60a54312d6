/* SPDX-License-Identifier: MIT */
/*
 * The TIFF sink. Rows are buffered until they fill rows of blocks (tiles or strips), which are
 * compressed independently on all threads and appended in order, so the file does not depend on the
 * number of threads. The directory, with their offsets and sizes, is written at the end.
 */
#include <stdatomic.h>
#include <string.h>

#include "core/pipeline.h"
#include "io/png/png_filter.h"
#include "io/tiff/tiff_open.h"
#include "io/tiff_writer/tiff_write.h"

enum {
    BLOCKS_PER_THREAD = 8 /* buffered blocks per thread; more leave fewer threads idle at the end */
};

typedef struct packed_block {
    uint8_t *bytes;
    size_t size;
    atomic_bool packed; /* compressed, to be appended when it is its turn */
} packed_block;

typedef struct tiff_sink {
    eg_sink base;
    eg_output *output;
    eg_write_options options;
    eg_tiff_layout layout;
    bool trial_pending; /* predictor and level of DEFLATE have yet to be chosen */
    eg_tiff_tags tags;
    bool big;                  /* a BigTIFF */
    uint64_t file_size;        /* bytes written so far */
    uint64_t *offsets, *sizes; /* of the blocks in the file */
    eg_tiff_buffer buffer;
    uint32_t batch_first;   /* number of the first block of the batch */
    packed_block *packed;   /* compressed blocks of the batch */
    size_t batch_size;      /* blocks compressed at a time */
    size_t batch_count;     /* blocks of the batch */
    atomic_size_t appended; /* blocks of the batch that have been appended */
    atomic_bool appending;  /* a thread appends blocks, or has failed to */
    uint8_t *packed_bytes;  /* memory of packed[].bytes */
    eg_tiff_coder *coders;  /* one per thread, opened at first use */
    size_t coder_count;
} tiff_sink;

/* ---- begin ----------------------------------------------------------------------------------- */

/* Allocates the buffers: rows of blocks that hold BLOCKS_PER_THREAD blocks per thread. */
static eg_status allocate_buffers(tiff_sink *s, eg_error *error)
{
    const eg_tiff_layout *layout = &s->layout;
    eg_context *ctx = s->base.ctx;
    size_t wanted = BLOCKS_PER_THREAD * eg_worker_count(ctx);
    size_t down = (wanted - 1) / layout->blocks_across + 1;
    if (down > layout->block_count / layout->blocks_across)
        down = layout->block_count / layout->blocks_across;
    s->batch_size = down * layout->blocks_across < wanted ? down * layout->blocks_across : wanted;
    s->buffer.stride = layout->row_bytes * layout->blocks_across;
    s->buffer.capacity = down * layout->block_height;
    if (s->buffer.capacity > layout->height)
        s->buffer.capacity = layout->height;
    s->coder_count = eg_worker_count(ctx);

    s->buffer.bytes = eg_alloc(ctx, s->buffer.capacity, s->buffer.stride, error);
    s->packed = s->buffer.bytes ? eg_calloc(ctx, s->batch_size, sizeof *s->packed, error) : NULL;
    s->packed_bytes =
        s->packed ? eg_alloc(ctx, s->batch_size, eg_tiff_block_bound(layout), error) : NULL;
    s->coders = s->packed_bytes ? eg_calloc(ctx, s->coder_count, sizeof *s->coders, error) : NULL;
    if (!s->coders)
        return eg_failed(error);
    for (size_t i = 0; i < s->batch_size; i++)
        s->packed[i].bytes = s->packed_bytes + i * eg_tiff_block_bound(layout);
    s->offsets = eg_alloc(ctx, layout->block_count, 2 * sizeof *s->offsets, error);
    if (!s->offsets)
        return eg_failed(error);
    s->sizes = s->offsets + layout->block_count;
    return EG_OK;
}

/* Makes the tags that are known before the blocks. */
static eg_status make_tags(tiff_sink *s, const eg_layout *layout, eg_error *error)
{
    eg_tiff_tags *tags = &s->tags;
    tags->ctx = s->base.ctx;
    eg_tiff_put_layout(tags, &s->layout);
    eg_tiff_put_text(tags, TIFFTAG_SOFTWARE, EG_SOFTWARE " " EG_VERSION);
    eg_tiff_put_georef(tags, layout);
    return tags->failure.status == EG_OK
               ? EG_OK
               : eg_fail(error, tags->failure.status, "%s", tags->failure.message);
}

static eg_status tiff_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    tiff_sink *s = (tiff_sink *)sink;
    eg_status status = eg_tiff_choose_layout(&s->layout, s->output, &s->options, layout, error);
    if (status == EG_OK)
        status = allocate_buffers(s, error);
    if (status == EG_OK)
        status = make_tags(s, layout, error);
    if (status == EG_OK)
        status = eg_output_seekable(s->output, error);
    if (status != EG_OK)
        return status;
    s->trial_pending = eg_tiff_has_choice(&s->layout, !s->options.predictor);
    s->big = eg_tiff_is_big(&s->layout);
    return eg_tiff_header_write(s->output, s->big, &s->file_size, error);
}

/* ---- blocks ---------------------------------------------------------------------------------- */

/* Pads a row from the image's width to whole blocks (`stride` bytes) with its last pixel, which has
 * `bits` bits. */
static void pad_row(uint8_t *row, size_t width, size_t stride, unsigned bits)
{
    size_t used = (width * bits + 7) / 8, size = bits / 8;
    if (bits == 1) {
        bool set = row[used - 1] >> (7 - (width - 1) % 8) & 1;
        if (set)
            row[used - 1] |= (uint8_t)(0xFF >> ((width - 1) % 8));
        memset(row + used, set ? 0xFF : 0, stride - used);
        return;
    }
    for (size_t at = used; at < stride; at += size)
        memcpy(row + at, row + used - size, size);
}

/* Appends a row to the buffer. Bits are reordered as for PNG, because TIFF has the same order. */
static void buffer_row(tiff_sink *s, const void *row)
{
    const eg_tiff_layout *layout = &s->layout;
    uint8_t *to = s->buffer.bytes + s->buffer.rows * s->buffer.stride;
    const unsigned bits = layout->samples_per_pixel * (unsigned)layout->bits_per_sample;
    size_t bytes = ((size_t)layout->width * bits + 7) / 8;
    if (layout->bits_per_sample == 1)
        eg_png_from_bits(to, row, bytes);
    else
        memcpy(to, row, bytes);
    if (s->buffer.stride > bytes || layout->bits_per_sample == 1)
        pad_row(to, layout->width, s->buffer.stride, bits);
    s->buffer.rows++;
}

/* Copies a block from the buffer to `out`: a whole tile, or the rows of a strip inside the image,
 * with the predictor applied. Returns its size in bytes. */
static size_t copy_block(const tiff_sink *s, uint32_t block, uint8_t *out)
{
    const eg_tiff_layout *layout = &s->layout;
    size_t rows = layout->block_height;
    size_t available =
        s->buffer.rows - (block - s->buffer.first_block) / layout->blocks_across * rows;
    if (!layout->tiled && rows > available)
        rows = available;
    eg_tiff_buffer_copy(&s->buffer, layout, layout->predictor, block, rows, out);
    return rows * layout->row_bytes;
}

/* Compresses block i of the batch. */
static eg_status pack_block(tiff_sink *s, size_t i, size_t worker, eg_error *error)
{
    eg_tiff_coder *coder = &s->coders[worker];
    packed_block *packed = &s->packed[i];
    uint32_t block = s->batch_first + (uint32_t)i;
    eg_status status = EG_OK;
    if (s->layout.compression == COMPRESSION_NONE) {
        packed->size = copy_block(s, block, packed->bytes);
        return EG_OK;
    }
    if (!coder->encoder)
        status =
            eg_tiff_coder_open(coder, s->base.ctx, eg_output_name(s->output), &s->layout, error);
    if (status != EG_OK)
        return status;
    size_t bytes = copy_block(s, block, coder->rows);
    return eg_tiff_coder_run(coder, &s->layout, bytes, packed->bytes, &packed->size, error);
}

static eg_status append_block(tiff_sink *s, uint32_t block, const packed_block *packed,
                              eg_error *error)
{
    s->offsets[block] = s->file_size;
    s->sizes[block] = packed->size;
    s->file_size += packed->size;
    return eg_output_write(s->output, packed->bytes, packed->size, error);
}

/* Returns true if the batch's next block is compressed and has not been appended. */
static bool can_append(tiff_sink *s)
{
    const size_t next = atomic_load(&s->appended);
    return next < s->batch_count && atomic_load(&s->packed[next].packed);
}

/* Appends the blocks that are compressed, as far as those before them are, unless another thread
 * does. That thread looks again after it has stopped, so no block is left when all are compressed.
 * After a failure no thread appends. */
static eg_status append_blocks(tiff_sink *s, eg_error *error)
{
    while (can_append(s) && !atomic_exchange(&s->appending, true)) {
        while (can_append(s)) {
            const size_t i = atomic_load(&s->appended);
            eg_status status = append_block(s, s->batch_first + (uint32_t)i, &s->packed[i], error);
            if (status != EG_OK)
                return status;
            atomic_store(&s->appended, i + 1);
        }
        atomic_store(&s->appending, false);
    }
    return EG_OK;
}

/* Compresses block i of the batch, and appends what can be appended. The other threads compress
 * meanwhile. */
static eg_status write_block(void *opaque, size_t i, size_t worker, eg_error *error)
{
    tiff_sink *s = opaque;
    eg_status status = pack_block(s, i, worker, error);
    if (status != EG_OK)
        return status;
    atomic_store(&s->packed[i].packed, true);
    return append_blocks(s, error);
}

/* ---- write ----------------------------------------------------------------------------------- */

/* Chooses predictor and level of DEFLATE by the first buffer, which holds BLOCKS_PER_THREAD blocks
 * or a row of blocks whatever the number of threads. */
static eg_status choose_coding(tiff_sink *s, eg_error *error)
{
    const uint32_t across = s->layout.blocks_across;
    const uint32_t candidates = across > BLOCKS_PER_THREAD ? across : BLOCKS_PER_THREAD;
    eg_status status =
        eg_tiff_choose_coding(&s->layout, !s->options.predictor, &s->buffer, candidates,
                              s->base.ctx, eg_output_name(s->output), error);
    if (status == EG_OK && s->layout.predictor)
        eg_tiff_put_short(&s->tags, TIFFTAG_PREDICTOR, s->layout.predictor);
    return status;
}

/* Compresses and appends the buffer's blocks, a batch at a time, and empties the buffer. */
static eg_status write_buffer(tiff_sink *s, eg_error *error)
{
    uint32_t down = eg_tiff_block_count(s->buffer.rows, s->layout.block_height);
    uint32_t end = s->buffer.first_block + down * s->layout.blocks_across;
    if (s->trial_pending) {
        eg_status status = choose_coding(s, error);
        if (status != EG_OK)
            return status;
        s->trial_pending = false;
    }
    for (s->batch_first = s->buffer.first_block; s->batch_first < end;
         s->batch_first += (uint32_t)s->batch_size) {
        s->batch_count =
            end - s->batch_first < s->batch_size ? end - s->batch_first : s->batch_size;
        atomic_store(&s->appended, 0);
        for (size_t i = 0; i < s->batch_count; i++)
            atomic_store(&s->packed[i].packed, false);
        eg_status status = eg_pool_for_each(s->batch_count, s, write_block, error);
        if (status != EG_OK)
            return status;
    }
    s->buffer.first_block = end;
    s->buffer.rows = 0;
    return EG_OK;
}

static eg_status tiff_write(eg_sink *sink, const void *rows, size_t stride, size_t count,
                            eg_error *error)
{
    tiff_sink *s = (tiff_sink *)sink;
    eg_status status = EG_OK;
    for (size_t i = 0; i < count && status == EG_OK; i++) {
        buffer_row(s, (const char *)rows + i * stride);
        if (s->buffer.rows == s->buffer.capacity)
            status = write_buffer(s, error);
    }
    return status;
}

/* ---- finish, close --------------------------------------------------------------------------- */

/* Adds a table with one number for each block, in integers of the least size that the file may have
 * and that holds them all. The table is narrowed in place. */
static void put_table(tiff_sink *s, unsigned tag, uint64_t *table, bool may_be_short)
{
    const size_t count = s->layout.block_count;
    uint64_t all = 0;
    char *const bytes = (char *)table;
    for (size_t i = 0; i < count; i++)
        all |= table[i];
    const bool is_short = may_be_short && all <= UINT16_MAX;
    const size_t width = is_short ? 2 : s->big ? 8 : 4;
    for (size_t i = 0; i < count && width < 8; i++) {
        const uint32_t word = (uint32_t)table[i];
        const uint16_t half = (uint16_t)word;
        memcpy(bytes + i * width, is_short ? (const void *)&half : &word, width);
    }
    eg_tiff_put(&s->tags, tag,
                is_short ? TIFF_SHORT
                : s->big ? TIFF_LONG8
                         : TIFF_LONG,
                count, bytes);
}

/* Adds the offsets and sizes of the blocks to the tags. */
static void put_blocks(tiff_sink *s)
{
    const bool tiled = s->layout.tiled;
    put_table(s, tiled ? TIFFTAG_TILEOFFSETS : TIFFTAG_STRIPOFFSETS, s->offsets, false);
    put_table(s, tiled ? TIFFTAG_TILEBYTECOUNTS : TIFFTAG_STRIPBYTECOUNTS, s->sizes, true);
}

static eg_status tiff_finish(eg_sink *sink, eg_error *error)
{
    tiff_sink *s = (tiff_sink *)sink;
    eg_status status = s->buffer.rows ? write_buffer(s, error) : EG_OK;
    if (status != EG_OK)
        return status;
    put_blocks(s);
    if (s->tags.failure.status != EG_OK)
        return eg_fail(error, s->tags.failure.status, "%s", s->tags.failure.message);
    status = eg_tiff_directory_write(&s->tags, s->output, s->big, s->file_size, error);
    return status == EG_OK ? eg_output_commit(s->output, error) : status;
}

static void tiff_close(eg_sink *sink)
{
    tiff_sink *s = (tiff_sink *)sink;
    for (size_t i = 0; s->coders && i < s->coder_count; i++)
        eg_tiff_coder_close(&s->coders[i]);
    eg_tiff_tags_free(&s->tags);
    eg_free(s->offsets);
    eg_free(s->coders);
    eg_free(s->packed_bytes);
    eg_free(s->packed);
    eg_free(s->buffer.bytes);
    eg_output_close(s->output);
    eg_free(s);
}

/* ---- opening --------------------------------------------------------------------------------- */

static eg_status tiff_create(eg_sink **sink, eg_output *output, const eg_write_options *options,
                             eg_error *error)
{
    static const eg_sink_ops ops = {
        .begin = tiff_begin, .write = tiff_write, .finish = tiff_finish, .close = tiff_close};
    eg_context *ctx = eg_output_context(output);
    *sink = NULL;
    eg_status status = eg_tiff_check_options(output, options, error);
    tiff_sink *made = status == EG_OK ? eg_calloc(ctx, 1, sizeof *made, error) : NULL;
    if (!made) {
        eg_output_close(output);
        return status == EG_OK ? eg_failed(error) : status;
    }
    made->base = (eg_sink){.ops = &ops, .ctx = ctx, .accepts_bands = true};
    made->output = output;
    made->options = *options;
    *sink = &made->base;
    return EG_OK;
}

const eg_format eg_tiff_format = {
    .name = "tiff",
    .title = "TIFF, GeoTIFF, BigTIFF",
    .reads =
        "integers of 1 to 32 and of 64 bits, floats of 16, 32 and 64 bits; grey, RGB, palette, "
        "CMYK, YCbCr, L*a*b*; masks; strips, tiles; every compression of the installed libtiff",
    .writes = "tiles or strips; DEFLATE, ZSTD, LZW or none; BigTIFF if the file may exceed 3.9 GB",
    .options = "page,compress,compression,predictor,tile",
    .georef = "coordinate system, transform, nodata, unit",
    .limits = "4294967295 pixels a side",
    .extensions = "tif,tiff,gtiff",
    .reads_encoding = true,
    .reads_sidecars = true,
    .sidecars = EG_SIDECAR_REST,
    .reads_bands = true,
    .probe = eg_tiff_probe,
    .open = eg_tiff_open,
    .create = tiff_create,
    .accepts = 1u << EG_BIT | 1u << EG_U8 | 1u << EG_U16 | 1u << EG_F32 | 1u << EG_RGB,
    .origin = eg_tiff_origin,
};
