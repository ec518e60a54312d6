/* SPDX-License-Identifier: MIT */
/* Elevations encoded in the colours of 8-bit images. */
#include "io/pixels/terrain_rgb.h"

#include <math.h>

/* Parameters of the encodings: metres = (65536 R + 256 G + B - zero) / steps */
static const struct {
    double steps; /* codes per metre */
    double zero;  /* code of 0 m */
} encodings[] = {
    [EG_ENCODING_NONE] = {1, 0},
    [EG_ENCODING_TERRARIUM] = {256, 32768.0 * 256},
    [EG_ENCODING_MAPBOX] = {10, 10000.0 * 10},
};

double eg_decode_elevation(eg_encoding encoding, unsigned red, unsigned green, unsigned blue)
{
    return ((double)(red << 16 | green << 8 | blue) - encodings[encoding].zero) /
           encodings[encoding].steps;
}

void eg_decode_elevations(eg_encoding encoding, void *out, eg_sample sample, const uint8_t *in,
                          size_t width, int channels)
{
    float *floats = out;
    double *doubles = out;
    for (size_t x = 0; x < width; x++, in += channels) {
        bool missing = channels == 4 && in[3] == 0;
        double metres = missing ? (double)NAN : eg_decode_elevation(encoding, in[0], in[1], in[2]);
        if (sample == EG_F64)
            doubles[x] = metres;
        else
            floats[x] = (float)metres;
    }
}

void eg_encode_elevations(uint8_t *out, const float *row, size_t width,
                          const eg_encode_elevation *options)
{
    static const double max_code = 0xFFFFFF;
    const double steps = encodings[options->encoding].steps,
                 zero = encodings[options->encoding].zero;
    const float nodata = (float)options->nodata;
    for (size_t x = 0; x < width; x++, out += 4) {
        bool missing = isnan(row[x]) || row[x] == nodata;
        double code = missing ? 0 : rint((double)row[x] * steps + zero);
        uint32_t colour = (uint32_t)(code < 0 ? 0 : code > max_code ? max_code : code);
        out[0] = (uint8_t)(colour >> 16);
        out[1] = (uint8_t)(colour >> 8);
        out[2] = (uint8_t)colour;
        out[3] = missing ? 0 : 255;
    }
}
