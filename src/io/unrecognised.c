/* SPDX-License-Identifier: MIT */
/* The error message for inputs that no reader recognises. */
#include "io/unrecognised.h"

#include <string.h>
#include <strings.h>

#include "io/foreign.h"

static bool has_bytes_at(const uint8_t *bytes, size_t size, size_t at, size_t length,
                         const char *wanted)
{
    return size >= at + length && memcmp(bytes + at, wanted, length) == 0;
}

/* Returns true if the bytes are a damaged PNG signature, or one that was converted from Latin-1 to
 * UTF-8. (The PNG reader recognises files whose line ends were converted.) */
static bool was_png(const uint8_t *bytes, size_t size)
{
    static const char signature[] = "\x89PNG\r\n\x1A\n";
    int same = 0;
    for (size_t i = 0; i < 8 && i < size; i++)
        same += bytes[i] == (uint8_t)signature[i];
    return same >= 6 || has_bytes_at(bytes, size, 0, 6, "\xEF\xBF\xBDPNG") ||
           has_bytes_at(bytes, size, 0, 5, "\xC2\x89PNG");
}

/* Returns true if at least 3/4 of the bytes are ASCII and there are no control characters other
 * than tabs, line ends and form feeds. */
static bool is_text(const uint8_t *bytes, size_t size)
{
    size_t ascii = 0;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == 0x7F || (bytes[i] < 0x20 && !(bytes[i] >= '\t' && bytes[i] <= '\r')))
            return false;
        ascii += bytes[i] < 0x80;
    }
    return 4 * ascii >= 3 * size;
}

/* Appends a format's name in capitals, unless the buffer is too small. */
static void append_name(char *out, size_t size, const char *name)
{
    size_t used = strlen(out);
    const char *separator = used ? ", " : "";
    if (used + strlen(separator) + strlen(name) >= size)
        return;
    for (; *separator != '\0'; separator++)
        out[used++] = *separator;
    for (const char *s = name; *s != '\0'; s++)
        out[used++] = *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s;
    out[used] = '\0';
}

void eg_list_formats(char *out, size_t size, bool written)
{
    *out = '\0';
    for (size_t i = 0; eg_formats[i]; i++)
        if (written ? eg_formats[i]->create != NULL : eg_formats[i]->open != NULL)
            append_name(out, size, eg_formats[i]->name);
}

/* EG_BIT rows are also accepted by writers of EG_U8. */
void eg_list_formats_accepting(char *out, size_t size, eg_sample sample)
{
    unsigned wanted = 1u << sample | (sample == EG_BIT ? 1u << EG_U8 : 0);
    *out = '\0';
    for (size_t i = 0; eg_formats[i]; i++)
        if (eg_formats[i]->create && (eg_formats[i]->accepts & wanted))
            append_name(out, size, eg_formats[i]->name);
}

/* Returns true if the text begins with `word`, after white space and ignoring case. */
static bool begins_with(const uint8_t *bytes, size_t size, const char *word)
{
    while (size > 0 && (*bytes == ' ' || (*bytes >= '\t' && *bytes <= '\r')))
        bytes++, size--;
    return size >= strlen(word) && strncasecmp((const char *)bytes, word, strlen(word)) == 0;
}

/* Returns what a file is that was meant to be another one; NULL if it is unknown. */
static const char *find_mistake(const uint8_t *bytes, size_t size)
{
    if (was_png(bytes, size))
        return "a PNG with a damaged signature; copy it in binary mode";
    if (begins_with(bytes, size, "<!doctype html") || begins_with(bytes, size, "<html"))
        return "a web page, not an image; a server sends one in place of a file that it lacks";
    if (begins_with(bytes, size, "version https://git-lfs"))
        return "a Git LFS pointer, not the file itself; run git lfs pull";
    return NULL;
}

eg_status eg_unrecognised_input(eg_input *input, eg_error *error)
{
    char readable[128];
    size_t size;
    eg_status status = eg_input_peek(input, EG_FOREIGN_BYTES, &size, error);
    if (status != EG_OK)
        return status;
    if (size == 0)
        return eg_input_fail(input, error, EG_BAD_INPUT, "is empty");
    const uint8_t *bytes = input->buffer + input->at;
    size = size < EG_FOREIGN_BYTES ? size : EG_FOREIGN_BYTES;
    const eg_foreign *format = eg_foreign_find(bytes, size);
    if (format)
        return eg_fail_foreign(input, format, error);
    const char *mistake = find_mistake(bytes, size);
    if (mistake)
        return eg_input_fail(input, error, EG_BAD_INPUT, "is %s", mistake);
    eg_list_formats(readable, sizeof readable, false);
    size = size < EG_PROBE_BYTES ? size : EG_PROBE_BYTES;
    return eg_input_fail(input, error, EG_BAD_INPUT,
                         "is %s, not an image in a supported format (%s)%s",
                         is_text(bytes, size) ? "text" : "some other file", readable,
                         eg_gdal_needs_file(input) ? "; GDAL needs a file, not a pipe" : "");
}
