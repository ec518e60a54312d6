/* SPDX-License-Identifier: MIT */
/* Decompresses .xz streams with liblzma. */
#ifndef EG_IO_CODECS_LZMA_DECODE_H
#define EG_IO_CODECS_LZMA_DECODE_H

#include "core/context.h"

typedef struct eg_lzma eg_lzma;

eg_status eg_lzma_new(eg_lzma **lzma, eg_context *ctx, eg_error *error);
void eg_lzma_free(eg_lzma *lzma); /* accepts NULL */

/* Starts a stream. */
eg_status eg_lzma_start(eg_lzma *lzma, eg_error *error);

/* Decompresses from *in .. end to *out .. out_end, and moves both on. *ended: the stream has ended.
 * Errors: EG_BAD_INPUT, EG_NO_MEMORY, EG_LIMIT_EXCEEDED. */
eg_status eg_lzma_run(eg_lzma *lzma, const uint8_t **in, const uint8_t *end, uint8_t **out,
                      uint8_t *out_end, bool *ended, eg_error *error);

#endif
