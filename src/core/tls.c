/* SPDX-License-Identifier: MIT */
/*
 * Allocates the thread-local variables of loaded libraries.
 *
 * glibc allocates those of a library that came with dlopen() when a thread first uses one, and ends
 * the process with _exit() if there is no memory. No function of it reports that as an error.
 * Therefore a child process that shares the memory of this one lets it allocate: the memory stays,
 * and only the child can end. It takes 50 microseconds, once for each thread and library.
 */
#include "core/tls.h"

#include <link.h>
#include <stddef.h>

#include "core/shared_child.h"

enum { LIBRARIES = 64, STACK = 32 * 1024 };

/* Argument of __tls_get_addr(): a library's number, and an offset in its variables. */
typedef struct tls_index {
    unsigned long module, offset;
} tls_index;

/* NOLINTNEXTLINE(bugprone-reserved-identifier): the name is glibc's */
extern void *__tls_get_addr(tls_index *index);

/* Libraries without variables in this thread. */
typedef struct missing {
    tls_index modules[LIBRARIES];
    size_t count;
} missing;

static int add_missing(struct dl_phdr_info *info, size_t size, void *opaque)
{
    missing *m = opaque;
    if (size >= offsetof(struct dl_phdr_info, dlpi_tls_data) + sizeof info->dlpi_tls_data &&
        info->dlpi_tls_modid && !info->dlpi_tls_data && m->count < LIBRARIES)
        m->modules[m->count++] = (tls_index){info->dlpi_tls_modid, 0};
    return 0;
}

/* Makes glibc allocate the variables. */
static void allocate(void *opaque)
{
    missing *m = opaque;
    for (size_t i = 0; i < m->count; i++)
        __tls_get_addr(&m->modules[i]);
}

bool eg_tls_prepare(void)
{
    _Alignas(64) char stack[STACK];
    missing m = {.count = 0};
    dl_iterate_phdr(add_missing, &m);
    return m.count == 0 || eg_shared_child_call(allocate, &m, stack, sizeof stack);
}
