/* SPDX-License-Identifier: MIT */
/* Conversion of float rows to the sample type of a sink. */
#include "core/level.h"
#include "terrain/kernels.h"

static void floats(float *row, size_t width, float missing)
{
    for (size_t x = 0; x < width; x++)
        row[x] = row[x] == row[x] ? row[x] : missing;
}

static void bytes(uint8_t *restrict out, const float *restrict in, size_t width, uint8_t missing)
{
    for (size_t x = 0; x < width; x++) {
        float v = in[x] == in[x] ? in[x] + 0.5F : (float)missing;
        out[x] = (uint8_t)(int32_t)v;
    }
}

static void above(uint8_t *restrict out, const float *restrict in, size_t width, float threshold,
                  uint8_t missing)
{
    for (size_t x = 0; x < width; x++) {
        int32_t passes = in[x] >= threshold ? 1 : 0;
        out[x] = (uint8_t)(in[x] == in[x] ? passes : missing);
    }
}

extern const eg_output_kernels EG_AT_LEVEL(eg_output_kernels);
const eg_output_kernels EG_AT_LEVEL(eg_output_kernels) = {
    .floats = floats,
    .bytes = bytes,
    .above = above,
};
