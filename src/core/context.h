/* SPDX-License-Identifier: MIT */
/* The context: configuration, processor level and the account of memory. */
#ifndef EG_CORE_CONTEXT_H
#define EG_CORE_CONTEXT_H

#include <stdatomic.h>

#include "core/cpu.h"
#include "edgegrad.h"

struct eg_context {
    eg_config config; /* threads resolved to a number >= 1 */
    eg_cpu_level cpu;
    atomic_size_t used, peak; /* bytes allocated through eg_alloc */
    atomic_long fail_after;   /* tests: allocations left before one fails; negative: never */
};

/* 64-byte aligned, uninitialised / zeroed memory for `count` items of `size` bytes, counted against
 * max_memory until eg_free(). NULL after recording EG_LIMIT_EXCEEDED or EG_NO_MEMORY. Safe from any
 * thread. The products and sums inside cannot overflow. */
void *eg_alloc(eg_context *ctx, size_t count, size_t size, eg_error *error);
void *eg_calloc(eg_context *ctx, size_t count, size_t size, eg_error *error);
void eg_free(void *memory); /* accepts NULL */

/* Accounts for memory that a library allocates for itself: false after recording EG_LIMIT_EXCEEDED.
 */
bool eg_memory_reserve(eg_context *ctx, size_t bytes, eg_error *error);
void eg_memory_release(eg_context *ctx, size_t bytes);

/* What to return after an allocation has failed. */
static inline eg_status eg_failed(const eg_error *error)
{
    return error && error->status != EG_OK ? error->status : EG_NO_MEMORY;
}

/* EG_LIMIT_EXCEEDED unless width x height is within the context's limits, EG_BAD_INPUT for an empty
 * image. */
eg_status eg_check_size(const eg_context *ctx, const char *name, uint64_t width, uint64_t height,
                        eg_error *error);

static inline bool eg_cancelled(const eg_context *ctx)
{
    return ctx->config.cancel && __atomic_load_n(ctx->config.cancel, __ATOMIC_RELAXED);
}

#endif
