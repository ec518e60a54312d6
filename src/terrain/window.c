/* SPDX-License-Identifier: MIT */
/* 3 x 3 windows: the ring of rows, borders and missing cells. */
#include "terrain/window.h"

#include <math.h>

/* Samples on each side of a row: one is used, a whole cache line keeps rows aligned. */
enum { MARGIN = 8, ROW = EG_TERRAIN_TILE + 2 * MARGIN, RING = 3 };

/* Rows of the iterator's memory: the ring, one outside the raster, nine with missing cells filled,
 * p, q. */
enum { OUTSIDE = RING, FILLED = OUTSIDE + 1, SLOPES = FILLED + EG_CELLS, ROWS = SLOPES + 2 };

size_t eg_window_iterator_scratch(void)
{
    return (size_t)ROWS * ROW * sizeof(double);
}

/* Returns the address of column 0 in row `i` of the memory. */
static double *memory_row(const eg_window_iterator *iterator, size_t i)
{
    return iterator->memory + i * ROW + MARGIN;
}

void eg_window_iterator_begin(eg_window_iterator *iterator, const eg_window_options *options,
                              const eg_band *band, size_t x0, size_t width, size_t first,
                              void *scratch)
{
    *iterator = (eg_window_iterator){
        .options = options,
        .band = band,
        .x0 = x0,
        .width = width,
        .ready = first ? first - 1 : 0,
        .memory = scratch,
    };
}

static bool at_left(const eg_window_iterator *iterator)
{
    return iterator->x0 == 0;
}

static bool at_right(const eg_window_iterator *iterator)
{
    return iterator->x0 + iterator->width == iterator->band->width;
}

/* Widens source row y into the ring, with one more cell on each side that is inside the raster. */
static void load_row(eg_window_iterator *iterator, size_t y)
{
    const size_t left = !at_left(iterator), count = left + iterator->width + !at_right(iterator);
    const char *from = eg_band_row(iterator->band, (ptrdiff_t)y);
    from += eg_row_bytes(iterator->band->sample, iterator->x0 - left);
    size_t missing = iterator->options->widen(memory_row(iterator, y % RING) - left, from, count,
                                              iterator->options->nodata);
    iterator->missing[y % RING] = missing;
    iterator->any_valid = iterator->any_valid || missing < count;
}

/* Makes the row outside the raster next to its outermost row `outer`, behind which lies `inner`:
 * linearly extrapolated, or missing if `extrapolate` is NULL. `neighbours`, which may be NULL, is
 * that row of the frame. */
static double *make_outside_row(const eg_window_iterator *iterator,
                                eg_extrapolate_kernel *extrapolate, const double *outer,
                                const double *inner, const double *neighbours)
{
    const size_t left = !at_left(iterator), count = left + iterator->width + !at_right(iterator);
    double *row = memory_row(iterator, OUTSIDE) - left;
    if (extrapolate)
        extrapolate(row, outer - left, inner - left, count);
    else
        for (size_t x = 0; x < count; x++)
            row[x] = NAN;
    for (size_t x = 0; neighbours && x < count; x++)
        eg_frame_copy_cell(row + x, neighbours[iterator->x0 - left + x]);
    return row + left;
}

/* Makes the cell `beside` the outermost cell of a row, behind which lies `inner`. In windows of the
 * first and the last row gdaldem repeats the outermost column (`repeat_corners`), which distorts
 * even a plane at the corners. */
static void make_outside_cell(eg_extrapolate_kernel *extrapolate, double *beside,
                              const double *outer, const double *inner, bool repeat_corners)
{
    if (!extrapolate)
        *beside = NAN;
    else if (repeat_corners)
        *beside = *outer;
    else
        extrapolate(beside, outer, inner, 1);
}

