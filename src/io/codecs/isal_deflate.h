/* SPDX-License-Identifier: MIT */
/*
 * DEFLATE (RFC 1951) by ISA-L's level 1, whose bytes depend only on the input.
 *
 * ISA-L alone does not promise that. Where a stream begins without history, its loops for x86
 * (.write_first_byte in igzip_icf_body_h1_gr_bt.asm, version 2.30) hash a register that still has
 * the address of the stream in the place of the bytes 2 to 5 of the input. That entry of the hash
 * table decides about a match in about one of 4000 streams, so the output depends on where the
 * stream lies in memory. Here every stream begins with history: its first byte is a stored block,
 * and the dictionary of what follows. That takes 6 bytes.
 */
#ifndef EG_IO_CODECS_ISAL_DEFLATE_H
#define EG_IO_CODECS_ISAL_DEFLATE_H

#include "core/context.h"

/* A compressor, used by one thread at a time. */
typedef struct eg_isal_deflate eg_isal_deflate;

/* Continuation of a stream after a piece of its input. */
typedef enum eg_isal_end {
    EG_ISAL_MORE,  /* another piece */
    EG_ISAL_FLUSH, /* a byte boundary: an empty stored block, after which other data may follow */
    EG_ISAL_END    /* the end of the stream: the last block is marked as such */
} eg_isal_end;

/* Returns true if the build has ISA-L. */
bool eg_isal_available(void);

/* Creates a compressor, at the start of a stream; NULL if the build has no ISA-L. Errors:
 * EG_NO_MEMORY, EG_LIMIT_EXCEEDED. */
eg_status eg_isal_deflate_new(eg_isal_deflate **compressor, eg_context *ctx, eg_error *error);
void eg_isal_deflate_free(eg_isal_deflate *compressor); /* accepts NULL */

/* Starts the next stream. */
void eg_isal_deflate_reset(eg_isal_deflate *compressor);

/* Compresses the next `size` bytes of the stream and appends output to `out`, increasing *used.
 * After EG_ISAL_FLUSH and EG_ISAL_END the compressor must be reset. Returns false if `capacity` is
 * too small. */
bool eg_isal_deflate_add(eg_isal_deflate *compressor, const uint8_t *bytes, size_t size,
                         eg_isal_end end, uint8_t *out, size_t capacity, size_t *used);

/* Compresses `size` bytes to zlib's format (RFC 1950). Resets the compressor before. Returns the
 * compressed size; 0: `capacity` is too small. */
size_t eg_isal_deflate_zlib(eg_isal_deflate *compressor, const uint8_t *bytes, size_t size,
                            uint8_t *out, size_t capacity);

/* Continues an Adler-32 (RFC 1950), which begins with 1, by ISA-L or zlib. */
uint32_t eg_adler32(uint32_t check, const uint8_t *bytes, size_t size);

#endif
