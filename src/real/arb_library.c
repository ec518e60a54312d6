/* SPDX-License-Identifier: MIT */
/* Loads Arb and resolves its functions, once. */
#ifdef EG_HAVE_ARB

#define EG_ARB_LOADING
#include "real/arb_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "core/status.h"
#include "core/tls.h"
#include "real/arb_memory.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static enum { UNTRIED, LOADED, ABSENT } state;

#ifdef EG_ARB_LIBRARY

struct eg_arb_library eg_arb_library; /* written once, by load_arb() */

/* Records why dlopen() failed, unless the library is not installed. */
static eg_status explain(eg_error *error)
{
    const char *why = dlerror();
    if (why && strstr(why, "No such file"))
        return EG_OK;
    bool files = why && strstr(why, "open files");
    return eg_fail(error, files ? EG_FILE : EG_NO_MEMORY, "cannot load %s: %s", EG_ARB_LIBRARY,
                   why ? why : "out of memory");
}

static eg_status load_arb(eg_error *error)
{
#define ROW(name) {#name, &eg_arb_library.name##_},
    static const eg_dynlib_function functions[] = {EG_ARB_FUNCTIONS(ROW)};
    void *library = dlopen(EG_ARB_LIBRARY, RTLD_NOW | RTLD_LOCAL); /* never closed */
    if (!library) {
        eg_status status = explain(error);
        state = status == EG_OK ? ABSENT : UNTRIED;
        return status;
    }
    state = LOADED;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *found = dlsym(library, functions[i].name);
        state = found ? state : ABSENT;
        memcpy(functions[i].pointer, &found, sizeof found);
    }
    if (state == LOADED)
        eg_arb_memory_install(library);
    return eg_tls_prepare() ? EG_OK
                            : eg_fail(error, EG_NO_MEMORY, "out of memory for the variables of %s",
                                      EG_ARB_LIBRARY);
}

#else

static eg_status load_arb(eg_error *error)
{
    (void)error;
    state = LOADED;
    eg_arb_memory_install(RTLD_DEFAULT);
    return EG_OK;
}

#endif

eg_status eg_arb_load(bool *loaded, eg_error *error)
{
    pthread_mutex_lock(&lock);
    eg_status status = state == UNTRIED ? load_arb(error) : EG_OK;
    *loaded = state == LOADED;
    pthread_mutex_unlock(&lock);
    return status;
}

#else
typedef int no_arb; /* ISO C forbids an empty translation unit */
#endif
