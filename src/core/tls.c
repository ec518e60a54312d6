/* SPDX-License-Identifier: MIT */
/*
 * Allocates the thread-local variables of loaded libraries.
 *
 * glibc allocates those of a library that came with dlopen() when a thread first uses one, and ends
 * the process with _exit() if there is no memory. No function of it reports that as an error.
 * Therefore a child process that shares the memory of this one, as a child of vfork() does, lets it
 * allocate: the memory stays, and only the child can end. It has no exit signal, so the program
 * sees nothing of it. It takes 50 microseconds, once for each thread and library.
 */
#include "core/tls.h"

#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* Makes glibc allocate the variables. It is silent, because glibc prints before it ends. */
static int allocate(void *opaque)
{
    missing *m = opaque;
    close(STDERR_FILENO); /* of the child alone */
    for (size_t i = 0; i < m->count; i++)
        __tls_get_addr(&m->modules[i]);
    return 0;
}

/* Runs allocate() in a child that shares the memory. Returns false if there is not enough; true
 * also if there can be no such child, as under Valgrind, whose children share no memory. */
static bool allocate_in_child(missing *m)
{
    int status = 0;
    _Alignas(64) char stack[STACK];
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* no handler of the program runs in the child */
    pid_t child = clone(allocate, stack + sizeof stack, CLONE_VM | CLONE_VFORK, m);
    while (child > 0 && waitpid(child, &status, __WALL) < 0 && errno == EINTR)
        ;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status == 0;
}

bool eg_tls_prepare(void)
{
    missing m = {.count = 0};
    dl_iterate_phdr(add_missing, &m);
    if (m.count == 0)
        return true;
    if (!allocate_in_child(&m))
        return false;
    for (size_t i = 0; i < m.count; i++)
        __tls_get_addr(&m.modules[i]); /* does nothing unless there was no child */
    return true;
}
