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
EG_INLINE void subtract(uint8_t *row, unsigned bytes, size_t stride, size_t count)
{
    for (size_t i = count; i-- > stride;) {
        uint8_t *p = row + i * bytes;
        store(p, bytes, load(p, bytes) - load(p - stride * bytes, bytes));
    }
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

static void subtract_row(uint8_t *row, unsigned bytes, size_t stride, size_t count)
{
    if (bytes == 1)
        subtract(row, 1, stride, count);
    else if (bytes == 2)
        subtract(row, 2, stride, count);
    else if (bytes == 4)
        subtract(row, 4, stride, count);
    else
        subtract(row, 8, stride, count);
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

/* ---- rows ------------------------------------------------------------------------------------ */

void eg_predictor_encode(const eg_predictor *predictor, uint8_t *row, uint8_t *scratch)
{
    const size_t size = predictor->row_bytes, stride = predictor->stride;
    if (predictor->number == 2)
        subtract_row(row, predictor->bytes, stride, size / predictor->bytes);
    if (predictor->number != 3)
        return;
    split_floats(scratch, row, predictor->bytes, size / predictor->bytes);
    memcpy(row, scratch, stride < size ? stride : size);
    for (size_t i = stride; i < size; i++)
        row[i] = (uint8_t)(scratch[i] - scratch[i - stride]);
}

void eg_predictor_decode(const eg_predictor *predictor, uint8_t *row, bool swapped,
                         uint8_t *scratch)
{
    const size_t size = predictor->row_bytes, count = size / predictor->bytes;
    if (predictor->number == 3) {
        add_strided_bytes(row, predictor->stride, size);
        memcpy(scratch, row, size);
        gather_floats(row, scratch, predictor->bytes, count);
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
