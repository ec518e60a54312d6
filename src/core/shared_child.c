/* SPDX-License-Identifier: MIT */
/* Calls in a child process that shares the memory of this one. */
#include "core/shared_child.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* ThreadSanitizer's records of a thread do not allow that two processes share its memory. */
#if defined __SANITIZE_THREAD__
#define NO_CHILD true
#elif defined __has_feature
#define NO_CHILD __has_feature(thread_sanitizer)
#else
#define NO_CHILD false
#endif

typedef struct child_call {
    void (*step)(void *opaque);
    void *opaque;
    volatile bool begun, done; /* written by the child; not begun: its memory is its own */
} child_call;

/* Runs the step. The C library prints before it ends a process, which nobody is to see. */
static int run_step(void *opaque)
{
    child_call *call = opaque;
    call->begun = true;
    close(STDERR_FILENO); /* of the child alone */
    call->step(call->opaque);
    call->done = true;
    return 0;
}

bool eg_shared_child_call(void (*step)(void *opaque), void *opaque, void *stack, size_t bytes)
{
    child_call call = {.step = step, .opaque = opaque};
    sigset_t all, before;
    int status = 0;
    if (NO_CHILD) {
        step(opaque);
        return true;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* no handler of the program runs in the child */
    pid_t child = clone(run_step, (char *)stack + bytes, CLONE_VM | CLONE_VFORK, &call);
    while (child > 0 && waitpid(child, &status, __WALL) < 0 && errno == EINTR)
        ;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!call.begun) {
        step(opaque);
        return true;
    }
    return call.done;
}
