/* SPDX-License-Identifier: MIT */
/* The context, failures and texts of the fuzz targets. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

/* Options of AddressSanitizer, which the variable ASAN_OPTIONS overrides. Freed memory is kept for
 * 16 MB instead of 256 MB, because buffers of 128 KB would otherwise be new to the cache in every
 * run, and stacks of allocations are short, because they cost more than most runs. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "abort_on_error=1:quarantine_size_mb=16:malloc_context_size=8:max_malloc_fill_size=64:"
           "detect_stack_use_after_return=0:allocator_release_to_os_interval_ms=-1";
}

void require(bool holds, const char *what, const eg_error *error)
{
    if (holds)
        return;
    fprintf(stderr, "broken promise: %s (status %d: %s)\n", what, error ? (int)error->status : 0,
            error ? error->message : "");
    abort();
}

eg_context *fuzz_context(void)
{
    static eg_context *ctx;
    eg_config config;
    eg_error error = {0};
    if (ctx)
        return ctx;
    eg_config_default(&config);
    config.threads = 1;
    config.max_memory = 64 << 20;
    config.max_pixels = 1 << 14;
    config.max_side = 1 << 14;
    config.max_chunk = 1 << 20;
    config.max_scans = 20;
    require(eg_context_new(&ctx, &config, &error) == EG_OK, "a context", &error);
    return ctx;
}

void require_released(void)
{
    require(atomic_load(&fuzz_context()->used) == 0, "no memory is left over", NULL);
}

char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (!text)
        abort();
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    return text;
}
