/* SPDX-License-Identifier: MIT */
/*
 * Automatic thresholds without reading the source twice: the bin of each local maximum is kept, and
 * classified once the thresholds are known. Bins of integers are bytes from a base that the
 * operator determines; each strip counts them. Bins of floats have 16 bits from a base that the
 * largest magnitude of the strip determines; they are counted when that of the image is known, see
 * canny_histogram.c.
 */
#include <string.h>

#include "core/status.h"
#include "core/thread_pool.h"
#include "edge/canny/canny.h"

static bool is_float(const eg_canny *canny)
{
    return eg_is_float_magnitude(canny->scale.kind);
}

/* ---- collecting ---- */

size_t eg_bin_scratch(const eg_canny *canny, size_t rows)
{
    size_t bytes = is_float(canny) ? sizeof(float) : sizeof(uint8_t);
    return (canny->planes.width * rows + EG_BINS_SLACK) * bytes;
}

void eg_collect_bins(const eg_canny *canny, eg_canny_strip *strip, const uint64_t *candidate,
                     size_t width, const void *mag, void *scratch)
{
    const eg_bin_kernels *kernels = eg_bin_kernels_for(canny->ctx->cpu);
    const size_t words = (width + 63) / 64;
    if (is_float(canny)) {
        float *all = scratch;
        const float *end =
            kernels->gather_magnitudes(all + strip->bin_count, mag, candidate, words);
        strip->bin_count = (size_t)(end - all);
        return;
    }
    uint8_t *all = scratch;
    const uint8_t *end = kernels->collect[canny->scale.kind](all + strip->bin_count, mag, candidate,
                                                             words, canny->bin_base);
    strip->bin_count = (size_t)(end - all);
}

/* Counts bins with four counters each, so that increments of equal consecutive bins do not depend
 * on each other. */
static void count_bins(uint32_t histogram[EG_INTEGER_BINS], const uint8_t *bins, size_t count)
{
    enum { COUNTERS = 4 };
    uint32_t counters[COUNTERS][EG_INTEGER_BINS] = {{0}};
    size_t i = 0;
    for (; i + COUNTERS <= count; i += COUNTERS)
        for (size_t k = 0; k < COUNTERS; k++)
            counters[k][bins[i + k]]++;
    for (; i < count; i++)
        counters[0][bins[i]]++;
    for (size_t c = 0; c < EG_INTEGER_BINS; c++)
        histogram[c] = counters[0][c] + counters[1][c] + counters[2][c] + counters[3][c];
}

eg_status eg_store_bins(const eg_canny *canny, eg_canny_strip *strip, const void *scratch,
                        eg_error *error)
{
    const bool floats = is_float(canny);
    if (!strip->bin_count)
        return EG_OK;
    if (!floats)
        count_bins(strip->counts, scratch, strip->bin_count);
    if (!floats && canny->histogram_only)
        return EG_OK;
    const size_t bytes = floats ? sizeof(int16_t) : sizeof(uint8_t);
    strip->bins = eg_alloc(canny->ctx, strip->bin_count + EG_BINS_SLACK, bytes, error);
    if (!strip->bins)
        return eg_failed(error);
    /* No result depends on the slack, but Memcheck cannot follow the deposit of bits. */
    memset((char *)strip->bins + strip->bin_count * bytes, 0, EG_BINS_SLACK * bytes);
    if (floats)
        strip->base =
            eg_bin_kernels_for(canny->ctx->cpu)->bin_floats(strip->bins, scratch, strip->bin_count);
    else
        memcpy(strip->bins, scratch, strip->bin_count);
    return EG_OK;
}

/* ---- classifying ---- */

typedef struct classification {
    const eg_canny *canny;
    int32_t low, high; /* indices of bins */
} classification;

/* Returns the bin of a strip below that with this index. */
static int16_t bin_under(const eg_canny_strip *strip, int32_t index)
{
    int32_t bin = index - strip->base - 1;
    return (int16_t)(bin < INT16_MIN ? INT16_MIN : bin > INT16_MAX ? INT16_MAX : bin);
}

/* Classifies some words of a row, and returns the end of their bins. */
static const void *classify_row(const classification *s, const eg_canny_strip *strip, size_t y,
                                size_t first, size_t words, const void *bins)
{
    const eg_canny *canny = s->canny;
    uint64_t *candidate = eg_candidate_row(&canny->planes, y) + first;
    uint64_t *edge = eg_edge_row(&canny->planes, y) + first;
    if (is_float(canny))
        return eg_bin_kernels_for(canny->ctx->cpu)
            ->classify_floats(candidate, edge, words, bins, bin_under(strip, s->low),
                              bin_under(strip, s->high));
    return eg_bin_kernels_for(canny->ctx->cpu)
        ->classify(candidate, edge, words, bins, (uint8_t)(s->low - canny->bin_base),
                   (uint8_t)(s->high - canny->bin_base));
}

static eg_status classify_strip(void *opaque, size_t index, eg_error *error)
{
    const classification *s = opaque;
    const eg_planes *planes = &s->canny->planes;
    eg_canny_strip *strip = &s->canny->strips[index];
    const void *bins = strip->bins;
    for (size_t i = 0; i < planes->words; i += EG_TILE / 64) {
        size_t words = planes->words - i < EG_TILE / 64 ? planes->words - i : EG_TILE / 64;
        for (size_t y = strip->rows.y0; y < strip->rows.y1; y++)
            bins = classify_row(s, strip, y, i, words, bins);
    }
    eg_free(strip->bins);
    strip->bins = NULL;
    if (!s->canny->hysteresis)
        return EG_OK;
    size_t rows = strip->rows.y1 - strip->rows.y0;
    void *scratch = eg_alloc(s->canny->ctx, 1, eg_hysteresis_scratch(planes->words, rows), error);
    if (!scratch)
        return eg_failed(error);
    eg_hysteresis_block(planes, strip->rows, s->canny->ctx->cpu, scratch);
    eg_free(scratch);
    return EG_OK;
}

eg_status eg_apply_threshold_bins(eg_canny *canny, eg_source *source,
                                  const eg_magnitude_histogram *sum, eg_threshold_bins choice,
                                  eg_error *error)
{
    eg_status status = eg_planes_allocate(&canny->planes, canny->ctx, &canny->planes.edge, error);
    if (status != EG_OK)
        return status;
    if (choice.empty && atomic_load(&canny->any_valid)) /* eg_note_valid() warns otherwise */
        eg_canny_warn_empty(source, sum);
    classification s = {canny, choice.low, choice.high};
    canny->flat = choice.empty;
    canny->low_response = eg_bin_threshold(&canny->scale, choice.low);
    canny->high_response = eg_bin_threshold(&canny->scale, choice.high);
    return eg_parallel_for(canny->ctx, canny->strip_count,
                           canny->planes.width * canny->planes.height, &s, classify_strip, error);
}
