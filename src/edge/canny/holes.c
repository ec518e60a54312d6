/* SPDX-License-Identifier: MIT */
/* Candidates of Canny beside missing samples. */
#include "edge/canny/holes.h"

#include "gradient/missing.h"

enum { WORD = 64 };

void eg_lower_missing(const float *samples, const float *plain, float *magnitude, size_t width)
{
    for (size_t x = 0; x < width; x++)
        if (eg_is_missing(samples[x]) && plain[x] < magnitude[x])
            magnitude[x] = plain[x];
}

void eg_clear_missing(const eg_hole_rows *rows, const eg_thresholds *thresholds,
                      uint64_t *candidate, uint64_t *strong)
{
    const float *samples = (const float *)eg_band_row(rows->band, (ptrdiff_t)rows->y) + rows->x0;
    for (size_t i = 0; i * WORD < rows->width; i++) {
        for (uint64_t left = candidate[i]; left; left &= left - 1) {
            const size_t x = i * WORD + (size_t)__builtin_ctzll(left);
            const uint64_t others = ~(left & (0 - left));
            if (eg_is_missing(samples[x]) || !(rows->plain[1][x] > thresholds->low_f))
                candidate[i] &= others;
            if (!(candidate[i] & ~others) || !(rows->plain[1][x] > thresholds->high_f))
                strong[i] &= others;
        }
    }
}

/* A pixel, or its neighbour along the gradient. */
typedef struct neighbour {
    double gx, gy;      /* corrected; 0 outside the image and where there is no surface */
    double magnitude;   /* of these */
    bool missing;       /* the sample is missing */
    bool is_influenced; /* missing samples have influence on it */
    bool is_partial;    /* the gradient is known along a line only */
} neighbour;

/* `x` and `row` (0: above) are those of the tile. */
static neighbour look_at(const eg_hole_rows *rows, ptrdiff_t x, size_t row)
{
    neighbour n = {0};
    const ptrdiff_t column = x + (ptrdiff_t)rows->x0;
    if (!rows->gx[row] || column < 0 || column >= (ptrdiff_t)rows->band->width)
        return n;
    n.gx = (double)rows->gx[row][x];
    n.gy = (double)rows->gy[row][x];
    n.magnitude = sqrt(n.gx * n.gx + n.gy * n.gy);
    if (!rows->plain[row])
        return n;
    const float *samples = eg_band_row(rows->band, (ptrdiff_t)(rows->y + row) - 1);
    const float plain = rows->plain[row][x], magnitude = rows->magnitude[row][x];
    n.missing = eg_is_missing(samples[column]);
    n.is_partial = rows->partial[row][(size_t)(x + 1) / WORD] >> (x + 1) % WORD & 1;
    n.is_influenced = n.missing || n.is_partial || plain < magnitude || plain > magnitude;
    return n;
}

/* Finds the step from a pixel to its neighbours along the gradient, as the kernels that thin do. */
static void find_neighbours(float gx, float gy, ptrdiff_t *dx, ptrdiff_t *dy)
{
    const float t = 13573.0F / 32768, ax = fabsf(gx), ay = fabsf(gy);
    const bool slanted = ay >= ax * t, down = ay > ax * t + (ax + ax);
    *dx = !slanted ? 1 : down ? 0 : signbit(gx) != signbit(gy) ? -1 : 1;
    *dy = slanted;
}

/* Returns true if the gradient at a pixel is more than `times` as steep as at a neighbour. Of a
 * neighbour whose gradient is known along a line only, that component is compared; if that is so of
 * the pixel as well, both must be the same line. */
static bool exceeds(const neighbour *at, const neighbour *n, double times)
{
    static const double same_line = 0x1p-10;
    double magnitude = at->magnitude;
    if (n->is_partial && at->is_partial &&
        fabs(at->gx * n->gy - at->gy * n->gx) > same_line * at->magnitude * n->magnitude)
        return false;
    if (n->is_partial && !at->is_partial)
        magnitude = n->magnitude > 0 ? fabs(at->gx * n->gx + at->gy * n->gy) / n->magnitude : 0;
    return magnitude > times * n->magnitude;
}

/* Returns true if the gradient does not fall from a pixel to a missing neighbour. */
static bool rises_to(const neighbour *n, const neighbour *at)
{
    return n->missing && (n->magnitude >= at->magnitude || n->magnitude == 0);
}

/* Returns true if missing samples have influence on the pixel at column x of the tile or on its
 * neighbours along the gradient, and it exceeds none of them by more than rounding. If the gradient
 * rises to one, it must exceed the other by a quarter. */
static bool is_slope(const eg_hole_rows *rows, ptrdiff_t x)
{
    static const double clearly = 1 + 0x1p-14, by_far = 1.25;
    ptrdiff_t dx, dy;
    find_neighbours(rows->gx[1][x], rows->gy[1][x], &dx, &dy);
    const neighbour at = look_at(rows, x, 1), before = look_at(rows, x - dx, (size_t)(1 - dy)),
                    after = look_at(rows, x + dx, (size_t)(1 + dy));
    const bool rises_before = rises_to(&before, &at), rises_after = rises_to(&after, &at);
    if (rises_before || rises_after)
        return (rises_before && rises_after) ||
               !exceeds(&at, rises_before ? &after : &before, by_far);
    return (at.is_influenced || before.is_influenced || after.is_influenced) &&
           !exceeds(&at, &before, clearly) && !exceeds(&at, &after, clearly);
}

void eg_clear_slopes(const eg_hole_rows *rows, uint64_t *candidate, uint64_t *strong)
{
    for (size_t i = 0; i * WORD < rows->width; i++) {
        for (uint64_t left = candidate[i]; left; left &= left - 1) {
            const uint64_t others = ~(left & (0 - left));
            if (!is_slope(rows, (ptrdiff_t)(i * WORD) + __builtin_ctzll(left)))
                continue;
            candidate[i] &= others;
            strong[i] &= others;
        }
    }
}
