/* SPDX-License-Identifier: MIT */
/* Input streams: a file, a pipe or standard input, buffered, with look-ahead. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/compressed/inflate.h"
#include "io/io.h"

_Static_assert((int)EG_INPUT_BUFFER == (int)EG_INFLATE_BUFFER, "the buffer changes hands");

/* Returns the largest number of bytes that may follow the image in a compressed file and are
 * decoded to verify its checksum: in proportion to the image, because a small file can expand to
 * anything. */
static uint64_t most_rest(const eg_input *input)
{
    return ((uint64_t)16 << 20) + 16 * eg_inflate_total(input->inflate);
}

/* Returns true if a system call was interrupted by a signal that does not cancel the operation. */
static bool was_interrupted(const eg_context *ctx)
{
    return errno == EINTR && !eg_cancelled(ctx);
}

/* Reports why open(2) failed with the errno value `code`. */
static eg_status report_open_failure(const eg_context *ctx, const char *path, int code,
                                     eg_error *error)
{
    struct stat link;
    if (code == EINTR && eg_cancelled(ctx))
        return eg_fail_file(error, EG_CANCELLED, path, "cancelled");
    if (*path == '\0')
        return eg_fail(error, EG_FILE, "the name of the input is empty; '-' is standard input");
    if (code == ENOENT && lstat(path, &link) == 0)
        return eg_fail_file(error, EG_FILE, path, "is a link to something that does not exist");
    if (code == ENOENT)
        return eg_fail_file(error, EG_FILE, path, "no such file; check the name and its folder");
    return eg_fail_file(error, eg_errno_status(code), path, "cannot be opened: %s", strerror(code));
}

/* Opens input->fd. Standard input is duplicated, because every stream closes its descriptor. */
static eg_status open_descriptor(eg_input *input, const char *path, bool standard, eg_error *error)
{
    struct stat st;
    do {
        input->fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                             : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    } while (input->fd < 0 && was_interrupted(input->ctx));
    if (input->fd < 0)
        return report_open_failure(input->ctx, input->name, errno, error);
    if (fstat(input->fd, &st) != 0)
        return eg_input_fail(input, error, eg_errno_status(errno), "cannot be examined: %s",
                             strerror(errno));
    if (S_ISDIR(st.st_mode))
        return eg_input_fail(input, error, EG_FILE, "is a folder, not an image");
    input->regular = S_ISREG(st.st_mode);
    input->opened_size = st.st_size > 0 ? (uint64_t)st.st_size : 0;
    return EG_OK;
}

static eg_status input_init(eg_input *input, const char *path, eg_error *error)
{
    bool standard = strcmp(path, "-") == 0;
    const char *name = standard ? "standard input" : path;
    size_t bytes = strlen(name) + 1;
    input->name = eg_alloc(input->ctx, bytes, 1, error);
    if (!input->name)
        return eg_failed(error);
    memcpy(input->name, name, bytes);
    input->path = standard ? NULL : input->name;
    input->buffer = eg_alloc(input->ctx, EG_INPUT_BUFFER, 1, error);
    if (!input->buffer)
        return eg_failed(error);
    return open_descriptor(input, path, standard, error);
}

eg_status eg_input_open(eg_input **input, eg_context *ctx, const char *path, eg_error *error)
{
    *input = NULL;
    eg_input *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->ctx = ctx;
    made->fd = -1;
    eg_status status = input_init(made, path, error);
    if (status == EG_OK)
        *input = made;
    else
        eg_input_close(made);
    return status;
}

eg_status eg_is_regular_file(bool *regular, const char *path, eg_error *error)
{
    struct stat about;
    *regular = false;
    if (stat(path, &about) == 0)
        *regular = S_ISREG(about.st_mode);
    else if (errno == EIO || errno == ENOMEM || errno == EOVERFLOW)
        return eg_fail_file(error, eg_errno_status(errno), path, "cannot be examined: %s",
                            strerror(errno));
    return EG_OK;
}

const char *eg_input_path(const eg_input *input)
{
    return input->path ? input->path : "";
}

void eg_input_close(eg_input *input)
{
    if (!input)
        return;
    if (input->fd >= 0)
        close(input->fd);
    eg_inflate_free(input->inflate);
    eg_free(input->buffer);
    if (input->path != input->name)
        eg_free(input->path);
    eg_free(input->name);
    eg_free(input);
}

/* Waits until data can be read or the operation is cancelled. Polls for cancellation, because the
 * signal may be delivered to another thread than the one that would block in read(2). */
static void wait_readable(const eg_input *input)
{
    enum { POLL_MS = 100 };
    struct pollfd descriptor = {.fd = input->fd, .events = POLLIN};
    int timeout = input->ctx->config.cancel ? POLL_MS : -1;
    while (poll(&descriptor, 1, timeout) == 0 && !eg_cancelled(input->ctx))
        ;
}

