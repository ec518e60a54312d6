/* SPDX-License-Identifier: MIT */
/* Derivatives of the rows of a tile. */
#include "flux/difference.h"

#include <math.h>

enum {
    RING = 2 * EG_FLUX_REACH + 1, /* rows y - 2 .. y + 2 */
    MARGIN = 8,                   /* samples beside a row: two are used, a cache line aligns */
    ROW = EG_FLUX_TILE + 2 * MARGIN,
    OUTSIDE = RING, /* index of a row of NaN */
    ROWS
};

size_t eg_difference_bytes(void)
{
    return (size_t)ROWS * ROW * sizeof(double);
}

/* Returns the address of column 0 in row `i` of the memory. */
static double *memory_row(const eg_difference_rows *rows, size_t i)
{
    return rows->memory + i * ROW + MARGIN;
}

static void fill_nan(double *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = NAN;
}

void eg_difference_begin(eg_difference_rows *rows, const eg_band *band, eg_widen_kernel *widen,
                         double nodata, size_t x0, size_t width, size_t y0, void *memory)
{
    *rows = (eg_difference_rows){.band = band,
                                 .widen = widen,
                                 .nodata = nodata,
                                 .x0 = x0,
                                 .width = width,
                                 .loaded = y0 > EG_FLUX_REACH ? y0 - EG_FLUX_REACH : 0,
                                 .memory = memory};
    fill_nan(memory_row(rows, OUTSIDE) - MARGIN, ROW);
}

/* Widens row y of the raster into the ring, with two more samples on each side; those outside the
 * raster are NaN. */
static void load_row(eg_difference_rows *rows, size_t y)
{
    const eg_band *band = rows->band;
    const size_t after = band->width - rows->x0 - rows->width;
    const size_t left = rows->x0 < EG_FLUX_REACH ? rows->x0 : EG_FLUX_REACH;
    const size_t right = after < EG_FLUX_REACH ? after : EG_FLUX_REACH;
    double *to = memory_row(rows, y % RING);
    const char *from = eg_band_row(band, (ptrdiff_t)y);
    fill_nan(to - EG_FLUX_REACH, EG_FLUX_REACH - left);
    fill_nan(to + rows->width + right, EG_FLUX_REACH - right);
    from += eg_row_bytes(band->sample, rows->x0 - left);
    rows->missing[y % RING] =
        rows->widen(to - left, from, left + rows->width + right, rows->nodata);
}

/* Returns the derivative at `here` of samples one apart, of which those that are NaN are missing.
 */
static double difference(double before2, double before, double here, double after, double after2)
{
    if (isnan(here))
        return NAN;
    if (!isnan(before) && !isnan(after))
        return (after - before) / 2;
    if (!isnan(after))
        return isnan(after2) ? after - here : (4 * after - 3 * here - after2) / 2;
    if (!isnan(before))
        return isnan(before2) ? here - before : (3 * here - 4 * before + before2) / 2;
    return NAN;
}

/* Computes the columns first .. end - 1 of a row of which any neighbour may be missing. */
static void derive_with_missing(const double *const z[RING], size_t first, size_t end,
                                double *along, double *down)
{
    const double *row = z[EG_FLUX_REACH];
    for (size_t x = first; x < end; x++) {
        const double *at = row + x;
        along[x] = difference(at[-2], at[-1], at[0], at[1], at[2]);
        down[x] = difference(z[0][x], z[1][x], row[x], z[3][x], z[4][x]);
        if (isnan(along[x]) || isnan(down[x]))
            along[x] = down[x] = NAN;
    }
}

/* Computes the columns first .. end - 1 of a row whose nearest neighbours are all valid. */
static void derive_complete(const double *const z[RING], size_t first, size_t end,
                            double *restrict along, double *restrict down)
{
    const double *row = z[EG_FLUX_REACH], *above = z[1], *below = z[3];
    for (size_t x = first; x < end; x++) {
        along[x] = (row[x + 1] - row[x - 1]) / 2;
        down[x] = (below[x] - above[x]) / 2;
    }
}

const double *eg_difference_row(eg_difference_rows *rows, size_t y, double *along, double *down)
{
    const double *z[RING];
    const size_t height = rows->band->height, width = rows->width;
    size_t missing = 0;
    for (; rows->loaded < height && rows->loaded <= y + EG_FLUX_REACH; rows->loaded++)
        load_row(rows, rows->loaded);
    for (size_t i = 0; i < RING; i++) {
        const bool inside = y + i >= EG_FLUX_REACH && y + i - EG_FLUX_REACH < height;
        const size_t at = (y + i + RING - EG_FLUX_REACH) % RING;
        z[i] = memory_row(rows, inside ? at : OUTSIDE);
        if (i > 0 && i + 1 < RING)
            missing += inside ? rows->missing[at] : 1;
    }
    const size_t left = rows->x0 == 0, right = rows->x0 + width == rows->band->width;
    if (missing || width < left + right) {
        derive_with_missing(z, 0, width, along, down);
    } else {
        derive_with_missing(z, 0, left, along, down);
        derive_complete(z, left, width - right, along, down);
        derive_with_missing(z, width - right, width, along, down);
    }
    return z[EG_FLUX_REACH];
}
