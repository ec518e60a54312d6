/* SPDX-License-Identifier: MIT */
/*
 * Applying the EXIF orientation. Images mirrored left to right are converted row by row; all others
 * are read completely, in bands of 64 rows, into a grid of oriented rows. Transposing writes 64
 * samples at a time to each oriented row, in tiles that stay in the cache. Planes are oriented one
 * by one.
 */
#include <string.h>

#include "io/io.h"

enum { BAND = 64, TILE = 16 };

/* Transforms that apply each EXIF orientation: transposition first, then mirroring. */
static const struct transform {
    bool transpose, mirror_x, mirror_y;
} transforms[9] = {
    [2] = {false, true, false}, [3] = {false, true, true}, [4] = {false, false, true},
    [5] = {true, false, false}, [6] = {true, true, false}, [7] = {true, true, true},
    [8] = {true, false, true},
};

typedef struct oriented_source {
    eg_source base;
    eg_source *stored; /* source of the stored rows; NULL once all are in `grid` */
    eg_georef georef;  /* units and nodata of the stored rows */
    struct transform transform;
    size_t sample_bytes;
    size_t planes;
    char *grid;          /* oriented rows; NULL if not read yet, or converted row by row */
    size_t plane_stride; /* bytes between planes of a row of the grid */
    size_t stride;       /* bytes between rows of the grid */
} oriented_source;

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

static void mirror_doubles(double *row, size_t width)
{
    for (size_t i = 0; i < width / 2; i++) {
        double left = row[i];
        row[i] = row[width - 1 - i];
        row[width - 1 - i] = left;
    }
}

static void mirror_row(void *row, size_t width, eg_sample sample)
{
    if (sample == EG_U8)
        mirror_bytes(row, width);
    else if (sample == EG_F32)
        mirror_floats(row, width);
    else
        mirror_doubles(row, width);
}

typedef uint8_t tile_row __attribute__((vector_size(TILE)));

/* Transposes a tile of 16 x 16 bytes by interleaving rows i and i + 8 four times: each step rotates
 * the 8-bit index (row, column) of every sample by one bit. */
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

/* Transposes `rows` x `columns` bytes of input. Strides, in bytes, may be negative. */
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

/* Transposes `rows` x `columns` floats of input. Strides, in floats, may be negative. */
static void transpose_floats(float *out, ptrdiff_t out_stride, const float *in, ptrdiff_t in_stride,
                             ptrdiff_t rows, ptrdiff_t columns)
{
    for (ptrdiff_t column = 0; column < columns; column++)
        for (ptrdiff_t row = 0; row < rows; row++)
            out[column * out_stride + row] = in[row * in_stride + column];
}

/* Transposes `rows` x `columns` doubles of input. Strides, in doubles, may be negative. */
static void transpose_doubles(double *out, ptrdiff_t out_stride, const double *in,
                              ptrdiff_t in_stride, ptrdiff_t rows, ptrdiff_t columns)
{
    for (ptrdiff_t column = 0; column < columns; column++)
        for (ptrdiff_t row = 0; row < rows; row++)
            out[column * out_stride + row] = in[row * in_stride + column];
}

/* ---- the grid -------------------------------------------------------------------------------- */

/* Returns the bytes of a plane of a stored row. */
static size_t stored_bytes(const oriented_source *oriented)
{
    return eg_row_bytes(oriented->stored->info.sample, oriented->stored->info.width);
}

/* Returns the bytes between stored rows, which have no padding. */
static size_t stored_stride(const oriented_source *oriented)
{
    return oriented->planes * stored_bytes(oriented);
}

/* Transposes and mirrors a plane of stored rows first .. first + count - 1, given in `band`, into
 * the plane of the grid at `grid`. */
