/* SPDX-License-Identifier: MIT */
/* Decompression by zlib. */
#include "io/compressed/inflate.h"

#include <limits.h>
#include <string.h>

#include "core/status.h"
#include "io/codecs/zlib_memory.h"

enum { WINDOW_BITS = 15, GZIP = 16 };

struct eg_inflate {
    eg_zlib_memory memory;
    z_stream zlib;
    uint8_t *packed; /* compressed bytes at .. end - 1 are unread */
    size_t at, end;
    uint64_t left;  /* compressed bytes that may still be added; gzip: unlimited */
    uint64_t total; /* bytes decoded */
    bool gzip, between, file_ended, ended; /* between: after a member of gzip */
    eg_zip_member member;
    uint32_t crc; /* zip: of the bytes decoded */
};

eg_status eg_inflate_new(eg_inflate **decoder, eg_context *ctx, const eg_zip_member *member,
                         uint8_t *packed, size_t at, size_t end, eg_error *error)
{
    eg_inflate *made = eg_calloc(ctx, 1, sizeof *made, error);
    *decoder = NULL;
    if (!made) {
        eg_free(packed);
        return eg_failed(error);
    }
    *made = (eg_inflate){
        .memory.ctx = ctx,
        .packed = packed,
        .at = at,
        .end = end,
        .left = member ? member->packed_size : UINT64_MAX,
        .gzip = !member,
    };
    if (member)
        made->member = *member;
    made->zlib = eg_zlib_stream(&made->memory);
    if (inflateInit2(&made->zlib, member ? -WINDOW_BITS : WINDOW_BITS + GZIP) == Z_OK) {
        *decoder = made;
        return EG_OK;
    }
    eg_zlib_fail(&made->memory, error);
    eg_free(packed);
    eg_free(made);
    return eg_failed(error);
}

void eg_inflate_free(eg_inflate *decoder)
{
    if (!decoder)
        return;
    inflateEnd(&decoder->zlib);
    eg_free(decoder->packed);
    eg_free(decoder);
}

size_t eg_inflate_room(eg_inflate *decoder, uint8_t **room)
{
    if (decoder->at < decoder->end || decoder->ended || decoder->file_ended)
        return 0;
    *room = decoder->packed;
    return decoder->left < EG_INFLATE_BUFFER ? (size_t)decoder->left : EG_INFLATE_BUFFER;
}

void eg_inflate_add(eg_inflate *decoder, size_t count)
{
    decoder->file_ended = count == 0;
    decoder->at = 0;
    decoder->end = count;
    if (!decoder->gzip)
        decoder->left -= count;
}

/* Checks length and checksum of a zip member. */
static const char *end_member(eg_inflate *decoder)
{
    decoder->ended = true;
    if (decoder->total != decoder->member.size)
        return "its length is not that of the directory";
    return decoder->crc == decoder->member.crc ? NULL : "incorrect data check";
}

/* Counts decoded bytes of a zip member. */
static const char *count_bytes(eg_inflate *decoder, const uint8_t *bytes, size_t count)
{
    decoder->total += count;
    if (decoder->gzip)
        return NULL;
    for (size_t at = 0; at < count; at += UINT_MAX / 2)
        decoder->crc =
            (uint32_t)crc32(decoder->crc, bytes + at,
                            (uInt)(count - at < UINT_MAX / 2 ? count - at : UINT_MAX / 2));
    return decoder->total > decoder->member.size ? "it is longer than the directory states" : NULL;
}

static const char *copy_stored(eg_inflate *decoder, uint8_t *bytes, size_t size, size_t *got)
{
    size_t have = decoder->end - decoder->at;
    *got = have < size ? have : size;
    memcpy(bytes, decoder->packed + decoder->at, *got);
    decoder->at += *got;
    const char *damage = count_bytes(decoder, bytes, *got);
    if (!damage && decoder->at == decoder->end && decoder->left == 0)
        damage = end_member(decoder);
    return damage;
}

/* Continues after a member of gzip with the next one. Zeros may follow, as padding. */
static const char *begin_next_member(eg_inflate *decoder)
{
    while (decoder->at < decoder->end && decoder->packed[decoder->at] == 0)
        decoder->at++;
    decoder->ended = decoder->at == decoder->end && decoder->file_ended;
    if (decoder->at == decoder->end)
        return NULL;
    if (decoder->packed[decoder->at] != 0x1F)
        return "other data follows";
    decoder->between = false;
    return inflateReset(&decoder->zlib) == Z_OK ? NULL : "zlib failed";
}

static const char *run_zlib(eg_inflate *decoder, uint8_t *bytes, size_t size, size_t *got)
{
    z_stream *z = &decoder->zlib;
    const uInt room = (uInt)(size < UINT_MAX ? size : UINT_MAX);
    z->next_in = decoder->packed + decoder->at;
    z->avail_in = (uInt)(decoder->end - decoder->at);
    z->next_out = bytes;
    z->avail_out = room;
    int result = inflate(z, Z_NO_FLUSH);
    decoder->at = decoder->end - z->avail_in;
    *got = room - z->avail_out;
    const char *damage = count_bytes(decoder, bytes, *got);
    if (damage || result == Z_OK || result == Z_BUF_ERROR)
        return damage;
    if (result == Z_MEM_ERROR)
        return decoder->memory.failure.message;
    if (result != Z_STREAM_END)
        return z->msg ? z->msg : "invalid data";
    decoder->between = decoder->gzip;
    return decoder->gzip ? NULL : end_member(decoder);
}

const char *eg_inflate_run(eg_inflate *decoder, uint8_t *bytes, size_t size, size_t *got)
{
    const char *damage = NULL;
    *got = 0;
    if (decoder->between)
        damage = begin_next_member(decoder);
    if (damage || decoder->between || decoder->ended)
        return damage;
    damage = decoder->member.stored ? copy_stored(decoder, bytes, size, got)
                                    : run_zlib(decoder, bytes, size, got);
    if (damage || *got > 0 || decoder->between || decoder->ended)
        return damage;
    if (decoder->at < decoder->end)
        return "invalid data";
    return decoder->file_ended ? "it is truncated" : NULL;
}

eg_status eg_inflate_failure(const eg_inflate *decoder)
{
    return decoder->memory.failure.status != EG_OK ? decoder->memory.failure.status : EG_BAD_INPUT;
}

bool eg_inflate_ended(const eg_inflate *decoder)
{
    return decoder->ended;
}

uint64_t eg_inflate_total(const eg_inflate *decoder)
{
    return decoder->total;
}
