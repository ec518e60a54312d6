/* SPDX-License-Identifier: MIT */
/* Automatic thresholds without reading the source twice: a byte for each ridge, sorted afterwards. */
#include <string.h>

#include "core/status.h"
#include "edge/edges.h"

void eg_collect_codes(const eg_marking *m, eg_strip *strip, size_t x0, size_t width, size_t y,
                      const void *mag, uint8_t *codes)
{
    const uint64_t *candidate = eg_candidate_row(&m->planes, y) + x0 / 64;
    for (size_t i = 0; i * 64 < width; i++) {
        for (uint64_t left = candidate[i]; left; left &= left - 1) {
            size_t x = i * 64 + (size_t)__builtin_ctzll(left);
            uint8_t code = eg_code(&m->coder, m->scale.kind, mag, x);
            codes[strip->count++] = code;
            strip->histogram[code]++;
        }
    }
}

eg_status eg_keep_codes(const eg_marking *m, eg_strip *strip, const uint8_t *codes, eg_error *error)
{
    if (!strip->count)
        return EG_OK;
    strip->codes = eg_alloc(m->ctx, strip->count, 1, error);
    if (!strip->codes)
        return eg_failed(error);
    memcpy(strip->codes, codes, strip->count);
    return EG_OK;
}

/* The words of one row of one tile: drops candidates below `pair.low`, marks those from `pair.high`
 * on as strong. Returns where the next row's codes start. */
static const uint8_t *sort_words(uint64_t *candidate, uint64_t *edge, size_t words,
                                 const uint8_t *codes, eg_code_pair pair)
{
    for (size_t i = 0; i < words; i++) {
        uint64_t keep = 0, strong = 0;
        for (uint64_t left = candidate[i]; left; left &= left - 1) {
            uint64_t bit = left & -left;
            int code = *codes++;
            keep |= code >= pair.low ? bit : 0;
            strong |= code >= pair.high ? bit : 0;
        }
        candidate[i] = keep;
        edge[i] = strong;
    }
    return codes;
}

typedef struct sorting {
    const eg_marking *m;
    eg_code_pair pair;
} sorting;

static eg_status sort_strip(void *self, size_t index, eg_error *error)
{
    const sorting *s = self;
    const eg_planes *planes = &s->m->planes;
    eg_strip *strip = &s->m->strips[index];
    const uint8_t *codes = strip->codes;
    for (size_t i = 0; i < planes->words; i += EG_TILE / 64) {
        size_t words = planes->words - i < EG_TILE / 64 ? planes->words - i : EG_TILE / 64;
        for (size_t y = strip->rows.y0; y < strip->rows.y1; y++)
            codes = sort_words(eg_candidate_row(planes, y) + i, eg_edge_row(planes, y) + i, words,
                               codes, s->pair);
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

eg_status eg_apply_codes(eg_marking *m, eg_error *error)
{
    uint64_t histogram[EG_CODES] = {0};
    for (size_t k = 0; k < m->strip_count; k++)
        for (size_t i = 0; i < EG_CODES; i++)
            histogram[i] += m->strips[k].histogram[i];
    sorting s = {m, eg_auto_codes(histogram, m->hysteresis)};
    m->low_sum = eg_code_sum(&m->coder, &m->scale, s.pair.low);
    m->high_sum = eg_code_sum(&m->coder, &m->scale, s.pair.high);
    return eg_parallel(m->ctx, m->strip_count, &s, sort_strip, error);
}
