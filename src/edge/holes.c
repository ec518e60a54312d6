/* SPDX-License-Identifier: MIT */
/* Candidates of Canny beside missing samples. */
#include "edge/holes.h"

#include "gradient/missing.h"

enum { WORD = 64 };

void eg_clear_missing(const eg_band *band, const eg_row_candidates *row)
{
    const float *samples = (const float *)eg_band_row(band, (ptrdiff_t)row->y) + row->x0;
    for (size_t x = 0; x < row->width; x++) {
        uint64_t bit = UINT64_C(1) << x % WORD;
        if (!(row->candidate[x / WORD] & bit) || !eg_is_missing(samples[x]))
            continue;
        row->candidate[x / WORD] &= ~bit;
        row->strong[x / WORD] &= ~bit;
    }
}

/* ---- slopes ---------------------------------------------------------------------------------- */

/* What the operator computes at a sample, in levels per pixel: its response to the valid samples,
 * and its responses to planes with the slopes (1, 0) and (0, 1) in their place, the columns of a
 * matrix. That is the identity if no sample is missing. */
typedef struct local_response {
    double r[2], a[2][2];
    bool missing, complete; /* the sample is missing; no sample of the operator is missing */
} local_response;

/* Returns the mean position of the valid taps, relative to the first. */
static void mean_position(const eg_operator *op, const void *const rows[], ptrdiff_t x,
                          double mean[2])
{
    double count = 0;
    mean[0] = mean[1] = 0;
    for (int j = 0; j < op->taps; j++)
        for (int i = 0; i < op->taps; i++)
            if (!eg_is_missing(((const float *)rows[j])[x - op->origin + i])) {
                mean[0] += i;
                mean[1] += j;
                count++;
            }
    mean[0] /= count;
    mean[1] /= count;
}

static local_response respond_at(const eg_operator *op, const eg_band *band, ptrdiff_t x,
                                 ptrdiff_t y)
{
    local_response at = {.complete = true};
    const void *rows[EG_MAX_TAPS] = {NULL};
    double middle[2] = {op->origin, op->origin};
    if (x < 0 || y < 0 || x >= (ptrdiff_t)band->width || y >= (ptrdiff_t)band->height) {
        at.a[0][0] = at.a[1][1] = 1; /* outside the image, where magnitudes are 0 */
        return at;
    }
    for (int j = 0; j < op->taps; j++)
        rows[j] = eg_band_row(band, y - op->origin + j);
    at.missing = eg_is_missing(((const float *)rows[op->origin])[x]);
    if (at.missing)
        return at;
    const double centre = (double)eg_operator_centre(op, rows, x);
    if (op->taps % 2 == 0)
        mean_position(op, rows, x, middle);
    for (int j = 0; j < op->taps; j++) {
        const float *row = (const float *)rows[j] + x - op->origin;
        for (int i = 0; i < op->taps; i++) {
            const double weight[] = {(double)op->smooth[j] * op->diff[i] / op->divisor,
                                     (double)op->diff[j] * op->smooth[i] / op->divisor};
            at.complete = at.complete && !eg_is_missing(row[i]);
            for (int k = 0; k < 2 && !eg_is_missing(row[i]); k++) {
                at.r[k] += weight[k] * ((double)row[i] - centre);
                at.a[k][0] += weight[k] * (i - middle[0]);
                at.a[k][1] += weight[k] * (j - middle[1]);
            }
        }
    }
    return at;
}

/* Finds the gradient g of the plane that explains the response: r = A g, by least squares. The
 * small multiple of the identity makes that possible where the valid samples are on one line; g is
 * then along the line. */
