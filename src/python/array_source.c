/* SPDX-License-Identifier: MIT */
/* Rows of arrays that the library cannot read where they are: interleaved colours, other types,
 * other strides. */
#include <string.h>

#include "python/module.h"

/* ---- one row of one plane ---- */

/* Copies bytes that are `step` apart; inlined with constants, so that the loops of common steps
 * vectorise. */
static inline void take_bytes(uint8_t *restrict out, const uint8_t *restrict in, ptrdiff_t step,
                              size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = in[(ptrdiff_t)x * step];
}

static void row_u8(void *out, const char *in, ptrdiff_t step, size_t width)
{
    const uint8_t *bytes = (const uint8_t *)in;
    if (step == 1)
        memcpy(out, in, width);
    else if (step == 3)
        take_bytes(out, bytes, 3, width);
    else if (step == 4)
        take_bytes(out, bytes, 4, width);
    else
        take_bytes(out, bytes, step, width);
}

static void row_bool(void *out, const char *in, ptrdiff_t step, size_t width)
{
    uint8_t *to = out;
    for (size_t x = 0; x < width; x++)
        to[x] = in[(ptrdiff_t)x * step] ? 255 : 0;
}

static void row_u16(void *out, const char *in, ptrdiff_t step, size_t width)
{
    float *to = out;
    for (size_t x = 0; x < width; x++)
        to[x] = *(const uint16_t *)(const void *)(in + (ptrdiff_t)x * step);
}

static void row_i16(void *out, const char *in, ptrdiff_t step, size_t width)
{
    float *to = out;
    for (size_t x = 0; x < width; x++)
        to[x] = *(const int16_t *)(const void *)(in + (ptrdiff_t)x * step);
}

static void row_f32(void *out, const char *in, ptrdiff_t step, size_t width)
{
    float *to = out;
    for (size_t x = 0; x < width; x++)
        to[x] = *(const float *)(const void *)(in + (ptrdiff_t)x * step);
}

static void row_f64(void *out, const char *in, ptrdiff_t step, size_t width)
{
    float *to = out;
    for (size_t x = 0; x < width; x++)
        to[x] = (float)*(const double *)(const void *)(in + (ptrdiff_t)x * step);
}

static void row_wide(void *out, const char *in, ptrdiff_t step, size_t width)
{
    double *to = out;
    for (size_t x = 0; x < width; x++)
        to[x] = *(const double *)(const void *)(in + (ptrdiff_t)x * step);
}

typedef void row_function(void *out, const char *in, ptrdiff_t step, size_t width);

static row_function *const rows_of_type[] = {
    [EGPY_BOOL] = row_bool, [EGPY_U8] = row_u8,   [EGPY_U16] = row_u16,
    [EGPY_I16] = row_i16,   [EGPY_F32] = row_f32, [EGPY_F64] = row_f64,
};

/* Returns the sample type of the rows. */
static eg_sample sample_of(const egpy_array *array)
{
    if (array->type == EGPY_BOOL || array->type == EGPY_U8)
        return EG_U8;
    return array->type == EGPY_F64 && array->wide ? EG_F64 : EG_F32;
}

/* ---- grey ---- */

enum { CHUNK = 512 }; /* pixels converted at a time */

/* Joins planes of bytes to grey, with the weights of the library, which add up to 65536. */
static void join_u8(uint8_t *restrict out, const uint8_t *restrict r, const uint8_t *restrict g,
                    const uint8_t *restrict b, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = (uint8_t)((19595u * r[x] + 38470u * g[x] + 7471u * b[x] + 32768) >> 16);
}

static void join_f32(float *restrict out, const float *restrict r, const float *restrict g,
                     const float *restrict b, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = (float)((19595.0 * (double)r[x] + 38470.0 * (double)g[x] + 7471.0 * (double)b[x]) /
                         65536);
}

static void row_grey(const egpy_array *array, row_function *row, void *out, const char *in)
{
    float planes[3][CHUNK];
    const bool bytes = sample_of(array) == EG_U8;
    for (size_t x = 0; x < array->width; x += CHUNK) {
        const size_t count = array->width - x < CHUNK ? array->width - x : CHUNK;
        for (int k = 0; k < 3; k++)
            row(planes[k], in + (ptrdiff_t)x * array->column + k * array->plane, array->column,
                count);
        if (bytes)
            join_u8((uint8_t *)out + x, (uint8_t *)planes[0], (uint8_t *)planes[1],
                    (uint8_t *)planes[2], count);
        else
            join_f32((float *)out + x, planes[0], planes[1], planes[2], count);
    }
}

/* ---- the source ---- */

/* Fills the next rows, as an eg_rows_callback. */
static eg_status pull(void *opaque, const eg_grid *rows, eg_error *error)
{
    egpy_array *array = opaque;
    row_function *row = sample_of(array) == EG_F64 ? row_wide : rows_of_type[array->type];
    (void)error;
    for (size_t y = 0; y < rows->height; y++) {
        const char *in = array->data + (ptrdiff_t)array->next++ * array->row;
        char *out = (char *)rows->data + y * rows->stride;
        if (array->grey)
            row_grey(array, row, out, in);
        for (int k = 0; k < array->planes && !array->grey; k++)
            row(out + (size_t)k * (rows->stride / 3), in + k * array->plane, array->column,
                array->width);
    }
    return EG_OK;
}

eg_status egpy_source_array(eg_source **source, eg_context *ctx, egpy_array *array,
                            float white_level, eg_error *error)
{
    const eg_grid shape = {.width = array->width,
                           .height = array->height,
                           .stride = eg_row_bytes(sample_of(array), array->width),
                           .sample = sample_of(array),
                           .white_level = white_level};
    return array->planes == 3 && !array->grey
               ? eg_source_pull_planes(source, ctx, &shape, pull, array, error)
               : eg_source_pull(source, ctx, &shape, pull, array, error);
}
