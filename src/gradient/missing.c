/* SPDX-License-Identifier: MIT */
/* Smoothing and differencing around missing samples. */
#include "gradient/missing.h"

#include <string.h>

/* ---- smoothing ------------------------------------------------------------------------------- */

/* Returns the end of the samples from `x` on, the first of which is missing, of which no GAP in
 * sequence are valid. */
static size_t end_of_span(const float *samples, size_t x, size_t width)
{
    enum { GAP = 32 };
    size_t end = x + 1;
    for (x++; x < width && x < end + GAP; x++)
        if (eg_is_missing(samples[x]))
            end = x + 1;
    return end;
}

void eg_blur_around_missing(const eg_gradient_kernels *kernels, const eg_gaussian *gaussian,
                            const eg_smoothed *out, const void *const rows[], size_t width,
                            void *scratch)
{
    const void *shifted[2 * EG_RADIUS_MAX + 1];
    const bool shifts = out->shift_x != NULL;
    for (size_t x = 0; x < width; x++) {
        if (!eg_is_missing(out->samples[x]))
            continue;
        size_t end = end_of_span(out->samples, x, width);
        for (size_t j = 0; j <= 2 * gaussian->radius; j++)
            shifted[j] = (const float *)rows[j] + x;
        kernels->blur_valid_f32(out->samples + x, shifts ? out->shift_x + x : NULL,
                                shifts ? out->shift_y + x : NULL, shifted, gaussian->real,
                                gaussian->radius, end - x, scratch);
        x = end;
    }
}

/* ---- differences ----------------------------------------------------------------------------- */

/* Returns the sample of column x that tap i of tap row j is on. */
static float tap(const eg_operator *op, const void *const rows[], ptrdiff_t x, int i, int j)
{
    return ((const float *)rows[j])[x - op->origin + i];
}

/* Returns the value at the centre of the operator at column x, where the sample is valid. */
static float centre_value(const eg_operator *op, const void *const rows[], ptrdiff_t x)
{
    double sum = 0;
    int count = 0;
    if (op->taps % 2)
        return tap(op, rows, x, op->origin, op->origin);
    for (int j = 0; j < op->taps; j++)
        for (int i = 0; i < op->taps; i++) {
            float sample = tap(op, rows, x, i, j);
            sum += eg_is_missing(sample) ? 0 : (double)sample;
            count += !eg_is_missing(sample);
        }
    return (float)(sum / count);
}

static float sample_or(float sample, float centre)
{
    return eg_is_missing(sample) ? centre : sample;
}

/* Computes the responses at column x in the order of operations of the difference kernels. */
static void difference_at(const eg_operator *op, float *gx, float *gy, const void *const rows[],
                          ptrdiff_t x)
{
    const int n = op->taps;
    const float centre = centre_value(op, rows, x);
    *gx = *gy = 0;
    for (int j = 0; j < n; j++) {
        float along = 0, down = 0;
        for (int i = 0; i < n / 2; i++) {
            const float weight = (float)op->diff[n - 1 - i];
            along += weight * (sample_or(tap(op, rows, x, n - 1 - i, j), centre) -
                               sample_or(tap(op, rows, x, i, j), centre));
            down += weight * (sample_or(tap(op, rows, x, j, n - 1 - i), centre) -
                              sample_or(tap(op, rows, x, j, i), centre));
        }
        if (op->smooth[j] == 0)
            continue;
        *gx += (float)op->smooth[j] * along;
        *gy += (float)op->smooth[j] * down;
    }
}

void eg_difference_around_missing(const eg_operator *op, float *gx, float *gy,
                                  const void *const rows[], size_t width)
{
    const float *sample = rows[op->origin];
    for (size_t x = 0; x < width; x++) {
        if (!eg_is_missing(gx[x]) && !eg_is_missing(gy[x]))
            continue;
        if (eg_is_missing(sample[x]))
            gx[x] = gy[x] = 0;
        else
            difference_at(op, &gx[x], &gy[x], rows, (ptrdiff_t)x);
    }
}

/* ---- correction ------------------------------------------------------------------------------ */

/* Finds the mean place of the valid taps at column x, relative to the first one, with their shifts.
 */
static void mean_place(const eg_operator *op, const eg_shift_rows *shifts, ptrdiff_t x,
                       double mean[2])
{
    double count = 0;
    mean[0] = mean[1] = 0;
    for (int j = 0; j < op->taps; j++)
        for (int i = 0; i < op->taps; i++) {
            float dx = tap(op, shifts->x, x, i, j), dy = tap(op, shifts->y, x, i, j);
            if (eg_is_missing(dx))
                continue;
            mean[0] += i + (double)dx;
            mean[1] += j + (double)dy;
            count++;
        }
    mean[0] /= count;
    mean[1] /= count;
}

