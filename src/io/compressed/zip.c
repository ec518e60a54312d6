/* SPDX-License-Identifier: MIT */
/*
 * Reads the directory of a zip archive. It is at the end of the file, behind the members: one entry
 * each, then a record that locates the entries, then a comment.
 */
#include "io/compressed/zip.h"
#include "io/text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    END_SIZE = 22,           /* bytes of the end record without its comment */
    COMMENT_MAX = 65535,     /* bytes of the comment */
    ENTRY_SIZE = 46,         /* bytes of an entry without name, extra field and comment */
    LOCAL_SIZE = 30,         /* bytes of the header before the data of a member, without the same */
    DIRECTORY_MAX = 4 << 20, /* largest accepted directory, in bytes */
    ENCRYPTED = 1,           /* flags of an entry */
    METHOD_STORED = 0,
    METHOD_DEFLATE = 8
};

typedef struct archive {
    const eg_input *input;
    uint64_t base, size;
    uint8_t *directory;
    size_t directory_size;
    unsigned files, hgt_files;
    const uint8_t *chosen; /* entry of the member to read */
} archive;

static unsigned load16(const uint8_t *p)
{
    return (unsigned)(p[0] | p[1] << 8);
}

static uint32_t load32(const uint8_t *p)
{
    return load16(p) | (uint32_t)load16(p + 2) << 16;
}

static bool has_signature(const uint8_t *p, uint8_t third, uint8_t fourth)
{
    return p[0] == 'P' && p[1] == 'K' && p[2] == third && p[3] == fourth;
}

static eg_status fail_damaged(const archive *zip, eg_error *error)
{
    return eg_input_fail(zip->input, error, EG_BAD_INPUT,
                         "is a zip archive that is damaged or truncated");
}

static eg_status fail_zip64(const archive *zip, eg_error *error)
{
    return eg_input_fail(zip->input, error, EG_UNSUPPORTED,
                         "is a zip64 archive, which is not supported; unpack it first");
}

/* Reads exactly `size` bytes of the archive. */
static eg_status read_at(const archive *zip, uint64_t at, uint8_t *bytes, size_t size,
                         eg_error *error)
{
    for (size_t done = 0; done < size;) {
        ssize_t count =
            pread(zip->input->fd, bytes + done, size - done, (off_t)(zip->base + at + done));
        if (count < 0 && errno != EINTR)
            return eg_input_fail(zip->input, error, eg_errno_status(errno), "cannot be read: %s",
                                 strerror(errno));
        if (count == 0)
            return fail_damaged(zip, error);
        done += count > 0 ? (size_t)count : 0;
    }
    return EG_OK;
}

/* ---- the directory --------------------------------------------------------------------------- */

/* Returns the end record, which ends with the file, in its last `size` bytes; NULL if it is not
 * there. */
static const uint8_t *find_end(const uint8_t *tail, size_t size)
{
    for (size_t at = size - END_SIZE + 1; at-- > 0;)
        if (has_signature(tail + at, 5, 6) && load16(tail + at + 20) == size - at - END_SIZE)
            return tail + at;
    return NULL;
}

/* Reads the entries that the end record locates. */
static eg_status read_entries(archive *zip, const uint8_t *end, uint64_t end_at, eg_error *error)
{
    const uint32_t size = load32(end + 12), offset = load32(end + 16);
    if (load16(end + 10) == 0xFFFF || size == UINT32_MAX || offset == UINT32_MAX)
        return fail_zip64(zip, error);
    if (load16(end + 4) != 0 || load16(end + 6) != 0)
        return eg_input_fail(zip->input, error, EG_UNSUPPORTED,
                             "is part of a zip archive of several files; unpack it first");
    if (offset > end_at || size > end_at - offset)
        return fail_damaged(zip, error);
    if (size > DIRECTORY_MAX)
        return eg_input_fail(zip->input, error, EG_UNSUPPORTED,
                             "is a zip archive of very many files; unpack it first");
    zip->directory = eg_alloc(zip->input->ctx, size + 1, 1, error);
    if (!zip->directory)
        return eg_failed(error);
    zip->directory_size = size;
    return read_at(zip, offset, zip->directory, size, error);
}

static eg_status read_directory(archive *zip, eg_error *error)
{
    const size_t longest = END_SIZE + COMMENT_MAX;
    const size_t tail_size = zip->size < longest ? (size_t)zip->size : longest;
    if (tail_size < END_SIZE)
        return fail_damaged(zip, error);
    uint8_t *tail = eg_alloc(zip->input->ctx, tail_size, 1, error);
    if (!tail)
        return eg_failed(error);
    eg_status status = read_at(zip, zip->size - tail_size, tail, tail_size, error);
    if (status == EG_OK) {
        const uint8_t *end = find_end(tail, tail_size);
        status = end ? read_entries(zip, end, zip->size - (uint64_t)(tail + tail_size - end), error)
                     : fail_damaged(zip, error);
    }
    eg_free(tail);
    return status;
}

