/* SPDX-License-Identifier: MIT */
/* The two mechanisms of the sandbox: Landlock for files, seccomp for system calls. */
#ifndef CLI_SANDBOX_CONFINE_H
#define CLI_SANDBOX_CONFINE_H

#include <stdbool.h>

/* ---- landlock.c ---- */

typedef enum landlock_use {
    LANDLOCK_READ,      /* files, and files and folders below a folder */
    LANDLOCK_WRITE,     /* as well creating, replacing and removing files in it */
    LANDLOCK_WRITE_TREE /* as well making folders */
} landlock_use;

/* Returns a descriptor for rules; -1 with errno ENOSYS or EOPNOTSUPP: the kernel has no Landlock.
 */
int landlock_new(void);

/* Allows a use of a file, or of a folder and all below it. Returns 0, or the errno value of a
 * failure; a path that does not exist or cannot be reached is none. */
int landlock_allow(int ruleset, const char *path, landlock_use use);

/* Denies this thread, and those that it starts, all that no rule allows. Closes the descriptor.
 * Returns false and sets errno on failure. */
bool landlock_enter(int ruleset);

/* ---- seccomp.c ---- */

/* Denies this process system calls that the command does not need. `children`: it starts child
 * processes. Returns false and sets errno on failure; ENOSYS: the system has no seccomp. */
bool seccomp_enter(bool children);

#endif
