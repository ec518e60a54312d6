/* SPDX-License-Identifier: MIT */
/* Non-maximum suppression of magnitudes, for maps. */
#ifndef EG_GRADIENT_THIN_H
#define EG_GRADIENT_THIN_H

#include <stddef.h>

/* Computes out[x] for x = 0 .. width - 1: magnitude[1][x] if it is a local maximum along the
 * gradient (gx, gy), else 0; NaN stays NaN. The magnitudes of the rows above and below, and of the
 * columns beside the row, are 0 outside the image. A pixel beside a missing one, whose magnitude is
 * NaN, is no maximum if it is compared with that. */
void eg_thin_row(float *out, const float *const magnitude[3], const float *gx, const float *gy,
                 size_t width);

#endif
