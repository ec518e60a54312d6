/* SPDX-License-Identifier: MIT */
/*
 * The TIFF sink. Rows are buffered until they fill rows of blocks (tiles or strips), which are
 * compressed independently on all threads and appended in order, so the file does not depend on the
 * number of threads. libtiff keeps the book of them and writes it, the directory, at the end.
 */
#include <stdio.h>
#include <string.h>

#include "core/pipeline.h"
#include "io/png/png_filter.h"
#include "io/tiff/tiff_open.h"
#include "io/tiff/tiff_write.h"

enum {
    BLOCKS_PER_THREAD =
        8,            /* buffered blocks per thread; more leave fewer threads idle at the end */
    TRIAL_BLOCKS = 4, /* blocks compressed to choose the predictor */
    TRIAL_ROWS = 64   /* rows of each of them that are compressed; a multiple of 16 */
};

typedef struct packed_block {
    uint8_t *bytes;
    size_t size;
} packed_block;

typedef struct tiff_sink {
    eg_sink base;
    eg_output *output;
    eg_write_options options;
    eg_tiff_layout layout;
    bool predictor_pending; /* the layout's predictor has yet to be compared with none */
    TIFF *tif;
    uint64_t position, file_size; /* libtiff's write position, and the bytes written so far */
    bool discard;                 /* output of libtiff is dropped, because the sink is closing */
    eg_error failure;             /* first error inside libtiff */
    size_t reserved;              /* bytes of memory reserved for libtiff */
    uint8_t *buffer;              /* rows as in the file, padded to whole blocks */
    size_t buffer_stride;         /* bytes from row to row */
    size_t buffer_rows, buffer_capacity; /* rows held, rows that fit */
    uint32_t buffer_first;               /* number of the buffer's first block */
    uint32_t batch_first;                /* number of the first block of the batch */
    packed_block *packed;                /* compressed blocks of the batch */
    size_t batch_size;                   /* blocks compressed at a time */
    uint8_t *packed_bytes;               /* memory of packed[].bytes */
    eg_tiff_coder *coders;               /* one per thread, opened at first use */
    size_t coder_count;
} tiff_sink;

/* ---- callbacks of libtiff -------------------------------------------------------------------- */

static tmsize_t on_write(thandle_t opaque, void *bytes, tmsize_t size)
{
    tiff_sink *s = opaque;
    if (s->discard)
        return size;
    if (eg_output_seek(s->output, s->position, &s->failure) != EG_OK ||
        eg_output_write(s->output, bytes, (size_t)size, &s->failure) != EG_OK)
        return -1;
    s->position += (uint64_t)size;
    if (s->position > s->file_size)
        s->file_size = s->position;
    return size;
}

static toff_t on_seek(thandle_t opaque, toff_t offset, int whence)
{
    tiff_sink *s = opaque;
    s->position = offset + (whence == SEEK_END   ? s->file_size
                            : whence == SEEK_CUR ? s->position
                                                 : 0);
    return s->position;
}

static toff_t on_size(thandle_t opaque)
{
    return ((const tiff_sink *)opaque)->file_size;
}

static int on_error(TIFF *tif, void *opaque, const char *module, const char *format, va_list args)
{
    char text[256];
    tiff_sink *s = opaque;
    (void)tif, (void)module;
    vsnprintf(text, sizeof text, format, args);
    eg_output_fail(s->output, &s->failure, EG_FILE, "cannot be written: %s", text);
    return 1;
}

/* Reports the first error inside libtiff. */
static eg_status fail_with_libtiff(const tiff_sink *s, eg_error *error)
{
    if (s->failure.status == EG_OK)
        return eg_output_fail(s->output, error, EG_FILE, "cannot be written by libtiff");
    return eg_fail(error, s->failure.status, "%s", s->failure.message);
}

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
    s->buffer_stride = layout->row_bytes * layout->blocks_across;
    s->buffer_capacity = down * layout->block_height;
    if (s->buffer_capacity > layout->height)
        s->buffer_capacity = layout->height;
    s->coder_count = eg_worker_count(ctx);

    s->buffer = eg_alloc(ctx, s->buffer_capacity, s->buffer_stride, error);
    s->packed = s->buffer ? eg_calloc(ctx, s->batch_size, sizeof *s->packed, error) : NULL;
    s->packed_bytes =
        s->packed ? eg_alloc(ctx, s->batch_size, eg_tiff_block_bound(layout), error) : NULL;
    s->coders = s->packed_bytes ? eg_calloc(ctx, s->coder_count, sizeof *s->coders, error) : NULL;
    if (!s->coders)
        return eg_failed(error);
    for (size_t i = 0; i < s->batch_size; i++)
        s->packed[i].bytes = s->packed_bytes + i * eg_tiff_block_bound(layout);
    size_t block_table = layout->block_count * 2 * sizeof(uint64_t);
    if (!eg_memory_reserve(ctx, block_table, error))
        return eg_failed(error);
    s->reserved = block_table;
    return EG_OK;
}

