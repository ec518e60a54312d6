/* SPDX-License-Identifier: MIT */
/*
 * Decompression of blocks of memory, as a whole or piece by piece. No failed allocation of a
 * library goes unnoticed: a block is either all there, or an error says what is wrong.
 */
#ifndef EG_IO_CODECS_DECODER_H
#define EG_IO_CODECS_DECODER_H

#include "io/codecs/codec.h"

/* A decoder, used by one thread at a time. */
typedef struct eg_decoder eg_decoder;

eg_status eg_decoder_new(eg_decoder **decoder, eg_context *ctx, eg_codec codec, eg_error *error);
void eg_decoder_free(eg_decoder *decoder); /* accepts NULL */

/* Decompresses the first `wanted` bytes of a block of `size` bytes. Errors, without a file's name:
 * EG_BAD_INPUT, EG_NO_MEMORY, EG_LIMIT_EXCEEDED. */
eg_status eg_decoder_run(eg_decoder *decoder, const uint8_t *in, size_t size, uint8_t *out,
                         size_t wanted, eg_error *error);

/* Sets *bytes and *size to the next bytes of a block; size 0: its end. */
typedef eg_status eg_decoder_pull(void *opaque, const uint8_t **bytes, size_t *size,
                                  eg_error *error);

/* Starts a block whose bytes `pull` delivers. */
eg_status eg_decoder_start(eg_decoder *decoder, eg_decoder_pull *pull, void *opaque,
                           eg_error *error);

/* Decompresses the next `wanted` bytes of the block. Errors as of eg_decoder_run(), and those of
 * `pull`. */
eg_status eg_decoder_next(eg_decoder *decoder, uint8_t *out, size_t wanted, eg_error *error);

#endif
