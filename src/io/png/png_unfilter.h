/* SPDX-License-Identifier: MIT */
/* Undoing the filters of PNG rows (PNG specification, 9.2). */
#ifndef EG_IO_PNG_PNG_UNFILTER_H
#define EG_IO_PNG_PNG_UNFILTER_H

#include "core/context.h"

/* Rows of `bytes` bytes with pixels of `step` bytes: filtered ones `in_stride` apart, each after
 * its filter type (0 .. 4), and the others `out_stride` apart. Row -1 of `out` is the row above.
 * EG_PNG_SLACK bytes after each row of `out`, and after the last one of `in`, may be read and
 * changed. */
typedef struct eg_png_batch {
    uint8_t *out;
    const uint8_t *in;
    size_t out_stride, in_stride, bytes, step;
} eg_png_batch;

enum {
    EG_PNG_SLACK = 8,
    EG_PNG_TOGETHER = 8 /* rows unfiltered together; a multiple of them is fastest */
};

/* Undoes the filters of `count` rows. */
void eg_png_unfilter(const eg_context *ctx, const eg_png_batch *rows, size_t count);

/* Kernels of one instruction set. All give the same results. */
typedef struct eg_png_kernels {
    void (*unfilter)(const eg_png_batch *rows, size_t count);
} eg_png_kernels;

#endif
