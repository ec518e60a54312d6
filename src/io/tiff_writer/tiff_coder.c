/* SPDX-License-Identifier: MIT */
/* Compresses the blocks of a TIFF: the predictor row by row, then the codec. */
#include "io/tiff_writer/tiff_write.h"

eg_status eg_tiff_coder_open(eg_tiff_coder *coder, eg_context *ctx, const char *name,
                             const eg_tiff_layout *layout, eg_error *error)
{
    *coder = (eg_tiff_coder){.name = name};
    coder->samples = eg_alloc(ctx, 1, layout->block_bytes, error);
    coder->scratch = coder->samples ? eg_alloc(ctx, 1, layout->row_bytes, error) : NULL;
    if (!coder->scratch)
        return eg_failed(error);
    return eg_encoder_new(&coder->encoder, ctx, layout->codec, layout->level, error);
}

eg_status eg_tiff_coder_run(eg_tiff_coder *coder, const eg_tiff_layout *layout, size_t bytes,
                            uint8_t *out, size_t *size, eg_error *error)
{
    const eg_predictor predictor = {.number = layout->predictor,
                                    .bytes = layout->bits_per_sample / 8u,
                                    .stride = 1,
                                    .row_bytes = layout->row_bytes};
    if (layout->predictor > PREDICTOR_NONE)
        for (size_t at = 0; at < bytes; at += layout->row_bytes)
            eg_predictor_encode(&predictor, coder->samples + at, coder->scratch);
    *size = eg_encoder_run(coder->encoder, coder->samples, bytes, out, eg_tiff_block_bound(layout));
    return *size ? EG_OK
                 : eg_fail_file(error, EG_NO_MEMORY, coder->name, "out of memory in compression");
}

void eg_tiff_coder_close(eg_tiff_coder *coder)
{
    eg_encoder_free(coder->encoder);
    eg_free(coder->samples);
    eg_free(coder->scratch);
    *coder = (eg_tiff_coder){0};
}
