/* SPDX-License-Identifier: MIT */
/* Smoothing and differencing around missing samples. */
#include "gradient/missing.h"

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
                            float *out, const void *const rows[], size_t width, void *scratch)
{
    const void *shifted[2 * EG_RADIUS_MAX + 1];
    for (size_t x = 0; x < width; x++) {
        if (!eg_is_missing(out[x]))
            continue;
        size_t end = end_of_span(out, x, width);
        for (size_t j = 0; j <= 2 * gaussian->radius; j++)
            shifted[j] = (const float *)rows[j] + x;
        kernels->blur_valid_f32(out + x, shifted, gaussian->real, gaussian->radius, end - x,
                                scratch);
        x = end;
    }
}

float eg_operator_centre(const eg_operator *op, const void *const rows[], ptrdiff_t x)
{
    double sum = 0;
    int count = 0;
    if (op->taps % 2)
        return ((const float *)rows[op->origin])[x];
    for (int j = 0; j < op->taps; j++)
        for (int i = 0; i < op->taps; i++) {
            float sample = ((const float *)rows[j])[x - op->origin + i];
            sum += eg_is_missing(sample) ? 0 : (double)sample;
            count += !eg_is_missing(sample);
        }
    return (float)(sum / count);
}

static float sample_or(const float *sample, float centre)
{
    return eg_is_missing(*sample) ? centre : *sample;
}

/* Returns the weighted sum of the differences of opposite taps. */
static float difference_of(const eg_operator *op, const float *const taps[EG_MAX_TAPS],
                           float centre)
{
    const int n = op->taps;
    float d = 0;
    for (int i = 0; i < n / 2; i++)
        d += (float)op->diff[n - 1 - i] *
             (sample_or(taps[n - 1 - i], centre) - sample_or(taps[i], centre));
    return d;
}

/* Computes the responses at column x in the order of operations of the difference kernels. */
static void difference_at(const eg_operator *op, float *gx, float *gy, const void *const rows[],
                          ptrdiff_t x, float centre)
{
    const int n = op->taps;
    *gx = *gy = 0;
    for (int j = 0; j < n; j++) {
        const float *along[EG_MAX_TAPS], *down[EG_MAX_TAPS];
        for (int i = 0; i < n; i++) {
            along[i] = (const float *)rows[j] + x - op->origin + i;
            down[i] = (const float *)rows[i] + x - op->origin + j;
        }
        if (op->smooth[j] == 0)
            continue;
        *gx += (float)op->smooth[j] * difference_of(op, along, centre);
        *gy += (float)op->smooth[j] * difference_of(op, down, centre);
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
            difference_at(op, &gx[x], &gy[x], rows, (ptrdiff_t)x,
                          eg_operator_centre(op, rows, (ptrdiff_t)x));
    }
}

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
