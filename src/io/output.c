/* SPDX-License-Identifier: MIT */
/*
 * Output files. A regular file is written as an unnamed file (O_TMPFILE) in the target's folder, or
 * under a hidden name if the file system lacks that, and renamed over the target when committed:
 * the target is always the old file or the complete new one. Pipes and devices are written
 * directly, or through a temporary file if the format needs to seek.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io/io.h"

enum {
    BUFFER_BYTES = 256 * 1024,
    NAME_PART = 200,  /* bytes of the target's name in the temporary name; NAME_MAX is 255 */
    NAME_TRIES = 100, /* temporary names tried before giving up */
    SUFFIX = 6,       /* random characters at the end of a temporary name */
};

struct eg_output {
    eg_context *ctx;
    char *name;      /* path for messages */
    uint8_t *buffer; /* BUFFER_BYTES bytes, the first `used` of which are not yet written */
    size_t used;
    uint64_t at;   /* file position of the next byte */
    int fd;        /* descriptor written to; -1: not open */
    int stream;    /* pipe or device that receives the temporary file `fd` at commit; -1: none */
    bool direct;   /* true for a pipe, a device or standard output: nothing to rename */
    bool named;    /* true if the file `temporary` exists and must be renamed or removed */
    bool complete; /* true between commit and publication */
    bool deferred; /* true if eg_output_publish() is called separately */
    bool replaces; /* true if the target exists; `old` is its state */
    struct stat old;
    struct eg_output *next; /* sidecar file that is renamed after this file; may be NULL */
    bool removes;           /* instead of a file to write: `target` is to be removed */
    char target[PATH_MAX];  /* path of the file to replace, symbolic links resolved */
    char folder[PATH_MAX];  /* folder of the target, with a slash at the end */
    char temporary[PATH_MAX];
};

/* ---- finding the target --------------------------------------------------------------------- */

/* Determines the target of `path`, which need not exist, its folder, and whether to write directly.
 */
static eg_status find_target(eg_output *output, const char *path, eg_error *error)
{
    size_t length = strlen(path);
    if (length == 0)
        return eg_fail(error, EG_FILE, "the name of the output is empty; '-' is standard output");
    if (length >= sizeof output->target)
        return eg_output_fail(output, error, EG_FILE, "the name is too long");
    memcpy(output->target, path, length + 1);
    bool descriptor = eg_follow_links(output->target);

    output->replaces = stat(output->target, &output->old) == 0;
    if (output->replaces && S_ISDIR(output->old.st_mode))
        return eg_output_fail(output, error, EG_FILE, "is a folder; name a file in it");
    if (!output->replaces && errno != ENOENT && errno != ENOTDIR)
        return eg_output_fail(output, error, EG_FILE, "cannot be written: %s", strerror(errno));
    output->direct = output->replaces && (!S_ISREG(output->old.st_mode) || descriptor);

    length = eg_folder_length(output->target);
    if (output->target[length] == '\0')
        return eg_output_fail(output, error, EG_FILE, "names a folder; name a file in it");
    memcpy(output->folder, length ? output->target : "./", length ? length : 2);
    return EG_OK;
}

static eg_status open_direct(eg_output *output, bool standard, eg_error *error)
{
    do {
        output->fd = standard ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
                              : open(output->target, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY);
    } while (output->fd < 0 && errno == EINTR && !eg_cancelled(output->ctx));
    if (output->fd >= 0)
        return EG_OK;
    if (errno == EINTR)
        return eg_output_fail(output, error, EG_CANCELLED, "cancelled");
    return eg_output_fail(output, error, EG_FILE, "cannot be written: %s", strerror(errno));
}

/* ---- the temporary file -------------------------------------------------------------------- */

/* End of every temporary name, followed by SUFFIX of the digits. */
static const char stale_mark[] = ".edgegrad-", digits[] = "abcdefghijklmnopqrstuvwxyz012345";

/* Sets output->temporary to a new random name, ".NAME.edgegrad-XXXXXX"; returns false if it is too
 * long. A collision is harmless, because an existing file is never opened or replaced. */