/* Returns true if row y is the first or the last one in column x, without a neighbour beyond it. */
static bool at_end(const eg_window_iterator *iterator, size_t y, size_t x)
{
    const eg_frame *frame = iterator->options->frame;
    return (y == 0 && !(frame && eg_frame_covers(frame->above[x]))) ||
           (y == iterator->band->height - 1 && !(frame && eg_frame_covers(frame->below[x])));
}

/* Makes the cells beside row `at` (-1 .. height) for the windows of row y. */
static void make_outside_cells(const eg_window_iterator *iterator,
                               eg_extrapolate_kernel *extrapolate, double *row, size_t y,
                               ptrdiff_t at)
{
    const eg_frame *frame = iterator->options->frame;
    const bool repeat = iterator->options->repeat_corners;
    double *last = row + iterator->width - 1;
    if (at_left(iterator)) {
        make_outside_cell(extrapolate, row - 1, row, row + 1, repeat && at_end(iterator, y, 0));
        if (frame)
            eg_frame_copy_cell(row - 1, eg_frame_left(frame, at));
    }
    if (at_right(iterator)) {
        size_t x = iterator->band->width - 1;
        make_outside_cell(extrapolate, last + 1, last, last - 1, repeat && at_end(iterator, y, x));
        if (frame)
            eg_frame_copy_cell(last + 1, eg_frame_right(frame, at));
    }
}

/* Replaces missing neighbours, separately in each window. */
static void fill_window(const eg_window_iterator *iterator, eg_window *window)
{
    double *filled[EG_CELLS];
    for (size_t k = 0; k < EG_CELLS; k++)
        filled[k] = memory_row(iterator, FILLED + k);
    iterator->options->fill(filled, window->z, iterator->width);
    for (size_t k = 0; k < EG_CELLS; k++)
        if (k != EG_CENTRE)
            window->z[k] = filled[k];
}

/* Points the window at the stored rows above, at and below, flipped so that north is up and east
 * right. */
static void set_window(const eg_window_iterator *iterator, double *const rows[3], eg_window *window)
{
    for (size_t k = 0; k < EG_CELLS; k++) {
        size_t down = iterator->options->flipped_y ? 2 - k / 3 : k / 3;
        ptrdiff_t right = (ptrdiff_t)(k % 3) - 1;
        window->z[k] = rows[down] + (iterator->options->flipped_x ? -right : right);
    }
}

void eg_window_iterator_row(eg_window_iterator *iterator, size_t y, eg_window *window)
{
    const eg_window_options *options = iterator->options;
    const eg_frame *frame = options->frame;
    const size_t last = iterator->band->height - 1;
    for (; iterator->ready <= last && iterator->ready <= y + 1; iterator->ready++)
        load_row(iterator, iterator->ready);

    double *rows[3];
    size_t missing = options->frame_missing;
    for (size_t j = 0; j < 3; j++) {
        rows[j] = memory_row(iterator, (y + j + RING - 1) % RING);
        missing += iterator->missing[(y + j + RING - 1) % RING];
    }
    eg_extrapolate_kernel *extrapolate =
        missing && options->fill_outside ? NULL : options->extrapolate;
    if (y == 0)
        rows[0] =
            make_outside_row(iterator, extrapolate, rows[1], rows[2], frame ? frame->above : NULL);
    if (y == last)
        rows[2] =
            make_outside_row(iterator, extrapolate, rows[1], rows[0], frame ? frame->below : NULL);
    for (size_t j = 0; j < 3; j++)
        make_outside_cells(iterator, extrapolate, rows[j], y, (ptrdiff_t)(y + j) - 1);

    set_window(iterator, rows, window);
    if (missing && options->extrapolate)
        fill_window(iterator, window);
    if (options->slope) {
        double *p = memory_row(iterator, SLOPES), *q = memory_row(iterator, SLOPES + 1);
        options->slope(p, q, window->z, iterator->width, window->scales.slope_x,
                       window->scales.slope_y);
        window->p = p;
        window->q = q;
    }
}
