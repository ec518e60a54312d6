/* SPDX-License-Identifier: MIT */
/* A band: consecutive source rows, padded left and right, as input of the kernels. */
#ifndef EG_CORE_BAND_H
#define EG_CORE_BAND_H

#include "edgegrad.h"

enum {
    EG_BAND_PAD = 64,  /* least padding samples left and right of every row */
    EG_BAND_SLACK = 64 /* samples after the right padding that vector loads may read; never used */
};

typedef struct eg_band {
    char *rows;           /* sample 0 of source row `first`, 64-byte aligned */
    size_t stride;        /* bytes from row to row, a multiple of 64 */
    size_t plane_stride;  /* bytes from plane to plane of a row */
    size_t first, count;  /* source rows in the band: first .. first + count - 1 */
    size_t width, height; /* of the whole raster */
    eg_sample sample;
    eg_border border;
    const void *outside; /* EG_BORDER_CONSTANT: sample 0 of a padded row of the border value */
} eg_band;

/* Maps the index `i`, which may be any distance outside 0..n-1, to an index in 0..n-1 by the border
 * rule; returns -1 for an outside index with EG_BORDER_CONSTANT. */
ptrdiff_t eg_border_index(ptrdiff_t i, size_t n, eg_border border);

/* Returns sample 0 of source row y, which may lie outside the image. The row that the border rule
 * maps it to must be in the band. */
const void *eg_band_row(const eg_band *band, ptrdiff_t y);

/* Returns sample 0 of plane `plane` of source row y, likewise. */
static inline const void *eg_band_plane(const eg_band *band, ptrdiff_t y, size_t plane)
{
    return (const char *)eg_band_row(band, y) + plane * band->plane_stride;
}

/* Planes of a raster: one, or red, green and blue. */
enum { EG_PLANES_MAX = 3 };

/* Sets views[i] to the band of plane i alone, for `planes` planes. */
void eg_band_planes(eg_band views[EG_PLANES_MAX], const eg_band *band, size_t planes);

/* Sides of a row that eg_pad_row() fills. */
typedef enum eg_side { EG_LEFT = 1, EG_RIGHT = 2, EG_BOTH_SIDES = 3 } eg_side;

/* Fills `pad` samples beside a row of `width` samples by the border rule; `value` is that of
 * EG_BORDER_CONSTANT. */
void eg_pad_row(void *row, eg_sample sample, size_t width, size_t pad, eg_side side,
                eg_border border, float value);

/* Returns the bytes of a row of `width` samples with `pad` samples on either side and slack, a
 * multiple of 64. */
size_t eg_padded_bytes(eg_sample sample, size_t width, size_t pad);

#endif