/* Computes the responses, in slopes, to planes of the slopes (1, 0) and (0, 1): the columns of
 * `a`. Taps without a valid sample are at the centre. */
static void plane_responses(const eg_operator *op, const eg_shift_rows *shifts, ptrdiff_t x,
                            double a[2][2])
{
    const int n = op->taps, origin = op->origin;
    double centre[2] = {origin + (double)tap(op, shifts->x, x, origin, origin),
                        origin + (double)tap(op, shifts->y, x, origin, origin)};
    if (n % 2 == 0)
        mean_place(op, shifts, x, centre);
    a[0][0] = a[0][1] = a[1][0] = a[1][1] = 0;
    for (int j = 0; j < n; j++)
        for (int i = 0; i < n; i++) {
            const double weight[] = {(double)op->smooth[j] * op->diff[i] / op->divisor,
                                     (double)op->diff[j] * op->smooth[i] / op->divisor};
            float dx = tap(op, shifts->x, x, i, j), dy = tap(op, shifts->y, x, i, j);
            double px = eg_is_missing(dx) ? centre[0] : i + (double)dx;
            double py = eg_is_missing(dx) ? centre[1] : j + (double)dy;
            for (int k = 0; k < 2; k++) {
                a[k][0] += weight[k] * px;
                a[k][1] += weight[k] * py;
            }
        }
}

/* Solves a g = r for g by least squares, which replaces r. Directions in which |a g| is less than a
 * fiftieth of |g| are left out. Returns true if there are none. */
static bool solve_plane(const double a[2][2], float *gx, float *gy)
{
    static const double least = 0.02 * 0.02;
    const double rx = (double)*gx, ry = (double)*gy;
    const double xx = a[0][0] * a[0][0] + a[1][0] * a[1][0];
    const double xy = a[0][0] * a[0][1] + a[1][0] * a[1][1];
    const double yy = a[0][1] * a[0][1] + a[1][1] * a[1][1];
    const double x = a[0][0] * rx + a[1][0] * ry, y = a[0][1] * rx + a[1][1] * ry;
    const double middle = (xx + yy) / 2, half = sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
    if (middle - half > least) {
        const double determinant = a[0][0] * a[1][1] - a[0][1] * a[1][0];
        *gx = (float)((a[1][1] * rx - a[0][1] * ry) / determinant);
        *gy = (float)((a[0][0] * ry - a[1][0] * rx) / determinant);
        return true;
    }
    /* (vx, vy): eigenvector of the larger eigenvalue of the symmetric matrix xx, xy, yy */
    double vx = xx >= yy ? middle + half - yy : xy, vy = xx >= yy ? xy : middle + half - xx;
    double scale = (vx * vx + vy * vy) * (middle + half);
    double along = middle + half > least ? (vx * x + vy * y) / scale : 0;
    *gx = (float)(vx * along);
    *gy = (float)(vy * along);
    return false;
}

void eg_correct_responses(const eg_operator *op, eg_diff_kernel *diff, float *gx, float *gy,
                          const eg_shift_rows *shifts, size_t width, uint64_t *partial)
{
    float *const *r = shifts->responses;
    diff(r[0], r[1], shifts->x, width, shifts->scratch);
    diff(r[2], r[3], shifts->y, width, shifts->scratch);
    memset(partial, 0, eg_row_bytes(EG_BIT, width));
    for (size_t x = 0; x < width; x++) {
        const double divisor = op->divisor;
        double a[2][2] = {{1 + (double)r[0][x] / divisor, (double)r[2][x] / divisor},
                          {(double)r[1][x] / divisor, 1 + (double)r[3][x] / divisor}};
        if (r[0][x] == 0 && r[1][x] == 0 && r[2][x] == 0 && r[3][x] == 0)
            continue;
        if (eg_is_missing(tap(op, shifts->x, (ptrdiff_t)x, op->origin, op->origin)))
            continue; /* no plane, and responses that are 0 or from valid samples only */
        if (!isfinite(a[0][0] + a[0][1] + a[1][0] + a[1][1]))
            plane_responses(op, shifts, (ptrdiff_t)x, a);
        if (!solve_plane((const double(*)[2])a, &gx[x], &gy[x]))
            partial[x / 64] |= UINT64_C(1) << x % 64;
    }
}

/* ---- the source ------------------------------------------------------------------------------ */

void eg_note_valid(eg_source *source, bool any_valid)
{
    const eg_georef *georef = source->georef;
    if (source->info.sample == EG_U8 && georef && georef->has_nodata)
        eg_source_warn(source,
                       "the nodata value %g is ignored because the samples have 8 bits; --mask "
                       "FILE excludes pixels",
                       georef->nodata);
    source->all_nodata = !any_valid;
    if (!any_valid && !source->window_info.height)
        eg_source_warn(source, "has no pixel with data; the result is empty");
}
