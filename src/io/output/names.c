/* SPDX-License-Identifier: MIT */
/*
 * Temporary names of output files, ".NAME.edgegrad-XXXXXX" in the folder of NAME. The first few
 * names of a target are always the same, so that the next run finds what a killed one left without
 * reading the folder. Suffixes that begin with "old" are those of old files, which are kept until
 * all outputs of a command have appeared. A file in use is locked with flock(2).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "io/output/output.h"

enum {
    NAME_PART = 200, /* bytes of the target's name in the temporary name; NAME_MAX is 255 */
    FIXED_NAMES = 4, /* names tried first, which depend on the target only */
    TRIES = 100,     /* names tried before giving up */
    SUFFIX = 6,      /* characters at the end of a temporary name */
};

/* End of every temporary name, followed by SUFFIX of the digits. */
static const char mark[] = ".edgegrad-", digits[] = "abcdefghijklmnopqrstuvwxyz012345";
static const char old_mark[] = "old"; /* first digits of the names of old files */

/* Returns the 64-bit FNV-1a hash of a name (Fowler, Noll, Vo). */
static uint64_t hash_name(const char *name)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001B3u;
    return hash;
}

/* Writes a temporary name of the target to `path`, that of attempt 0, 1 ...; returns false if it is
 * too long. */
static bool make_name(const eg_output *output, char path[PATH_MAX], bool old, unsigned attempt)
{
    char suffix[SUFFIX + 1] = "n";
    const char *base = output->target + eg_folder_length(output->target);
    uint64_t x = hash_name(base);
    if (attempt >= FIXED_NAMES) { /* random, so that nobody can take all names in advance */
        struct timespec now = {0};
        clock_gettime(CLOCK_REALTIME, &now);
        x ^= (uint64_t)now.tv_nsec ^ ((uint64_t)getpid() << 32) ^ (uintptr_t)output;
    }
    x = (x + attempt) * 0x9E3779B97F4A7C15u; /* multiplicative hash with 2^64 / golden ratio */
    for (int i = 1; i < SUFFIX; i++)
        suffix[i] = digits[(x >> (34 + 5 * i)) & 31];
    if (old)
        memcpy(suffix, old_mark, sizeof old_mark - 1);
    int length =
        snprintf(path, PATH_MAX, "%s.%.*s%s%s", output->folder, NAME_PART, base, mark, suffix);
    return length > 0 && (size_t)length < PATH_MAX;
}

/* ---- files that killed processes left -------------------------------------------------------- */

static bool is_temporary_name(const char *name)
{
    const size_t size = sizeof mark - 1, tail = size + SUFFIX, length = strlen(name);
    return name[0] == '.' && length > tail + 1 && memcmp(name + length - tail, mark, size) == 0 &&
           strspn(name + length - SUFFIX, digits) == SUFFIX;
}

/* Puts an old file back if there is no file of its name: a process was killed between moving it
 * away and renaming the new one. Returns true if it did. */
static bool put_back(int folder, const char *name)
{
    char target[NAME_PART];
    const size_t length = strlen(name), tail = sizeof mark - 1 + SUFFIX;
    if (strncmp(name + length - SUFFIX, old_mark, sizeof old_mark - 1) != 0 ||
        length - tail > sizeof target)
        return false;
    memcpy(target, name + 1, length - tail - 1);
    target[length - tail - 1] = '\0';
    return faccessat(folder, target, F_OK, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT &&
           renameat(folder, name, folder, target) == 0;
}

/* Removes the regular file `name` in the open folder unless a process has locked it. The name is
 * compared after locking, because the process may have renamed the file and another one have taken
 * the name; a locked file keeps its name. */
static bool remove_unlocked(int folder, const char *name)
{
    struct stat about, now;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 && errno == EACCES)
        fd = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return false;
    bool removed =
        fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
        fstatat(folder, name, &now, AT_SYMLINK_NOFOLLOW) == 0 && now.st_dev == about.st_dev &&
        now.st_ino == about.st_ino && (put_back(folder, name) || unlinkat(folder, name, 0) == 0);
    close(fd);
    return removed;
}