static void store_transposed(const oriented_source *oriented, char *grid, const char *band,
                             size_t first, size_t count)
{
    const eg_info *info = &oriented->base.info;
    ptrdiff_t in_stride = (ptrdiff_t)stored_stride(oriented);
    ptrdiff_t out_stride = (ptrdiff_t)oriented->stride;
    size_t x = oriented->transform.mirror_x ? info->width - first - count : first;
    char *out = grid + x * oriented->sample_bytes;
    ptrdiff_t columns = (ptrdiff_t)info->height, rows = (ptrdiff_t)count;
    if (oriented->transform.mirror_x) {
        band += (rows - 1) * in_stride;
        in_stride = -in_stride;
    }
    if (oriented->transform.mirror_y) {
        out += (columns - 1) * out_stride;
        out_stride = -out_stride;
    }
    if (info->sample == EG_U8)
        transpose_bytes((uint8_t *)out, out_stride, (const uint8_t *)band, in_stride, rows,
                        columns);
    else if (info->sample == EG_F32)
        transpose_floats((float *)(void *)out, out_stride / (ptrdiff_t)sizeof(float),
                         (const float *)(const void *)band, in_stride / (ptrdiff_t)sizeof(float),
                         rows, columns);
    else
        transpose_doubles((double *)(void *)out, out_stride / (ptrdiff_t)sizeof(double),
                          (const double *)(const void *)band, in_stride / (ptrdiff_t)sizeof(double),
                          rows, columns);
}

/* Copies a plane of stored rows first .. first + count - 1, given in `band`, upside down into the
 * plane of the grid at `grid`, and mirrors them left to right if required. */
static void store_flipped(const oriented_source *oriented, char *grid, const char *band,
                          size_t first, size_t count)
{
    const eg_info *info = &oriented->base.info;
    for (size_t i = 0; i < count; i++) {
        char *out = grid + (info->height - 1 - first - i) * oriented->stride;
        memcpy(out, band + i * stored_stride(oriented), stored_bytes(oriented));
        if (oriented->transform.mirror_x)
            mirror_row(out, info->width, info->sample);
    }
}

/* Returns the number of rows to read next when `left` remain. If columns are mirrored the
 * incomplete band comes first, so that the complete bands start at cache lines of the grid. */
static size_t next_band_rows(const oriented_source *oriented, size_t left)
{
    size_t incomplete = left % BAND;
    if (oriented->transform.mirror_x && incomplete > 0)
        return incomplete;
    return left < BAND ? left : BAND;
}

/* Reads all stored rows into the grid. */
static eg_status fill_grid(oriented_source *oriented, char *band, eg_error *error)
{
    const size_t height = oriented->stored->info.height, stride = stored_stride(oriented);
    size_t count = 0;
    for (size_t y = 0; y < height; y += count) {
        count = next_band_rows(oriented, height - y);
        eg_status status = eg_source_read(oriented->stored, band, stride, count, error);
        if (status != EG_OK)
            return status;
        for (size_t k = 0; k < oriented->planes; k++)
            (oriented->transform.transpose ? store_transposed : store_flipped)(
                oriented, oriented->grid + k * oriented->plane_stride,
                band + k * stored_bytes(oriented), y, count);
    }
    return eg_source_finish(oriented->stored, error);
}

static eg_status load_grid(oriented_source *oriented, eg_error *error)
{
    const eg_info *info = &oriented->base.info;
    eg_context *ctx = oriented->base.ctx;
    size_t lines = (eg_row_bytes(info->sample, info->width) + 63) / 64;
    /* an odd number of lines, so that columns spread over all cache sets */
    oriented->plane_stride = (lines | 1) * 64;
    oriented->stride = oriented->planes * oriented->plane_stride;
    oriented->grid = eg_alloc(ctx, info->height, oriented->stride, error);
    if (!oriented->grid)
        return eg_failed(error);
    char *band = eg_alloc(ctx, BAND, stored_stride(oriented), error);
    if (!band)
        return eg_failed(error);
    eg_status status = fill_grid(oriented, band, error);
    eg_free(band);
    return status;
}

/* ---- the source ------------------------------------------------------------------------------ */

static eg_status read_mirrored(oriented_source *oriented, char *rows, size_t stride, size_t count,
                               eg_error *error)
{
    const eg_info *info = &oriented->base.info;
    eg_status status = eg_source_read(oriented->stored, rows, stride, count, error);
    const size_t plane_bytes = stride / oriented->planes;
    for (size_t i = 0; i < count && status == EG_OK; i++)
        for (size_t k = 0; k < oriented->planes; k++)
            mirror_row(rows + i * stride + k * plane_bytes, info->width, info->sample);
    return status;
}

