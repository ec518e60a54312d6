/* SPDX-License-Identifier: MIT */
/* TIFF's predictors, row by row. */
#include "io/codecs/predictor.h"

#include <string.h>

#include "core/level.h"

static const bool little_endian = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

/* ---- integers -------------------------------------------------------------------------------- */

/* Load and store the integer of `bytes` bytes, which must be constant, at any address. */
EG_INLINE uint64_t load(const uint8_t *p, unsigned bytes)
{
    uint16_t half;
    uint32_t word;
    uint64_t pair;
    if (bytes == 1)
        return *p;
    if (bytes == 2)
        return memcpy(&half, p, sizeof half), half;
    if (bytes == 4)
        return memcpy(&word, p, sizeof word), word;
    return memcpy(&pair, p, sizeof pair), pair;
}

EG_INLINE void store(uint8_t *p, unsigned bytes, uint64_t value)
{
    const uint16_t half = (uint16_t)value;
    const uint32_t word = (uint32_t)value;
    if (bytes == 1)
        *p = (uint8_t)value;
    else if (bytes == 2)
        memcpy(p, &half, sizeof half);
    else if (bytes == 4)
        memcpy(p, &word, sizeof word);
    else
        memcpy(p, &value, sizeof value);
}

/* Subtracts from each of `count` integers that of the pixel before. */
EG_INLINE void subtract(uint8_t *restrict out, const uint8_t *restrict in, unsigned bytes,
                        size_t stride, size_t count)
{
    memcpy(out, in, (stride < count ? stride : count) * bytes);
    for (size_t i = stride; i < count; i++)
        store(out + i * bytes, bytes,
              load(in + i * bytes, bytes) - load(in + (i - stride) * bytes, bytes));
}

/* Adds to each integer that of the pixel before; the sums of a constant stride stay in registers.
 */
EG_INLINE void add_constant(uint8_t *row, unsigned bytes, size_t stride, size_t count)
{
    uint64_t sums[4] = {0};
    for (size_t i = 0; i + stride <= count; i += stride)
        for (size_t k = 0; k < stride; k++) {
            uint8_t *p = row + (i + k) * bytes;
            sums[k] += load(p, bytes);
            store(p, bytes, sums[k]);
        }
}

EG_INLINE void add(uint8_t *row, unsigned bytes, size_t stride, size_t count)
{
    if (stride == 1)
        add_constant(row, bytes, 1, count);
    else if (stride == 3)
        add_constant(row, bytes, 3, count);
    else if (stride == 4)
        add_constant(row, bytes, 4, count);
    else
        for (size_t i = stride; i < count; i++) {
            uint8_t *p = row + i * bytes;
            store(p, bytes, load(p, bytes) + load(p - stride * bytes, bytes));
        }
}

static void subtract_row(uint8_t *out, const uint8_t *in, unsigned bytes, size_t stride,
                         size_t count)
{
    if (bytes == 1)
        subtract(out, in, 1, stride, count);
    else if (bytes == 2)
        subtract(out, in, 2, stride, count);
    else if (bytes == 4)
        subtract(out, in, 4, stride, count);
    else
        subtract(out, in, 8, stride, count);
}

static void add_row(uint8_t *row, unsigned bytes, size_t stride, size_t count)
{
    if (bytes == 1)
        add(row, 1, stride, count);
    else if (bytes == 2)
        add(row, 2, stride, count);
    else if (bytes == 4)
        add(row, 4, stride, count);
    else
        add(row, 8, stride, count);
}

/* ---- floats ---------------------------------------------------------------------------------- */

/* Adds to each byte all those before it, modulo 256, 8 bytes at a time: bytes of even and of odd
 * index are summed in lanes of 16 bits, which four of them cannot overflow. */
static void add_bytes(uint8_t *row, size_t count)
{
    static const uint64_t even = 0x00FF00FF00FF00FF, ones = 0x0001000100010001;
    uint64_t sum = 0;
    size_t i = 0;
    for (; little_endian && i + 8 <= count; i += 8) {
        uint64_t x;
        memcpy(&x, row + i, sizeof x);
        uint64_t a = (x & even) * ones, b = (x >> 8 & even) * ones;
        uint64_t before = sum * ones;
        uint64_t low = a + (b << 16) + before, high = a + b + before;
        x = (low & even) | (high & even) << 8;
        memcpy(row + i, &x, sizeof x);
        sum = x >> 56;
    }
    for (; i < count; i++)
        row[i] = (uint8_t)(sum = (sum + row[i]) & 0xFF);
}

