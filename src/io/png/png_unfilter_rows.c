/* SPDX-License-Identifier: MIT */
/*
 * Kernels that undo the filters of PNG rows. A byte depends on those to its left, above it and
 * between them, so pixels of one row follow each other; but pixels on a slanted line through
 * several rows do not depend on each other. They are computed together, one row in each group of
 * lanes, each row behind the one above it.
 */
#include "core/level.h"
#include "io/png/png_filter.h"
#include "io/png/png_unfilter.h"
#include "io/png/simd.h"

/* ---- one row ---- */

EG_INLINE void undo_row(uint8_t *out, const uint8_t *in, const uint8_t *above, size_t bytes,
                        size_t step, int filter)
{
    for (size_t x = 0; x < bytes; x++) {
        const uint8_t left = x < step ? 0 : out[x - step], corner = x < step ? 0 : above[x - step];
        const int prediction = filter == EG_PNG_SUB       ? left
                               : filter == EG_PNG_UP      ? above[x]
                               : filter == EG_PNG_AVERAGE ? (left + above[x]) / 2
                               : filter == EG_PNG_PAETH   ? eg_png_paeth(left, above[x], corner)
                                                          : 0;
        out[x] = (uint8_t)(in[x] + prediction);
    }
}

/* Undoes the filter of row y. */
static void undo_single(const eg_png_batch *rows, size_t y)
{
    uint8_t *out = rows->out + y * rows->out_stride;
    const uint8_t *above = out - rows->out_stride, *in = rows->in + y * rows->in_stride;
    const size_t bytes = rows->bytes, step = rows->step;
    switch (*in++) {
    case EG_PNG_NONE:
        memcpy(out, in, bytes);
        break;
    case EG_PNG_SUB:
        undo_row(out, in, above, bytes, step, EG_PNG_SUB);
        break;
    case EG_PNG_UP:
        undo_row(out, in, above, bytes, step, EG_PNG_UP);
        break;
    case EG_PNG_AVERAGE:
        undo_row(out, in, above, bytes, step, EG_PNG_AVERAGE);
        break;
    default:
        undo_row(out, in, above, bytes, step, EG_PNG_PAETH);
        break;
    }
}

/* ---- several rows together ---- */

/* Defines the prediction for lanes of type `v` from the pixels to the left, above and between them.
 * `sub` to `paeth` are the lanes of the rows with these filters; with `only_paeth` all have it. */
#define DEFINE_PREDICTION(v, absolute)                                                             \
    typedef struct v##_filters {                                                                   \
        v sub, up, average, paeth;                                                                 \
    } v##_filters;                                                                                 \
                                                                                                   \
    EG_INLINE v v##_prediction(v left, v above, v corner, const v##_filters *f, bool only_paeth)   \
    {                                                                                              \
        const v x = above - corner, y = left - corner;                                             \
        const v to_left = absolute(x), to_above = absolute(y), to_corner = absolute(x + y);        \
        const v not_left = (to_left > to_above) | (to_left > to_corner);                           \
        const v not_above = to_above > to_corner;                                                  \
        const v other = (above & ~not_above) | (corner & not_above);                               \
        const v nearest = (left & ~not_left) | (other & not_left);                                 \
        if (only_paeth)                                                                            \
            return nearest;                                                                        \
        return (nearest & f->paeth) | (left & f->sub) | (above & f->up) |                          \
               (((left + above) >> 1) & f->average);                                               \
    }

DEFINE_PREDICTION(eg_rows16, eg_abs_rows)
DEFINE_PREDICTION(eg_eight16, eg_abs_eight)

/* Sets the lanes first .. first + count - 1 of the filter of a row. */
#define SET_FILTER(f, filter, first, count)                                                        \
    for (int lane_ = (first); lane_ < (first) + (count); lane_++) {                                \
        (f)->sub[lane_] = (filter) == EG_PNG_SUB ? -1 : 0;                                         \
        (f)->up[lane_] = (filter) == EG_PNG_UP ? -1 : 0;                                           \
        (f)->average[lane_] = (filter) == EG_PNG_AVERAGE ? -1 : 0;                                 \
        (f)->paeth[lane_] = (filter) == EG_PNG_PAETH ? -1 : 0;                                     \
    }

/* Pixels by which a row is behind the row above: one more than needed, so that moving lanes from
 * row to row is not on the path from a pixel to the next. */
