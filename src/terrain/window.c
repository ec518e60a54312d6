/* SPDX-License-Identifier: MIT */
/* Windows: the ring of rows, the edges, the cells that are missing. */
#include "terrain/window.h"

#include <math.h>

/* Room beside a row: one cell is used, a whole line of the cache keeps rows aligned. */
enum { MARGIN = 8, ROW = EG_TERRAIN_TILE + 2 * MARGIN, RING = 3 };

/* The rows of a walk's memory: the ring, one beyond the raster, eight filled ones, p and q. */
enum { BEYOND = RING, FILLED = BEYOND + 1, SLOPES = FILLED + EG_CELLS, ROWS = SLOPES + 2 };

size_t eg_window_iterator_scratch(void)
{
    return (size_t)ROWS * ROW * sizeof(double);
}

/* Row `i` of the memory at its column 0. */
static double *row_at(const eg_window_iterator *walk, size_t i)
{
    return walk->memory + i * ROW + MARGIN;
}

void eg_window_iterator_begin(eg_window_iterator *walk, const eg_dem *dem, const eg_band *band,
                              size_t x0, size_t width, size_t first, void *scratch)
{
    *walk = (eg_window_iterator){
        .dem = dem,
        .band = band,
        .x0 = x0,
        .width = width,
        .ready = first ? first - 1 : 0,
        .memory = scratch,
    };
}

static bool at_left(const eg_window_iterator *walk)
{
    return walk->x0 == 0;
}

static bool at_right(const eg_window_iterator *walk)
{
    return walk->x0 + walk->width == walk->band->width;
}

/* Source row y, one cell further than the tile where there is one. */
static void load_row(eg_window_iterator *walk, size_t y)
{
    const size_t left = !at_left(walk), count = left + walk->width + !at_right(walk);
    const char *from = eg_band_row(walk->band, (ptrdiff_t)y);
    from += eg_row_bytes(walk->band->sample, walk->x0 - left);
    size_t missing =
        walk->dem->widen(row_at(walk, y % RING) - left, from, count, walk->dem->nodata);
    walk->missing[y % RING] = missing;
    walk->any = walk->any || missing < count;
}

/* The row beyond `near`, the outermost, behind which lies `far`. */
static double *make_beyond(const eg_window_iterator *walk, const double *near, const double *far)
{
    const size_t left = !at_left(walk), count = left + walk->width + !at_right(walk);
    double *row = row_at(walk, BEYOND) - left;
    if (walk->dem->beyond)
        walk->dem->beyond(row, near - left, far - left, count);
    else
        for (size_t x = 0; x < count; x++)
            row[x] = NAN;
    return row + left;
}

/* The cell `beside` the outermost one of a row, behind which lies `inner`. gdaldem repeats the
 * outermost column in the first and the last row of windows, which bends even a plane at the
 * corners. */
static void make_side(const eg_window_iterator *walk, double *beside, const double *outer,
                      const double *inner, bool repeat)
{
    if (!walk->dem->beyond)
        *beside = NAN;
    else if (repeat)
        *beside = *outer;
    else
        walk->dem->beyond(beside, outer, inner, 1);
}

static void make_sides(const eg_window_iterator *walk, double *row, bool repeat)
{
    double *last = row + walk->width - 1;
    if (at_left(walk))
        make_side(walk, row - 1, row, row + 1, repeat);
    if (at_right(walk))
        make_side(walk, last + 1, last, last - 1, repeat);
}

/* Missing neighbours become as high as the centre, each window for itself. */
static void fill_window(const eg_window_iterator *walk, eg_window *window)
{
    const double *centre = window->z[EG_CENTRE];
    for (size_t k = 0; k < EG_CELLS; k++) {
        if (k == EG_CENTRE)
            continue;
        double *row = row_at(walk, FILLED + k);
        walk->dem->kernels->fill(row, window->z[k], centre, walk->width);
        window->z[k] = row;
    }
}

/* Rows above, at and below as they are stored, to windows with north up and east to the right. */
static void set_window(const eg_window_iterator *walk, double *const rows[3], eg_window *window)
{
    for (size_t k = 0; k < EG_CELLS; k++) {
        size_t down = walk->dem->turned_y ? 2 - k / 3 : k / 3;
        ptrdiff_t right = (ptrdiff_t)(k % 3) - 1;
        window->z[k] = rows[down] + (walk->dem->turned_x ? -right : right);
    }
}

void eg_window_iterator_row(eg_window_iterator *walk, size_t y, eg_window *window)
{
    const eg_dem *dem = walk->dem;
    const size_t last = walk->band->height - 1;
    for (; walk->ready <= last && walk->ready <= y + 1; walk->ready++)
        load_row(walk, walk->ready);

    double *rows[3];
    size_t missing = 0;
    for (size_t j = 0; j < 3; j++) {
        rows[j] = row_at(walk, (y + j + RING - 1) % RING);
        missing += walk->missing[(y + j + RING - 1) % RING];
    }
    if (y == 0)
        rows[0] = make_beyond(walk, rows[1], rows[2]);
    if (y == last)
        rows[2] = make_beyond(walk, rows[1], rows[0]);
    for (size_t j = 0; j < 3; j++)
        make_sides(walk, rows[j], dem->repeat && (y == 0 || y == last));

    set_window(walk, rows, window);
    if (missing && dem->beyond)
        fill_window(walk, window);
    if (dem->slope) {
        double *p = row_at(walk, SLOPES), *q = row_at(walk, SLOPES + 1);
        dem->slope(p, q, window->z, walk->width, window->scales.slope_x, window->scales.slope_y);
        window->p = p;
        window->q = q;
    }
}
