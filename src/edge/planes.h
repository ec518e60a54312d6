/* SPDX-License-Identifier: MIT */
/* Two bits a pixel, packed 64 to a word: is it a candidate, is it an edge. */
#ifndef EG_EDGE_PLANES_H
#define EG_EDGE_PLANES_H

#include "core/context.h"

/* Word i of a row holds pixels 64 i .. 64 i + 63, pixel 64 i in bit 0; spare bits are 0. */
typedef struct eg_planes {
    size_t width, height, words; /* words in a row */
    uint64_t *candidate;         /* above the low threshold, and a ridge */
    uint64_t *edge;              /* strong, and after linking all that hangs on strong ones */
} eg_planes;

static inline uint64_t *eg_candidate_row(const eg_planes *planes, size_t y)
{
    return planes->candidate + y * planes->words;
}

static inline uint64_t *eg_edge_row(const eg_planes *planes, size_t y)
{
    return planes->edge + y * planes->words;
}

#endif