static void add_strided_bytes(uint8_t *row, size_t stride, size_t count)
{
    if (stride == 1)
        add_bytes(row, count);
    else
        add_row(row, 1, stride, count);
}

/* Gathers floats from planes of their bytes, the highest first. Inlined with a constant size. */
EG_INLINE void gather(uint8_t *out, const uint8_t *planes, unsigned bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (unsigned k = 0; k < bytes; k++)
            out[i * bytes + k] = planes[(little_endian ? bytes - 1 - k : k) * count + i];
}

/* Splits floats into planes of their bytes. */
EG_INLINE void split(uint8_t *planes, const uint8_t *in, unsigned bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (unsigned k = 0; k < bytes; k++)
            planes[(little_endian ? bytes - 1 - k : k) * count + i] = in[i * bytes + k];
}

static void gather_floats(uint8_t *out, const uint8_t *planes, unsigned bytes, size_t count)
{
    if (bytes == 4)
        gather(out, planes, 4, count);
    else if (bytes == 8)
        gather(out, planes, 8, count);
    else
        gather(out, planes, 2, count);
}

static void split_floats(uint8_t *planes, const uint8_t *in, unsigned bytes, size_t count)
{
    if (bytes == 4)
        split(planes, in, 4, count);
    else if (bytes == 8)
        split(planes, in, 8, count);
    else
        split(planes, in, 2, count);
}

/* ---- floats of 32 bits, one sample a pixel ----------------------------------------------------
 */

enum { LANES = 16 };
typedef uint8_t lanes __attribute__((vector_size(LANES)));

#define LOW  0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#define LAST 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15

/* Moves each lane up by 1, 2, 4 or 8 lanes, and zeros up from lane 0. */
EG_INLINE lanes shift_up(lanes x, int by)
{
    const lanes zero = {0};
    if (by == 1)
        return __builtin_shufflevector(zero, x, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
                                       28, 29, 30);
    if (by == 2)
        return __builtin_shufflevector(zero, x, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
                                       27, 28, 29);
    if (by == 4)
        return __builtin_shufflevector(zero, x, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
                                       25, 26, 27);
    return __builtin_shufflevector(zero, x, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                   22, 23);
}

/* Returns in each lane the sum of `x` up to it. */
EG_INLINE lanes sum_up_to(lanes x)
{
    for (int by = 1; by < LANES; by *= 2)
        x += shift_up(x, by);
    return x;
}

/* Reorders the 64 bytes of x: the six bits of the index of a byte are rotated by one. */
EG_INLINE void rotate_indices(lanes x[4])
{
    const lanes y[4] = {
        __builtin_shufflevector(x[0], x[2], LOW), __builtin_shufflevector(x[0], x[2], HIGH),
        __builtin_shufflevector(x[1], x[3], LOW), __builtin_shufflevector(x[1], x[3], HIGH)};
    for (size_t i = 0; i < 4; i++)
        x[i] = y[i];
}

/* Writes LANES floats whose bytes are `p`, the highest first. */
EG_INLINE void interleave(uint8_t *out, const lanes p[4])
{
    lanes x[4];
    for (size_t k = 0; k < 4; k++)
        x[k] = p[little_endian ? 3 - k : k];
    rotate_indices(x);
    rotate_indices(x);
    memcpy(out, x, sizeof x);
}

/* Reads LANES floats and splits them into their bytes, the highest first. */
EG_INLINE void deinterleave(lanes p[4], const uint8_t *in)
{
    lanes x[4];
    memcpy(x, in, sizeof x);
    for (int i = 0; i < 4; i++)
        rotate_indices(x);
    for (size_t k = 0; k < 4; k++)
        p[k] = x[little_endian ? 3 - k : k];
}

/* Restores `count` floats from the differences of their bytes. The sums of the four planes of bytes
 * are independent once each knows the sum of the planes before it. */
static void decode_floats32(uint8_t *restrict out, const uint8_t *restrict in, size_t count)
{
    uint8_t sums[4] = {0};
    lanes before[4];
    size_t i = 0;
    for (size_t k = 0; k < 3; k++) {
        uint8_t sum = sums[k];
        for (size_t x = 0; x < count; x++)
            sum = (uint8_t)(sum + in[k * count + x]);
        sums[k + 1] = sum;
    }
    for (size_t k = 0; k < 4; k++)
        before[k] = (lanes){0} + sums[k];
    for (; i + LANES <= count; i += LANES) {
        lanes p[4];
        for (size_t k = 0; k < 4; k++) {
            memcpy(&p[k], in + k * count + i, LANES);
            p[k] = sum_up_to(p[k]) + before[k];
            before[k] = __builtin_shufflevector(p[k], p[k], LAST);
        }
        interleave(out + 4 * i, p);
    }
    for (; i < count; i++)
        for (size_t k = 0; k < 4; k++) {
            const uint8_t sum = (uint8_t)(before[k][0] + in[k * count + i]);
            before[k][0] = out[4 * i + (little_endian ? 3 - k : k)] = sum;
        }
}