size_t eg_file_remove_stale(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t removed = 0;
    if (!dir)
        return 0;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (is_temporary_name(entry->d_name))
            removed += remove_unlocked(dirfd(dir), entry->d_name);
    closedir(dir);
    return removed;
}

/* Removes a temporary file of the target by its path. */
static bool remove_leftover(const char path[PATH_MAX])
{
    char folder[PATH_MAX];
    const size_t length = eg_folder_length(path);
    memcpy(folder, path, length);
    folder[length] = '\0';
    int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool removed = remove_unlocked(fd, path + length);
    close(fd);
    return removed;
}

/* Removes what a killed process left for this target. */
static void remove_leftovers(const eg_output *output)
{
    char path[PATH_MAX];
    for (int old = 1; old >= 0; old--)
        for (unsigned i = 0; i < FIXED_NAMES && make_name(output, path, old, i); i++)
            if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0 || !remove_leftover(path))
                break;
}

/* ---- new files ------------------------------------------------------------------------------- */

/* Writes the path in /proc of an open descriptor, from which linkat(2) can name an unnamed file
 * without privileges. */
static void descriptor_path(char *path, size_t size, int fd)
{
    snprintf(path, size, "/proc/self/fd/%d", fd);
}

/* Opens an unnamed file in the target's folder; returns -1 if the file system or the kernel does
 * not support it, or /proc is not mounted. */