static eg_status tiff_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    tiff_sink *s = (tiff_sink *)sink;
    eg_status status = eg_tiff_choose_layout(&s->layout, s->output, &s->options, layout, error);
    if (status == EG_OK)
        status = allocate_buffers(s, error);
    if (status == EG_OK)
        status = eg_output_seekable(s->output, error);
    if (status != EG_OK)
        return status;
    s->predictor_pending = !s->options.predictor && s->layout.predictor > PREDICTOR_NONE;
    s->tif =
        eg_tiff_open_callbacks(eg_output_name(s->output), eg_tiff_is_big(&s->layout) ? "w8" : "w",
                               s, &(eg_tiff_callbacks){on_write, on_seek, on_size, on_error});
    if (!s->tif || !eg_tiff_set_layout(s->tif, &s->layout) ||
        !TIFFSetField(s->tif, TIFFTAG_SOFTWARE, EG_SOFTWARE " " EG_VERSION))
        return fail_with_libtiff(s, error);
    status = eg_tiff_set_georef(s->tif, s->base.ctx, layout, error);
    return status == EG_OK && s->failure.status != EG_OK ? fail_with_libtiff(s, error) : status;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

/* Pads a row from the image's width to whole blocks (`stride` bytes) with its last sample. */
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
    uint8_t *to = s->buffer + s->buffer_rows * s->buffer_stride;
    size_t bytes = ((size_t)layout->width * layout->bits_per_sample + 7) / 8;
    if (layout->bits_per_sample == 1)
        eg_png_from_bits(to, row, bytes);
    else
        memcpy(to, row, bytes);
    if (s->buffer_stride > bytes || layout->bits_per_sample == 1)
        pad_row(to, layout->width, s->buffer_stride, layout->bits_per_sample);
    s->buffer_rows++;
}

/* Copies the first `rows` rows of a block from the buffer to `out`; rows beyond the image repeat
 * its last one. */
static void copy_block_rows(const tiff_sink *s, uint32_t block, size_t rows, uint8_t *out)
{
    const eg_tiff_layout *layout = &s->layout;
    size_t i = block - s->buffer_first, bytes = layout->row_bytes;
    size_t top = i / layout->blocks_across * layout->block_height, available = s->buffer_rows - top;
    const uint8_t *source = s->buffer + i % layout->blocks_across * bytes;
    for (size_t y = 0; y < rows; y++)
        memcpy(out + y * bytes,
               source + (top + (y < available ? y : available - 1)) * s->buffer_stride, bytes);
}

/* Copies a block from the buffer to `out`: a whole tile, or the rows of a strip inside the image.
 * Returns its size in bytes. */
static size_t copy_block(const tiff_sink *s, uint32_t block, uint8_t *out)
{
    const eg_tiff_layout *layout = &s->layout;
    size_t rows = layout->block_height;
    size_t available = s->buffer_rows - (block - s->buffer_first) / layout->blocks_across * rows;
    if (!layout->tiled && rows > available)
        rows = available;
    copy_block_rows(s, block, rows, out);
    return rows * layout->row_bytes;
}

