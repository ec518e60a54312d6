/* SPDX-License-Identifier: MIT */
/*
 * Turning pictures upright. Mirroring left to right is done row by row; everything else first reads
 * the whole grid, in bands of 64 rows that are put where they belong in the upright grid. A quarter
 * turn writes 64 samples at a time to each upright row and works on tiles that stay in the cache.
 */
#include <string.h>

#include "io/io.h"

enum { BAND = 64, TILE = 16 };

/* How an orientation is put right: columns become rows first, then the mirrors. */
static const struct turn {
    bool transpose, mirror_x, mirror_y;
} turns[9] = {
    [2] = {false, true, false}, [3] = {false, true, true}, [4] = {false, false, true},
    [5] = {true, false, false}, [6] = {true, true, false}, [7] = {true, true, true},
    [8] = {true, false, true},
};

typedef struct upright {
    eg_source base;
    eg_source *stored; /* NULL once all of it is in `grid` */
    struct turn turn;
    size_t sample; /* bytes of one */
    char *grid;    /* upright rows, NULL where they are made one by one */
    size_t stride;
} upright;

/* ---- samples --------------------------------------------------------------------------------- */

static void mirror_bytes(uint8_t *row, size_t width)
{
    uint8_t *left = row, *right = row + width;
    for (; right - left >= 16; left += 8) {
        uint64_t a, b;
        right -= 8;
        memcpy(&a, left, 8);
        memcpy(&b, right, 8);
        a = __builtin_bswap64(a);
        b = __builtin_bswap64(b);
        memcpy(left, &b, 8);
        memcpy(right, &a, 8);
    }
    while (right - left >= 2) {
        uint8_t a = *left;
        *left++ = *--right;
        *right = a;
    }
}

static void mirror_floats(float *row, size_t width)
{
    for (size_t i = 0; i < width / 2; i++) {
        float left = row[i];
        row[i] = row[width - 1 - i];
        row[width - 1 - i] = left;
    }
}

static void mirror_row(void *row, size_t width, eg_sample sample)
{
    if (sample == EG_U8)
        mirror_bytes(row, width);
    else
        mirror_floats(row, width);
}

typedef uint8_t tile_row __attribute__((vector_size(TILE)));

/* Rows i and i + 8 interleaved, four times over, turn 16 rows of 16 into columns: every step moves
 * the top bit of a sample's place, row and column taken as one number of 8 bits, to its bottom. */
static void transpose_tile(uint8_t *out, ptrdiff_t out_stride, const uint8_t *in,
                           ptrdiff_t in_stride)
{
    tile_row rows[TILE], mixed[TILE];
    for (ptrdiff_t i = 0; i < TILE; i++)
        memcpy(&rows[i], in + i * in_stride, TILE);
    for (int step = 0; step < 4; step++) {
        for (int i = 0; i < TILE / 2; i++) {
            tile_row a = rows[i], b = rows[i + TILE / 2];
            mixed[2 * i] = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21,
                                                   6, 22, 7, 23);
            mixed[2 * i + 1] = __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28,
                                                       13, 29, 14, 30, 15, 31);
        }
        memcpy(rows, mixed, sizeof rows);
    }
    for (ptrdiff_t i = 0; i < TILE; i++)
        memcpy(out + i * out_stride, &rows[i], TILE);
}

/* Sample `column` of input row `row` becomes sample `row` of output row `column`. Strides may be
 * negative; `rows` and `columns` count those of the input. */
static void transpose_bytes(uint8_t *out, ptrdiff_t out_stride, const uint8_t *in,
                            ptrdiff_t in_stride, ptrdiff_t rows, ptrdiff_t columns)
{
    ptrdiff_t column = 0;
    for (; column + TILE <= columns && rows == BAND; column += TILE)
        for (ptrdiff_t row = 0; row < BAND; row += TILE)
            transpose_tile(out + column * out_stride + row, out_stride,
                           in + row * in_stride + column, in_stride);
    for (; column < columns; column++)
        for (ptrdiff_t row = 0; row < rows; row++)
            out[column * out_stride + row] = in[row * in_stride + column];
}

/* The same with floats; strides in samples. */
static void transpose_floats(float *out, ptrdiff_t out_stride, const float *in, ptrdiff_t in_stride,
                             ptrdiff_t rows, ptrdiff_t columns)
{
    for (ptrdiff_t column = 0; column < columns; column++)
        for (ptrdiff_t row = 0; row < rows; row++)
            out[column * out_stride + row] = in[row * in_stride + column];
}

/* ---- the grid -------------------------------------------------------------------------------- */

/* Puts stored rows first..first+count-1, which are in `band`, where they belong upright. */
static void place_turned(const upright *turned, const char *band, size_t first, size_t count)
{
    const eg_info *info = &turned->base.info;
    ptrdiff_t in_stride = (ptrdiff_t)eg_row_bytes(info->sample, info->stored_width);
    ptrdiff_t out_stride = (ptrdiff_t)turned->stride;
    size_t x = turned->turn.mirror_x ? info->width - first - count : first;
    char *out = turned->grid + x * turned->sample;
    ptrdiff_t columns = (ptrdiff_t)info->height, rows = (ptrdiff_t)count;
    if (turned->turn.mirror_x) {
        band += (rows - 1) * in_stride;
        in_stride = -in_stride;
    }
    if (turned->turn.mirror_y) {
        out += (columns - 1) * out_stride;
        out_stride = -out_stride;
    }
    if (info->sample == EG_U8)
        transpose_bytes((uint8_t *)out, out_stride, (const uint8_t *)band, in_stride, rows,
                        columns);
    else
        transpose_floats((float *)(void *)out, out_stride / (ptrdiff_t)sizeof(float),
                         (const float *)(const void *)band, in_stride / (ptrdiff_t)sizeof(float),
                         rows, columns);
}

