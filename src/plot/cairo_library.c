/* SPDX-License-Identifier: MIT */
/* Loads cairo and resolves its functions, once. */
#ifdef EG_HAVE_CAIRO

#define EG_CAIRO_LOADING
#include "plot/cairo_library.h"

#ifdef EG_CAIRO_LIBRARY

#include <pthread.h>

#include "core/dynlib.h"

/* Written once, by load_cairo(). */
struct eg_cairo_library eg_cairo_library;
static const char *missing; /* library or function that could not be found; NULL: none */

static void load_cairo(void)
{
#define ROW(name) {#name, &eg_cairo_library.name##_},
    static const eg_dynlib_function functions[] = {EG_CAIRO_FUNCTIONS(ROW)};
    missing = eg_dynlib_load(EG_CAIRO_LIBRARY, functions, sizeof functions / sizeof *functions);
}

eg_status eg_cairo_load(eg_error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load_cairo);
    return eg_dynlib_status(missing, EG_CAIRO_LIBRARY, "drawing", error);
}

#else

eg_status eg_cairo_load(eg_error *error)
{
    (void)error;
    return EG_OK;
}

#endif

#else
typedef int no_cairo; /* ISO C forbids an empty translation unit */
#endif
