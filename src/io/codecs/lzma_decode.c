/* SPDX-License-Identifier: MIT */
/* Decompresses .xz streams with liblzma, whose memory counts against that of the context. */
#include "io/codecs/lzma_decode.h"

#include "core/status.h"
#include "io/codecs/codec_libraries.h"

#ifdef EG_HAVE_LZMA

struct eg_lzma {
    eg_context *ctx;
    eg_error failure; /* of an allocation by liblzma */
    lzma_allocator allocator;
    lzma_stream stream;
};

static void *lzma_alloc(void *opaque, size_t count, size_t size)
{
    eg_lzma *lzma = opaque;
    return eg_alloc(lzma->ctx, count, size, &lzma->failure);
}

static void lzma_release(void *opaque, void *memory)
{
    (void)opaque;
    eg_free(memory);
}

eg_status eg_lzma_new(eg_lzma **lzma, eg_context *ctx, eg_error *error)
{
    eg_status status = eg_liblzma_load(error);
    *lzma = status == EG_OK ? eg_calloc(ctx, 1, sizeof **lzma, error) : NULL;
    if (!*lzma)
        return status == EG_OK ? eg_failed(error) : status;
    (*lzma)->ctx = ctx;
    (*lzma)->allocator = (lzma_allocator){lzma_alloc, lzma_release, *lzma};
    (*lzma)->stream.allocator = &(*lzma)->allocator;
    return EG_OK;
}

void eg_lzma_free(eg_lzma *lzma)
{
    if (lzma)
        lzma_end(&lzma->stream);
    eg_free(lzma);
}

static eg_status fail(const eg_lzma *lzma, lzma_ret result, eg_error *error)
{
    if (lzma->failure.status != EG_OK)
        return eg_fail(error, lzma->failure.status, "%s", lzma->failure.message);
    return result == LZMA_MEM_ERROR ? eg_fail(error, EG_NO_MEMORY, "out of memory in liblzma")
                                    : eg_fail(error, EG_BAD_INPUT, "invalid compressed data");
}

eg_status eg_lzma_start(eg_lzma *lzma, eg_error *error)
{
    lzma_ret result = lzma_stream_decoder(&lzma->stream, UINT64_MAX, 0);
    return result == LZMA_OK ? EG_OK : fail(lzma, result, error);
}

eg_status eg_lzma_run(eg_lzma *lzma, const uint8_t **in, const uint8_t *end, uint8_t **out,
                      uint8_t *out_end, bool *ended, eg_error *error)
{
    lzma_stream *s = &lzma->stream;
    s->next_in = *in;
    s->avail_in = (size_t)(end - *in);
    s->next_out = *out;
    s->avail_out = (size_t)(out_end - *out);
    lzma_ret result = lzma_code(s, LZMA_RUN);
    *in = s->next_in;
    *out = s->next_out;
    *ended = result == LZMA_STREAM_END;
    return result == LZMA_OK || result == LZMA_STREAM_END || result == LZMA_BUF_ERROR
               ? EG_OK
               : fail(lzma, result, error);
}

#else

eg_status eg_lzma_new(eg_lzma **lzma, eg_context *ctx, eg_error *error)
{
    (void)ctx;
    *lzma = NULL;
    return eg_liblzma_load(error);
}

void eg_lzma_free(eg_lzma *lzma)
{
    (void)lzma;
}

eg_status eg_lzma_start(eg_lzma *lzma, eg_error *error)
{
    (void)lzma;
    return eg_liblzma_load(error);
}

eg_status eg_lzma_run(eg_lzma *lzma, const uint8_t **in, const uint8_t *end, uint8_t **out,
                      uint8_t *out_end, bool *ended, eg_error *error)
{
    (void)lzma, (void)in, (void)end, (void)out, (void)out_end, (void)ended;
    return eg_liblzma_load(error);
}

#endif
