/* SPDX-License-Identifier: MIT */
/* Loads Arb and resolves its functions, once. */
#ifdef EG_HAVE_ARB

#define EG_ARB_LOADING
#include "real/arb_library.h"

#ifdef EG_ARB_LIBRARY

#include <pthread.h>

/* Written once, by load_arb(). */
struct eg_arb_library eg_arb_library;
static const char *missing; /* library or function that could not be found; NULL: none */

static void load_arb(void)
{
#define ROW(name) {#name, &eg_arb_library.name##_},
    static const eg_dynlib_function functions[] = {EG_ARB_FUNCTIONS(ROW)};
    missing = eg_dynlib_load(EG_ARB_LIBRARY, functions, sizeof functions / sizeof *functions);
}

bool eg_arb_load(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load_arb);
    return !missing;
}

#else

bool eg_arb_load(void)
{
    return true;
}

#endif

#else
typedef int no_arb; /* ISO C forbids an empty translation unit */
#endif
