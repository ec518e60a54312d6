/* SPDX-License-Identifier: MIT */
/* Compresses blocks with ISA-L, libdeflate, zlib in its absence, libzstd, and LZW of our own. */
#include "io/codecs/encoder.h"

#include <limits.h>

#include "core/status.h"
#include "io/codecs/codec_libraries.h"
#include "io/codecs/isal_deflate.h"
#include "io/codecs/lzw.h"
#include "io/codecs/zlib_memory.h"

enum {
    LIBRARY_BYTES = 1 << 20, /* memory that a library allocates for an encoder, at most */
    EXTRA = 128              /* allowance for headers and checksums of a block */
};

struct eg_encoder {
    eg_context *ctx;
    eg_codec codec;
    int level;
    size_t reserved; /* bytes of memory reserved for a library */
    void *state;     /* of libdeflate or libzstd; NULL: zlib or LZW */
    z_stream zlib;   /* state is NULL if zlib is not used */
    eg_zlib_memory zlib_memory;
    eg_lzw_encoder *lzw;
    eg_isal_deflate *isal; /* of EG_ENCODER_FAST; NULL: not used */
};

size_t eg_encoder_bound(eg_codec codec, size_t size)
{
    /* LZW can expand data by half, because a byte can become a code of 12 bits */
    return size + (codec == EG_CODEC_LZW ? size / 2 : 0) + size / 64 + EXTRA;
}

/* ---- zlib ------------------------------------------------------------------------------------ */

static eg_status open_zlib(eg_encoder *encoder, eg_error *error)
{
    encoder->zlib = eg_zlib_stream(&encoder->zlib_memory);
    if (deflateInit(&encoder->zlib, encoder->level) == Z_OK)
        return EG_OK;
    return eg_zlib_fail(&encoder->zlib_memory, error);
}

static size_t run_zlib(eg_encoder *encoder, const uint8_t *in, size_t size, uint8_t *out,
                       size_t capacity)
{
    z_stream *z = &encoder->zlib;
    if (size > UINT_MAX || deflateReset(z) != Z_OK)
        return 0;
    z->next_in = in;
    z->avail_in = (uInt)size;
    z->next_out = out;
    z->avail_out = capacity < UINT_MAX ? (uInt)capacity : UINT_MAX;
    return deflate(z, Z_FINISH) == Z_STREAM_END ? (size_t)z->total_out : 0;
}

/* ---- libraries ------------------------------------------------------------------------------- */

#ifdef EG_HAVE_ZSTD
/* Makes a state that does not store the size of a block, which the file tells. */
static ZSTD_CCtx *new_zstd(int level)
{
    ZSTD_CCtx *state = ZSTD_createCCtx();
    if (state && !ZSTD_isError(ZSTD_CCtx_setParameter(state, ZSTD_c_compressionLevel, level)) &&
        !ZSTD_isError(ZSTD_CCtx_setParameter(state, ZSTD_c_contentSizeFlag, 0)))
        return state;
    ZSTD_freeCCtx(state);
    return NULL;
}
#endif

/* Makes the state of libdeflate or libzstd; NULL: out of memory. */
static void *new_state(const eg_encoder *encoder)
{
    (void)encoder;
#ifdef EG_HAVE_LIBDEFLATE
    if (encoder->codec == EG_CODEC_DEFLATE)
        return libdeflate_alloc_compressor(encoder->level);
#endif
#ifdef EG_HAVE_ZSTD
    if (encoder->codec == EG_CODEC_ZSTD)
        return new_zstd(encoder->level);
#endif
    return NULL;
}

static void free_state(eg_encoder *encoder)
{
    (void)encoder;
#ifdef EG_HAVE_LIBDEFLATE
    if (encoder->codec == EG_CODEC_DEFLATE)
        libdeflate_free_compressor(encoder->state);
#endif
#ifdef EG_HAVE_ZSTD
    if (encoder->codec == EG_CODEC_ZSTD)
        ZSTD_freeCCtx(encoder->state);
#endif
}

