/* SPDX-License-Identifier: MIT */
/* Compresses the blocks of a TIFF. */
#include "io/tiff_writer/tiff_write.h"

eg_status eg_tiff_coder_open(eg_tiff_coder *coder, eg_context *ctx, const char *name,
                             const eg_tiff_layout *layout, eg_error *error)
{
    *coder = (eg_tiff_coder){.name = name};
    coder->rows = eg_alloc(ctx, 1, layout->block_bytes, error);
    if (!coder->rows)
        return eg_failed(error);
    return eg_encoder_new(&coder->encoder, ctx, layout->codec, layout->level, error);
}

eg_status eg_tiff_coder_run(eg_tiff_coder *coder, const eg_tiff_layout *layout, size_t bytes,
                            uint8_t *out, size_t *size, eg_error *error)
{
    *size = eg_encoder_run(coder->encoder, coder->rows, bytes, out, eg_tiff_block_bound(layout));
    return *size ? EG_OK
                 : eg_fail_file(error, EG_NO_MEMORY, coder->name, "out of memory in compression");
}

void eg_tiff_coder_close(eg_tiff_coder *coder)
{
    eg_encoder_free(coder->encoder);
    eg_free(coder->rows);
    *coder = (eg_tiff_coder){0};
}
