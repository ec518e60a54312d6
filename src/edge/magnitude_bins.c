/* SPDX-License-Identifier: MIT */
/* Automatic thresholds without reading the source twice: a byte for each ridge, sorted afterwards.
 */
#include <string.h>

#include "core/status.h"
#include "edge/canny.h"

void eg_collect_bins(const eg_canny *m, eg_canny_strip *strip, const uint64_t *candidate,
                     size_t width, const void *mag, uint8_t *codes)
{
    uint8_t all[EG_TILE];
    m->kernels->code[m->scale.kind](all, mag, width, m->coder.base);
    uint8_t *end = m->kernels->gather(codes + strip->count, all, candidate, (width + 63) / 64);
    strip->count = (size_t)(end - codes);
}

/* Four counters a code, so that equal codes in a row do not wait for each other. */
static void count_codes(uint32_t histogram[EG_BINS], const uint8_t *codes, size_t count)
{
    enum { WAYS = 4 };
    uint32_t part[WAYS][EG_BINS] = {{0}};
    size_t i = 0;
    for (; i + WAYS <= count; i += WAYS)
        for (size_t k = 0; k < WAYS; k++)
            part[k][codes[i + k]]++;
    for (; i < count; i++)
        part[0][codes[i]]++;
    for (size_t c = 0; c < EG_BINS; c++)
        histogram[c] = part[0][c] + part[1][c] + part[2][c] + part[3][c];
}

eg_status eg_keep_bins(const eg_canny *m, eg_canny_strip *strip, const uint8_t *codes,
                       eg_error *error)
{
    if (!strip->count)
        return EG_OK;
    count_codes(strip->histogram, codes, strip->count);
    if (m->histogram)
        return EG_OK;
    strip->codes = eg_alloc(m->ctx, strip->count + EG_BINS_SLACK, 1, error);
    if (!strip->codes)
        return eg_failed(error);
    memcpy(strip->codes, codes, strip->count);
    return EG_OK;
}

typedef struct sorting {
    const eg_canny *m;
    int low, high;
} sorting;

static eg_status sort_strip(void *opaque, size_t index, eg_error *error)
{
    const sorting *s = opaque;
    const eg_planes *planes = &s->m->planes;
    eg_canny_strip *strip = &s->m->strips[index];
    const uint8_t *codes = strip->codes;
    for (size_t i = 0; i < planes->words; i += EG_TILE / 64) {
        size_t words = planes->words - i < EG_TILE / 64 ? planes->words - i : EG_TILE / 64;
        for (size_t y = strip->rows.y0; y < strip->rows.y1; y++)
            codes = s->m->kernels->sort(eg_candidate_row(planes, y) + i, eg_edge_row(planes, y) + i,
                                        words, codes, (uint8_t)s->low, (uint8_t)s->high);
    }
    eg_free(strip->codes);
    strip->codes = NULL;
    if (!s->m->hysteresis)
        return EG_OK;
    size_t rows = strip->rows.y1 - strip->rows.y0;
    void *scratch = eg_alloc(s->m->ctx, 1, eg_link_scratch(planes->words, rows), error);
    if (!scratch)
        return eg_failed(error);
    eg_link_block(planes, strip->rows, scratch);
    eg_free(scratch);
    return EG_OK;
}

void eg_add_histograms(const eg_canny *m, uint64_t histogram[EG_BINS])
{
    for (size_t k = 0; k < m->strip_count; k++)
        for (size_t i = 0; i < EG_BINS; i++)
            histogram[i] += m->strips[k].histogram[i];
}

eg_status eg_apply_bins(eg_canny *m, eg_bin_choice choice, eg_error *error)
{
    eg_status status = eg_allocate_plane(m, &m->planes.edge, error);
    if (status != EG_OK)
        return status;
    sorting s = {m, choice.low, choice.high};
    m->low_sum = eg_bin_response(&m->coder, &m->scale, choice.low);
    m->high_sum = eg_bin_response(&m->coder, &m->scale, choice.high);
    return eg_parallel_for(m->ctx, m->strip_count, m->planes.width * m->planes.height, &s,
                           sort_strip, error);
}
