/* SPDX-License-Identifier: MIT */
/* Widening of samples of any type, in native byte order, to a type that represents them exactly. */
#ifndef EG_IO_PIXELS_WIDEN_H
#define EG_IO_PIXELS_WIDEN_H

#include "io/pixels/samples.h"

enum { EG_WIDEN_MOST = 512 }; /* samples at a time */

/* Returns true if a float does not represent all values of the type. */
bool eg_needs_double(eg_sample_kind kind);

/* Converts samples of a type that does not need doubles. */
void eg_widen_to_floats(eg_sample_kind kind, float *out, const uint8_t *in, size_t count);

/* Converts at most EG_WIDEN_MOST samples of any type. Integers of more than 53 bits are rounded. */
void eg_widen_to_doubles(eg_sample_kind kind, double *out, const uint8_t *in, size_t count);

#endif
