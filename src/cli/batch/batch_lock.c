/* SPDX-License-Identifier: MIT */
/*
 * Opens and locks the manifest of a folder. A run locks one byte of the file for each of its
 * inputs, so that runs over other inputs may write to the same folder at the same time. In a folder
 * that several users can write to, another one may have laid the file: a symbolic link would make
 * this run write to a file of its owner's choice, and false lines would make it leave outputs as
 * they are.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/batch/batch.h"
#include "cli/support/text.h"

enum { LOCKS = 256 }; /* most inputs that are locked; runs with the same ones share the first */

static const char advice[] = "remove it, or choose another output folder";

/* Returns true if everybody may create files in the folder of `path`, but delete only their own. */
static bool in_shared_folder(const char *path)
{
    char folder[PATH_MAX];
    struct stat about;
    const size_t length = (size_t)(path_name(path) - path);
    snprintf(folder, sizeof folder, "%.*s", length ? (int)length : 1, length ? path : ".");
    return stat(folder, &about) == 0 && about.st_mode & S_ISVTX && about.st_mode & S_IWOTH;
}

/* Refuses what another user may have laid. Returns an exit code, after its message. */
static int check_file(const char *path, int fd)
{
    struct stat about;
    if (fstat(fd, &about) != 0) {
        const int reason = errno;
        message("%s: %s", path, strerror(reason));
        return errno_exit_code(reason);
    }
    if (!S_ISREG(about.st_mode)) {
        message("%s: is not a regular file: %s", path, advice);
        return EXIT_FILE;
    }
    if (!in_shared_folder(path))
        return EXIT_DONE;
    if (about.st_uid != geteuid() && about.st_uid != 0) {
        message("%s: belongs to another user, in a folder that everybody can write to: %s", path,
                advice);
        return EXIT_FILE;
    }
    if (about.st_nlink > 1) {
        message("%s: has a second name, in a folder that everybody can write to: %s", path, advice);
        return EXIT_FILE;
    }
    return EXIT_DONE;
}

int batch_lock_open(int *fd, const char *path, int flags)
{
    *fd = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0666);
    if (*fd < 0 && errno == ELOOP) {
        message("%s: is a symbolic link, which a manifest never is: %s", path, advice);
        return EXIT_FILE;
    }
    if (*fd < 0)
        return errno == ENOMEM ? batch_out_of_memory() : EXIT_DONE;
    int code = check_file(path, *fd);
    if (code != EXIT_DONE) {
        close(*fd);
        *fd = -1;
    }
    return code;
}

/* ---- locks ----------------------------------------------------------------------------------- */

#ifdef F_OFD_SETLK

/* Tries to lock `length` bytes, 0: all, from `at` on. Returns false with errno set on failure. */
static bool try_lock(int fd, uint32_t at, off_t length)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = at, .l_len = length};
    return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

#else

static bool try_lock(int fd, uint32_t at, off_t length)
{
    (void)fd, (void)at, (void)length;
    errno = ENOSYS;
    return false;
}

#endif

/* Locks the byte for an input, after waiting for another run. Returns an exit code: that of a
 * signal, after its message. *said: it was said that the run waits. */
static int wait_for_lock(int fd, const char *path, uint32_t at, bool *said)
{
    static const struct timespec step = {.tv_nsec = 50 * 1000000L};
    while (!try_lock(fd, at, 1)) {
        if (errno != EAGAIN && errno != EACCES && errno != EINTR)
            return EXIT_DONE; /* a file system without locks */
        if (*signal_caught()) {
            const eg_error error = {.status = EG_CANCELLED};
            return report_error(&(cli_settings){0}, &error);
        }
        if (!*said)
            message("%.*s: another run writes the outputs of the same input to this folder; "
                    "waiting for its end",
                    (int)(path_name(path) - path), path);
        *said = true;
        nanosleep(&step, NULL);
    }
    return EXIT_DONE;
}

/* Returns true if the open file is still the one at `path`: its last user removes an empty one. */
static bool is_current(int fd, const char *path)
{
    struct stat open, now;
    return fstat(fd, &open) != 0 || (stat(path, &now) == 0 && same_inode(&open, &now));
}

static int compare_places(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

int batch_lock_take(int *fd, const char *path, const batch_lock_key *key)
{
    uint32_t places[LOCKS] = {0};
    const size_t count = key->count < LOCKS ? key->count : LOCKS;
    bool said = key->quiet;
    for (size_t i = 0; i < count; i++) {
        char full[PATH_MAX];
        const char *name = realpath(key->inputs[i], full) ? full : key->inputs[i];
        places[i] = (uint32_t)text_hash(TEXT_HASH, name, strlen(name)) >> 1;
    }
    qsort(places, count, sizeof *places, compare_places); /* one order: no two runs wait for
                                                             each other */
    int code = batch_lock_open(fd, path, O_RDWR | O_CREAT | O_APPEND);
    while (code == EXIT_DONE && *fd >= 0) {
        for (size_t i = 0; i < count && code == EXIT_DONE; i++)
            code = wait_for_lock(*fd, path, places[i], &said);
        if (code != EXIT_DONE || is_current(*fd, path))
            break;
        close(*fd);
        code = batch_lock_open(fd, path, O_RDWR | O_CREAT | O_APPEND);
    }
    return code;
}

void batch_lock_drop(int fd, const char *path)
{
    struct stat about;
    if (fd < 0)
        return;
    if (fstat(fd, &about) == 0 && about.st_size == 0 && is_current(fd, path) && try_lock(fd, 0, 0))
        unlink(path);
    close(fd);
}
