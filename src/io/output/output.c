/* SPDX-License-Identifier: MIT */
/*
 * Opens and writes output files. A regular file is written as an unnamed file (O_TMPFILE) in the
 * target's folder, or under a temporary name if the file system lacks that, and renamed over the
 * target when published: the target is always the old file or the complete new one. Pipes and
 * devices are written directly, or through a temporary file if the format needs to seek.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/output/output.h"

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
        return eg_output_fail(output, error, eg_errno_status(errno), "cannot be written: %s",
                              strerror(errno));
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
    return eg_output_fail(output, error, eg_errno_status(errno), "cannot be written: %s",
                          strerror(errno));
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
    output->buffer = eg_alloc(output->ctx, EG_OUTPUT_BUFFER, 1, error);
    if (!output->buffer)
        return eg_failed(error);
    output->direct = standard;
    eg_status status = standard ? EG_OK : find_target(output, path, error);
    if (status != EG_OK)
        return status;
    return output->direct ? open_direct(output, standard, error)
                          : eg_output_open_temporary(output, error);
}

eg_status eg_output_open(eg_output **output, eg_context *ctx, const char *path, eg_error *error)
{
    *output = NULL;
    eg_output *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->ctx = ctx;
    made->fd = made->stream = made->old_fd = -1;
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
            return eg_output_fail(output, error, eg_errno_status(errno), "%scannot be written: %s",
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
    if (size > EG_OUTPUT_BUFFER - output->used)
        status = flush_buffer(output, error);
    if (status != EG_OK)
        return status;
    output->at += size;
    if (size >= EG_OUTPUT_BUFFER)
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
            output, error, eg_errno_status(errno),
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
        return eg_output_fail(output, error, eg_errno_status(errno), "cannot be written: %s",
                              strerror(errno));
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
            got = pread(temporary, output->buffer, EG_OUTPUT_BUFFER, at);
        } while (got < 0 && errno == EINTR);
        if (got > 0)
            status = write_all(output, output->buffer, (size_t)got, error);
    }
    if (got < 0)
        status = eg_output_fail(output, error, eg_errno_status(errno),
                                "its temporary file cannot be read: %s", strerror(errno));
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
        return eg_output_fail(output, error, eg_errno_status(errno),
                              "its permissions cannot be kept: %s", strerror(errno));
    return EG_OK;
}

/* Closes a descriptor of the file and reports its error: some file systems report a failed write
 * only here. */
static eg_status close_checked(const eg_output *output, int fd, eg_error *error)
{
    if (fd < 0 || (close(fd) != 0 && errno != EINTR))
        return eg_output_fail(output, error, eg_errno_status(errno), "cannot be written: %s",
                              strerror(errno));
    return EG_OK;
}

eg_status eg_output_finish_stream(eg_output *output, eg_error *error)
{
    eg_status status = flush_buffer(output, error);
    if (status == EG_OK && output->stream >= 0)
        status = copy_to_stream(output, error);
    if (status != EG_OK)
        return status;
    int fd = output->fd;
    output->fd = -1;
    return close_checked(output, fd, error);
}

/* Completes a file: its bytes are with the file system, whose errors are known. */
static eg_status complete_file(eg_output *output, eg_error *error)
{
    eg_status status = flush_buffer(output, error);
    if (status == EG_OK)
        status = keep_mode(output, error);
    if (status == EG_OK) /* closes a duplicate: the descriptor is needed until the file is named */
        status = close_checked(output, fcntl(output->fd, F_DUPFD_CLOEXEC, 0), error);
    if (status == EG_OK) {
        eg_free(output->buffer);
        output->buffer = NULL;
    }
    return status;
}

eg_status eg_output_commit(eg_output *output, eg_error *error)
{
    eg_status status = output->direct ? EG_OK : complete_file(output, error);
    output->complete = status == EG_OK;
    if (status == EG_OK && output->set)
        eg_outputs_take(output->set, output);
    else if (status == EG_OK && (output->direct || !output->deferred))
        status = eg_output_publish(output, error);
    return status;
}

void eg_output_defer_commit(eg_output *output)
{
    output->deferred = true;
}

eg_status eg_output_publish(eg_output *output, eg_error *error)
{
    eg_publication publication;
    if (!output->complete || output->set)
        return EG_OK;
    output->complete = false;
    eg_status status = eg_publish(&publication, output, error);
    return status == EG_OK ? eg_publication_end(&publication, error) : status;
}

eg_status eg_output_attach(eg_output *output, eg_output *sidecar, eg_error *error)
{
    eg_output **last = &output->next;
    sidecar->attached = true;
    eg_output_defer_commit(sidecar);
    eg_status status = eg_output_commit(sidecar, error);
    while (*last)
        last = &(*last)->next;
    *last = sidecar;
    return status;
}

eg_status eg_output_attach_removal(eg_output *output, const char *path, eg_error *error)
{
    eg_output **last = &output->next;
    const size_t length = strlen(path), folder = eg_folder_length(path);
    while (*last)
        last = &(*last)->next;
    if (length >= sizeof output->target)
        return EG_OK;
    eg_output *made = *last = eg_calloc(output->ctx, 1, sizeof **last, error);
    if (!made)
        return eg_failed(error);
    made->ctx = output->ctx;
    made->fd = made->stream = made->old_fd = -1;
    made->removes = made->complete = true;
    memcpy(made->target, path, length + 1);
    memcpy(made->folder, folder ? path : "./", folder ? folder : 2);
    made->name = eg_alloc(output->ctx, length + 1, 1, error);
    if (!made->name)
        return eg_failed(error);
    memcpy(made->name, path, length + 1);
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

void eg_output_free(eg_output *chain)
{
    while (chain) {
        eg_output *next = chain->next;
        if (chain->fd >= 0)
            close(chain->fd);
        if (chain->stream >= 0)
            close(chain->stream);
        if (chain->old_fd >= 0)
            close(chain->old_fd);
        if (chain->named)
            unlink(chain->temporary);
        eg_free(chain->buffer);
        eg_free(chain->name);
        eg_free(chain);
        chain = next;
    }
}

void eg_output_close(eg_output *output)
{
    if (output && !(output->set && output->complete)) /* else its set owns it */
        eg_output_free(output);
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
