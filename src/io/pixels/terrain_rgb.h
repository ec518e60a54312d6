/* SPDX-License-Identifier: MIT */
/* Elevations encoded in the colours of 8-bit images, as in map tiles: see eg_encoding. */
#ifndef EG_IO_PIXELS_TERRAIN_RGB_H
#define EG_IO_PIXELS_TERRAIN_RGB_H

#include "edgegrad.h"

/* Returns the elevation of a colour in metres: exact for Terrarium, rounded to double for Mapbox.
 */
double eg_decode_elevation(eg_encoding encoding, unsigned red, unsigned green, unsigned blue);

/* Decodes a row of pixels of 3 channels, or 4 with alpha: pixels with alpha 0 become NaN. `sample`,
 * the type of `out`, is EG_F32 or EG_F64. */
void eg_decode_elevations(eg_encoding encoding, void *out, eg_sample sample, const uint8_t *in,
                          size_t width, int channels);

/* Options of eg_encode_elevations(). */
typedef struct eg_encode_elevation {
    eg_encoding encoding; /* EG_ENCODING_NONE: no encoding */
    double nodata;        /* value of missing cells, besides NaN; may be NaN */
} eg_encode_elevation;

/* Encodes a row of elevations in metres as red, green, blue and alpha. Elevations are rounded and
 * clipped to the range of the encoding; missing cells are black with alpha 0. */
void eg_encode_elevations(uint8_t *out, const float *row, size_t width,
                          const eg_encode_elevation *options);

#endif
