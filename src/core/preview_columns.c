/* SPDX-License-Identifier: MIT */
/* Sums of the columns of rows, for the averages of previews. */
#include "core/preview_columns.h"

enum {
    ROWS_MAX = 256, /* rows whose 8-bit samples cannot overflow a 16-bit column sum */
    BIT_PLANES = 5, /* bits of a column count of EG_BIT rows */
    BIT_ROWS_MAX = (1 << BIT_PLANES) - 1
};

size_t eg_columns_rows_max(eg_sample sample)
{
    return sample == EG_BIT ? BIT_ROWS_MAX : ROWS_MAX;
}

size_t eg_columns_bytes(eg_sample sample, size_t width)
{
    static const size_t bytes[] = {[EG_U8] = sizeof(uint16_t),
                                   [EG_U16] = sizeof(uint32_t),
                                   [EG_F32] = sizeof(double),
                                   [EG_F64] = sizeof(double),
                                   [EG_RGB] = sizeof(uint16_t)};
    if (sample == EG_BIT)
        return eg_row_bytes(EG_BIT, width) * BIT_PLANES;
    return width * bytes[sample];
}

/* ---- adding a row ---------------------------------------------------------------------------- */

static void add_u8(uint16_t *restrict columns, const uint8_t *restrict row, size_t width)
{
    for (size_t x = 0; x < width; x++)
        columns[x] = (uint16_t)(columns[x] + row[x]);
}

static void add_u16(uint32_t *restrict columns, const uint16_t *restrict row, size_t width)
{
    for (size_t x = 0; x < width; x++)
        columns[x] += row[x];
}

/* Sums the finite samples: x - x is 0 for them, NaN for infinities and NaN. */
static void add_f32(double *restrict columns, uint16_t *restrict found, const float *restrict row,
                    size_t width)
{
    for (size_t x = 0; x < width; x++)
        columns[x] += (double)(row[x] - row[x] == 0 ? row[x] : 0);
    for (size_t x = 0; x < width; x++)
        found[x] = (uint16_t)(found[x] + (row[x] - row[x] == 0));
}

static void add_f64(double *restrict columns, uint16_t *restrict found, const double *restrict row,
                    size_t width)
{
    for (size_t x = 0; x < width; x++) {
        bool finite = row[x] - row[x] == 0;
        columns[x] += finite ? row[x] : 0;
        found[x] = (uint16_t)(found[x] + finite);
    }
}

/* Adds a row to the column counts, 64 columns at a time: plane j has bit j of each column's count.
 */
static void add_bits(uint64_t *restrict planes, const uint64_t *restrict row, size_t words)
{
    for (size_t i = 0; i < words; i++) {
        uint64_t carry = row[i];
        for (size_t j = 0; j < BIT_PLANES; j++) {
            uint64_t *plane = planes + j * words + i, sum = *plane ^ carry;
            carry &= *plane;
            *plane = sum;
        }
    }
}

void eg_columns_add(void *columns, uint16_t *found, const void *row, eg_sample sample, size_t width)
{
    switch (sample) {
    case EG_BIT:
        add_bits(columns, row, (width + 63) / 64);
        break;
    case EG_U8:
    case EG_RGB:
        add_u8(columns, row, width);
        break;
    case EG_U16:
        add_u16(columns, row, width);
        break;
    case EG_F32:
        add_f32(columns, found, row, width);
        break;
    case EG_F64:
        add_f64(columns, found, row, width);
        break;
    }
}

/* ---- sums ------------------------------------------------------------------------------------ */

/* Returns the number of bits set in columns x0 .. x1 - 1. */
static unsigned bits_between(const uint64_t *row, size_t x0, size_t x1)
{
    uint64_t first = row[x0 / 64] >> (x0 % 64) << (x0 % 64);
    uint64_t last_mask = ~(uint64_t)0 >> (63 - (x1 - 1) % 64);
    size_t last = (x1 - 1) / 64;
    unsigned count = 0;
    for (size_t i = x0 / 64; i < last; i++) {
        count += first ? (unsigned)__builtin_popcountll(first) : 0;
        first = row[i + 1];
    }
    first &= last_mask;
    return count + (first ? (unsigned)__builtin_popcountll(first) : 0);
}

/* Returns the number of bits set in columns x0 .. x1 - 1 of all rows added. */
static double sum_bits(const uint64_t *planes, size_t width, size_t x0, size_t x1)
{
    const size_t words = (width + 63) / 64;
    unsigned sum = 0;
    for (size_t j = 0; j < BIT_PLANES; j++)
        sum += bits_between(planes + j * words, x0, x1) << j;
    return sum;
}

double eg_columns_sum(const void *columns, eg_sample sample, size_t width, size_t x0, size_t x1)
{
    uint64_t sum = 0;
    double real = 0;
    if (sample == EG_BIT)
        return sum_bits(columns, width, x0, x1);
    if (sample == EG_U8 || sample == EG_RGB)
        for (size_t x = x0; x < x1; x++)
            sum += ((const uint16_t *)columns)[x];
    else if (sample == EG_U16)
        for (size_t x = x0; x < x1; x++)
            sum += ((const uint32_t *)columns)[x];
    else
        for (size_t x = x0; x < x1; x++)
            real += ((const double *)columns)[x];
    return (double)sum + real;
}
