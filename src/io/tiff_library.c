/* SPDX-License-Identifier: MIT */
/* Loads libtiff and finds its functions, once. */
#define EG_TIFF_LOADING
#include "io/tiff_library.h"

#include "core/status.h"

#ifdef EG_TIFF_LIBRARY

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

/* Written once, by load(). */
struct eg_tiff_library eg_tiff_library;
static const char *missing = EG_TIFF_LIBRARY; /* what could not be found; NULL: all is there */

/* POSIX has function pointers come as void *, which C does not let be cast. */
static void find(void *library, void *function, const char *name)
{
    void *found = dlsym(library, name);
    if (!found)
        missing = name;
    memcpy(function, &found, sizeof found);
}

static void load(void)
{
    void *library = dlopen(EG_TIFF_LIBRARY, RTLD_NOW | RTLD_LOCAL); /* never closed */
    if (!library)
        return;
    missing = NULL;
#define FIND(name) find(library, &eg_tiff_library.name##_, #name);
    EG_TIFF_FUNCTIONS(FIND)
}

eg_status eg_tiff_load(eg_error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    if (!missing)
        return EG_OK;
    return eg_fail(error, EG_UNSUPPORTED,
                   "TIFF needs the library " EG_TIFF_LIBRARY ", where %s was not found", missing);
}

#else

eg_status eg_tiff_load(eg_error *error)
{
    (void)error;
    return EG_OK;
}

#endif
