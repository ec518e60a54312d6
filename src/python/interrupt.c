/* SPDX-License-Identifier: MIT */
/* Cancels the operations of the main thread on SIGINT: Python runs its own handlers after they have
 * returned. */
#include <signal.h>
#include <string.h>

#include "python/module.h"

static volatile sig_atomic_t interrupted;
static struct sigaction before;
static int watchers; /* operations in progress on the main thread, one inside the other */

/* Calls the handler of Python as well, which raises KeyboardInterrupt later. */
static void on_interrupt(int number, siginfo_t *info, void *context)
{
    interrupted = 1;
    if (before.sa_flags & SA_SIGINFO)
        before.sa_sigaction(number, info, context);
    else
        before.sa_handler(number);
}

const volatile sig_atomic_t *egpy_interrupt_flag(void)
{
    return &interrupted;
}

const volatile sig_atomic_t *egpy_watch_interrupt(void)
{
    interrupted = 0;
    if (watchers++ > 0 || sigaction(SIGINT, NULL, &before) != 0)
        return &interrupted;
    if ((before.sa_flags & SA_SIGINFO) ||
        (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)) {
        struct sigaction own;
        memset(&own, 0, sizeof own);
        own.sa_sigaction = on_interrupt;
        own.sa_mask = before.sa_mask;
        own.sa_flags = before.sa_flags | SA_SIGINFO;
        sigaction(SIGINT, &own, NULL);
    }
    return &interrupted;
}

void egpy_unwatch_interrupt(void)
{
    struct sigaction now;
    if (--watchers > 0)
        return;
    interrupted = 0; /* before a thread that evaluates an expression tries again */
    if (sigaction(SIGINT, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) &&
        now.sa_sigaction == on_interrupt)
        sigaction(SIGINT, &before, NULL);
}
