/* SPDX-License-Identifier: MIT */
/* The histogram of all strips. */

#include "core/status.h"
#include "core/thread_pool.h"
#include "edge/canny/canny.h"

/* ---- integers ---- */

static eg_status count_integers(const eg_canny *canny, eg_magnitude_histogram *histogram,
                                eg_error *error)
{
    uint64_t counts[EG_INTEGER_BINS] = {0};
    for (size_t k = 0; k < canny->strip_count; k++)
        for (size_t i = 0; i < EG_INTEGER_BINS; i++)
            counts[i] += canny->strips[k].counts[i];
    return eg_magnitude_histogram_set(histogram, canny->ctx, canny->bin_base, counts,
                                      EG_INTEGER_BINS, error);
}

/* ---- floats ---- */

/* Bins of floats, numbered from a base. Number 0 has the magnitudes that are too small. */
typedef struct float_bins {
    const eg_canny *canny;
    size_t count; /* of local maxima */
    int32_t base; /* index of bin 0: the largest magnitude is in the last of EG_FLOAT_BINS bins */
    size_t parts;
    uint64_t *counts; /* parts x EG_FLOAT_BINS */
} float_bins;

static float_bins float_bins_of(const eg_canny *canny)
{
    float_bins f = {.canny = canny, .base = INT32_MIN};
    for (size_t k = 0; k < canny->strip_count; k++) {
        const eg_canny_strip *strip = &canny->strips[k];
        const int32_t base = strip->base + INT16_MAX - (EG_FLOAT_BINS - 1);
        f.count += strip->bin_count;
        if (strip->bin_count && base > f.base)
            f.base = base;
    }
    return f;
}

/* Returns the number of bin i of a strip. */
static inline uint16_t bin_number(const float_bins *f, const eg_canny_strip *strip, size_t i)
{
    int32_t number = ((const int16_t *)strip->bins)[i] + (strip->base - f->base);
    return (uint16_t)(number < 0 ? 0 : number);
}

/* ---- a few: sorted ---- */

/* Sorts by the low or the high byte; equal ones keep their order. */
static void sort_by_byte(uint16_t *to, const uint16_t *from, size_t count, int shift)
{
    size_t next[257] = {0};
    for (size_t i = 0; i < count; i++)
        next[(from[i] >> shift & 255) + 1]++;
    for (size_t b = 0; b < 256; b++)
        next[b + 1] += next[b];
    for (size_t i = 0; i < count; i++)
        to[next[from[i] >> shift & 255]++] = from[i];
}

/* Lists the bins of sorted numbers, except number 0. */
static eg_status list_sorted(eg_magnitude_histogram *histogram, eg_context *ctx, int32_t base,
                             const uint16_t *numbers, size_t count, eg_error *error)
{
    size_t used = 1;
    for (size_t i = 1; i < count; i++)
        used += numbers[i] != numbers[i - 1];
    histogram->bins = eg_alloc(ctx, used, sizeof *histogram->bins, error);
    if (!histogram->bins)
        return eg_failed(error);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && numbers[end] == numbers[i];)
            end++;
        if (numbers[i])
            histogram->bins[histogram->count++] =
                (eg_bin_count){(int64_t)base + numbers[i], end - i};
    }
    return EG_OK;
}

static eg_status count_by_sorting(const float_bins *f, eg_magnitude_histogram *histogram,
                                  eg_error *error)
{
    eg_context *ctx = f->canny->ctx;
    uint16_t *numbers = eg_alloc(ctx, 2 * f->count, sizeof *numbers, error), *end = numbers;
    if (!numbers)
        return eg_failed(error);
    for (size_t k = 0; k < f->canny->strip_count; k++)
        for (size_t i = 0; i < f->canny->strips[k].bin_count; i++)
            *end++ = bin_number(f, &f->canny->strips[k], i);
    sort_by_byte(end, numbers, f->count, 0);
    sort_by_byte(numbers, end, f->count, 8);
    eg_status status = list_sorted(histogram, ctx, f->base, numbers, f->count, error);
    eg_free(numbers);
    return status;
}

/* ---- many: counted by several threads ---- */

/* Counts every parts-th strip. */
static eg_status count_part(void *opaque, size_t part, eg_error *error)
{
    const float_bins *f = opaque;
    uint64_t *counts = f->counts + part * EG_FLOAT_BINS;
    (void)error;
    for (size_t k = part; k < f->canny->strip_count; k += f->parts) {
        const eg_canny_strip *strip = &f->canny->strips[k];
        for (size_t i = 0; i < strip->bin_count; i++)
            counts[bin_number(f, strip, i)]++;
    }
    return EG_OK;
}

static eg_status count_in_parts(float_bins *f, eg_magnitude_histogram *histogram, eg_error *error)
{
    const eg_canny *canny = f->canny;
    const size_t pixels = canny->planes.width * canny->planes.height;
    const size_t threads = (size_t)eg_thread_count_for(canny->ctx, pixels);
    f->parts = threads < canny->strip_count ? threads : canny->strip_count;
    f->counts = eg_calloc(canny->ctx, f->parts * EG_FLOAT_BINS, sizeof *f->counts, error);
    if (!f->counts)
        return eg_failed(error);
    eg_status status = eg_parallel_for(canny->ctx, f->parts, pixels, f, count_part, error);
    for (size_t p = 1; p < f->parts; p++)
        for (size_t i = 0; i < EG_FLOAT_BINS; i++)
            f->counts[i] += f->counts[p * EG_FLOAT_BINS + i];
    if (status == EG_OK)
        status = eg_magnitude_histogram_set(histogram, canny->ctx, f->base + 1, f->counts + 1,
                                            EG_FLOAT_BINS - 1, error);
    eg_free(f->counts);
    return status;
}

/* Counting takes a fixed time for the bins, sorting a longer time for each local maximum. */
static eg_status count_floats(const eg_canny *canny, eg_magnitude_histogram *histogram,
                              eg_error *error)
{
    enum { SORTED_MOST = 1 << 16 };
    float_bins f = float_bins_of(canny);
    if (!f.count)
        return EG_OK;
    return f.count <= SORTED_MOST ? count_by_sorting(&f, histogram, error)
                                  : count_in_parts(&f, histogram, error);
}

eg_status eg_canny_histogram(const eg_canny *canny, eg_magnitude_histogram *histogram,
                             eg_error *error)
{
    *histogram = (eg_magnitude_histogram){.scale = canny->scale};
    for (size_t k = 0; k < canny->strip_count; k++)
        histogram->seen |= canny->strips[k].seen;
    return eg_is_float_magnitude(canny->scale.kind) ? count_floats(canny, histogram, error)
                                                    : count_integers(canny, histogram, error);
}
