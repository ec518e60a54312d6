/* SPDX-License-Identifier: MIT */
/* Candidates of Canny beside missing samples. */
#ifndef EG_EDGE_HOLES_H
#define EG_EDGE_HOLES_H

#include "gradient/derivative.h"

/* One row of candidates in a tile: columns x0 .. x0 + width - 1 of row y. */
typedef struct eg_row_candidates {
    size_t x0, y, width;
    const float *gx, *gy;
    uint64_t *candidate, *strong;
} eg_row_candidates;

/* Clears the bits of missing samples. */
void eg_clear_missing(const eg_band *band, const eg_row_candidates *row);

/* Clears the bits of candidates that are local maxima only because missing neighbours, taken to
 * equal the centre, weaken the gradient beside them: of an even slope none is left. For stages
 * without a blur. */
void eg_clear_slopes(const eg_derivative_stage *derivative, const eg_band *band,
                     const eg_row_candidates *row);

#endif
