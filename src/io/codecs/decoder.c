/* SPDX-License-Identifier: MIT */
/* Decompresses blocks with libdeflate, zlib, libzstd, and LZW and PackBits of our own. */
#include "io/codecs/decoder.h"

#include <limits.h>
#include <string.h>

#include "core/size.h"
#include "core/status.h"
#include "io/codecs/codec_libraries.h"
#include "io/codecs/lzma_decode.h"
#include "io/codecs/lzw.h"
#include "io/codecs/zlib_memory.h"

enum { LIBRARY_BYTES = 256 * 1024 /* memory that a library allocates for a decoder */ };

/* State of PackBits: bytes of the current run that are still to be delivered. */
typedef struct packbits {
    size_t rest;
    bool repeats;
    uint8_t value;
} packbits;

struct eg_decoder {
    eg_context *ctx;
    eg_codec codec;
    size_t reserved; /* bytes of memory reserved for a library */
    void *state;     /* of libdeflate or libzstd; NULL: not used */
    z_stream zlib;   /* state is NULL until it is needed */
    eg_zlib_memory zlib_memory;
    eg_lzw_decoder *lzw;
    eg_lzma *lzma;
    packbits packbits;
    eg_decoder_pull *pull;
    void *opaque;
    const uint8_t *in, *end; /* pulled bytes that are still to be decoded */
};

static eg_status fail_short(eg_error *error)
{
    return eg_fail(error, EG_BAD_INPUT, "too few bytes");
}

static eg_status fail_damaged(eg_error *error)
{
    return eg_fail(error, EG_BAD_INPUT, "invalid compressed data");
}

/* Pulls more bytes when those at hand are used up; fails at the end of the block. */
static eg_status refill(eg_decoder *d, eg_error *error)
{
    size_t size = 0;
    if (d->in < d->end)
        return EG_OK;
    eg_status status = d->pull(d->opaque, &d->in, &size, error);
    if (status != EG_OK)
        return status;
    d->end = d->in + size;
    return size > 0 ? EG_OK : fail_short(error);
}

/* ---- bytes as they are, PackBits, LZW -------------------------------------------------------- */

static eg_status next_plain(eg_decoder *d, uint8_t *out, size_t wanted, eg_error *error)
{
    while (wanted > 0) {
        eg_status status = refill(d, error);
        if (status != EG_OK)
            return status;
        const size_t count = eg_min_size(wanted, (size_t)(d->end - d->in));
        memcpy(out, d->in, count);
        d->in += count;
        out += count;
        wanted -= count;
    }
    return EG_OK;
}

/* Starts the next run: a byte n from 0 to 127 precedes n + 1 bytes, one from -127 to -1 a byte that
 * is repeated 1 - n times; -128 is ignored. */
static eg_status start_run(eg_decoder *d, eg_error *error)
{
    packbits *p = &d->packbits;
    eg_status status = refill(d, error);
    if (status != EG_OK)
        return status;
    const int n = *d->in < 128 ? *d->in : *d->in - 256;
    d->in++;
    p->repeats = n < 0;
    p->rest = n == -128 ? 0 : (size_t)(n < 0 ? 1 - n : n + 1);
    if (!p->repeats || p->rest == 0)
        return EG_OK;
    status = refill(d, error);
    if (status == EG_OK)
        p->value = *d->in++;
    return status;
}

static eg_status next_packbits(eg_decoder *d, uint8_t *out, size_t wanted, eg_error *error)
{
    packbits *p = &d->packbits;
    eg_status status = EG_OK;
    while (wanted > 0 && status == EG_OK) {
        const size_t count = eg_min_size(p->rest, wanted);
        if (count == 0) {
            status = start_run(d, error);
            continue;
        }
        if (p->repeats)
            memset(out, p->value, count);
        else
            status = next_plain(d, out, count, error);
        p->rest -= count;
        out += count;
        wanted -= count;
    }
    return status;
}

static eg_status next_lzw(eg_decoder *d, uint8_t *out, size_t wanted, eg_error *error)
{
    uint8_t *end = out + wanted;
    for (;;) {
        switch (eg_lzw_decode(d->lzw, &d->in, d->end, &out, end)) {
        case EG_LZW_FULL:
            return EG_OK;
        case EG_LZW_ENDED:
            return fail_short(error);
        case EG_LZW_DAMAGED:
            return fail_damaged(error);
        case EG_LZW_MORE:
            break;
        }
        eg_status status = refill(d, error);
        if (status != EG_OK)
            return status;
    }
}

static eg_status next_lzma(eg_decoder *d, uint8_t *out, size_t wanted, eg_error *error)
{
    uint8_t *end = out + wanted;
    bool ended = false;
    while (out < end) {
        eg_status status = ended ? fail_short(error) : refill(d, error);
        if (status == EG_OK)
            status = eg_lzma_run(d->lzma, &d->in, d->end, &out, end, &ended, error);
        if (status != EG_OK)
            return status;
    }
    return EG_OK;
}

