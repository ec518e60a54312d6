/* SPDX-License-Identifier: MIT */
/* Loads Arb and resolves its functions, once. */
#ifdef EG_HAVE_ARB

#define EG_ARB_LOADING
#include "real/arb_library.h"

#include <dlfcn.h>
#include <pthread.h>

#include "core/dynlib.h"
#include "core/status.h"
#include "core/tls.h"
#include "real/arb_memory.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static enum { UNTRIED, LOADED, ABSENT } state;

#ifdef EG_ARB_LIBRARY

struct eg_arb_library eg_arb_library; /* written once, by load_arb() */

static eg_status load_arb(eg_error *error)
{
#define ROW(name) {#name, &eg_arb_library.name##_},
    static const eg_dynlib_function functions[] = {EG_ARB_FUNCTIONS(ROW)};
    static eg_dynlib library = EG_DYNLIB(EG_ARB_LIBRARY, "arithmetic with balls", functions);
    eg_error why = {0};
    eg_status status = eg_dynlib_load(&library, &why);
    if (status == EG_OK || status == EG_UNSUPPORTED)
        state = status == EG_OK ? LOADED : ABSENT;
    if (status == EG_OK)
        eg_arb_memory_install(library.handle);
    if (status == EG_OK && !eg_tls_prepare())
        return eg_fail(error, EG_NO_MEMORY, "out of memory for the variables of %s",
                       EG_ARB_LIBRARY);
    return state == UNTRIED ? eg_fail(error, status, "%s", why.message) : EG_OK;
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