/* Calls read(2) for up to `size` bytes (at least 1); *got is 0 only at the end of the file. Waits
 * if the descriptor, inherited from another process, is non-blocking. */
static eg_status read_file(const eg_input *input, uint8_t *bytes, size_t size, size_t *got,
                           eg_error *error)
{
    *got = 0;
    for (;;) {
        wait_readable(input);
        if (eg_cancelled(input->ctx))
            return eg_input_fail(input, error, EG_CANCELLED, "cancelled");
        ssize_t count = read(input->fd, bytes, size);
        if (count >= 0) {
            *got = (size_t)count;
            return EG_OK;
        }
        if (errno != EINTR && errno != EAGAIN)
            return eg_input_fail(input, error, eg_errno_status(errno), "cannot be read: %s",
                                 strerror(errno));
    }
}

/* Reads compressed bytes for the decoder. */
static eg_status feed_inflate(const eg_input *input, eg_error *error)
{
    uint8_t *room;
    size_t size = eg_inflate_room(input->inflate, &room), got = 0;
    eg_status status = size ? read_file(input, room, size, &got, error) : EG_OK;
    if (status == EG_OK)
        eg_inflate_add(input->inflate, got);
    return status;
}

/* Decodes up to `size` bytes; *got is 0 only at the end of the content. */
static eg_status read_inflated(eg_input *input, uint8_t *bytes, size_t size, size_t *got,
                               eg_error *error)
{
    eg_status status = EG_OK;
    *got = 0;
    while (status == EG_OK && *got == 0 && !eg_inflate_ended(input->inflate)) {
        const char *damage = eg_inflate_run(input->inflate, bytes, size, got);
        if (damage && input->tolerate && eg_inflate_failure(input->inflate) == EG_BAD_INPUT)
            break;
        if (damage)
            return eg_input_fail(input, error, eg_inflate_failure(input->inflate),
                                 "its compressed data is damaged: %s", damage);
        if (eg_cancelled(input->ctx))
            return eg_input_fail(input, error, EG_CANCELLED, "cancelled");
        if (*got == 0 && !eg_inflate_ended(input->inflate))
            status = feed_inflate(input, error);
    }
    return status;
}

/* Reads up to `size` bytes (at least 1) of the file or of its decompressed content; *got is 0 only
 * at the end. */
static eg_status read_some(eg_input *input, uint8_t *bytes, size_t size, size_t *got,
                           eg_error *error)
{
    *got = 0;
    if (input->eof)
        return EG_OK;
    eg_status status = input->inflate ? read_inflated(input, bytes, size, got, error)
                                      : read_file(input, bytes, size, got, error);
    input->eof = status == EG_OK && *got == 0;
    return status;
}

eg_status eg_input_peek(eg_input *input, size_t want, size_t *have, eg_error *error)
{
    eg_status status = EG_OK;
    if (want > EG_INPUT_BUFFER)
        want = EG_INPUT_BUFFER;
    if (input->at + want > EG_INPUT_BUFFER || input->at == input->end) {
        memmove(input->buffer, input->buffer + input->at, input->end - input->at);
        input->end -= input->at;
        input->at = 0;
    }
    while (status == EG_OK && input->end - input->at < want && !input->eof) {
        size_t got;
        status =
            read_some(input, input->buffer + input->end, EG_INPUT_BUFFER - input->end, &got, error);
        input->end += got;
    }
    *have = input->end - input->at;
    return status;
}

eg_status eg_input_read(eg_input *input, void *bytes, size_t size, size_t *got, eg_error *error)
{
    uint8_t *out = bytes;
    eg_status status = EG_OK;
    *got = 0;
    while (status == EG_OK && *got < size) {
        size_t count = 0, left = size - *got;
        if (input->at == input->end && left >= EG_INPUT_BUFFER) {
            status = read_some(input, out + *got, left, &count, error); /* without the buffer */
        } else {
            status = eg_input_peek(input, 1, &count, error);
            count = count < left ? count : left;
            memcpy(out + *got, input->buffer + input->at, count);
            input->at += count;
        }
        if (count == 0)
            break;
        *got += count;
    }
    return status;
}

/* Returns the size of a regular file now, which may have grown since it was opened. */
static off_t file_size(const eg_input *input)
{
    struct stat st;
    return fstat(input->fd, &st) == 0 ? st.st_size : (off_t)input->opened_size;
}

bool eg_input_file_range(const eg_input *input, off_t *at, uint64_t *size)
{
    if (input->inflate || !input->regular)
        return false;
    off_t position = lseek(input->fd, 0, SEEK_CUR), ahead = (off_t)(input->end - input->at);
    if (position < ahead)
        return false;
    *at = position - ahead;
    const off_t end = file_size(input);
    *size = end > *at ? (uint64_t)(end - *at) : 0;
    return true;
}