/* Compresses block i of the batch. */
static eg_status pack_block(void *opaque, size_t i, size_t worker, eg_error *error)
{
    tiff_sink *s = opaque;
    eg_tiff_coder *coder = &s->coders[worker];
    packed_block *packed = &s->packed[i];
    uint32_t block = s->batch_first + (uint32_t)i;
    eg_status status = EG_OK;
    if (s->layout.compression == COMPRESSION_NONE) {
        packed->size = copy_block(s, block, packed->bytes);
        return EG_OK;
    }
    if (!coder->tif)
        status =
            eg_tiff_coder_open(coder, s->base.ctx, eg_output_name(s->output), &s->layout, error);
    if (status != EG_OK)
        return status;
    size_t bytes = copy_block(s, block, coder->samples);
    return eg_tiff_coder_run(coder, &s->layout, block, bytes, packed->bytes, &packed->size, error);
}

static bool append_block(tiff_sink *s, uint32_t block, const packed_block *packed)
{
    tmsize_t size = (tmsize_t)packed->size;
    return (s->layout.tiled ? TIFFWriteRawTile(s->tif, block, packed->bytes, size)
                            : TIFFWriteRawStrip(s->tif, block, packed->bytes, size)) == size;
}

/* ---- the predictor --------------------------------------------------------------------------- */

/*
 * The better predictor depends on the data, so it is chosen by compressing a few of the first
 * blocks with and without it. Size in percent of the uncompressed one, DEFLATE level 1, tiles of
 * 256:
 *
 *                                                  none   predictor 2 (floats: 3)
 *     slope of a float DEM, 2400 x 2400            88.8   80.3
 *     slope of a DEM in whole metres, 1201^2       62.0   81.8
 *     magnitude of an 8-bit image, floats          27.3   52.5
 *     hillshade, 8 bits                            71.9   57.9
 *     D8 codes, 8 bits                             30.6   36.9
 *     magnitude in 16 bits                         40.5   46.0
 *
 * On floats, predictor 2 was never the best of the three.
 */
typedef struct trial {
    const tiff_sink *sink;
    eg_tiff_layout layout[2]; /* without and with the predictor */
    uint32_t candidates;      /* buffered blocks from which the trial blocks are evenly chosen */
    size_t bytes[2];          /* compressed size of the trial blocks with each layout */
} trial;

/* Compresses the trial blocks with layout i. */
static eg_status try_layout(void *opaque, size_t i, size_t worker, eg_error *error)
{
    (void)worker;
    trial *t = opaque;
    eg_tiff_coder coder;
    const eg_tiff_layout *layout = &t->layout[i];
    eg_status status = eg_tiff_coder_open(&coder, t->sink->base.ctx,
                                          eg_output_name(t->sink->output), layout, error);
    for (uint32_t k = 0; k < layout->block_count && status == EG_OK; k++) {
        size_t size = 0;
        uint64_t block = (2 * (uint64_t)k + 1) * t->candidates / (2 * layout->block_count);
        copy_block_rows(t->sink, (uint32_t)block, layout->block_height, coder.samples);
        status = eg_tiff_coder_run(&coder, layout, k, layout->block_bytes, NULL, &size, error);
        t->bytes[i] += size;
    }
    eg_tiff_coder_close(&coder);
    return status;
}

/* Chooses between the layout's predictor and none by trial on the first buffer. The candidates are
 * the same whatever the number of threads: the first row of blocks, or at least BLOCKS_PER_THREAD
 * blocks, which the first buffer always holds if the image has them. */
static eg_status choose_predictor(tiff_sink *s, eg_error *error)
{
    const eg_tiff_layout *layout = &s->layout;
    trial t = {.sink = s,
               .candidates = layout->blocks_across > BLOCKS_PER_THREAD ? layout->blocks_across
                                                                       : BLOCKS_PER_THREAD};
    if (t.candidates > layout->block_count)
        t.candidates = layout->block_count;
    for (size_t i = 0; i < 2; i++) {
        eg_tiff_layout *tried = &t.layout[i];
        *tried = *layout;
        tried->predictor = i == 0 ? PREDICTOR_NONE : layout->predictor;
        if (tried->block_height > TRIAL_ROWS)
            tried->block_height = TRIAL_ROWS;
        tried->block_bytes = tried->row_bytes * tried->block_height;
        tried->blocks_across = 1;
        tried->block_count = t.candidates < TRIAL_BLOCKS ? t.candidates : TRIAL_BLOCKS;
        tried->width = tried->block_width;
        tried->height = tried->block_count * tried->block_height;
    }
    eg_status status = eg_pool_for_each(2, &t, try_layout, error);
    if (status != EG_OK)
        return status;
    s->layout.predictor = t.layout[t.bytes[1] <= t.bytes[0]].predictor;
    return TIFFSetField(s->tif, TIFFTAG_PREDICTOR, s->layout.predictor)
               ? EG_OK
               : fail_with_libtiff(s, error);
}

