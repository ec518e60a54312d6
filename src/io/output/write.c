/* SPDX-License-Identifier: MIT */
/* Writes the bytes of an output: through a buffer, at any position, and to pipes and devices. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "io/output/output.h"

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

eg_status eg_output_flush(eg_output *output, eg_error *error)
{
    size_t used = output->used;
    output->used = 0;
    return write_all(output, output->buffer, used, error);
}

eg_status eg_output_write(eg_output *output, const void *bytes, size_t size, eg_error *error)
{
    eg_status status = EG_OK;
    if (size > EG_OUTPUT_BUFFER - output->used)
        status = eg_output_flush(output, error);
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
    eg_status status = eg_output_flush(output, error);
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

/* ---- the end ---- */

eg_status eg_output_close_checked(const eg_output *output, int fd, eg_error *error)
{
    if (fd < 0 || (close(fd) != 0 && errno != EINTR))
        return eg_output_fail(output, error, eg_errno_status(errno), "cannot be written: %s",
                              strerror(errno));
    return EG_OK;
}

eg_status eg_output_finish_stream(eg_output *output, eg_error *error)
{
    eg_status status = eg_output_flush(output, error);
    if (status == EG_OK && output->stream >= 0)
        status = copy_to_stream(output, error);
    if (status != EG_OK)
        return status;
    int fd = output->fd;
    output->fd = -1;
    return eg_output_close_checked(output, fd, error);
}
