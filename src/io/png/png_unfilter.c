/* SPDX-License-Identifier: MIT */
/* Undoing filters by the kernels of the instruction set in use. */
#include "io/png/png_unfilter.h"

extern const eg_png_kernels eg_png_kernels_baseline;
#if defined(__x86_64__)
extern const eg_png_kernels eg_png_kernels_v3, eg_png_kernels_v4;
#endif

void eg_png_unfilter(const eg_context *ctx, const eg_png_batch *rows, size_t count)
{
    static const eg_png_kernels *const tables[EG_CPU_LEVELS] = {
        [EG_CPU_BASELINE] = &eg_png_kernels_baseline,
#if defined(__x86_64__)
        [EG_CPU_V3] = &eg_png_kernels_v3,
        [EG_CPU_V4] = &eg_png_kernels_v4,
#endif
    };
    tables[ctx->cpu]->unfilter(rows, count);
}
