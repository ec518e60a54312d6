/* SPDX-License-Identifier: MIT */
/* Heights in the colours of 8-bit pictures, as map tiles have them: see eg_encoding. */
#ifndef EG_IO_PIXELS_TERRAIN_RGB_H
#define EG_IO_PIXELS_TERRAIN_RGB_H

#include "edgegrad.h"

/* The metres of one colour, exact for terrarium, the nearest double for mapbox. */
double eg_decode_elevation(eg_encoding encoding, unsigned red, unsigned green, unsigned blue);

/* A row of colours, `channels` bytes a pixel: 3, or 4 of which the last is an alpha; where that is
 * 0 the height is missing. `sample` is EG_F32 or EG_F64. */
void eg_decode_elevations(eg_encoding encoding, void *out, eg_sample sample, const uint8_t *in,
                          size_t width, int channels);

typedef struct eg_encode_elevation {
    eg_encoding encoding; /* EG_ENCODING_NONE: samples are no heights */
    bool alpha;           /* there is an alpha channel, 0 where heights are missing */
    double nodata;        /* missing as NaN is; may be NaN */
} eg_encode_elevation;

/* The other way: the nearest colour; what lies outside the encoding's range is as near as it gets,
 * and what is missing black. */
void eg_encode_elevations(uint8_t *out, const float *row, size_t width,
                          const eg_encode_elevation *how);

#endif