/* Replaces `count` floats by the differences of their bytes. */
static void encode_floats32(uint8_t *restrict out, const uint8_t *restrict in, size_t count)
{
    const lanes zero = {0};
    lanes before[4] = {{0}}; /* in lane 0 the byte before those of the next step */
    size_t i = 0;
    for (size_t k = 1; k < 4; k++) /* the last byte of the plane before */
        before[k][0] = in[4 * (count - 1) + (little_endian ? 4 - k : k - 1)];
    for (; i + LANES <= count; i += LANES) {
        lanes p[4];
        deinterleave(p, in + 4 * i);
        for (size_t k = 0; k < 4; k++) {
            const lanes difference = p[k] - (shift_up(p[k], 1) | before[k]);
            memcpy(out + k * count + i, &difference, LANES);
            before[k] = __builtin_shufflevector(p[k], zero, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
                                                25, 26, 27, 28, 29, 30);
        }
    }
    for (; i < count; i++)
        for (size_t k = 0; k < 4; k++) {
            const uint8_t byte = in[4 * i + (little_endian ? 3 - k : k)];
            out[k * count + i] = (uint8_t)(byte - before[k][0]);
            before[k][0] = byte;
        }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void encode_floats(const eg_predictor *predictor, const uint8_t *in, uint8_t *out)
{
    const size_t size = predictor->row_bytes, stride = predictor->stride;
    if (predictor->bytes == 4 && stride == 1) {
        encode_floats32(out, in, size / 4);
        return;
    }
    split_floats(out, in, predictor->bytes, size / predictor->bytes);
    for (size_t i = size; i-- > stride;)
        out[i] = (uint8_t)(out[i] - out[i - stride]);
}

void eg_predictor_encode(const eg_predictor *predictor, const uint8_t *in, uint8_t *out)
{
    const size_t size = predictor->row_bytes;
    if (size == 0)
        return;
    if (predictor->number == 2)
        subtract_row(out, in, predictor->bytes, predictor->stride, size / predictor->bytes);
    else if (predictor->number == 3)
        encode_floats(predictor, in, out);
    else
        memcpy(out, in, size);
}

static void decode_floats(const eg_predictor *predictor, uint8_t *row, uint8_t *scratch)
{
    const size_t size = predictor->row_bytes, stride = predictor->stride;
    const bool usual = predictor->bytes == 4 && stride == 1;
    if (!usual)
        add_strided_bytes(row, stride, size);
    memcpy(scratch, row, size);
    if (usual)
        decode_floats32(row, scratch, size / 4);
    else
        gather_floats(row, scratch, predictor->bytes, size / predictor->bytes);
}

void eg_predictor_decode(const eg_predictor *predictor, uint8_t *row, bool swapped,
                         uint8_t *scratch)
{
    const size_t count = predictor->row_bytes / predictor->bytes;
    if (predictor->number == 3) {
        decode_floats(predictor, row, scratch);
        return;
    }
    if (swapped)
        eg_swap_bytes(row, predictor->bytes, count);
    if (predictor->number == 2)
        add_row(row, predictor->bytes, predictor->stride, count);
}

void eg_swap_bytes(uint8_t *values, unsigned bytes, size_t count)
{
    if (bytes == 2) {
        uint16_t *v = (uint16_t *)(void *)values;
        for (size_t i = 0; i < count; i++)
            v[i] = __builtin_bswap16(v[i]);
    } else if (bytes == 4) {
        uint32_t *v = (uint32_t *)(void *)values;
        for (size_t i = 0; i < count; i++)
            v[i] = __builtin_bswap32(v[i]);
    } else if (bytes == 8) {
        uint64_t *v = (uint64_t *)(void *)values;
        for (size_t i = 0; i < count; i++)
            v[i] = __builtin_bswap64(v[i]);
    } else if (bytes > 1) {
        for (size_t i = 0; i < count; i++, values += bytes)
            for (unsigned k = 0; k < bytes / 2; k++) {
                uint8_t byte = values[k];
                values[k] = values[bytes - 1 - k];
                values[bytes - 1 - k] = byte;
            }
    }
}
