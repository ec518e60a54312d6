/* SPDX-License-Identifier: MIT */
/* Loads libtiff and resolves its functions, once per process. */
#define EG_TIFF_LOADING
#include "io/tiff/tiff_library.h"

#ifdef EG_TIFF_LIBRARY

#include "core/dynlib.h"

struct eg_tiff_library eg_tiff_library; /* written once, by eg_dynlib_load() */

eg_status eg_tiff_load(eg_error *error)
{
#define ROW(name) {#name, &eg_tiff_library.name##_},
    static const eg_dynlib_function functions[] = {EG_TIFF_FUNCTIONS(ROW)};
    static eg_dynlib library = EG_DYNLIB(EG_TIFF_LIBRARY, "TIFF", functions);
    return eg_dynlib_load(&library, error);
}

#else

eg_status eg_tiff_load(eg_error *error)
{
    (void)error;
    return EG_OK;
}

#endif
