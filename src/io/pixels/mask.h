/* SPDX-License-Identifier: MIT */
/* Missing samples, which are NaN in rows of floats: from an alpha channel or from a mask image. */
#ifndef EG_IO_PIXELS_MASK_H
#define EG_IO_PIXELS_MASK_H

#include "core/stream.h"
#include "io/pixels/grey.h"

/* Convert a row to grey as eg_grey_row8() and eg_grey_row16() do, but to floats that are NaN where
 * alpha is 0. `pixels` has an alpha channel. */
void eg_grey_masked8(const eg_context *ctx, float *out, const uint8_t *in, size_t width,
                     const eg_pixels *pixels, const eg_read_options *options);
void eg_grey_masked16(const eg_context *ctx, float *out, const uint16_t *in, size_t width,
                      const eg_pixels *pixels, const eg_read_options *options);

/* Sets the samples of a row of EG_F32 or EG_F64 to NaN where the row `mask`, of EG_U8, EG_F32 or
 * EG_F64, is 0 or NaN. */
void eg_mask_row(void *row, eg_sample sample, const void *mask, eg_sample mask_sample,
                 size_t width);

/* Creates a source of the rows of `image`, EG_U8 as EG_F32, whose samples are NaN where those of
 * `mask` are 0 or NaN. It has the name of `image`. Takes ownership of both, also on failure.
 * EG_BAD_INPUT: their sizes differ. */
eg_status eg_mask(eg_source **source, eg_source *image, eg_source *mask, eg_error *error);

#endif