/* ---- zlib ------------------------------------------------------------------------------------ */

static eg_status start_zlib(eg_decoder *d, eg_error *error)
{
    if (d->zlib.state)
        return inflateReset(&d->zlib) == Z_OK ? EG_OK : fail_damaged(error);
    d->zlib = eg_zlib_stream(&d->zlib_memory);
    return inflateInit(&d->zlib) == Z_OK ? EG_OK : eg_zlib_fail(&d->zlib_memory, error);
}

static eg_status next_zlib(eg_decoder *d, uint8_t *out, size_t wanted, eg_error *error)
{
    z_stream *z = &d->zlib;
    while (wanted > 0) {
        eg_status status = refill(d, error);
        if (status != EG_OK)
            return status;
        z->next_in = d->in;
        z->avail_in = (uInt)eg_min_size((size_t)(d->end - d->in), UINT_MAX);
        z->next_out = out;
        z->avail_out = (uInt)eg_min_size(wanted, UINT_MAX);
        const int result = inflate(z, Z_PARTIAL_FLUSH);
        d->in = z->next_in;
        wanted -= (size_t)(z->next_out - out);
        out = z->next_out;
        if (result == Z_MEM_ERROR) /* the window, which is allocated when it is needed */
            return eg_zlib_fail(&d->zlib_memory, error);
        if (result == Z_STREAM_END && wanted > 0)
            return fail_short(error);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return fail_damaged(error);
    }
    return EG_OK;
}

/* ---- libdeflate ------------------------------------------------------------------------------ */

#ifdef EG_HAVE_LIBDEFLATE
static void *new_inflater(void)
{
    return libdeflate_alloc_decompressor();
}

static void free_inflater(void *state)
{
    libdeflate_free_decompressor(state);
}

/* Decompresses a block that has exactly the wanted bytes; *more: it has more. */
static bool run_inflater(void *state, const uint8_t *in, size_t size, uint8_t *out, size_t wanted,
                         bool *more)
{
    enum libdeflate_result result = libdeflate_zlib_decompress(state, in, size, out, wanted, NULL);
    *more = result == LIBDEFLATE_INSUFFICIENT_SPACE;
    return result == LIBDEFLATE_SUCCESS;
}
#else
static void *new_inflater(void)
{
    return NULL;
}

static void free_inflater(void *state)
{
    (void)state;
}

static bool run_inflater(void *state, const uint8_t *in, size_t size, uint8_t *out, size_t wanted,
                         bool *more)
{
    (void)state, (void)in, (void)size, (void)out, (void)wanted;
    return !(*more = true);
}
#endif

/* ---- libzstd --------------------------------------------------------------------------------- */

#ifdef EG_HAVE_ZSTD
static void *new_zstd(void)
{
    return ZSTD_createDCtx();
}

static void free_zstd(void *state)
{
    ZSTD_freeDCtx(state);
}

static void reset_zstd(void *state)
{
    ZSTD_DCtx_reset(state, ZSTD_reset_session_only);
}

/* Decompresses a block that has exactly the wanted bytes. */
static bool run_zstd(void *state, const uint8_t *in, size_t size, uint8_t *out, size_t wanted)
{
    return ZSTD_decompressDCtx(state, out, wanted, in, size) == wanted;
}

static eg_status next_zstd(eg_decoder *d, uint8_t *out, size_t wanted, eg_error *error)
{
    ZSTD_outBuffer output = {out, wanted, 0};
    while (output.pos < output.size) {
        eg_status status = refill(d, error);
        if (status != EG_OK)
            return status;
        ZSTD_inBuffer input = {d->in, (size_t)(d->end - d->in), 0};
        const size_t result = ZSTD_decompressStream(d->state, &output, &input);
        d->in += input.pos;
        if (ZSTD_isError(result) && ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation)
            return eg_fail(error, EG_NO_MEMORY, "out of memory in libzstd");
        if (ZSTD_isError(result))
            return fail_damaged(error);
        if (result == 0 && output.pos < output.size) /* the end of the frame */
            return fail_short(error);
    }
    return EG_OK;
}
#else
static void *new_zstd(void)
{
    return NULL;
}

static void free_zstd(void *state)
{
    (void)state;
}

static void reset_zstd(void *state)
{
    (void)state;
}

static bool run_zstd(void *state, const uint8_t *in, size_t size, uint8_t *out, size_t wanted)
{
    (void)state, (void)in, (void)size, (void)out, (void)wanted;
    return false;
}

static eg_status next_zstd(eg_decoder *d, uint8_t *out, size_t wanted, eg_error *error)
{
    (void)d, (void)out, (void)wanted;
    return fail_damaged(error);
}
#endif

/* ---- the decoder ----------------------------------------------------------------------------- */

