/* SPDX-License-Identifier: MIT */
/* Automatic thresholds without reading the source twice: one bin, a byte, is kept for each local
 * maximum and classified once the thresholds are known. */
#include <string.h>

#include "core/status.h"
#include "edge/canny.h"

void eg_collect_bins(const eg_canny *canny, eg_canny_strip *strip, const uint64_t *candidate,
                     size_t width, const void *mag, uint8_t *bins)
{
    uint8_t tile_bins[EG_TILE];
    canny->kernels->bin[canny->scale.kind](tile_bins, mag, width, canny->binning.base);
    uint8_t *end = canny->kernels->gather_bins(bins + strip->bin_count, tile_bins, candidate,
                                               (width + 63) / 64);
    strip->bin_count = (size_t)(end - bins);
}

/* Counts bins with four counters each, so that increments of equal consecutive bins do not depend
 * on each other. */
static void count_bins(uint32_t histogram[EG_BINS], const uint8_t *bins, size_t count)
{
    enum { COUNTERS = 4 };
    uint32_t counters[COUNTERS][EG_BINS] = {{0}};
    size_t i = 0;
    for (; i + COUNTERS <= count; i += COUNTERS)
        for (size_t k = 0; k < COUNTERS; k++)
            counters[k][bins[i + k]]++;
    for (; i < count; i++)
        counters[0][bins[i]]++;
    for (size_t c = 0; c < EG_BINS; c++)
        histogram[c] = counters[0][c] + counters[1][c] + counters[2][c] + counters[3][c];
}

eg_status eg_store_bins(const eg_canny *canny, eg_canny_strip *strip, const uint8_t *bins,
                        eg_error *error)
{
    if (!strip->bin_count)
        return EG_OK;
    count_bins(strip->counts, bins, strip->bin_count);
    if (canny->histogram_only)
        return EG_OK;
    strip->bins = eg_alloc(canny->ctx, strip->bin_count + EG_BINS_SLACK, 1, error);
    if (!strip->bins)
        return eg_failed(error);
    memcpy(strip->bins, bins, strip->bin_count);
    return EG_OK;
}

typedef struct classification {
    const eg_canny *canny;
    int low, high;
} classification;

static eg_status classify_strip(void *opaque, size_t index, eg_error *error)
{
    const classification *s = opaque;
    const eg_planes *planes = &s->canny->planes;
    eg_canny_strip *strip = &s->canny->strips[index];
    const uint8_t *bins = strip->bins;
    for (size_t i = 0; i < planes->words; i += EG_TILE / 64) {
        size_t words = planes->words - i < EG_TILE / 64 ? planes->words - i : EG_TILE / 64;
        for (size_t y = strip->rows.y0; y < strip->rows.y1; y++)
            bins = s->canny->kernels->classify(eg_candidate_row(planes, y) + i,
                                               eg_edge_row(planes, y) + i, words, bins,
                                               (uint8_t)s->low, (uint8_t)s->high);
    }
    eg_free(strip->bins);
    strip->bins = NULL;
    if (!s->canny->hysteresis)
        return EG_OK;
    size_t rows = strip->rows.y1 - strip->rows.y0;
    void *scratch = eg_alloc(s->canny->ctx, 1, eg_hysteresis_scratch(planes->words, rows), error);
    if (!scratch)
        return eg_failed(error);
    eg_hysteresis_block(planes, strip->rows, scratch);
    eg_free(scratch);
    return EG_OK;
}

void eg_sum_histograms(const eg_canny *canny, uint64_t histogram[EG_BINS])
{
    for (size_t k = 0; k < canny->strip_count; k++)
        for (size_t i = 0; i < EG_BINS; i++)
            histogram[i] += canny->strips[k].counts[i];
}

eg_status eg_apply_threshold_bins(eg_canny *canny, eg_threshold_bins choice, eg_error *error)
{
    eg_status status = eg_allocate_plane(canny, &canny->planes.edge, error);
    if (status != EG_OK)
        return status;
    classification s = {canny, choice.low, choice.high};
    canny->low_response = eg_bin_threshold(&canny->binning, &canny->scale, choice.low);
    canny->high_response = eg_bin_threshold(&canny->binning, &canny->scale, choice.high);
    return eg_parallel_for(canny->ctx, canny->strip_count,
                           canny->planes.width * canny->planes.height, &s, classify_strip, error);
}
