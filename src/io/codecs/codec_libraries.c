/* SPDX-License-Identifier: MIT */
/* Loads libdeflate and libzstd and resolves their functions, once per process. */
#define EG_CODECS_LOADING
#include "io/codecs/codec_libraries.h"

#include <pthread.h>

#define ROW_OF(library, name) {#name, &library.name##_},

#ifdef EG_LIBDEFLATE_LIBRARY
struct eg_libdeflate eg_libdeflate; /* written once, by load_libdeflate() */
static bool has_libdeflate;

static void load_libdeflate(void)
{
#define DEFLATE_ROW(name) ROW_OF(eg_libdeflate, name)
    static const eg_dynlib_function functions[] = {EG_LIBDEFLATE_FUNCTIONS(DEFLATE_ROW)};
    has_libdeflate =
        !eg_dynlib_load(EG_LIBDEFLATE_LIBRARY, functions, sizeof functions / sizeof *functions);
}

bool eg_libdeflate_load(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load_libdeflate);
    return has_libdeflate;
}
#else
bool eg_libdeflate_load(void)
{
#ifdef EG_HAVE_LIBDEFLATE
    return true;
#else
    return false;
#endif
}
#endif

#ifdef EG_ZSTD_LIBRARY
struct eg_libzstd eg_libzstd; /* written once, by load_libzstd() */
static bool has_libzstd;

static void load_libzstd(void)
{
#define ZSTD_ROW(name) ROW_OF(eg_libzstd, name)
    static const eg_dynlib_function functions[] = {EG_LIBZSTD_FUNCTIONS(ZSTD_ROW)};
    has_libzstd = !eg_dynlib_load(EG_ZSTD_LIBRARY, functions, sizeof functions / sizeof *functions);
}

bool eg_libzstd_load(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load_libzstd);
    return has_libzstd;
}
#else
bool eg_libzstd_load(void)
{
#ifdef EG_HAVE_ZSTD
    return true;
#else
    return false;
#endif
}
#endif
