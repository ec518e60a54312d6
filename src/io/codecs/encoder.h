/* SPDX-License-Identifier: MIT */
/*
 * Compression of blocks of memory. An encoder allocates when it is made, and libzstd with the first
 * block; a failure is an error. libtiff goes on without its memory and writes wrong samples.
 */
#ifndef EG_IO_CODECS_ENCODER_H
#define EG_IO_CODECS_ENCODER_H

#include "io/codecs/codec.h"

/* An encoder, used by one thread at a time. */
typedef struct eg_encoder eg_encoder;

/* A level of EG_CODEC_DEFLATE: ISA-L's level 1, if the build has ISA-L and it can compress the
 * block within eg_encoder_bound(), else level 1. */
enum { EG_ENCODER_FAST = -1 };

/* Creates an encoder. `level` is that of the codec, ignored by LZW, or EG_ENCODER_FAST. Errors:
 * EG_NO_MEMORY, EG_LIMIT_EXCEEDED. */
eg_status eg_encoder_new(eg_encoder **encoder, eg_context *ctx, eg_codec codec, int level,
                         eg_error *error);
void eg_encoder_free(eg_encoder *encoder); /* accepts NULL */

/* Compresses `size` bytes to `out`, which has room for `capacity`: eg_encoder_bound() is always
 * enough. Returns the compressed size; 0: out of memory. */
size_t eg_encoder_run(eg_encoder *encoder, const uint8_t *in, size_t size, uint8_t *out,
                      size_t capacity);

/* Returns an upper bound of the compressed size of `size` bytes. */
size_t eg_encoder_bound(eg_codec codec, size_t size);

#endif
