/* SPDX-License-Identifier: MIT */
/* Maps of some pixels only. */
#ifndef EG_GRADIENT_MASKED_H
#define EG_GRADIENT_MASKED_H

#include "core/stream.h"

/* Bits of the pixels that a map in colours has, rows of EG_BIT of the source's window, `words`
 * words each; the other pixels are black. */
typedef struct eg_map_mask {
    const uint64_t *bits; /* NULL: all pixels */
    size_t words;
} eg_map_mask;

/* Computes eg_gradient() of a map in colours for the pixels of the mask. */
eg_status eg_gradient_masked(eg_source *source, eg_sink *sink, const eg_gradient_options *options,
                             const eg_map_mask *mask, eg_error *error);

#endif