static bool make_name(eg_output *output, unsigned attempt)
{
    struct timespec now = {0};
    char suffix[SUFFIX + 1] = "";
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t x = (uint64_t)now.tv_nsec ^ ((uint64_t)getpid() << 32) ^ (uintptr_t)output;
    x += attempt;
    x *= 0x9E3779B97F4A7C15u; /* multiplicative hash with 2^64 / golden ratio */
    for (int i = 0; i < SUFFIX; i++)
        suffix[i] = digits[(x >> (34 + 5 * i)) & 31];
    const char *base = output->target + eg_folder_length(output->target);
    int length = snprintf(output->temporary, sizeof output->temporary, "%s.%.*s%s%s",
                          output->folder, NAME_PART, base, stale_mark, suffix);
    return length > 0 && (size_t)length < sizeof output->temporary;
}

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

/* Links the open unnamed file under a hidden name, or creates a file with that name if none is
 * open. Returns false and sets errno on failure. */
static bool create_temporary_name(eg_output *output)
{
    char unnamed[32];
    descriptor_path(unnamed, sizeof unnamed, output->fd);
    if (output->fd >= 0)
        lock_file(output->fd);
    for (unsigned i = 0; i < NAME_TRIES && !output->named; i++) {
        errno = ENAMETOOLONG;
        if (!make_name(output, i))
            return false;
        if (output->fd >= 0) {
            output->named =
                linkat(AT_FDCWD, unnamed, AT_FDCWD, output->temporary, AT_SYMLINK_FOLLOW) == 0;
        } else {
            output->fd = open(output->temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
            output->named = output->fd >= 0 && lock_created(output);
        }
        if (!output->named && errno != EEXIST && errno != EINTR)
            return false;
    }
    return output->named;
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
    return eg_output_fail(output, error, EG_FILE, "no file can be created in '%.*s': %s", length,
                          folder, strerror(code));
}

/* Opens the file that is written in place of the target. */
static eg_status open_temporary(eg_output *output, eg_error *error)
{
    /* rename(2) would succeed on a write-protected file */
    if (output->replaces && faccessat(AT_FDCWD, output->target, W_OK, AT_EACCESS) != 0)
        return eg_output_fail(output, error, EG_FILE, "is write-protected: %s", strerror(errno));
    output->fd = open_unnamed(output);
    if (output->fd < 0 && !create_temporary_name(output))
        return report_create_failure(output, errno, error);
    return EG_OK;
}

/* ---- opening and writing ------------------------------------------------------------------- */

static eg_status output_init(eg_output *output, const char *path, eg_error *error)
{
    bool standard = strcmp(path, "-") == 0;
    const char *name = standard ? "standard output" : path;
    size_t bytes = strlen(name) + 1;
    output->name = eg_alloc(output->ctx, bytes, 1, error);
    if (!output->name)
        return eg_failed(error);
    memcpy(output->name, name, bytes);
    output->buffer = eg_alloc(output->ctx, BUFFER_BYTES, 1, error);
    if (!output->buffer)
        return eg_failed(error);
    output->direct = standard;
    eg_status status = standard ? EG_OK : find_target(output, path, error);
    if (status != EG_OK)
        return status;
    return output->direct ? open_direct(output, standard, error) : open_temporary(output, error);
}

eg_status eg_output_open(eg_output **output, eg_context *ctx, const char *path, eg_error *error)
{
    *output = NULL;
    eg_output *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->ctx = ctx;
    made->fd = made->stream = -1;
    eg_status status = output_init(made, path, error);
    if (status == EG_OK)
        *output = made;
    else
        eg_output_close(made);
    return status;
}

/* Calls write(2) until all bytes are written. Waits if the descriptor, inherited from another
 * process, is non-blocking. */
static eg_status write_all(eg_output *output, const uint8_t *bytes, size_t size, eg_error *error)
{
    while (size > 0) {
        if (eg_cancelled(output->ctx))
            return eg_output_fail(output, error, EG_CANCELLED, "cancelled");
        ssize_t count = write(output->fd, bytes, size);
        if (count >= 0) {
            bytes += count;
            size -= (size_t)count;
        } else if (errno == EAGAIN) {
            poll(&(struct pollfd){.fd = output->fd, .events = POLLOUT}, 1, -1);
        } else if (errno != EINTR) {
            return eg_output_fail(output, error, EG_FILE, "%scannot be written: %s",
                                  output->stream < 0 ? "" : "its temporary file ", strerror(errno));
        }
    }
    return EG_OK;
}

static eg_status flush_buffer(eg_output *output, eg_error *error)
{
    size_t used = output->used;
    output->used = 0;
    return write_all(output, output->buffer, used, error);
}

eg_status eg_output_write(eg_output *output, const void *bytes, size_t size, eg_error *error)
{
    eg_status status = EG_OK;
    if (size > BUFFER_BYTES - output->used)
        status = flush_buffer(output, error);
    if (status != EG_OK)
        return status;
    output->at += size;
    if (size >= BUFFER_BYTES)
        return write_all(output, bytes, size, error);
    memcpy(output->buffer + output->used, bytes, size);
    output->used += size;
    return EG_OK;
}

/* ---- seeking ------------------------------------------------------------------------------- */

eg_status eg_output_seekable(eg_output *output, eg_error *error)
{
    if (!output->direct)
        return EG_OK;
    int fd = eg_temporary_file();
    if (fd < 0)
        return eg_output_fail(
            output, error, EG_FILE,
            "no temporary file can be created for it: %s; TMPDIR names the folder",
            strerror(errno));
    output->stream = output->fd;
    output->fd = fd;
    return EG_OK;
}

eg_status eg_output_seek(eg_output *output, uint64_t at, eg_error *error)
{
    if (at == output->at)
        return EG_OK;
    eg_status status = flush_buffer(output, error);
    if (status != EG_OK)
        return status;
    if (lseek(output->fd, (off_t)at, SEEK_SET) < 0)
        return eg_output_fail(output, error, EG_FILE, "cannot be written: %s", strerror(errno));
    output->at = at;
    return EG_OK;
}

/* Copies the temporary file to the pipe or device. */
static eg_status copy_to_stream(eg_output *output, eg_error *error)
{
    eg_status status = EG_OK;
    ssize_t got = 1;
    int temporary = output->fd;
    output->fd = output->stream;
    output->stream = -1;
    for (off_t at = 0; status == EG_OK && got > 0; at += got) {
        do {
            got = pread(temporary, output->buffer, BUFFER_BYTES, at);
        } while (got < 0 && errno == EINTR);
        if (got > 0)
            status = write_all(output, output->buffer, (size_t)got, error);
    }
    if (got < 0)
        status = eg_output_fail(output, error, EG_FILE, "its temporary file cannot be read: %s",
                                strerror(errno));
    close(temporary);
    return status;
}

/* ---- closing ------------------------------------------------------------------------------- */

/* Copies owner and permissions of the old file to the new one. Only root may set another owner, so
 * that failure is ignored. */
static eg_status keep_mode(const eg_output *output, eg_error *error)
{
    const struct stat *old = &output->old;
    if (!output->replaces)
        return EG_OK;
    if (old->st_uid != geteuid() || old->st_gid != getegid())
        (void)!fchown(output->fd, old->st_uid, old->st_gid);
    if (fchmod(output->fd, old->st_mode & 0777) != 0 && errno != EPERM && errno != ENOTSUP)
        return eg_output_fail(output, error, EG_FILE, "its permissions cannot be kept: %s",
                              strerror(errno));
    return EG_OK;
}

/* Closes a descriptor of the file and reports its error: some file systems report a failed write
 * only here. */
static eg_status close_checked(const eg_output *output, int fd, eg_error *error)
{
    if (fd < 0 || (close(fd) != 0 && errno != EINTR))
        return eg_output_fail(output, error, EG_FILE, "cannot be written: %s", strerror(errno));
    return EG_OK;
}

static eg_status close_descriptor(eg_output *output, eg_error *error)
{
    int fd = output->fd;
    output->fd = -1;
    return close_checked(output, fd, error);
}

eg_status eg_output_commit(eg_output *output, eg_error *error)
{
    eg_status status = flush_buffer(output, error);
    if (status == EG_OK && output->stream >= 0)
        status = copy_to_stream(output, error);
    if (status != EG_OK || output->direct)
        return status == EG_OK ? close_descriptor(output, error) : status;
    status = keep_mode(output, error);
    if (status == EG_OK && output->named) /* closes a duplicate: the lock stays until the rename */
        status = close_checked(output, fcntl(output->fd, F_DUPFD_CLOEXEC, 0), error);
    output->complete = status == EG_OK;
    return status == EG_OK && !output->deferred ? eg_output_publish(output, error) : status;
}

void eg_output_defer_commit(eg_output *output)
{
    output->deferred = true;
}

/* Links an unnamed file directly under the target's name, if no file has it, which avoids a hidden
 * name. Returns false if that is impossible. */
static bool link_as_target(const eg_output *output)
{
    char unnamed[32];
    if (output->named || output->replaces)
        return false;
    descriptor_path(unnamed, sizeof unnamed, output->fd);
    return linkat(AT_FDCWD, unnamed, AT_FDCWD, output->target, AT_SYMLINK_FOLLOW) == 0;
}

static eg_status publish_file(eg_output *output, eg_error *error)
{
    if (link_as_target(output))
        return EG_OK;
    /* an unnamed file is named as late as possible, so that a killed process rarely leaves it
     * behind */
    if (!output->named && !create_temporary_name(output))
        return report_create_failure(output, errno, error);
    if (rename(output->temporary, output->target) != 0)
        return eg_output_fail(output, error, EG_FILE, "cannot be replaced: %s", strerror(errno));
    output->named = false;
    return output->fd >= 0 ? close_descriptor(output, error) : EG_OK;
}

eg_status eg_output_publish(eg_output *output, eg_error *error)
{
    if (!output->complete)
        return EG_OK;
    output->complete = false;
    eg_status status = publish_file(output, error);
    for (eg_output *sidecar = output->next; sidecar && status == EG_OK; sidecar = sidecar->next) {
        if (sidecar->removes)
            unlink(sidecar->target);
        else if (sidecar->complete)
            status = publish_file(sidecar, error);
        sidecar->complete = false;
    }
    return status;
}

eg_status eg_output_attach(eg_output *output, eg_output *sidecar, eg_error *error)
{
    eg_output **last = &output->next;
    eg_output_defer_commit(sidecar);
    eg_status status = eg_output_commit(sidecar, error);
    eg_free(sidecar->buffer);
    sidecar->buffer = NULL;
    while (*last)
        last = &(*last)->next;
    *last = sidecar;
    return status;
}

eg_status eg_output_attach_removal(eg_output *output, const char *path, eg_error *error)
{
    eg_output **last = &output->next;
    size_t length = strlen(path);
    while (*last)
        last = &(*last)->next;
    if (length >= sizeof output->target)
        return EG_OK;
    *last = eg_calloc(output->ctx, 1, sizeof **last, error);
    if (!*last)
        return eg_failed(error);
    (*last)->removes = true;
    (*last)->fd = (*last)->stream = -1;
    memcpy((*last)->target, path, length + 1);
    return EG_OK;
}

bool eg_output_is_file(const eg_output *output)
{
    return !output->direct;
}

bool eg_output_replaces(const eg_output *output)
{
    return output->replaces;
}

void eg_output_close(eg_output *output)
{
    if (!output)
        return;
    eg_output_close(output->next);
    if (output->fd >= 0)
        close(output->fd);
    if (output->stream >= 0)
        close(output->stream);
    if (output->named)
        unlink(output->temporary);
    eg_free(output->buffer);
    eg_free(output->name);
    eg_free(output);
}

/* ---- files that killed processes left ---------------------------------------------------------
 */

static bool is_temporary_name(const char *name)
{
    const size_t mark = sizeof stale_mark - 1, tail = mark + SUFFIX, length = strlen(name);
    return name[0] == '.' && length > tail + 1 &&
           memcmp(name + length - tail, stale_mark, mark) == 0 &&
           strspn(name + length - SUFFIX, digits) == SUFFIX;
}

/* Removes the regular file `name` in the open folder unless a process has locked it. */
static bool remove_unlocked(int folder, const char *name)
{
    struct stat about;
    int fd = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return false;
    bool removed = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
                   flock(fd, LOCK_EX | LOCK_NB) == 0 && unlinkat(folder, name, 0) == 0;
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

eg_context *eg_output_context(const eg_output *output)
{
    return output->ctx;
}

const char *eg_output_name(const eg_output *output)
{
    return output->name;
}

eg_status eg_output_fail(const eg_output *output, eg_error *error, eg_status status,
                         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    eg_vfail(error, status, output->name, format, args);
    va_end(args);
    return status;
}
