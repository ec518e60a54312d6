/* SPDX-License-Identifier: MIT */
/* Loads libtiff and resolves its functions, once per process. */
#define EG_TIFF_LOADING
#include "io/tiff/tiff_library.h"

#ifdef EG_TIFF_LIBRARY

#include <pthread.h>

#include "core/dynlib.h"

/* Written once, by load_functions(). */
struct eg_tiff_library eg_tiff_library;
static const char *missing;

static void load_functions(void)
{
#define ROW(name) {#name, &eg_tiff_library.name##_},
    static const eg_dynlib_function functions[] = {EG_TIFF_FUNCTIONS(ROW)};
    missing = eg_dynlib_load(EG_TIFF_LIBRARY, functions, sizeof functions / sizeof *functions);
}

eg_status eg_tiff_load(eg_error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load_functions);
    return eg_dynlib_status(missing, EG_TIFF_LIBRARY, "TIFF", error);
}

#else

eg_status eg_tiff_load(eg_error *error)
{
    (void)error;
    return EG_OK;
}

#endif
