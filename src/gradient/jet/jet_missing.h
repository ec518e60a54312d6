/* SPDX-License-Identifier: MIT */
/* Jets beside missing samples. */
#ifndef EG_GRADIENT_JET_MISSING_H
#define EG_GRADIENT_JET_MISSING_H

#include "gradient/jet/jet.h"

/* Returns the bytes of valid_ring and what follows it, for rows of `stride` columns. */
size_t eg_jet_missing_bytes(const eg_jet_stage *stage, size_t stride);

/* Adds the sums along row y of valid samples to the ring; the row may lie outside the image. */
void eg_jet_missing_row(const eg_jet_cursor *cursor, ptrdiff_t y, const float *samples);

/* Replaces the parts of row y that are not finite. */
void eg_jet_missing_parts(const eg_jet_cursor *cursor, size_t y);

#endif
