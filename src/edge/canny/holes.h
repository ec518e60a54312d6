/* SPDX-License-Identifier: MIT */
/*
 * Candidates of Canny beside missing samples. They are found in corrected magnitudes (see
 * gradient/missing.h), which are what the image promises but are less certain the fewer samples are
 * valid, and are held to the thresholds by the plain ones.
 */
#ifndef EG_EDGE_HOLES_H
#define EG_EDGE_HOLES_H

#include "core/band.h"
#include "edge/canny/kernels.h"

/* Rows y - 1, y and y + 1 of a tile, from column x0 on: corrected responses, and corrected and
 * plain magnitudes. `plain` is NULL for rows that no missing sample has influence on, `gx` and `gy`
 * for rows outside the image. */
typedef struct eg_hole_rows {
    const eg_band *band;
    size_t x0, y, width;
    const float *gx[3], *gy[3], *magnitude[3], *plain[3];
    const uint64_t *partial[3]; /* see eg_correct_responses(); bit 1 is column x0 */
} eg_hole_rows;

/* Sets the corrected magnitudes of missing samples to the lesser of both magnitudes, because the
 * surface in a hole is a guess: a steep one must not outdo the pixels at its rim. */
void eg_lower_missing(const float *samples, const float *plain, float *magnitude, size_t width);

/* Clears the bits of missing samples, and those of magnitudes below the thresholds. plain[1] is not
 * NULL. */
void eg_clear_missing(const eg_hole_rows *rows, const eg_thresholds *thresholds,
                      uint64_t *candidate, uint64_t *strong);

/* Clears the bits of candidates that missing samples have influence on and that do not clearly
 * exceed a neighbour along the gradient, so that of an even slope none is left; if the gradient
 * seems to rise into a hole, they must exceed the other neighbour by far. */
void eg_clear_slopes(const eg_hole_rows *rows, uint64_t *candidate, uint64_t *strong);

#endif
