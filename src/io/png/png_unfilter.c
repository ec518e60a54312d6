/* SPDX-License-Identifier: MIT */
/* Undoing filters by the kernels of the instruction set in use. */
#include "io/png/png_unfilter.h"

static EG_DEFINE_KERNELS_FOR(kernels_for, eg_png_kernels)

    void eg_png_unfilter(const eg_context *ctx, const eg_png_batch *rows, size_t count)
{
    kernels_for(ctx->cpu)->unfilter(rows, count);
}