/* Makes the state of the codec's library, or the memory of LZW. */
static eg_status open_decoder(eg_decoder *d, eg_error *error)
{
    if (d->codec == EG_CODEC_LZW) {
        d->lzw = eg_alloc(d->ctx, 1, sizeof *d->lzw, error);
        return d->lzw ? EG_OK : eg_failed(error);
    }
    if (d->codec == EG_CODEC_LZMA)
        return eg_lzma_new(&d->lzma, d->ctx, error);
    if (d->codec != EG_CODEC_ZSTD && d->codec != EG_CODEC_DEFLATE)
        return EG_OK;
    eg_error why = {0};
    eg_status status = d->codec == EG_CODEC_ZSTD ? eg_libzstd_load(&why) : eg_libdeflate_load(&why);
    if (status == EG_UNSUPPORTED && d->codec == EG_CODEC_DEFLATE)
        return EG_OK; /* zlib takes its place */
    if (status != EG_OK)
        return eg_fail(error, status, "%s", why.message);
    if (!eg_memory_reserve(d->ctx, LIBRARY_BYTES, error))
        return eg_failed(error);
    d->reserved = LIBRARY_BYTES;
    d->state = d->codec == EG_CODEC_ZSTD ? new_zstd() : new_inflater();
    return d->state ? EG_OK : eg_fail(error, EG_NO_MEMORY, "out of memory for a decoder");
}

eg_status eg_decoder_new(eg_decoder **decoder, eg_context *ctx, eg_codec codec, eg_error *error)
{
    *decoder = NULL;
    eg_decoder *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->ctx = made->zlib_memory.ctx = ctx;
    made->codec = codec;
    eg_status status = open_decoder(made, error);
    if (status == EG_OK)
        *decoder = made;
    else
        eg_decoder_free(made);
    return status;
}

void eg_decoder_free(eg_decoder *d)
{
    if (!d)
        return;
    if (d->state)
        (d->codec == EG_CODEC_ZSTD ? free_zstd : free_inflater)(d->state);
    if (d->zlib.state)
        inflateEnd(&d->zlib);
    eg_memory_release(d->ctx, d->reserved);
    eg_lzma_free(d->lzma);
    eg_free(d->lzw);
    eg_free(d);
}

eg_status eg_decoder_start(eg_decoder *d, eg_decoder_pull *pull, void *opaque, eg_error *error)
{
    d->pull = pull;
    d->opaque = opaque;
    d->in = d->end = NULL;
    d->packbits = (packbits){0};
    if (d->lzw)
        eg_lzw_start(d->lzw);
    if (d->codec == EG_CODEC_ZSTD)
        reset_zstd(d->state);
    if (d->lzma)
        return eg_lzma_start(d->lzma, error);
    return d->codec == EG_CODEC_DEFLATE ? start_zlib(d, error) : EG_OK;
}

eg_status eg_decoder_next(eg_decoder *d, uint8_t *out, size_t wanted, eg_error *error)
{
    switch (d->codec) {
    case EG_CODEC_NONE:
        return next_plain(d, out, wanted, error);
    case EG_CODEC_PACKBITS:
        return next_packbits(d, out, wanted, error);
    case EG_CODEC_LZW:
        return next_lzw(d, out, wanted, error);
    case EG_CODEC_LZMA:
        return next_lzma(d, out, wanted, error);
    case EG_CODEC_ZSTD:
        return next_zstd(d, out, wanted, error);
    case EG_CODEC_DEFLATE:
        break;
    }
    return next_zlib(d, out, wanted, error);
}

static eg_status run_lzw(eg_decoder *d, const uint8_t *in, size_t size, uint8_t *out, size_t wanted,
                         eg_error *error)
{
    eg_lzw_result result = eg_lzw_decode_block(d->lzw, in, size, out, wanted);
    if (result == EG_LZW_FULL)
        return EG_OK;
    return result == EG_LZW_DAMAGED ? fail_damaged(error) : fail_short(error);
}

/* Delivers no more than the bytes that eg_decoder_run() has set. */
static eg_status pull_nothing(void *opaque, const uint8_t **bytes, size_t *size, eg_error *error)
{
    static const uint8_t none[1];
    (void)opaque, (void)error;
    *bytes = none;
    *size = 0;
    return EG_OK;
}

eg_status eg_decoder_run(eg_decoder *d, const uint8_t *in, size_t size, uint8_t *out, size_t wanted,
                         eg_error *error)
{
    bool more = true;
    if (d->codec == EG_CODEC_LZW)
        return run_lzw(d, in, size, out, wanted, error);
    if (d->codec == EG_CODEC_ZSTD && run_zstd(d->state, in, size, out, wanted))
        return EG_OK;
    if (d->codec == EG_CODEC_DEFLATE && d->state) {
        if (run_inflater(d->state, in, size, out, wanted, &more))
            return EG_OK;
        if (!more)
            return fail_damaged(error);
    }
    eg_status status = eg_decoder_start(d, pull_nothing, NULL, error);
    if (status != EG_OK)
        return status;
    d->in = in;
    d->end = in + size;
    return eg_decoder_next(d, out, wanted, error);
}
