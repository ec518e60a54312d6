/* SPDX-License-Identifier: MIT */
/* The context: limits and memory accounting. The only file that calls the system's allocator. */
#include "core/context.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/status.h"

enum { ALIGN = 64, HUGE_PAGE = 2 << 20 };

/* Header in front of every allocation, padded to ALIGN bytes. */
typedef struct alloc_header {
    eg_context *ctx;
    size_t total; /* bytes of the allocation with its header */
    void *block;  /* address that the system returned */
    size_t bytes; /* of the block */
} alloc_header;

void eg_config_default(eg_config *config)
{
    const uint64_t four_gb = (uint64_t)4 << 30;
    *config = (eg_config){
        .max_memory = SIZE_MAX / 2 < four_gb ? SIZE_MAX / 2 : (size_t)four_gb,
        .max_side = 1000000,
        .max_pixels = (uint64_t)1 << 32,
        .max_chunk = (size_t)64 << 20,
        .max_scans = 200,
    };
}

static eg_status check_config(const eg_config *config, eg_error *error)
{
    if (config->threads < 0 || config->threads > EG_MAX_THREADS)
        return eg_fail(error, EG_USAGE, "threads must be 0 to %d, not %d", EG_MAX_THREADS,
                       config->threads);
    if (!config->max_memory || !config->max_side || !config->max_pixels || !config->max_chunk ||
        config->max_scans < 1)
        return eg_fail(error, EG_USAGE, "limits must be at least 1");
    if (!config->allocate != !config->release)
        return eg_fail(error, EG_USAGE, "a configuration has both allocate and release, or none");
    return EG_OK;
}

/* ---- the allocator: that of the caller, or of the system ---- */

static void *block_alloc(const eg_config *config, size_t bytes, bool zeroed)
{
    if (config->allocate)
        return config->allocate(config->opaque, bytes, zeroed);
    return zeroed ? calloc(1, bytes) : malloc(bytes);
}

static void block_free(const eg_config *config, void *block, size_t bytes)
{
    if (config->release)
        config->release(config->opaque, block, bytes);
    else
        free(block);
}

/* ---- the context ---- */

eg_status eg_context_new(eg_context **ctx, const eg_config *config, eg_error *error)
{
    eg_config standard;
    if (!config) {
        eg_config_default(&standard);
        config = &standard;
    }
    *ctx = NULL;
    eg_cpu_level cpu;
    eg_status status = check_config(config, error);
    if (status == EG_OK)
        status = eg_cpu_pick(&cpu, config->cpu, error);
    if (status != EG_OK)
        return status;
    eg_context *made = block_alloc(config, sizeof *made, true);
    if (!made)
        return eg_fail(error, EG_NO_MEMORY, "out of memory");
    made->config = *config;
    if (made->config.threads == 0)
        made->config.threads = eg_processor_count();
    made->cpu = cpu;
    atomic_init(&made->fail_after, -1);
    *ctx = made;
    return EG_OK;
}

void eg_context_free(eg_context *ctx)
{
    if (!ctx)
        return;
    const eg_config config = ctx->config;
    block_free(&config, ctx, sizeof *ctx);
}

size_t eg_memory_peak(const eg_context *ctx)
{
    return atomic_load(&ctx->peak);
}

const char *eg_cpu_name(const eg_context *ctx)
{
    return eg_cpu_names[ctx->cpu];
}

static void update_peak(eg_context *ctx, size_t used)
{
    size_t peak = atomic_load(&ctx->peak);
    while (used > peak && !atomic_compare_exchange_weak(&ctx->peak, &peak, used))
        ;
}

/* Returns true if a test wants this allocation to fail. */
static bool should_fail(eg_context *ctx)
{
    return atomic_load(&ctx->fail_after) >= 0 && atomic_fetch_sub(&ctx->fail_after, 1) == 0;
}

/* Returns the bytes of an allocation with its header; SIZE_MAX if they are more than a process can
 * have. */
static size_t total_bytes(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        return SIZE_MAX;
    return (bytes + ALIGN + ALIGN - 1) / ALIGN * ALIGN;
}

bool eg_memory_reserve(eg_context *ctx, size_t bytes, eg_error *error)
{
    const size_t limit = ctx->config.max_memory;
    size_t before = atomic_load(&ctx->used);
    do {
        if (bytes > SIZE_MAX / 2 || bytes > limit || before > limit - bytes) {
            const bool small = limit < 1 << 20;
            eg_fail(error, EG_LIMIT_EXCEEDED,
                    "needs more than the %.4g %s of memory allowed; --max-memory raises the limit",
                    small ? (double)limit : (double)limit / (1 << 20), small ? "bytes" : "MB");
            return false;
        }
    } while (!atomic_compare_exchange_weak(&ctx->used, &before, before + bytes));
    update_peak(ctx, before + bytes);
    return true;
}

