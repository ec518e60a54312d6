/* SPDX-License-Identifier: MIT */
/* Dilation of edge bits by a disc, 64 pixels at a time. */
#include "edge/style/dilation.h"

#include <stdbool.h>
#include <string.h>

eg_disc eg_disc_of(int diameter)
{
    const int even = diameter % 2 == 0;
    eg_disc disc = {.above = (diameter - 1) / 2, .below = diameter / 2};
    for (int dy = -disc.above; dy <= disc.below; dy++) {
        const int v = 2 * dy - even, rest = diameter * diameter - v * v;
        int last = 0;
        while ((2 * (last + 1) - even) * (2 * (last + 1) - even) <= rest)
            last++;
        disc.run[dy + disc.above].first = even - last;
        disc.run[dy + disc.above].last = last;
    }
    return disc;
}

static bool is_empty(const uint64_t *row, size_t words)
{
    uint64_t any = 0;
    for (size_t i = 0; i < words; i++)
        any |= row[i];
    return !any;
}

/* Moves all pixels to the left by 0 < count < 64. */
static void shift_left(uint64_t *row, size_t words, int count)
{
    for (size_t i = 0; i + 1 < words; i++)
        row[i] = row[i] >> count | row[i + 1] << (64 - count);
    row[words - 1] >>= count;
}

/* Adds the pixels moved to the right by 0 < count < 64. */
static void dilate_right(uint64_t *row, size_t words, int count)
{
    for (size_t i = words - 1; i > 0; i--)
        row[i] |= row[i] << count | row[i - 1] >> (64 - count);
    row[0] |= row[0] << count;
}

/* The run begins at its left end and is doubled until it is long enough. The words left and right
 * of the row hold what lies outside it meanwhile. */
void eg_dilate_row(uint64_t *out, const uint64_t *row, size_t words, int first, int last,
                   uint64_t *scratch)
{
    if (is_empty(row, words))
        return;
    scratch[0] = scratch[words + 1] = 0;
    memcpy(scratch + 1, row, words * sizeof *row);
    if (first < 0)
        shift_left(scratch, words + 2, -first);
    for (int length = 1, wanted = last - first + 1; length < wanted;) {
        const int step = length < wanted - length ? length : wanted - length;
        dilate_right(scratch, words + 2, step);
        length += step;
    }
    for (size_t i = 0; i < words; i++)
        out[i] |= scratch[i + 1];
}
