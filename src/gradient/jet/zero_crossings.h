/* SPDX-License-Identifier: MIT */
/* Zero crossings of a map, one pixel wide. */
#ifndef EG_GRADIENT_ZERO_CROSSINGS_H
#define EG_GRADIENT_ZERO_CROSSINGS_H

#include <stddef.h>
#include <stdint.h>

/* Sets the bits of the zero crossings of a row, whose values are rows[1][0 .. width - 1]; the rows
 * above and below and the columns beside it are NaN outside the image. Two neighbours of opposite
 * signs that differ by `slope` or more are a crossing at the one with the smaller absolute value;
 * the left or upper one of equal ones. A 0 between values of opposite signs is one if half their
 * difference is `slope` or more. */
void eg_zero_crossings_row(uint64_t *bits, const float *const rows[3], size_t width, float slope);

#endif