enum { PIXEL_LAG = 2 };

/* State of rows of three or four bytes a pixel: the last two pixels of each and those above. */
typedef struct pixel_state {
    eg_rows16 pixels, before, above;
} pixel_state;

/* Computes pixel t - PIXEL_LAG r of each row r. With `edge` it may lie outside of the row. */
EG_INLINE void undo_pixels(const eg_png_batch *rows, size_t t, size_t width, pixel_state *s,
                           const eg_rows16_filters *f, size_t step, bool only_paeth, bool edge)
{
    uint32_t filtered[EG_PNG_LANE_ROWS], pixels[EG_PNG_LANE_ROWS];
    for (size_t r = 0; r < EG_PNG_LANE_ROWS; r++)
        filtered[r] =
            edge && t - PIXEL_LAG * r >= width
                ? 0
                : eg_load_pixel(rows->in + r * rows->in_stride + 1 + (t - PIXEL_LAG * r) * step);
    const uint32_t first =
        edge && t >= width ? 0 : eg_load_pixel(rows->out - rows->out_stride + t * step);
    const eg_rows16 above = eg_row_above(s->before, first);
    const eg_rows16 prediction = eg_rows16_prediction(s->pixels, above, s->above, f, only_paeth);
    s->before = s->pixels;
    s->above = above;
    s->pixels = (eg_widen_pixels(filtered) + prediction) & 0xFF;
    eg_narrow_pixels(pixels, s->pixels);
    for (size_t r = 0; r < EG_PNG_LANE_ROWS; r++)
        if (!edge || t - PIXEL_LAG * r < width)
            memcpy(rows->out + r * rows->out_stride + (t - PIXEL_LAG * r) * step, &pixels[r], 4);
}

EG_INLINE void undo_pixel_rows(const eg_png_batch *rows, const eg_rows16_filters *f, size_t step,
                               bool only_paeth)
{
    const size_t width = rows->bytes / step, behind = PIXEL_LAG * (EG_PNG_LANE_ROWS - 1);
    pixel_state s = {0};
    size_t t = 0;
    for (; t < behind; t++)
        undo_pixels(rows, t, width, &s, f, step, only_paeth, true);
    for (; t < width; t++)
        undo_pixels(rows, t, width, &s, f, step, only_paeth, false);
    for (; t < width + behind; t++)
        undo_pixels(rows, t, width, &s, f, step, only_paeth, true);
}

/* Returns the filters that occur in `count` rows, as bits. */
static unsigned filters_of(const eg_png_batch *rows, size_t count)
{
    unsigned filters = 0;
    for (size_t y = 0; y < count; y++)
        filters |= 1u << rows->in[y * rows->in_stride];
    return filters;
}

/* Undoes the filters of EG_PNG_LANE_ROWS rows of three or four bytes a pixel. */
static void undo_wide_pixels(const eg_png_batch *rows)
{
    eg_rows16_filters f = {0};
    for (int r = 0; r < EG_PNG_LANE_ROWS; r++)
        SET_FILTER(&f, rows->in[(size_t)r * rows->in_stride], 4 * r, 4)
    const bool only_paeth = filters_of(rows, EG_PNG_LANE_ROWS) == 1u << EG_PNG_PAETH;
    if (rows->step == 3 && only_paeth)
        undo_pixel_rows(rows, &f, 3, true);
    else if (rows->step == 3)
        undo_pixel_rows(rows, &f, 3, false);
    else
        undo_pixel_rows(rows, &f, 4, false);
}

/* ---- eight rows, byte by byte ---- */

enum { EIGHT = 8, MOST_BYTES = 8 /* of a pixel */ };

/* Loads bytes x .. x + 7 of a row, of which those outside of 0 .. width - 1 are 0. */
static inline uint64_t load8(const uint8_t *row, ptrdiff_t x, ptrdiff_t width)
{
    uint64_t bytes = 0;
    if (x >= 0 && x + EIGHT <= width) {
        memcpy(&bytes, row + x, sizeof bytes);
        return bytes;
    }
    uint8_t inside[EIGHT] = {0};
    for (ptrdiff_t i = 0; i < EIGHT; i++)
        if (x + i >= 0 && x + i < width)
            inside[i] = row[x + i];
    memcpy(&bytes, inside, sizeof bytes);
    return bytes;
}

