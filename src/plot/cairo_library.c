/* SPDX-License-Identifier: MIT */
/* Loads cairo and resolves its functions, once. */
#ifdef EG_HAVE_CAIRO

#define EG_CAIRO_LOADING
#include "plot/cairo_library.h"

#ifdef EG_CAIRO_LIBRARY

#include "core/dynlib.h"

struct eg_cairo_library eg_cairo_library; /* written once, by eg_dynlib_load() */

eg_status eg_cairo_load(eg_error *error)
{
#define ROW(name) {#name, &eg_cairo_library.name##_},
    static const eg_dynlib_function functions[] = {EG_CAIRO_FUNCTIONS(ROW)};
    static eg_dynlib library = EG_DYNLIB(EG_CAIRO_LIBRARY, "drawing", functions);
    return eg_dynlib_load(&library, error);
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
