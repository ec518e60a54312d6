/* SPDX-License-Identifier: MIT */
/* Helpers of the fuzz targets: aborting if a guarantee of edgegrad.h is violated, and a context for
 * small inputs. */
#ifndef TESTS_FUZZ_PROMISE_H
#define TESTS_FUZZ_PROMISE_H

#include <stdio.h>
#include <stdlib.h>

#include "edgegrad.h"

static inline void require(bool holds, const char *what, const eg_error *error)
{
    if (holds)
        return;
    fprintf(stderr, "broken promise: %s (status %d: %s)\n", what, (int)error->status,
            error->message);
    abort();
}

/* Creates a context with one thread, 64 MB and the other limits of `config`. */
static inline eg_context *small_context(eg_config config)
{
    eg_context *ctx = NULL;
    eg_error error = {0};
    config.threads = 1;
    config.max_memory = 64 << 20;
    require(eg_context_new(&ctx, &config, &error) == EG_OK, "a context", &error);
    return ctx;
}

#endif
