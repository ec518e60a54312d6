/* SPDX-License-Identifier: MIT */
/* Decompression of a gzip stream or of the member of a zip archive, without input or output. */
#ifndef EG_IO_COMPRESSED_INFLATE_H
#define EG_IO_COMPRESSED_INFLATE_H

#include "core/context.h"

enum { EG_INFLATE_BUFFER = 128 * 1024 };

/* A member of a zip archive. */
typedef struct eg_zip_member {
    uint64_t offset; /* of its data, in bytes from the start of the archive */
    uint64_t packed_size, size;
    uint32_t crc;
    bool stored; /* true if the data is not compressed */
} eg_zip_member;

typedef struct eg_inflate eg_inflate;

/* Creates a decoder: of gzip (RFC 1952), members one after the other, if `member` is NULL, else of
 * the data of a zip member. Takes ownership of `packed`, memory of EG_INFLATE_BUFFER bytes from
 * eg_alloc() of which bytes at .. end - 1 are the first compressed ones, also on failure. */
eg_status eg_inflate_new(eg_inflate **decoder, eg_context *ctx, const eg_zip_member *member,
                         uint8_t *packed, size_t at, size_t end, eg_error *error);
void eg_inflate_free(eg_inflate *decoder); /* accepts NULL */

/* Returns the number of compressed bytes that can be added to *room; 0: the decoder does not need
 * more now. */
size_t eg_inflate_room(eg_inflate *decoder, uint8_t **room);

/* Adds `count` compressed bytes, which are in *room; 0: the file has ended. */
void eg_inflate_add(eg_inflate *decoder, size_t count);

/* Decodes up to `size` bytes. *got is 0 if more compressed bytes are needed, or at the end of the
 * data, whose length and checksum are then verified. Returns NULL, or how the data is damaged, such
 * as "incorrect data check". */
const char *eg_inflate_run(eg_inflate *decoder, uint8_t *bytes, size_t size, size_t *got);

/* Returns the status of a damage: EG_BAD_INPUT, or that of an allocation by zlib. */
eg_status eg_inflate_failure(const eg_inflate *decoder);

/* Returns true if all data has been decoded and verified. */
bool eg_inflate_ended(const eg_inflate *decoder);

/* Returns the number of bytes decoded so far. */
uint64_t eg_inflate_total(const eg_inflate *decoder);

#endif