/* ---- write ----------------------------------------------------------------------------------- */

/* Compresses and appends the buffer's blocks, a batch at a time, and empties the buffer. */
static eg_status write_buffer(tiff_sink *s, eg_error *error)
{
    uint32_t down = eg_tiff_block_count(s->buffer_rows, s->layout.block_height);
    uint32_t end = s->buffer_first + down * s->layout.blocks_across;
    if (s->predictor_pending) {
        eg_status status = choose_predictor(s, error);
        if (status != EG_OK)
            return status;
        s->predictor_pending = false;
    }
    for (s->batch_first = s->buffer_first; s->batch_first < end;
         s->batch_first += (uint32_t)s->batch_size) {
        size_t count = end - s->batch_first < s->batch_size ? end - s->batch_first : s->batch_size;
        eg_status status = eg_pool_for_each(count, s, pack_block, error);
        if (status != EG_OK)
            return status;
        for (size_t i = 0; i < count; i++)
            if (!append_block(s, s->batch_first + (uint32_t)i, &s->packed[i]))
                return fail_with_libtiff(s, error);
    }
    s->buffer_first = end;
    s->buffer_rows = 0;
    return EG_OK;
}

static eg_status tiff_write(eg_sink *sink, const void *rows, size_t stride, size_t count,
                            eg_error *error)
{
    tiff_sink *s = (tiff_sink *)sink;
    eg_status status = EG_OK;
    for (size_t i = 0; i < count && status == EG_OK; i++) {
        buffer_row(s, (const char *)rows + i * stride);
        if (s->buffer_rows == s->buffer_capacity)
            status = write_buffer(s, error);
    }
    return status;
}

/* ---- finish, close --------------------------------------------------------------------------- */

static eg_status tiff_finish(eg_sink *sink, eg_error *error)
{
    tiff_sink *s = (tiff_sink *)sink;
    eg_status status = s->buffer_rows ? write_buffer(s, error) : EG_OK;
    if (status != EG_OK)
        return status;
    if (!TIFFWriteDirectory(s->tif))
        return fail_with_libtiff(s, error);
    return eg_output_commit(s->output, error);
}

/* Releases the sink. libtiff's last writes are discarded, because TIFFClose() always writes a
 * directory. */
static void tiff_close(eg_sink *sink)
{
    tiff_sink *s = (tiff_sink *)sink;
    s->discard = true;
    if (s->tif)
        TIFFClose(s->tif);
    for (size_t i = 0; s->coders && i < s->coder_count; i++)
        eg_tiff_coder_close(&s->coders[i]);
    if (s->reserved)
        eg_memory_release(s->base.ctx, s->reserved);
    eg_free(s->coders);
    eg_free(s->packed_bytes);
    eg_free(s->packed);
    eg_free(s->buffer);
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
    eg_status status = eg_tiff_load(error);
    if (status == EG_OK)
        status = eg_tiff_check_options(output, options, error);
    tiff_sink *made = status == EG_OK ? eg_calloc(ctx, 1, sizeof *made, error) : NULL;
    if (!made) {
        eg_output_close(output);
        return status == EG_OK ? eg_failed(error) : status;
    }
    made->base = (eg_sink){.ops = &ops, .ctx = ctx};
    made->output = output;
    made->options = *options;
    *sink = &made->base;
    return EG_OK;
}

const eg_format eg_tiff_format = {
    .name = "tiff",
    .help = "TIFF and GeoTIFF; 1, 8 or 16 bits, 32-bit floats",
    .extensions = "tif,tiff,gtiff",
    .reads_encoding = true,
    .reads_sidecars = true,
    .sidecars = EG_SIDECAR_REST,
    .probe = eg_tiff_probe,
    .open = eg_tiff_open,
    .create = tiff_create,
    .accepts = 1u << EG_BIT | 1u << EG_U8 | 1u << EG_U16 | 1u << EG_F32,
    .origin = eg_tiff_origin,
};