size_t eg_input_look(eg_input *input, uint64_t ahead, void *bytes, size_t size)
{
    off_t at;
    uint64_t file_size;
    size_t have = input->end - input->at;
    if (ahead <= have && size <= have - ahead) {
        memcpy(bytes, input->buffer + input->at + ahead, size);
        return size;
    }
    if (eg_input_file_range(input, &at, &file_size)) {
        if (ahead >= file_size)
            return 0;
        ssize_t got = pread(input->fd, bytes, size, at + (off_t)ahead);
        if (got < 0)
            eg_input_fail(input, &input->look_failure, eg_errno_status(errno), "cannot be read: %s",
                          strerror(errno));
        return got > 0 ? (size_t)got : 0;
    }
    if (ahead > EG_INPUT_BUFFER || size > EG_INPUT_BUFFER - ahead ||
        eg_input_peek(input, (size_t)ahead + size, &have, &input->look_failure) != EG_OK ||
        have <= ahead)
        return 0;
    have -= (size_t)ahead;
    memcpy(bytes, input->buffer + input->at + ahead, have < size ? have : size);
    return have < size ? have : size;
}

eg_status eg_input_look_status(const eg_input *input, eg_error *error)
{
    const eg_error *failure = &input->look_failure;
    return failure->status == EG_OK ? EG_OK
                                    : eg_fail(error, failure->status, "%s", failure->message);
}

/* Skips `count` bytes with lseek(2); returns false if the input is not a regular file, ends before,
 * or `count` is not worth a system call: then they must be read. */
static bool seek_ahead(eg_input *input, uint64_t count)
{
    if (input->inflate || count <= EG_INPUT_BUFFER || !input->regular)
        return false;
    off_t position = lseek(input->fd, 0, SEEK_CUR), end = file_size(input);
    if (position < 0 || position > end || count > (uint64_t)(end - position))
        return false;
    return lseek(input->fd, (off_t)count, SEEK_CUR) >= 0;
}

eg_status eg_input_skip(eg_input *input, uint64_t count, uint64_t *passed, eg_error *error)
{
    eg_status status = EG_OK;
    *passed = 0;
    while (status == EG_OK && *passed < count) {
        size_t have = input->end - input->at;
        if (!have && seek_ahead(input, count - *passed)) {
            *passed = count;
            return EG_OK;
        }
        if (!have)
            status = eg_input_peek(input, 1, &have, error);
        if (!have)
            break;
        if (have > count - *passed)
            have = (size_t)(count - *passed);
        input->at += have;
        *passed += have;
    }
    return status;
}

/* ---- compressed files ------------------------------------------------------------------------ */

bool eg_input_size(eg_input *input, uint64_t *size)
{
    input->size_used = true;
    *size = input->size;
    if (input->inflate)
        return input->size != UINT64_MAX;
    if (input->regular)
        *size = (uint64_t)file_size(input);
    return input->regular;
}

eg_status eg_input_inflate(eg_input *input, const struct eg_zip_member *member, eg_error *error)
{
    uint8_t *packed = input->buffer;
    size_t at = member ? 0 : input->at, end = member ? 0 : input->end;
    input->buffer = NULL;
    input->at = input->end = 0;
    input->eof = false;
    eg_status status = eg_inflate_new(&input->inflate, input->ctx, member, packed, at, end, error);
    if (status != EG_OK)
        return status;
    input->buffer = eg_alloc(input->ctx, EG_INPUT_BUFFER, 1, error);
    return input->buffer ? EG_OK : eg_failed(error);
}

eg_status eg_input_finish(eg_input *input, eg_error *error)
{
    eg_status status = EG_OK;
    uint64_t rest = 0;
    if (!input->inflate || input->tolerate)
        return EG_OK;
    const uint64_t rest_max = most_rest(input);
    while (status == EG_OK && !input->eof && rest <= rest_max) {
        size_t got = 0;
        status = read_some(input, input->buffer, EG_INPUT_BUFFER, &got, error);
        rest += got;
    }
    if (status == EG_OK && rest > rest_max)
        return eg_input_fail(input, error, EG_LIMIT_EXCEEDED,
                             "more than %llu MB follow the image in the compressed file; unpack "
                             "it first",
                             (unsigned long long)(rest_max >> 20));
    if (status == EG_OK && input->size_used && eg_inflate_total(input->inflate) != input->size)
        return eg_input_fail(
            input, error, EG_BAD_INPUT,
            "has %llu bytes of content, but states %llu at its end; unpack it first",
            (unsigned long long)eg_inflate_total(input->inflate), (unsigned long long)input->size);
    return status;
}

eg_status eg_input_fail(const eg_input *input, eg_error *error, eg_status status,
                        const char *format, ...)
{
    va_list args;
    va_start(args, format);
    eg_vfail(error, status, input->name, format, args);
    va_end(args);
    return status;
}
