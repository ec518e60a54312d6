/* SPDX-License-Identifier: MIT */
/* Loads libdeflate, libzstd and liblzma and resolves their functions, once per process. */
#define EG_CODECS_LOADING
#include "io/codecs/codec_libraries.h"

#include "core/status.h"

#define ROW_OF(library, name) {#name, &(library).name##_},

#ifdef EG_LIBDEFLATE_LIBRARY
struct eg_libdeflate eg_libdeflate; /* written once, by eg_dynlib_load() */

eg_status eg_libdeflate_load(eg_error *error)
{
#define DEFLATE_ROW(name) ROW_OF(eg_libdeflate, name)
    static const eg_dynlib_function functions[] = {EG_LIBDEFLATE_FUNCTIONS(DEFLATE_ROW)};
    static eg_dynlib library = EG_DYNLIB(EG_LIBDEFLATE_LIBRARY, "deflate", functions);
    return eg_dynlib_load(&library, error);
}
#else
eg_status eg_libdeflate_load(eg_error *error)
{
#ifdef EG_HAVE_LIBDEFLATE
    (void)error;
    return EG_OK;
#else
    return eg_fail(error, EG_UNSUPPORTED, "this build has no libdeflate");
#endif
}
#endif

#ifdef EG_ZSTD_LIBRARY
struct eg_libzstd eg_libzstd; /* written once, by eg_dynlib_load() */

eg_status eg_libzstd_load(eg_error *error)
{
#define ZSTD_ROW(name) ROW_OF(eg_libzstd, name)
    static const eg_dynlib_function functions[] = {EG_LIBZSTD_FUNCTIONS(ZSTD_ROW)};
    static eg_dynlib library = EG_DYNLIB(EG_ZSTD_LIBRARY, "zstd", functions);
    return eg_dynlib_load(&library, error);
}
#else
eg_status eg_libzstd_load(eg_error *error)
{
#ifdef EG_HAVE_ZSTD
    (void)error;
    return EG_OK;
#else
    return eg_fail(error, EG_UNSUPPORTED, "this build has no libzstd");
#endif
}
#endif

#ifdef EG_LZMA_LIBRARY
struct eg_liblzma eg_liblzma; /* written once, by eg_dynlib_load() */

eg_status eg_liblzma_load(eg_error *error)
{
#define LZMA_ROW(name) ROW_OF(eg_liblzma, name)
    static const eg_dynlib_function functions[] = {EG_LIBLZMA_FUNCTIONS(LZMA_ROW)};
    static eg_dynlib library = EG_DYNLIB(EG_LZMA_LIBRARY, "lzma", functions);
    return eg_dynlib_load(&library, error);
}
#else
eg_status eg_liblzma_load(eg_error *error)
{
#ifdef EG_HAVE_LZMA
    (void)error;
    return EG_OK;
#else
    return eg_fail(error, EG_UNSUPPORTED, "this build has no liblzma");
#endif
}
#endif
