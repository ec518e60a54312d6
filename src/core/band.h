/* SPDX-License-Identifier: MIT */
/* A window of consecutive source rows, padded left and right, as kernels want to see them. */
#ifndef EG_CORE_BAND_H
#define EG_CORE_BAND_H

#include "edgegrad.h"

enum {
    EG_BAND_PAD = 64,  /* samples of room left and right of every row */
    EG_BAND_SLACK = 64 /* ... and past that on the right, read by whole vectors without effect */
};

typedef struct eg_band {
    char *rows;           /* sample 0 of source row `first`, 64-byte aligned */
    size_t stride;        /* bytes from row to row, a multiple of 64 */
    size_t first, count;  /* the source rows held */
    size_t width, height; /* of the whole image, whatever part of it is wanted */
    eg_sample sample;
    eg_border border;
    const void *outside; /* EG_BORDER_CONSTANT: a padded row of the border's value */
} eg_band;

/* The row that stands at `i`, which may lie outside 0..n-1 by any amount; -1: the constant border.
 */
ptrdiff_t eg_border_index(ptrdiff_t i, size_t n, eg_border border);

/* Source row y, which may lie outside the image; the row it is mapped to must be in the band. */
const void *eg_band_row(const eg_band *band, ptrdiff_t y);

/* Fills `pad` samples beside a row of `width` samples by the border rule: all of them, those left
 * of sample 0, or those from sample `width` on. */
typedef enum eg_side { EG_LEFT = 1, EG_RIGHT = 2, EG_BOTH_SIDES = 3 } eg_side;
void eg_pad_row(void *row, eg_sample sample, size_t width, size_t pad, eg_side side,
                eg_border border, float value);

/* Bytes of a row of `width` samples with its padding and slack, a multiple of 64. */
size_t eg_padded_bytes(eg_sample sample, size_t width);

#endif
