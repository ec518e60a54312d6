/* SPDX-License-Identifier: MIT */
/* Grids in memory. */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "core/stream.h"

size_t eg_row_bytes(eg_sample sample, size_t width)
{
    static const size_t bytes[] = {
        [EG_U8] = 1, [EG_U16] = 2, [EG_F32] = 4, [EG_F64] = 8, [EG_RGB] = 3};
    if (sample == EG_BIT)
        return (width + 63) / 64 * sizeof(uint64_t);
    return width * bytes[sample];
}

eg_status eg_grid_new(eg_grid *grid, eg_context *ctx, size_t width, size_t height, eg_sample sample,
                      eg_error *error)
{
    *grid = (eg_grid){0};
    eg_status status = eg_check_size(ctx, "grid", width, height, error);
    if (status != EG_OK)
        return status;
    eg_error local = {0};
    size_t stride = (eg_row_bytes(sample, width) + 63) / 64 * 64;
    void *data = eg_alloc(ctx, height, stride, &local);
    if (!data)
        return eg_fail(error, local.status, "%s", local.message);
    static const float white[] = {1, 255, 65535, 1, 1, 255};
    *grid = (eg_grid){data, width, height, stride, sample, white[sample]};
    return EG_OK;
}

void eg_grid_free(eg_grid *grid)
{
    if (!grid)
        return;
    eg_free(grid->data);
    *grid = (eg_grid){0};
}
