/* SPDX-License-Identifier: MIT */
/* Choices from the bytes of an input. */
#include <string.h>

#include "fuzz.h"

uint64_t take(fuzz_bytes *bytes, size_t count)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count && bytes->left > 0; i++, bytes->left--)
        value |= (uint64_t)*bytes->at++ << 8 * i;
    return value;
}

unsigned pick(fuzz_bytes *bytes, unsigned sides)
{
    return (unsigned)take(bytes, 1) % sides;
}

double take_number(fuzz_bytes *bytes)
{
    const uint64_t kind = take(bytes, 1);
    double value;
    if (kind < 96)
        return (double)kind - 48;
    if (kind < 192)
        return (double)(int16_t)take(bytes, 2) / (double)(1u << (kind & 15));
    const uint64_t bits = take(bytes, 8);
    memcpy(&value, &bits, sizeof value);
    return value;
}
