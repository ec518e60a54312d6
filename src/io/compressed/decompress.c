/* SPDX-License-Identifier: MIT */
/*
 * Recognises gzip files and zip archives by their first bytes, and finds out name and length of the
 * content, which headerless formats need.
 */
#include "io/compressed/decompress.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/compressed/zip.h"
#include "io/text.h"

enum { SIGNATURE = 4, GZIP_LEAST = 18 }; /* bytes */

/* Sets *base to the position of the input's first byte in its file and *size to the bytes from
 * there on; false if the input is not a regular file. */
static bool find_extent(const eg_input *input, uint64_t *base, uint64_t *size)
{
    struct stat info;
    if (fstat(input->fd, &info) != 0 || !S_ISREG(info.st_mode))
        return false;
    off_t at = lseek(input->fd, 0, SEEK_CUR) - (off_t)input->end;
    if (at < 0 || at > info.st_size)
        return false;
    *base = (uint64_t)at;
    *size = (uint64_t)(info.st_size - at);
    return true;
}

/* Sets input->path to the first `length` bytes of `folder` and `name`. */
static eg_status set_path(eg_input *input, const char *folder, size_t length, const char *name,
                          eg_error *error)
{
    char *path = eg_alloc(input->ctx, length + strlen(name) + 1, 1, error);
    if (!path)
        return eg_failed(error);
    memcpy(path, folder, length);
    memcpy(path + length, name, strlen(name) + 1);
    input->path = path;
    return EG_OK;
}

/* ---- gzip ------------------------------------------------------------------------------------ */

/* Returns the length of the content modulo 2^32, which are the last four bytes of the file;
 * UINT64_MAX if it is not known. */
static uint64_t stated_size(const eg_input *input)
{
    uint64_t base, size;
    uint8_t last[4];
    if (!find_extent(input, &base, &size) || size < GZIP_LEAST ||
        pread(input->fd, last, sizeof last, (off_t)(base + size - sizeof last)) != sizeof last)
        return UINT64_MAX;
    return last[0] | (uint64_t)last[1] << 8 | (uint64_t)last[2] << 16 | (uint64_t)last[3] << 24;
}

static eg_status open_gzip(eg_input *input, eg_error *error)
{
    size_t length = strlen(input->name);
    eg_status status = EG_OK;
    input->size = stated_size(input);
    if (length > 3 && eg_ends_with(input->name, length, ".gz"))
        status = set_path(input, input->name, length - 3, "", error);
    return status == EG_OK ? eg_input_inflate(input, NULL, error) : status;
}

/* ---- zip ------------------------------------------------------------------------------------- */

static eg_status open_zip(eg_input *input, eg_error *error)
{
    char name[EG_ZIP_NAME_MAX + 1];
    eg_zip_member member;
    uint64_t base, size;
    if (!find_extent(input, &base, &size))
        return eg_input_fail(input, error, EG_UNSUPPORTED,
                             "is a zip archive, which cannot be read from a pipe; save it to a "
                             "file");
    eg_status status = eg_zip_find(&member, name, input, base, size, error);
    if (status != EG_OK)
        return status;
    const char *slash = strrchr(input->name, '/');
    status =
        set_path(input, input->name, slash ? (size_t)(slash + 1 - input->name) : 0, name, error);
    if (status == EG_OK && lseek(input->fd, (off_t)(base + member.offset), SEEK_SET) < 0)
        status = eg_input_fail(input, error, EG_FILE, "cannot be read");
    input->size = member.size;
    return status == EG_OK ? eg_input_inflate(input, &member, error) : status;
}

eg_status eg_input_decompress(eg_input *input, eg_error *error)
{
    static const uint8_t gzip[] = {0x1F, 0x8B, 8};
    const eg_format *format = eg_format_by_extension(input->name);
    size_t have;
    eg_status status = eg_input_peek(input, SIGNATURE, &have, error);
    const uint8_t *bytes = input->buffer + input->at;
    if (status != EG_OK || have < SIGNATURE || (format && format->match_by_extension))
        return status; /* samples without a header may begin in any way */
    if (memcmp(bytes, gzip, sizeof gzip) == 0)
        return open_gzip(input, error);
    if (memcmp(bytes, "PK\3\4", SIGNATURE) == 0 || memcmp(bytes, "PK\5\6", SIGNATURE) == 0)
        return open_zip(input, error);
    return EG_OK;
}