static size_t run_library(eg_encoder *encoder, const uint8_t *in, size_t size, uint8_t *out,
                          size_t capacity)
{
#ifdef EG_HAVE_LIBDEFLATE
    if (encoder->codec == EG_CODEC_DEFLATE)
        return libdeflate_zlib_compress(encoder->state, in, size, out, capacity);
#endif
#ifdef EG_HAVE_ZSTD
    if (encoder->codec == EG_CODEC_ZSTD) {
        size_t bytes = ZSTD_compress2(encoder->state, out, capacity, in, size);
        return ZSTD_isError(bytes) ? 0 : bytes;
    }
#endif
    (void)in, (void)size, (void)out, (void)capacity;
    return 0;
}

static eg_status open_library(eg_encoder *encoder, eg_error *error)
{
    if (!eg_memory_reserve(encoder->ctx, LIBRARY_BYTES, error))
        return eg_failed(error);
    encoder->reserved = LIBRARY_BYTES;
    encoder->state = new_state(encoder);
    return encoder->state ? EG_OK : eg_fail(error, EG_NO_MEMORY, "out of memory");
}

/* ---- the encoder ----------------------------------------------------------------------------- */

bool eg_codec_available(eg_codec codec)
{
    if (codec == EG_CODEC_LZMA)
        return eg_liblzma_load(NULL) != EG_UNSUPPORTED;
    return codec != EG_CODEC_ZSTD || eg_libzstd_load(NULL) != EG_UNSUPPORTED;
}

static eg_status open_encoder(eg_encoder *encoder, eg_error *error)
{
    if (encoder->codec == EG_CODEC_DEFLATE && encoder->level == EG_ENCODER_FAST) {
        encoder->level = 1;
        eg_status status = eg_isal_deflate_new(&encoder->isal, encoder->ctx, error);
        if (status != EG_OK)
            return status;
    }
    if (encoder->codec == EG_CODEC_LZW) {
        encoder->lzw = eg_alloc(encoder->ctx, 1, sizeof *encoder->lzw, error);
        return encoder->lzw ? EG_OK : eg_failed(error);
    }
    eg_error why = {0};
    const bool deflate = encoder->codec == EG_CODEC_DEFLATE;
    eg_status status = deflate ? eg_libdeflate_load(&why) : eg_libzstd_load(&why);
    if (status == EG_UNSUPPORTED && deflate)
        return open_zlib(encoder, error);
    return status == EG_OK ? open_library(encoder, error)
                           : eg_fail(error, status, "%s", why.message);
}

eg_status eg_encoder_new(eg_encoder **encoder, eg_context *ctx, eg_codec codec, int level,
                         eg_error *error)
{
    *encoder = NULL;
    eg_encoder *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->ctx = made->zlib_memory.ctx = ctx;
    made->codec = codec;
    made->level = level;
    eg_status status = open_encoder(made, error);
    if (status == EG_OK)
        *encoder = made;
    else
        eg_encoder_free(made);
    return status;
}

void eg_encoder_free(eg_encoder *encoder)
{
    if (!encoder)
        return;
    if (encoder->state)
        free_state(encoder);
    if (encoder->zlib.state)
        deflateEnd(&encoder->zlib);
    eg_memory_release(encoder->ctx, encoder->reserved);
    eg_isal_deflate_free(encoder->isal);
    eg_free(encoder->lzw);
    eg_free(encoder);
}

size_t eg_encoder_run(eg_encoder *encoder, const uint8_t *in, size_t size, uint8_t *out,
                      size_t capacity)
{
    if (encoder->lzw)
        return eg_lzw_encode(encoder->lzw, in, size, out, capacity);
    const size_t fast =
        encoder->isal ? eg_isal_deflate_zlib(encoder->isal, in, size, out, capacity) : 0;
    if (fast)
        return fast;
    return encoder->state ? run_library(encoder, in, size, out, capacity)
                          : run_zlib(encoder, in, size, out, capacity);
}
