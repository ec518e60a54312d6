/* SPDX-License-Identifier: MIT */
/* The candidates of skimage.feature.canny. */
#include "edge/canny/skimage.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* ---- weights ---- */

/* Returns the sum of `count` (at most 128) numbers as numpy adds them up: eight sums of every
 * eighth number, joined in pairs, then the rest. */
static double numpy_sum(const double *a, size_t count)
{
    double sum = 0, r[8];
    size_t i = 0;
    if (count >= 8) {
        memcpy(r, a, sizeof r);
        for (i = 8; i + 8 <= count; i += 8)
            for (size_t k = 0; k < 8; k++)
                r[k] += a[i + k];
        sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    }
    for (; i < count; i++)
        sum += a[i];
    return sum;
}

/* Returns the weighted sum of samples that are all `value`, in the order of scipy. */
static double smooth_constant(const eg_skimage *s, double value)
{
    double sum = value * s->weights[0];
    for (size_t k = s->radius; k > 0; k--)
        sum += (value + value) * s->weights[k];
    return sum;
}

void eg_skimage_init(eg_skimage *skimage, double sigma, double white_level, double low, double high)
{
    double weights[2 * EG_RADIUS_MAX + 1];
    *skimage = (eg_skimage){.radius = (size_t)(4 * sigma + 0.5),
                            .weights = {1},
                            .unit = 1 / white_level,
                            .low = low,
                            .high = high};
    const size_t radius = skimage->radius;
    for (size_t i = 0; radius && i <= 2 * radius; i++) {
        const double x = (double)i - (double)radius;
        weights[i] = exp(-0.5 / (sigma * sigma) * (x * x));
    }
    const double sum = radius ? numpy_sum(weights, 2 * radius + 1) : 1;
    for (size_t k = 0; radius && k <= radius; k++)
        skimage->weights[k] = weights[radius + k] / sum;
    skimage->ones = smooth_constant(skimage, smooth_constant(skimage, 1)) + DBL_EPSILON;
}

/* ---- rows ---- */

enum { RING = 4, MARGIN = 1 };

/* Rings of rows of doubles, and working rows. Rows of magnitudes have a sample of padding beside
 * them, those to smooth and difference `pad` samples. */
typedef struct work {
    const eg_skimage *skimage;
    const eg_band *views;
    size_t planes, width, height, pad, stride;
    double *smooth;               /* a ring of each plane */
    double *gx, *gy;              /* rings */
    double *mag;                  /* ring */
    double *column;               /* a row to smooth along */
    double *difference, *average; /* rows of vertical differences and sums */
} work;

static size_t row_stride(const eg_skimage *s, size_t width)
{
    return width + 2 * (s->radius + MARGIN);
}

static double *ring_row(const work *w, double *ring, size_t y)
{
    return ring + y % RING * w->stride + w->pad;
}

static size_t work_rows(size_t planes)
{
    return RING * (planes + 3) + 3;
}

size_t eg_skimage_halo(const eg_skimage *skimage)
{
    return skimage->radius + 2; /* of the Sobel operator, and of the neighbours */
}

size_t eg_skimage_scratch(const eg_skimage *skimage, size_t width, size_t planes)
{
    return work_rows(planes) * row_stride(skimage, width) * sizeof(double);
}

static work work_in(const eg_skimage *s, const eg_band views[], size_t planes, double *memory)
{
    work w = {.skimage = s,
              .views = views,
              .planes = planes,
              .width = views->width,
              .height = views->height,
              .pad = s->radius + MARGIN,
              .stride = row_stride(s, views->width)};
    w.smooth = memory;
    w.gx = w.smooth + planes * RING * w.stride;
    w.gy = w.gx + RING * w.stride;
    w.mag = w.gy + RING * w.stride;
    w.column = w.mag + RING * w.stride + w.pad;
    w.difference = w.column + w.stride;
    w.average = w.difference + w.stride;
    return w;
}

/* Repeats the first and the last sample `pad` times. */
static void replicate(const work *w, double *row, size_t pad)
{
    for (size_t k = 1; k <= pad; k++) {
        row[-(ptrdiff_t)k] = row[0];
        row[w->width - 1 + k] = row[w->width - 1];
    }
}

/* Adds the sum of two rows of samples, times `weight`. `unit`: factor of the samples. */
static void add_rows(double *restrict out, const void *above, const void *below, eg_sample sample,
                     size_t width, double unit, double weight)
{
    const uint8_t *a8 = above, *b8 = below;
    const float *a = above, *b = below;
    if (sample == EG_U8)
        for (size_t x = 0; x < width; x++)
            out[x] += (a8[x] * unit + b8[x] * unit) * weight;
    else
        for (size_t x = 0; x < width; x++)
            out[x] += ((double)a[x] * unit + (double)b[x] * unit) * weight;
}

/* Sets out to a row of samples, times `weight`. */
static void set_row(double *restrict out, const void *row, eg_sample sample, size_t width,
                    double unit, double weight)
{
    const uint8_t *in8 = row;
    const float *in = row;
    if (sample == EG_U8)
        for (size_t x = 0; x < width; x++)
            out[x] = in8[x] * unit * weight;
    else
        for (size_t x = 0; x < width; x++)
            out[x] = (double)in[x] * unit * weight;
}

/* Smooths row y of a plane into its ring: down the columns, then along the row, each from the
 * outermost pair of samples inwards. */
