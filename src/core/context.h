/* SPDX-License-Identifier: MIT */
/* The context: configuration, instruction set and memory accounting. */
#ifndef EG_CORE_CONTEXT_H
#define EG_CORE_CONTEXT_H

#include <stdatomic.h>

#include "core/cpu.h"
#include "edgegrad.h"

struct eg_context {
    eg_config config; /* `threads` is resolved to a number >= 1 */
    eg_cpu_level cpu;
    atomic_size_t used, peak; /* bytes allocated through eg_alloc */
    atomic_long fail_after;   /* for tests: allocations until one fails; negative: none fails */
};

/* Allocates 64-byte aligned memory for `count` items of `size` bytes, uninitialised (eg_alloc) or
 * zeroed (eg_calloc), counted against max_memory until eg_free(). Returns NULL after recording
 * EG_LIMIT_EXCEEDED or EG_NO_MEMORY, also if count * size overflows. Thread-safe. */
void *eg_alloc(eg_context *ctx, size_t count, size_t size, eg_error *error);
void *eg_calloc(eg_context *ctx, size_t count, size_t size, eg_error *error);
void eg_free(void *memory); /* accepts NULL */

/* Counts `bytes` that a third-party library allocates itself against max_memory, until
 * eg_memory_release(). Returns false after recording EG_LIMIT_EXCEEDED. */
bool eg_memory_reserve(eg_context *ctx, size_t bytes, eg_error *error);
void eg_memory_release(eg_context *ctx, size_t bytes);

/* Maps zeroed pages that are not counted against max_memory, because they are used only if memory
 * runs out. Returns NULL after recording EG_NO_MEMORY. */
void *eg_pages_map(eg_context *ctx, size_t bytes, eg_error *error);
void eg_pages_unmap(void *pages, size_t bytes);

/* Returns the status of a failed allocation, also if the caller passed no eg_error. */
static inline eg_status eg_failed(const eg_error *error)
{
    return error && error->status != EG_OK ? error->status : EG_NO_MEMORY;
}

/* Checks the size of the raster called `name`. EG_LIMIT_EXCEEDED: width, height or their product
 * exceeds a limit of the context. EG_BAD_INPUT: one of them is 0. */
eg_status eg_check_size(const eg_context *ctx, const char *name, uint64_t width, uint64_t height,
                        eg_error *error);

/* Returns true if the caller has set eg_config.cancel. */
static inline bool eg_cancelled(const eg_context *ctx)
{
    return ctx->config.cancel && __atomic_load_n(ctx->config.cancel, __ATOMIC_RELAXED);
}

#endif
