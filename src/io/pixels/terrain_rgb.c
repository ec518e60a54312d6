/* SPDX-License-Identifier: MIT */
/* Heights in the colours of 8-bit pictures. */
#include "io/pixels/terrain_rgb.h"

#include <math.h>

/* metres = (65536 R + 256 G + B - zero) / steps */
static const struct {
    double steps; /* of colour in a metre */
    double zero;
} codes[] = {
    [EG_ENCODING_NONE] = {1, 0},
    [EG_ENCODING_TERRARIUM] = {256, 32768.0 * 256},
    [EG_ENCODING_MAPBOX] = {10, 10000.0 * 10},
};

double eg_decode_elevation(eg_encoding encoding, unsigned red, unsigned green, unsigned blue)
{
    return ((double)(red << 16 | green << 8 | blue) - codes[encoding].zero) / codes[encoding].steps;
}

void eg_decode_elevations(eg_encoding encoding, void *out, eg_sample sample, const uint8_t *in,
                          size_t width, int channels)
{
    float *floats = out;
    double *doubles = out;
    for (size_t x = 0; x < width; x++, in += channels) {
        bool missing = channels == 4 && in[3] == 0;
        double height = missing ? (double)NAN : eg_decode_elevation(encoding, in[0], in[1], in[2]);
        if (sample == EG_F64)
            doubles[x] = height;
        else
            floats[x] = (float)height;
    }
}

void eg_encode_elevations(uint8_t *out, const float *row, size_t width,
                          const eg_encode_elevation *how)
{
    static const double most = 0xFFFFFF;
    const double steps = codes[how->encoding].steps, zero = codes[how->encoding].zero;
    const float nodata = (float)how->nodata;
    for (size_t x = 0; x < width; x++, out += how->alpha ? 4 : 3) {
        bool missing = isnan(row[x]) || row[x] == nodata;
        double code = missing ? 0 : rint((double)row[x] * steps + zero);
        uint32_t colour = (uint32_t)(code < 0 ? 0 : code > most ? most : code);
        out[0] = (uint8_t)(colour >> 16);
        out[1] = (uint8_t)(colour >> 8);
        out[2] = (uint8_t)colour;
        if (how->alpha)
            out[3] = missing ? 0 : 255;
    }
}