/* Stores those of bytes x .. x + 7 of a row that are inside of it. */
static inline void store8(uint8_t *row, ptrdiff_t x, ptrdiff_t width, uint64_t bytes)
{
    if (x >= 0 && x + EIGHT <= width) {
        memcpy(row + x, &bytes, sizeof bytes);
        return;
    }
    uint8_t some[EIGHT];
    memcpy(some, &bytes, sizeof some);
    for (ptrdiff_t i = 0; i < EIGHT; i++)
        if (x + i >= 0 && x + i < width)
            row[x + i] = some[i];
}

/* The last bytes of eight rows, of one pixel, and the bytes above them; the oldest first. */
typedef struct byte_state {
    eg_eight16 bytes[MOST_BYTES], above[MOST_BYTES];
} byte_state;

/* Computes the next byte of each row from `filtered` and, for the first one, the byte above. */
EG_INLINE uint64_t undo_bytes(byte_state *s, uint64_t filtered, int16_t first, size_t step,
                              const eg_eight16_filters *f)
{
    const eg_eight16 above = eg_lane_above(s->bytes[step - 1], first);
    const eg_eight16 prediction = eg_eight16_prediction(s->bytes[0], above, s->above[0], f, false);
    for (size_t i = 0; i + 1 < step; i++) {
        s->bytes[i] = s->bytes[i + 1];
        s->above[i] = s->above[i + 1];
    }
    s->bytes[step - 1] = (eg_widen8(filtered) + prediction) & 0xFF;
    s->above[step - 1] = above;
    return eg_narrow8(s->bytes[step - 1]);
}

/* Undoes the filters of eight rows; row r is r bytes behind the first one. */
EG_INLINE void undo_eight_of(const eg_png_batch *rows, size_t step)
{
    eg_eight16_filters f = {0};
    for (int r = 0; r < EIGHT; r++)
        SET_FILTER(&f, rows->in[(size_t)r * rows->in_stride], r, 1)
    const ptrdiff_t width = (ptrdiff_t)rows->bytes;
    byte_state s = {0};
    for (ptrdiff_t t = 0; t < width + EIGHT - 1; t += EIGHT) {
        uint64_t in[EIGHT], column[EIGHT];
        for (ptrdiff_t r = 0; r < EIGHT; r++)
            in[r] = load8(rows->in + (size_t)r * rows->in_stride + 1, t - r, width);
        const uint64_t first = load8(rows->out - rows->out_stride, t, width);
        eg_transpose8(column, in);
        for (int i = 0; i < EIGHT; i++)
            column[i] = undo_bytes(&s, column[i], (int16_t)(first >> 8 * i & 0xFF), step, &f);
        eg_transpose8(in, column);
        for (ptrdiff_t r = 0; r < EIGHT; r++)
            store8(rows->out + (size_t)r * rows->out_stride, t - r, width, in[r]);
    }
}

static void undo_eight_rows(const eg_png_batch *rows)
{
    switch (rows->step) {
    case 1:
        undo_eight_of(rows, 1);
        break;
    case 2:
        undo_eight_of(rows, 2);
        break;
    case 6:
        undo_eight_of(rows, 6);
        break;
    default:
        undo_eight_of(rows, MOST_BYTES);
        break;
    }
}

/* ---- all rows ---- */

/* Returns how many rows of pixels of `step` bytes are computed together. */
static size_t rows_together(size_t step)
{
    return step == 3 || step == 4 ? EG_PNG_LANE_ROWS : EIGHT;
}

static void unfilter(const eg_png_batch *rows, size_t count)
{
    enum { SIMPLE = 1u << EG_PNG_NONE | 1u << EG_PNG_UP };
    const size_t together = rows_together(rows->step);
    eg_png_batch left = *rows;
    while (count) {
        size_t done = together;
        if (count >= together && rows->bytes >= 64 &&
            (filters_of(&left, together) & ~(unsigned)SIMPLE)) {
            if (together == EIGHT)
                undo_eight_rows(&left);
            else
                undo_wide_pixels(&left);
        } else {
            done = 1;
            undo_single(&left, 0);
        }
        left.in += done * left.in_stride;
        left.out += done * left.out_stride;
        count -= done;
    }
}

extern const eg_png_kernels EG_AT_LEVEL(eg_png_kernels);
const eg_png_kernels EG_AT_LEVEL(eg_png_kernels) = {.unfilter = unfilter};
