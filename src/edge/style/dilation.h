/* SPDX-License-Identifier: MIT */
/* Dilation of edge bits by a disc. */
#ifndef EG_EDGE_STYLE_DILATION_H
#define EG_EDGE_STYLE_DILATION_H

#include <stddef.h>
#include <stdint.h>

enum { EG_THICKNESS_MAX = 31 };

/*
 * A disc of diameter N: the offsets (dx, dy) with (2 dx - e)^2 + (2 dy - e)^2 <= N^2, where e is 0
 * for odd N and 1 for even N, whose centre is a corner of four pixels. Offsets are
 * -(N - 1) / 2 .. N / 2, so that an even disc reaches one pixel further to the right and down. N =
 * 2 is a square of 2 x 2 pixels, N = 3 one of 3 x 3.
 */
typedef struct eg_disc {
    int above, below; /* rows: dy is -above .. below */
    struct {
        int first, last;     /* dx in the row; first <= 0 <= last */
    } run[EG_THICKNESS_MAX]; /* of row dy, in run[dy + above] */
} eg_disc;

/* Returns the disc of a diameter, 1 .. EG_THICKNESS_MAX. */
eg_disc eg_disc_of(int diameter);

/* Sets in `out` the pixels x + first .. x + last for each pixel x that is set in `row`; both are
 * rows of `words` words, and bits past the last one are lost. `scratch` has words + 2 words. */
void eg_dilate_row(uint64_t *out, const uint64_t *row, size_t words, int first, int last,
                   uint64_t *scratch);

#endif