void eg_memory_release(eg_context *ctx, size_t bytes)
{
    atomic_fetch_sub(&ctx->used, bytes);
}

/* Allocates `total` bytes aligned to `align`, zeroed by the system on request, behind ALIGN bytes
 * for the header. Returns the address of the header. A zeroed block is not touched: the system
 * provides zeros when a page is first used, so that memory is committed as data arrives. */
static char *aligned_block(const eg_config *config, size_t total, size_t align, bool zeroed)
{
    char *block = block_alloc(config, total + align, zeroed);
    if (!block)
        return NULL;
    const size_t data = ((size_t)block + ALIGN + align - 1) / align * align;
    char *header = block + (data - ALIGN - (size_t)block);
    ((alloc_header *)(void *)header)->block = block;
    ((alloc_header *)(void *)header)->bytes = total + align;
    return header;
}

/* Requests huge pages for the data of a large block, because a page fault for each 4 KB costs more
 * than filling the block. The header is outside of them: writing it commits a small page. */
static void advise_huge_pages(char *data, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    if (bytes >= HUGE_PAGE)
        madvise(data, bytes / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
#else
    (void)data, (void)bytes;
#endif
}

static void *allocate_counted(eg_context *ctx, size_t count, size_t size, bool zeroed,
                              eg_error *error)
{
    size_t total = total_bytes(count, size);
    if (!eg_memory_reserve(ctx, total, error))
        return NULL;
    const bool large = total >= HUGE_PAGE + ALIGN;
    const size_t align = large ? (size_t)HUGE_PAGE : ALIGN;
    char *header = should_fail(ctx) ? NULL : aligned_block(&ctx->config, total, align, zeroed);
    if (!header) {
        eg_memory_release(ctx, total);
        eg_fail(error, EG_NO_MEMORY, "out of memory: the system refused %zu bytes", total);
        return NULL;
    }
    alloc_header *filled = (alloc_header *)(void *)header;
    filled->ctx = ctx;
    filled->total = total;
    advise_huge_pages(header + ALIGN, total - ALIGN);
    return header + ALIGN;
}

void *eg_alloc(eg_context *ctx, size_t count, size_t size, eg_error *error)
{
    return allocate_counted(ctx, count, size, false, error);
}

void *eg_calloc(eg_context *ctx, size_t count, size_t size, eg_error *error)
{
    return allocate_counted(ctx, count, size, true, error);
}

void eg_free(void *memory)
{
    if (!memory)
        return;
    alloc_header *header = (alloc_header *)(void *)((char *)memory - ALIGN);
    eg_memory_release(header->ctx, header->total);
    block_free(&header->ctx->config, header->block, header->bytes);
}

void *eg_pages_map(eg_context *ctx, size_t bytes, eg_error *error)
{
    void *pages = MAP_FAILED;
    if (!should_fail(ctx))
        pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) {
        eg_fail(error, EG_NO_MEMORY, "out of memory: the system refused %zu bytes", bytes);
        return NULL;
    }
    return pages;
}

void eg_pages_unmap(void *pages, size_t bytes)
{
    munmap(pages, bytes);
}

eg_status eg_check_size(const eg_context *ctx, const char *name, uint64_t width, uint64_t height,
                        eg_error *error)
{
    const eg_config *config = &ctx->config;
    const uint64_t most = SIZE_MAX / 256; /* bytes of rows and planes fit size_t */
    const uint64_t max_side = config->max_side < most ? config->max_side : most;
    const uint64_t max_pixels = config->max_pixels < most ? config->max_pixels : most;
    if (width == 0 || height == 0)
        return eg_fail_file(error, EG_BAD_INPUT, name, "is empty: %llu x %llu pixels",
                            (unsigned long long)width, (unsigned long long)height);
    if (width > max_side || height > max_side)
        return eg_fail_file(error, EG_LIMIT_EXCEEDED, name,
                            "has %llu x %llu pixels; sides over %llu need a larger --max-side",
                            (unsigned long long)width, (unsigned long long)height,
                            (unsigned long long)max_side);
    if (width > max_pixels / height)
        return eg_fail_file(error, EG_LIMIT_EXCEEDED, name,
                            "has %llu x %llu pixels; more than %llu need a larger --max-pixels",
                            (unsigned long long)width, (unsigned long long)height,
                            (unsigned long long)max_pixels);
    return EG_OK;
}