/* The same for pictures that stand on their head. */
static void place_flipped(const upright *turned, const char *band, size_t first, size_t count)
{
    const eg_info *info = &turned->base.info;
    size_t row_bytes = eg_row_bytes(info->sample, info->width);
    for (size_t i = 0; i < count; i++) {
        char *out = turned->grid + (info->height - 1 - first - i) * turned->stride;
        memcpy(out, band + i * row_bytes, row_bytes);
        if (turned->turn.mirror_x)
            mirror_row(out, info->width, info->sample);
    }
}

/* How many rows to read when `left` are left. In a mirrored grid the odd band comes first, so that
 * the whole ones start at cache lines there too. */
static size_t band_rows(const upright *turned, size_t left)
{
    size_t odd = left % BAND;
    if (turned->turn.mirror_x && odd > 0)
        return odd;
    return left < BAND ? left : BAND;
}

/* Reads the stored picture to its end. */
static eg_status fill_grid(upright *turned, char *band, eg_error *error)
{
    const eg_info *stored = &turned->stored->info;
    size_t row_bytes = eg_row_bytes(stored->sample, stored->width);
    size_t count = 0;
    for (size_t y = 0; y < stored->height; y += count) {
        count = band_rows(turned, stored->height - y);
        eg_status status = eg_source_read(turned->stored, band, row_bytes, count, error);
        if (status != EG_OK)
            return status;
        (turned->turn.transpose ? place_turned : place_flipped)(turned, band, y, count);
    }
    return eg_source_finish(turned->stored, error);
}

static eg_status load_grid(upright *turned, eg_error *error)
{
    const eg_info *info = &turned->base.info;
    eg_context *ctx = turned->base.ctx;
    size_t lines = (eg_row_bytes(info->sample, info->width) + 63) / 64;
    turned->stride =
        (lines | 1) * 64; /* odd, or the columns of a turn would meet in one cache set */
    turned->grid = eg_alloc(ctx, info->height, turned->stride, error);
    if (!turned->grid)
        return eg_failed(error);
    char *band = eg_alloc(ctx, BAND, eg_row_bytes(info->sample, info->stored_width), error);
    if (!band)
        return eg_failed(error);
    eg_status status = fill_grid(turned, band, error);
    eg_free(band);
    return status;
}

/* ---- the source ------------------------------------------------------------------------------ */

static eg_status read_mirrored(upright *turned, char *rows, size_t stride, size_t count,
                               eg_error *error)
{
    const eg_info *info = &turned->base.info;
    eg_status status = eg_source_read(turned->stored, rows, stride, count, error);
    for (size_t i = 0; i < count && status == EG_OK; i++)
        mirror_row(rows + i * stride, info->width, info->sample);
    return status;
}

static eg_status upright_read(eg_source *source, void *rows, size_t stride, size_t count,
                              eg_error *error)
{
    upright *turned = (upright *)source;
    if (!turned->turn.transpose && !turned->turn.mirror_y)
        return read_mirrored(turned, rows, stride, count, error);
    if (!turned->grid) {
        eg_status status = load_grid(turned, error);
        if (status != EG_OK)
            return status;
        eg_source_close(turned->stored);
        turned->stored = NULL;
    }
    size_t row_bytes = eg_row_bytes(source->info.sample, source->info.width);
    const char *from = turned->grid + source->next_row * turned->stride;
    for (size_t i = 0; i < count; i++)
        memcpy((char *)rows + i * stride, from + i * turned->stride, row_bytes);
    return EG_OK;
}

/* A source held in `grid` was finished when its last row had been read. */
static eg_status upright_finish(eg_source *source, eg_error *error)
{
    upright *turned = (upright *)source;
    return turned->stored ? eg_source_finish(turned->stored, error) : EG_OK;
}

static void upright_close(eg_source *source)
{
    upright *turned = (upright *)source;
    eg_source_close(turned->stored);
    eg_free(turned->grid);
    eg_free(turned);
}

/* Rows held in memory are all there. */
static eg_status upright_skip(eg_source *source, size_t count, eg_error *error)
{
    upright *turned = (upright *)source;
    if (turned->turn.transpose || turned->turn.mirror_y)
        return EG_OK;
    return eg_source_fetch(turned->stored, turned->stored->next_row + count, NULL, 0, 0, error);
}

static const eg_source_ops upright_ops = {upright_read, upright_finish, upright_close,
                                          upright_skip};

eg_status eg_orient(eg_source **source, eg_source *stored, int orientation, eg_error *error)
{
    if (orientation < 2 || orientation > 8) {
        *source = stored;
        return EG_OK;
    }
    upright *turned = eg_calloc(stored->ctx, 1, sizeof *turned, error);
    if (!turned) {
        eg_source_close(stored);
        *source = NULL;
        return eg_failed(error);
    }
    turned->base.ops = &upright_ops;
    turned->base.ctx = stored->ctx;
    turned->base.info = stored->info;
    turned->stored = stored;
    turned->turn = turns[orientation];
    turned->sample = eg_row_bytes(stored->info.sample, 1);
    if (turned->turn.transpose) {
        turned->base.info.width = stored->info.height;
        turned->base.info.height = stored->info.width;
    }
    *source = &turned->base;
    return EG_OK;
}