static void smooth_row(const work *w, size_t plane, size_t y)
{
    const eg_skimage *s = w->skimage;
    const eg_band *band = &w->views[plane];
    double *restrict column = w->column;
    double *restrict out = ring_row(w, w->smooth + plane * RING * w->stride, y);
    const ptrdiff_t radius = (ptrdiff_t)s->radius;
    set_row(column, eg_band_row(band, (ptrdiff_t)y), band->sample, w->width, s->unit,
            s->weights[0]);
    for (ptrdiff_t k = radius; k > 0; k--)
        add_rows(column, eg_band_row(band, (ptrdiff_t)y - k), eg_band_row(band, (ptrdiff_t)y + k),
                 band->sample, w->width, s->unit, s->weights[k]);
    replicate(w, column, s->radius);
    for (size_t x = 0; x < w->width; x++)
        out[x] = column[x] * s->weights[0];
    for (ptrdiff_t k = radius; k > 0; k--)
        for (size_t x = 0; x < w->width; x++)
            out[x] += (column[(ptrdiff_t)x - k] + column[x + (size_t)k]) * s->weights[k];
    for (size_t x = 0; x < w->width; x++)
        out[x] /= s->ones;
    replicate(w, out, MARGIN);
}

/* Computes the gradient of row y of a plane, and keeps it where its magnitude exceeds that of the
 * planes before. Rows outside the image are those at its border. */
static void gradient_row(const work *w, size_t plane, size_t y)
{
    double *ring = w->smooth + plane * RING * w->stride;
    const double *above = ring_row(w, ring, y > 0 ? y - 1 : y), *at = ring_row(w, ring, y);
    const double *below = ring_row(w, ring, y + 1 < w->height ? y + 1 : y);
    double *gx = ring_row(w, w->gx, y), *gy = ring_row(w, w->gy, y), *mag = ring_row(w, w->mag, y);
    double *difference = w->difference, *average = w->average;
    for (ptrdiff_t x = -MARGIN; x < (ptrdiff_t)w->width + MARGIN; x++)
        difference[x] = below[x] - above[x];
    for (ptrdiff_t x = 0; x < (ptrdiff_t)w->width; x++)
        average[x] = (at[x + 1] - at[x - 1]) * 2 +
                     ((above[x + 1] - above[x - 1]) + (below[x + 1] - below[x - 1]));
    for (ptrdiff_t x = 0; x < (ptrdiff_t)w->width; x++) {
        const double u = average[x],
                     v = difference[x] * 2 + (difference[x - 1] + difference[x + 1]);
        const double m = hypot(u, v);
        if (plane > 0 && m <= mag[x])
            continue;
        gx[x] = u;
        gy[x] = v;
        mag[x] = m;
    }
}

/* ---- candidates ---- */

/* Returns true if the magnitude m is not exceeded on either side along the gradient (u, v). */
static bool is_maximum(const double *const mag[3], size_t x, double u, double v)
{
    const double m = mag[1][x], ax = fabs(u), ay = fabs(v);
    const bool steep = ay >= ax, differ = (u < 0) != (v < 0);
    const double w = steep ? ax / ay : ay / ax;
    const double *above = mag[0] + x, *at = mag[1] + x, *below = mag[2] + x;
    const double axial[] = {steep ? above[0] : at[-1], steep ? below[0] : at[1]};
    const double diagonal[] = {!differ ? above[-1]
                               : steep ? above[1]
                                       : below[-1],
                               !differ ? below[1]
                               : steep ? below[-1]
                                       : above[1]};
    return m > 0 && diagonal[0] * w + axial[0] * (1 - w) <= m &&
           diagonal[1] * w + axial[1] * (1 - w) <= m;
}

/* Sets the bits of row y, except those of the rim of the image. */
static void find_candidates(const work *w, size_t y, uint64_t *candidate, uint64_t *strong)
{
    const eg_skimage *s = w->skimage;
    memset(candidate, 0, eg_row_bytes(EG_BIT, w->width));
    memset(strong, 0, eg_row_bytes(EG_BIT, w->width));
    if (y == 0 || y + 1 == w->height)
        return;
    const double *const mag[] = {ring_row(w, w->mag, y - 1), ring_row(w, w->mag, y),
                                 ring_row(w, w->mag, y + 1)};
    const double *gx = ring_row(w, w->gx, y), *gy = ring_row(w, w->gy, y);
    for (size_t x = 1; x + 1 < w->width; x++) {
        if (!(mag[1][x] >= s->low) || !is_maximum(mag, x, gx[x], gy[x]))
            continue;
        candidate[x / 64] |= UINT64_C(1) << x % 64;
        if (mag[1][x] >= s->high)
            strong[x / 64] |= UINT64_C(1) << x % 64;
    }
}

void eg_skimage_candidates(const eg_skimage *skimage, const eg_band views[], size_t planes,
                           const eg_skimage_rows *rows, void *scratch)
{
    const work w = work_in(skimage, views, planes, scratch);
    const size_t words = (w.width + 63) / 64;
    size_t smoothed = rows->first > 2 ? rows->first - 2 : 0; /* rows that are not computed yet */
    size_t differenced = rows->first > 1 ? rows->first - 1 : 0;
    for (size_t y = rows->first; y < rows->end; y++) {
        for (; differenced <= y + 1 && differenced < w.height; differenced++) {
            for (; smoothed <= differenced + 1 && smoothed < w.height; smoothed++)
                for (size_t i = 0; i < planes; i++)
                    smooth_row(&w, i, smoothed);
            for (size_t i = 0; i < planes; i++)
                gradient_row(&w, i, differenced);
        }
        const size_t at = (y - rows->first) * words;
        find_candidates(&w, y, rows->candidate + at, rows->strong + at);
    }
}

bool eg_skimage_any_valid(const eg_band *band, const eg_skimage_rows *rows)
{
    if (band->sample == EG_U8)
        return true;
    for (size_t y = rows->first; y < rows->end; y++) {
        const float *row = eg_band_row(band, (ptrdiff_t)y);
        for (size_t x = 0; x < band->width; x++)
            if (isfinite(row[x]))
                return true;
    }
    return false;
}