static eg_status oriented_read(eg_source *source, void *rows, size_t stride, size_t count,
                               eg_error *error)
{
    oriented_source *oriented = (oriented_source *)source;
    if (!oriented->transform.transpose && !oriented->transform.mirror_y)
        return read_mirrored(oriented, rows, stride, count, error);
    if (!oriented->grid) {
        eg_status status = load_grid(oriented, error);
        if (status != EG_OK)
            return status;
        eg_source_move_warnings(source, oriented->stored);
        eg_source_close(oriented->stored);
        oriented->stored = NULL;
    }
    const size_t row_bytes = eg_row_bytes(source->info.sample, source->info.width);
    const size_t plane_bytes = stride / oriented->planes;
    const char *from = oriented->grid + source->next_row * oriented->stride;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < oriented->planes; k++)
            memcpy((char *)rows + i * stride + k * plane_bytes,
                   from + i * oriented->stride + k * oriented->plane_stride, row_bytes);
    return EG_OK;
}

/* Finishes the stored source, unless the rows are in `grid`: then fill_grid() has finished it. */
static eg_status oriented_finish(eg_source *source, eg_error *error)
{
    oriented_source *oriented = (oriented_source *)source;
    if (!oriented->stored)
        return EG_OK;
    eg_status status = eg_source_finish(oriented->stored, error);
    eg_source_move_warnings(source, oriented->stored);
    return status;
}

static void oriented_close(eg_source *source)
{
    oriented_source *oriented = (oriented_source *)source;
    eg_source_close(oriented->stored);
    eg_free(oriented->grid);
    eg_free(oriented);
}

/* Rows in `grid` need no skipping, because they are located by next_row. */
static eg_status oriented_skip(eg_source *source, size_t count, eg_error *error)
{
    oriented_source *oriented = (oriented_source *)source;
    if (oriented->transform.transpose || oriented->transform.mirror_y)
        return EG_OK;
    return eg_source_fetch(oriented->stored, oriented->stored->next_row + count, NULL, 0, 0, error);
}

/* Keeps units and nodata, which do not depend on the order of the rows. The tags go with the stored
 * source. */
static void keep_units(oriented_source *oriented, const eg_georef *georef)
{
    oriented->georef = *georef;
    oriented->georef.located = false;
    oriented->georef.tags = NULL;
    oriented->base.georef = &oriented->georef;
}

static const eg_source_ops oriented_ops = {.read = oriented_read,
                                           .finish = oriented_finish,
                                           .close = oriented_close,
                                           .skip = oriented_skip};

eg_status eg_orient(eg_source **source, eg_source *stored, int orientation, eg_error *error)
{
    if (orientation < 2 || orientation > 8) {
        *source = stored;
        return EG_OK;
    }
    oriented_source *oriented = eg_calloc(stored->ctx, 1, sizeof *oriented, error);
    if (!oriented) {
        eg_source_close(stored);
        *source = NULL;
        return eg_failed(error);
    }
    oriented->base.ops = &oriented_ops;
    oriented->base.ctx = stored->ctx;
    oriented->base.info = stored->info;
    if (stored->georef)
        keep_units(oriented, stored->georef);
    oriented->base.has_mask = stored->has_mask;
    oriented->stored = stored;
    oriented->planes = eg_source_planes(stored);
    oriented->transform = transforms[orientation];
    oriented->sample_bytes = eg_row_bytes(stored->info.sample, 1);
    if (oriented->transform.transpose) {
        oriented->base.info.width = stored->info.height;
        oriented->base.info.height = stored->info.width;
    }
    eg_source_move_warnings(&oriented->base, stored);
    eg_source_move_pages(&oriented->base, stored);
    *source = &oriented->base;
    return EG_OK;
}

void eg_orient_transform(double t[6], int orientation, size_t stored_width, size_t stored_height)
{
    if (orientation < 2 || orientation > 8)
        return;
    const struct transform how = transforms[orientation];
    const double across = (double)(how.transpose ? stored_height : stored_width);
    const double down = (double)(how.transpose ? stored_width : stored_height);
    /* steps in x and y for a column and a row of the oriented image before mirroring */
    double column[2] = {t[how.transpose ? 2 : 1], t[how.transpose ? 5 : 4]};
    double row[2] = {t[how.transpose ? 1 : 2], t[how.transpose ? 4 : 5]};
    for (int i = 0; i < 2; i++) {
        if (how.mirror_x) {
            t[3 * i] += across * column[i];
            column[i] = -column[i];
        }
        if (how.mirror_y) {
            t[3 * i] += down * row[i];
            row[i] = -row[i];
        }
        t[3 * i + 1] = column[i];
        t[3 * i + 2] = row[i];
    }
}
