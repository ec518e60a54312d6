/* SPDX-License-Identifier: MIT */
/* Tells who wrote an existing file, by the rows of the formats and by the comments in plots. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/io.h"

bool eg_file_head_read(const eg_file_head *head, uint64_t at, void *bytes, size_t count)
{
    if (at > head->size || count > head->size - at)
        return false;
    return pread(head->fd, bytes, count, (off_t)at) == (ssize_t)count;
}

bool eg_file_head_begins(const eg_file_head *head, const char *text)
{
    size_t length = strlen(text);
    return head->count >= length && memcmp(head->bytes, text, length) == 0;
}

/* ---- plots ----------------------------------------------------------------------------------- */

/* Returns true if an SVG begins with the element that src/plot/render.c adds. */
static bool is_plot_svg(const eg_file_head *head)
{
    static const char element[] = ">\n<metadata>" EG_SOFTWARE "</metadata>";
    const uint8_t *found = memmem(head->bytes, head->count, element, sizeof element - 1);
    const uint8_t *tag = memmem(head->bytes, head->count, "<svg", 4);
    return eg_file_head_begins(head, "<?xml ") && tag && found > tag &&
           memchr(tag, '>', head->count - (size_t)(tag - head->bytes)) == found;
}

/* Returns true if a PDF has the comment of src/plot/render.c before its last "startxref". */
static bool is_plot_pdf(const eg_file_head *head)
{
    static const char comment[] = "\n%" EG_SOFTWARE "\nstartxref\n";
    char tail[128];
    if (!eg_file_head_begins(head, "%PDF-") || head->size < sizeof tail ||
        !eg_file_head_read(head, head->size - sizeof tail, tail, sizeof tail))
        return false;
    return memmem(tail, sizeof tail, comment, sizeof comment - 1) != NULL;
}

/* ---- all files ------------------------------------------------------------------------------- */

static eg_origin origin_of(const eg_file_head *head)
{
    for (size_t i = 0; eg_formats[i]; i++) {
        eg_origin origin = eg_formats[i]->origin ? eg_formats[i]->origin(head) : EG_ORIGIN_OTHER;
        if (origin != EG_ORIGIN_OTHER)
            return origin;
    }
    return is_plot_svg(head) || is_plot_pdf(head) ? EG_ORIGIN_EDGEGRAD : EG_ORIGIN_OTHER;
}

/* Does not wait for a pipe that took the place of the file after stat(). */
static eg_origin origin_of_file(const char *path)
{
    eg_file_head head = {.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    struct stat about;
    if (head.fd < 0)
        return EG_ORIGIN_OTHER;
    eg_origin origin = EG_ORIGIN_OTHER;
    if (fstat(head.fd, &about) == 0) {
        head.size = (uint64_t)about.st_size;
        head.count = head.size < EG_HEAD_BYTES ? (size_t)head.size : EG_HEAD_BYTES;
        if (eg_file_head_read(&head, 0, head.bytes, head.count))
            origin = origin_of(&head);
    }
    const int reason = errno; /* of fstat() or a pread() */
    close(head.fd);
    errno = origin == EG_ORIGIN_OTHER ? reason : 0;
    return origin;
}

eg_origin eg_file_origin(const char *path)
{
    char target[PATH_MAX];
    struct stat about;
    size_t length = strlen(path);
    if (length >= sizeof target)
        return EG_ORIGIN_NONE;
    memcpy(target, path, length + 1);
    if (eg_follow_links(target))
        return EG_ORIGIN_NONE;
    errno = 0;
    if (stat(target, &about) != 0 && (errno == EIO || errno == ENOMEM))
        return EG_ORIGIN_OTHER;
    if (errno || !S_ISREG(about.st_mode) || about.st_size == 0) {
        errno = 0;
        return EG_ORIGIN_NONE;
    }
    return origin_of_file(target);
}
