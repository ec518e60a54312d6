/* SPDX-License-Identifier: MIT */
/* Inflating by ISA-L or zlib, with the messages that libpng has for damage. */
#include "io/png/png_inflate.h"

#include <limits.h>
#include <string.h>

#ifdef EG_HAVE_ISAL
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#endif

#include "core/size.h"
#include "core/status.h"
#include "io/codecs/zlib_memory.h"

#ifdef EG_HAVE_ISAL

enum {
    HEADER = 2,
    MOST_OUT = 1 << 30, /* decoded bytes after which ISA-L's counter of 32 bits is set back */
    WINDOW = 1 << 15,
    LONGEST_COPY = 258
};

struct eg_png_inflate {
    struct inflate_state isal;
    uint8_t header[HEADER];
    size_t header_size;
};

eg_status eg_png_inflate_new(eg_png_inflate **decoder, eg_context *ctx, eg_error *error)
{
    eg_png_inflate *made = eg_alloc(ctx, 1, sizeof *made, error);
    *decoder = made;
    if (!made)
        return eg_failed(error);
    isal_inflate_init(&made->isal);
    made->isal.crc_flag = ISAL_ZLIB_NO_HDR_VER;
    made->header_size = 0;
    return EG_OK;
}

void eg_png_inflate_free(eg_png_inflate *decoder)
{
    eg_free(decoder);
}

/* Returns true if zlib accepts the header: method 8, a window of at most 32 KiB, no dictionary. The
 * window's size is not used: some writers declare a smaller one than they use. */
static bool is_header(const uint8_t *header)
{
    return (header[0] << 8 | header[1]) % 31 == 0 && (header[0] & 0x0F) == 8 &&
           header[0] >> 4 <= 7 && !(header[1] & 0x20);
}

/* Takes the stream's header from the input. */
static const char *take_header(eg_png_inflate *decoder, eg_png_span *span)
{
    while (decoder->header_size < HEADER && span->size) {
        decoder->header[decoder->header_size++] = *span->at++;
        span->size--;
    }
    const bool complete = decoder->header_size == HEADER;
    return complete && !is_header(decoder->header) ? "IDAT: incorrect header check" : NULL;
}

static void advance(eg_png_span *span, size_t taken, size_t given)
{
    span->at += taken;
    span->size -= taken;
    span->out += given;
    span->room -= given;
}

/* Keeps the bytes before damage and returns libpng's message for it. ISA-L's counts are wrong then:
 * the output may include a copy from before the first byte, of up to LONGEST_COPY bytes. */
static const char *stop_at_damage(eg_png_span *span, size_t taken, size_t given, int result)
{
    if (result == ISAL_INCORRECT_CHECKSUM) {
        advance(span, taken, given);
        return "IDAT: incorrect data check";
    }
    advance(span, taken, given > LONGEST_COPY ? given - LONGEST_COPY : 0);
    return "IDAT: invalid code";
}

eg_status eg_png_inflate_run(eg_png_inflate *decoder, eg_png_span *span, const char **damage,
                             eg_error *error)
{
    (void)error;
    struct inflate_state *isal = &decoder->isal;
    *damage = take_header(decoder, span);
    if (*damage || decoder->header_size < HEADER)
        return EG_OK;
    const size_t size = eg_min_size(span->size, INT_MAX), room = eg_min_size(span->room, INT_MAX);
    isal->next_in = (uint8_t *)(uintptr_t)span->at; /* ISA-L does not write to its input */
    isal->avail_in = (uint32_t)size;
    isal->next_out = span->out;
    isal->avail_out = (uint32_t)room;
    const int result = isal_inflate(isal);
    if (isal->total_out > MOST_OUT)
        isal->total_out = WINDOW + isal->total_out % WINDOW;
    const size_t given = room - isal->avail_out;
    if (result < 0)
        *damage = stop_at_damage(span, size, given, result);
    else
        advance(span, size - isal->avail_in, given);
    return EG_OK;
}

bool eg_png_inflate_ended(const eg_png_inflate *decoder)
{
    return decoder->isal.block_state == ISAL_BLOCK_FINISH;
}

uint32_t eg_png_crc(uint32_t crc, const uint8_t *bytes, size_t size)
{
    return crc32_gzip_refl(crc, bytes, size);
}

#else

struct eg_png_inflate {
    eg_zlib_memory memory;
    z_stream zlib;
    bool ended;
};

eg_status eg_png_inflate_new(eg_png_inflate **decoder, eg_context *ctx, eg_error *error)
{
    eg_png_inflate *made = eg_calloc(ctx, 1, sizeof *made, error);
    *decoder = NULL;
    if (!made)
        return eg_failed(error);
    made->memory.ctx = ctx;
    made->zlib = eg_zlib_stream(&made->memory);
    if (inflateInit2(&made->zlib, MAX_WBITS) != Z_OK) {
        const eg_status status = eg_zlib_fail(&made->memory, error);
        eg_free(made);
        return status;
    }
    *decoder = made;
    return EG_OK;
}

void eg_png_inflate_free(eg_png_inflate *decoder)
{
    if (!decoder)
        return;
    inflateEnd(&decoder->zlib);
    eg_free(decoder);
}

eg_status eg_png_inflate_run(eg_png_inflate *decoder, eg_png_span *span, const char **damage,
                             eg_error *error)
{
    z_stream *z = &decoder->zlib;
    const size_t size = eg_min_size(span->size, INT_MAX), room = eg_min_size(span->room, INT_MAX);
    z->next_in = span->at;
    z->avail_in = (uInt)size;
    z->next_out = span->out;
    z->avail_out = (uInt)room;
    const int result = inflate(z, Z_NO_FLUSH);
    span->at += size - z->avail_in;
    span->size -= size - z->avail_in;
    span->out += room - z->avail_out;
    span->room -= room - z->avail_out;
    decoder->ended = result == Z_STREAM_END;
    *damage = NULL;
    if (result == Z_MEM_ERROR)
        return eg_zlib_fail(&decoder->memory, error);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
        *damage = z->msg && strcmp(z->msg, "incorrect data check") == 0
                      ? "IDAT: incorrect data check"
                      : "IDAT: invalid code";
    return EG_OK;
}

bool eg_png_inflate_ended(const eg_png_inflate *decoder)
{
    return decoder->ended;
}

uint32_t eg_png_crc(uint32_t crc, const uint8_t *bytes, size_t size)
{
    for (size_t count; size; bytes += count, size -= count) {
        count = eg_min_size(size, INT_MAX);
        crc = (uint32_t)crc32(crc, bytes, (uInt)count);
    }
    return crc;
}

#endif
