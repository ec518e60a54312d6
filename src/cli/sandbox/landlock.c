/* SPDX-License-Identifier: MIT */
/*
 * Landlock rules by system calls, because the C library has no functions for them. The constants
 * are those of <linux/landlock.h>; they are repeated here because the headers may be older than the
 * kernel that the command runs on.
 */
#include "cli/sandbox/confine.h"

#include <errno.h>

#ifdef __linux__

#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Numbers of the system calls, the same on all architectures. */
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446 };
enum { CREATE_VERSION = 1, RULE_PATH_BENEATH = 1 };

enum {
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    REMOVE_DIR = 1 << 4,
    REMOVE_FILE = 1 << 5,
    MAKE_DIR = 1 << 7,
    MAKE_REG = 1 << 8,
    TRUNCATE = 1 << 14,
    FILE_RIGHTS = WRITE_FILE | READ_FILE | TRUNCATE /* those that a rule about a file can have */
};

/* Rights of version 1 of the interface, and those that later versions added. */
enum {
    RIGHTS_1 = (1 << 13) - 1,
    RIGHT_REFER = 1 << 13,
    RIGHT_IOCTL_DEVICE = 1 << 15,
    NET_TCP = 1 << 0 | 1 << 1,
    SCOPE_SOCKET_SIGNAL = 1 << 0 | 1 << 1
};

static const int rights_of[] = {
    [LANDLOCK_READ] = READ_FILE | READ_DIR,
    [LANDLOCK_WRITE] = READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE | MAKE_REG | REMOVE_FILE,
    [LANDLOCK_WRITE_TREE] = READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE | MAKE_REG | REMOVE_FILE |
                            MAKE_DIR | REMOVE_DIR,
};

struct ruleset_attributes {
    uint64_t files, net, scope;
};

struct path_rule {
    uint64_t rights;
    int32_t folder;
} __attribute__((packed));

static bool has_truncate; /* since version 3 */

int landlock_new(void)
{
    struct ruleset_attributes denied = {.files = RIGHTS_1};
    long version = syscall(CREATE_RULESET, NULL, 0, CREATE_VERSION);
    size_t size = sizeof denied.files;
    if (version < 1)
        return -1;
    has_truncate = version >= 3;
    denied.files |= version >= 2 ? RIGHT_REFER : 0;
    denied.files |= has_truncate ? TRUNCATE : 0;
    denied.files |= version >= 5 ? RIGHT_IOCTL_DEVICE : 0;
    if (version >= 4) {
        denied.net = NET_TCP;
        size = 2 * sizeof(uint64_t);
    }
    if (version >= 6) {
        denied.scope = SCOPE_SOCKET_SIGNAL;
        size = sizeof denied;
    }
    return (int)syscall(CREATE_RULESET, &denied, size, 0);
}

/* Returns true if a path names nothing that could be opened later either. */
static bool is_unreachable(int code)
{
    return code == ENOENT || code == ENOTDIR || code == EACCES || code == ELOOP ||
           code == ENAMETOOLONG;
}

int landlock_allow(int ruleset, const char *path, landlock_use use)
{
    struct stat about;
    struct path_rule rule = {.rights = (uint64_t)rights_of[use]};
    rule.folder = open(path, O_PATH | O_CLOEXEC);
    if (rule.folder < 0)
        return is_unreachable(errno) ? 0 : errno;
    int code = fstat(rule.folder, &about) == 0 ? 0 : errno;
    if (code == 0 && !S_ISDIR(about.st_mode))
        rule.rights &= FILE_RIGHTS;
    if (!has_truncate)
        rule.rights &= ~(uint64_t)TRUNCATE;
    /* EBADFD: a pipe or socket without a place in the file system, which Landlock does not deny */
    if (code == 0 && syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0) != 0)
        code = errno == EBADFD ? 0 : errno;
    close(rule.folder);
    return code;
}

bool landlock_enter(int ruleset)
{
    bool done =
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(RESTRICT_SELF, ruleset, 0) == 0;
    int code = errno;
    close(ruleset);
    errno = code;
    return done;
}

#else

int landlock_new(void)
{
    errno = ENOSYS;
    return -1;
}

int landlock_allow(int ruleset, const char *path, landlock_use use)
{
    (void)ruleset, (void)path, (void)use;
    return ENOSYS;
}

bool landlock_enter(int ruleset)
{
    (void)ruleset;
    errno = ENOSYS;
    return false;
}

#endif
