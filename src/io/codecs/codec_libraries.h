/* SPDX-License-Identifier: MIT */
/*
 * libdeflate and libzstd, loaded with dlopen() when the first block needs them (core/dynlib.h). A
 * build without their headers lacks them: zlib then takes the place of libdeflate.
 */
#ifndef EG_IO_CODECS_CODEC_LIBRARIES_H
#define EG_IO_CODECS_CODEC_LIBRARIES_H

#include "core/dynlib.h"

/* Load the library, once per process. EG_UNSUPPORTED: it is missing. Thread-safe. */
eg_status eg_libdeflate_load(eg_error *error);
eg_status eg_libzstd_load(eg_error *error);
eg_status eg_liblzma_load(eg_error *error);

#ifdef EG_HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif
#ifdef EG_HAVE_LZMA
#include <lzma.h>
#endif
#ifdef EG_HAVE_ZSTD
#include <zstd.h>
#include <zstd_errors.h>
#endif

#define EG_LIBDEFLATE_FUNCTIONS(X)                                                                 \
    X(libdeflate_alloc_compressor)                                                                 \
    X(libdeflate_zlib_compress)                                                                    \
    X(libdeflate_free_compressor)                                                                  \
    X(libdeflate_alloc_decompressor)                                                               \
    X(libdeflate_zlib_decompress)                                                                  \
    X(libdeflate_free_decompressor)

#define EG_LIBZSTD_FUNCTIONS(X)                                                                    \
    X(ZSTD_createCCtx)                                                                             \
    X(ZSTD_CCtx_setParameter)                                                                      \
    X(ZSTD_compress2)                                                                              \
    X(ZSTD_freeCCtx)                                                                               \
    X(ZSTD_createDCtx)                                                                             \
    X(ZSTD_decompressDCtx)                                                                         \
    X(ZSTD_DCtx_reset)                                                                             \
    X(ZSTD_decompressStream)                                                                       \
    X(ZSTD_freeDCtx)                                                                               \
    X(ZSTD_isError)                                                                                \
    X(ZSTD_getErrorCode)

#define EG_LIBLZMA_FUNCTIONS(X)                                                                    \
    X(lzma_stream_decoder)                                                                         \
    X(lzma_code)                                                                                   \
    X(lzma_end)

#ifdef EG_LIBDEFLATE_LIBRARY
extern struct eg_libdeflate {
    EG_LIBDEFLATE_FUNCTIONS(EG_DYNLIB_MEMBER)
} eg_libdeflate;
#ifndef EG_CODECS_LOADING
#define libdeflate_alloc_compressor   eg_libdeflate.libdeflate_alloc_compressor_
#define libdeflate_zlib_compress      eg_libdeflate.libdeflate_zlib_compress_
#define libdeflate_free_compressor    eg_libdeflate.libdeflate_free_compressor_
#define libdeflate_alloc_decompressor eg_libdeflate.libdeflate_alloc_decompressor_
#define libdeflate_zlib_decompress    eg_libdeflate.libdeflate_zlib_decompress_
#define libdeflate_free_decompressor  eg_libdeflate.libdeflate_free_decompressor_
#endif
#endif

#ifdef EG_ZSTD_LIBRARY
extern struct eg_libzstd {
    EG_LIBZSTD_FUNCTIONS(EG_DYNLIB_MEMBER)
} eg_libzstd;
#ifndef EG_CODECS_LOADING
#define ZSTD_createCCtx        eg_libzstd.ZSTD_createCCtx_
#define ZSTD_CCtx_setParameter eg_libzstd.ZSTD_CCtx_setParameter_
#define ZSTD_compress2         eg_libzstd.ZSTD_compress2_
#define ZSTD_freeCCtx          eg_libzstd.ZSTD_freeCCtx_
#define ZSTD_createDCtx        eg_libzstd.ZSTD_createDCtx_
#define ZSTD_decompressDCtx    eg_libzstd.ZSTD_decompressDCtx_
#define ZSTD_DCtx_reset        eg_libzstd.ZSTD_DCtx_reset_
#define ZSTD_decompressStream  eg_libzstd.ZSTD_decompressStream_
#define ZSTD_freeDCtx          eg_libzstd.ZSTD_freeDCtx_
#define ZSTD_isError           eg_libzstd.ZSTD_isError_
#define ZSTD_getErrorCode      eg_libzstd.ZSTD_getErrorCode_
#endif
#endif

#ifdef EG_LZMA_LIBRARY
extern struct eg_liblzma {
    EG_LIBLZMA_FUNCTIONS(EG_DYNLIB_MEMBER)
} eg_liblzma;
#ifndef EG_CODECS_LOADING
#define lzma_stream_decoder eg_liblzma.lzma_stream_decoder_
#define lzma_code           eg_liblzma.lzma_code_
#define lzma_end            eg_liblzma.lzma_end_
#endif
#endif

#endif