/* ---- members --------------------------------------------------------------------------------- */

/* Returns the part of a member's name after its last slash; of length 0 for a folder. */
static const char *last_part(const char *name, size_t *length)
{
    for (size_t i = *length; i > 0; i--)
        if (name[i - 1] == '/' || name[i - 1] == '\\') {
            *length -= i;
            return name + i;
        }
    return name;
}

/* Counts a member, and chooses it if it is the first file or the first .hgt file. Ignores folders,
 * hidden files, and the copies of metadata that macOS adds. */
static void count_member(archive *zip, const uint8_t *entry)
{
    static const char metadata[] = "__MACOSX/";
    const char *name = (const char *)entry + ENTRY_SIZE;
    size_t length = load16(entry + 28);
    bool ignored = length >= sizeof metadata && strncmp(name, metadata, sizeof metadata - 1) == 0;
    name = last_part(name, &length);
    if (ignored || length == 0 || *name == '.')
        return;
    bool hgt = eg_ends_with(name, length, ".hgt");
    if (zip->files == 0 || (hgt && zip->hgt_files == 0))
        zip->chosen = entry;
    zip->files++;
    zip->hgt_files += hgt;
}

static eg_status choose_member(archive *zip, eg_error *error)
{
    for (size_t at = 0; at < zip->directory_size;) {
        const uint8_t *entry = zip->directory + at;
        size_t left = zip->directory_size - at;
        if (left < ENTRY_SIZE || !has_signature(entry, 1, 2))
            return fail_damaged(zip, error);
        size_t size = ENTRY_SIZE + load16(entry + 28) + load16(entry + 30) + load16(entry + 32);
        if (size > left)
            return fail_damaged(zip, error);
        count_member(zip, entry);
        at += size;
    }
    if (zip->hgt_files == 1 || (zip->hgt_files == 0 && zip->files == 1))
        return EG_OK;
    if (zip->files == 0)
        return eg_input_fail(zip->input, error, EG_UNSUPPORTED,
                             "is a zip archive without a file in it");
    return eg_input_fail(
        zip->input, error, EG_UNSUPPORTED,
        "is a zip archive of %u %sfiles; only archives of one file (or of one .hgt "
        "file) can be read, unpack it first",
        zip->hgt_files ? zip->hgt_files : zip->files, zip->hgt_files ? ".hgt " : "");
}

/* Sets *member to the chosen entry's data, which is behind a header of its own. */
static eg_status locate_data(const archive *zip, eg_zip_member *member, eg_error *error)
{
    const uint8_t *entry = zip->chosen;
    const unsigned method = load16(entry + 10);
    uint8_t local[LOCAL_SIZE];
    *member = (eg_zip_member){.offset = load32(entry + 42),
                              .packed_size = load32(entry + 20),
                              .size = load32(entry + 24),
                              .crc = load32(entry + 16),
                              .stored = method == METHOD_STORED};
    if (load16(entry + 8) & ENCRYPTED)
        return eg_input_fail(zip->input, error, EG_UNSUPPORTED,
                             "is an encrypted zip archive; unpack it first");
    if (method != METHOD_STORED && method != METHOD_DEFLATE)
        return eg_input_fail(zip->input, error, EG_UNSUPPORTED,
                             "is a zip archive with compression method %u, only deflate is "
                             "supported; unpack it first",
                             method);
    if (member->packed_size == UINT32_MAX || member->size == UINT32_MAX ||
        member->offset == UINT32_MAX)
        return fail_zip64(zip, error);
    if (member->stored && member->packed_size != member->size)
        return fail_damaged(zip, error);
    eg_status status = read_at(zip, member->offset, local, sizeof local, error);
    if (status != EG_OK)
        return status;
    member->offset += LOCAL_SIZE + load16(local + 26) + load16(local + 28);
    if (!has_signature(local, 3, 4) || member->offset > zip->size ||
        member->packed_size > zip->size - member->offset)
        return fail_damaged(zip, error);
    return EG_OK;
}

eg_status eg_zip_find(eg_zip_member *member, char name[EG_ZIP_NAME_MAX + 1], const eg_input *input,
                      uint64_t base, uint64_t size, eg_error *error)
{
    archive zip = {.input = input, .base = base, .size = size};
    eg_status status = read_directory(&zip, error);
    if (status == EG_OK)
        status = choose_member(&zip, error);
    if (status == EG_OK && zip.chosen)
        status = locate_data(&zip, member, error);
    if (status == EG_OK && zip.chosen) {
        size_t length = load16(zip.chosen + 28);
        const char *part = last_part((const char *)zip.chosen + ENTRY_SIZE, &length);
        length = length < EG_ZIP_NAME_MAX ? length : EG_ZIP_NAME_MAX;
        memcpy(name, part, length);
        name[length] = '\0';
    }
    eg_free(zip.directory);
    return status;
}