static void find_gradient(const local_response *at, double g[2])
{
    const double(*a)[2] = at->a, *r = at->r, least = 1e-6;
    double xx = a[0][0] * a[0][0] + a[1][0] * a[1][0] + least;
    double xy = a[0][0] * a[0][1] + a[1][0] * a[1][1];
    double yy = a[0][1] * a[0][1] + a[1][1] * a[1][1] + least;
    double x = a[0][0] * r[0] + a[1][0] * r[1], y = a[0][1] * r[0] + a[1][1] * r[1];
    double determinant = xx * yy - xy * xy;
    g[0] = (yy * x - xy * y) / determinant;
    g[1] = (xx * y - xy * x) / determinant;
}

/* Finds the step from a pixel to its neighbours along the gradient, as the kernels that thin do. */
static void find_neighbours(float gx, float gy, ptrdiff_t *dx, ptrdiff_t *dy)
{
    const float t = 13573.0F / 32768, ax = fabsf(gx), ay = fabsf(gy);
    const bool slanted = ay >= ax * t, down = ay > ax * t + (ax + ax);
    *dx = !slanted ? 1 : down ? 0 : signbit(gx) != signbit(gy) ? -1 : 1;
    *dy = slanted;
}

/* Returns true if a plane of gradient g would have a clearly larger response at a neighbour than
 * the image has. */
static bool exceeds(const double g[2], const local_response *neighbour)
{
    const double(*a)[2] = neighbour->a, margin = 0x1p-10;
    double of_plane = hypot(a[0][0] * g[0] + a[0][1] * g[1], a[1][0] * g[0] + a[1][1] * g[1]);
    return !neighbour->missing &&
           of_plane > hypot(neighbour->r[0], neighbour->r[1]) + margin * hypot(g[0], g[1]);
}

/* Returns true if missing samples have influence on a pixel or on its neighbours along the
 * gradient, and its gradient, had none been missing, is steeper than neither of them. */
static bool is_slope(const eg_operator *op, const eg_band *band, ptrdiff_t x, ptrdiff_t y, float gx,
                     float gy)
{
    ptrdiff_t dx, dy;
    double g[2];
    find_neighbours(gx, gy, &dx, &dy);
    const local_response at = respond_at(op, band, x, y);
    const local_response before = respond_at(op, band, x - dx, y - dy);
    const local_response after = respond_at(op, band, x + dx, y + dy);
    if (at.complete && before.complete && after.complete && !before.missing && !after.missing)
        return false;
    find_gradient(&at, g);
    return !exceeds(g, &before) && !exceeds(g, &after);
}

/* Returns true if a sample that the operator reads at a pixel of the word from column x on, or at a
 * neighbour of one, is missing. */
static bool has_missing_near(const eg_derivative_stage *derivative, const eg_band *band,
                             ptrdiff_t x, ptrdiff_t y, size_t width)
{
    const ptrdiff_t reach = derivative->op->taps / 2 + 1;
    for (ptrdiff_t v = y - reach; v <= y + reach; v++) {
        const float *row = (const float *)eg_band_row(band, v) + x - reach;
        if (derivative->kernels->has_missing(row, width + 2 * (size_t)reach))
            return true;
    }
    return false;
}

void eg_clear_slopes(const eg_derivative_stage *derivative, const eg_band *band,
                     const eg_row_candidates *row)
{
    const ptrdiff_t y = (ptrdiff_t)row->y;
    for (size_t i = 0; i * WORD < row->width; i++) {
        const ptrdiff_t x0 = (ptrdiff_t)(row->x0 + i * WORD);
        const size_t width = row->width - i * WORD < WORD ? row->width - i * WORD : WORD;
        uint64_t left = row->candidate[i];
        if (left && !has_missing_near(derivative, band, x0, y, width))
            continue;
        for (; left; left &= left - 1) {
            const ptrdiff_t x = __builtin_ctzll(left);
            const size_t at = i * WORD + (size_t)x;
            if (!has_missing_near(derivative, band, x0 + x, y, 1) ||
                !is_slope(derivative->op, band, x0 + x, y, row->gx[at], row->gy[at]))
                continue;
            row->candidate[i] &= ~(UINT64_C(1) << x);
            row->strong[i] &= ~(UINT64_C(1) << x);
        }
    }
}