static int open_unnamed(const eg_output *output)
{
#ifdef O_TMPFILE
    char path[32];
    int fd = open(output->folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    if (fd < 0)
        return -1;
    descriptor_path(path, sizeof path, fd);
    if (access(path, F_OK) == 0)
        return fd;
    close(fd);
#else
    (void)output;
#endif
    return -1;
}

/* Locks a file until its descriptor is closed, by the end of the process at the latest, so that
 * eg_file_remove_stale() leaves it alone. Returns false if another process has locked it; a file
 * system without locks is no failure. */
static bool lock_file(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

/* Locks a file just created under its temporary name. Returns false with errno EEXIST if
 * eg_file_remove_stale() of another process got hold of it first; closes it then. */
static bool lock_created(eg_output *output)
{
    struct stat info;
    if (lock_file(output->fd) && fstat(output->fd, &info) == 0 && info.st_nlink > 0)
        return true;
    close(output->fd);
    output->fd = -1;
    unlink(output->temporary);
    errno = EEXIST;
    return false;
}

/* Creates a file with a temporary name. Returns false with errno set on failure. */
static bool create_named(eg_output *output)
{
    output->fd = open(output->temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
    return output->fd >= 0 && lock_created(output);
}

/* Links the open unnamed file under a temporary name, or creates a file with that name if none is
 * open. Returns false and sets errno on failure. */
static bool create_temporary_name(eg_output *output)
{
    char unnamed[32];
    const bool open = output->fd >= 0;
    descriptor_path(unnamed, sizeof unnamed, output->fd);
    if (open)
        lock_file(output->fd);
    for (unsigned i = 0; i < TRIES && !output->named; i++) {
        errno = ENAMETOOLONG;
        if (!make_name(output, output->temporary, false, i))
            return false;
        output->named =
            open ? linkat(AT_FDCWD, unnamed, AT_FDCWD, output->temporary, AT_SYMLINK_FOLLOW) == 0
                 : create_named(output);
        if (!output->named && errno != EEXIST && errno != EINTR)
            return false;
    }
    return output->named;
}

bool eg_output_link_target(const eg_output *output)
{
    char unnamed[32];
    descriptor_path(unnamed, sizeof unnamed, output->fd);
    return linkat(AT_FDCWD, unnamed, AT_FDCWD, output->target, AT_SYMLINK_FOLLOW) == 0;
}

/* Reports why no file could be created, with the errno value `code`. */
static eg_status report_create_failure(const eg_output *output, int code, eg_error *error)
{
    const char *folder = output->folder;
    int length = (int)strlen(folder);
    length -= length > 1; /* drops the slash at the end */
    if (code == ENOENT)
        return eg_output_fail(output, error, EG_FILE,
                              "the folder '%.*s' does not exist; create it first", length, folder);
    if (code == ENOTDIR)
        return eg_output_fail(output, error, EG_FILE, "'%.*s' is not a folder", length, folder);
    return eg_output_fail(output, error, eg_errno_status(code),
                          "no file can be created in '%.*s': %s", length, folder, strerror(code));
}

eg_status eg_output_name_temporary(eg_output *output, eg_error *error)
{
    if (output->named || create_temporary_name(output))
        return EG_OK;
    return report_create_failure(output, errno, error);
}

eg_status eg_output_open_temporary(eg_output *output, eg_error *error)
{
    /* rename(2) would succeed on a write-protected file */
    if (output->replaces && faccessat(AT_FDCWD, output->target, W_OK, AT_EACCESS) != 0)
        return eg_output_fail(output, error, eg_errno_status(errno), "is write-protected: %s",
                              strerror(errno));
    remove_leftovers(output);
    output->fd = open_unnamed(output);
    return output->fd >= 0 ? EG_OK : eg_output_name_temporary(output, error);
}

/* ---- old files ------------------------------------------------------------------------------- */

static bool is_without_links(int code)
{
    return code == EPERM || code == EOPNOTSUPP || code == ENOSYS || code == EMLINK;
}

/* Locks the old file, so that eg_file_remove_stale() leaves its second name alone. */
static void lock_old(eg_output *output)
{
    const int flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
    output->old_fd = open(output->target, O_RDONLY | flags);
    if (output->old_fd < 0 && errno == EACCES)
        output->old_fd = open(output->target, O_WRONLY | flags);
    if (output->old_fd >= 0)
        flock(output->old_fd, LOCK_SH | LOCK_NB);
}

/* Gives the old file a second name by linkat(2), or by rename(2), which moves it. Returns
 * false with errno set on failure, ENOENT if there is no old file. */
static bool name_old(eg_output *output, bool move)
{
    for (unsigned i = 0; i < TRIES; i++) {
        errno = ENAMETOOLONG;
        if (!make_name(output, output->backup, true, i))
            return false;
        if (move && faccessat(AT_FDCWD, output->backup, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
            continue;
        if (move ? rename(output->target, output->backup) == 0
                 : linkat(AT_FDCWD, output->target, AT_FDCWD, output->backup, 0) == 0)
            return true;
        if (errno != EEXIST && errno != EINTR)
            return false;
    }
    return false;
}

/* Reports why the old file could not be kept. */
static eg_status report_keep_failure(const eg_output *output, int code, eg_error *error)
{
    return eg_output_fail(output, error, eg_errno_status(code), "cannot be replaced: %s",
                          strerror(code));
}

eg_status eg_output_keep_old(eg_output *output, eg_error *error)
{
    lock_old(output);
    output->kept = name_old(output, false);
    if (output->kept || errno == ENOENT || is_without_links(errno))
        return EG_OK;
    return report_keep_failure(output, errno, error);
}

eg_status eg_output_move_old(eg_output *output, eg_error *error)
{
    struct stat about;
    if (output->kept)
        return EG_OK;
    if (lstat(output->target, &about) == 0 && S_ISDIR(about.st_mode))
        return report_keep_failure(output, EISDIR, error);
    output->kept = name_old(output, true);
    if (output->kept) {
        output->published = true; /* the old file has to be put back */
        return EG_OK;
    }
    return errno == ENOENT ? EG_OK : report_keep_failure(output, errno, error);
}
