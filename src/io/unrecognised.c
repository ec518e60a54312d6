/* SPDX-License-Identifier: MIT */
/* Recognising formats that cannot be read, for the error message. */
#include "io/unrecognised.h"

#include <string.h>
#include <sys/stat.h>

/* Signatures of formats that cannot be read: `bytes` at offset `at`, and `more_bytes` at `more_at`
 * if more_length > 0. */
static const struct known_format {
    const char *name;
    size_t at, length;
    const char *bytes;
    size_t more_at, more_length;
    const char *more_bytes;
} known_formats[] = {
    {"a GIF image", 0, 4, "GIF8", 0, 0, ""},
    {"a WebP image", 0, 4, "RIFF", 8, 4, "WEBP"},
    {"a BMP image", 0, 2, "BM", 6, 4, "\0\0\0\0"},
    {"an AVIF image", 4, 8, "ftypavif", 0, 0, ""},
    {"a HEIF image", 4, 7, "ftyphei", 0, 0, ""},
    {"a HEIF image", 4, 7, "ftyphev", 0, 0, ""},
    {"a HEIF image", 4, 8, "ftypmif1", 0, 0, ""},
    {"a JPEG XL image", 0, 2, "\xFF\x0A", 0, 0, ""},
    {"a JPEG XL image", 0, 8, "\0\0\0\x0CJXL ", 0, 0, ""},
    {"a JPEG 2000 image", 0, 8, "\0\0\0\x0CjP  ", 0, 0, ""},
    {"a JPEG 2000 image", 0, 4, "\xFF\x4F\xFF\x51", 0, 0, ""},
    {"an MNG animation", 0, 8, "\x8AMNG\r\n\x1A\n", 0, 0, ""},
    {"a JNG image", 0, 8, "\x8BJNG\r\n\x1A\n", 0, 0, ""},
    {"a QOI image", 0, 4, "qoif", 0, 0, ""},
    {"an OpenEXR image", 0, 4, "\x76\x2F\x31\x01", 0, 0, ""},
    {"a Radiance HDR image", 0, 6, "#?RADI", 0, 0, ""},
    {"a Photoshop image", 0, 4, "8BPS", 0, 0, ""},
    {"a GIMP image", 0, 8, "gimp xcf", 0, 0, ""},
    {"a FITS image", 0, 9, "SIMPLE  =", 0, 0, ""},
    {"an SVG drawing", 0, 4, "<svg", 0, 0, ""},
    {"a PDF document", 0, 5, "%PDF-", 0, 0, ""},
};

static bool has_bytes_at(const uint8_t *bytes, size_t size, size_t at, size_t length,
                         const char *wanted)
{
    return size >= at + length && memcmp(bytes + at, wanted, length) == 0;
}

/* Returns the name of the format with an article; NULL if it is unknown. */
static const char *find_known_format(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof known_formats / sizeof *known_formats; i++) {
        const struct known_format *f = &known_formats[i];
        if (has_bytes_at(bytes, size, f->at, f->length, f->bytes) &&
            has_bytes_at(bytes, size, f->more_at, f->more_length, f->more_bytes))
            return f->name;
    }
    return NULL;
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

/* Returns true if GDAL was not tried because `input` is not a regular file. */
static bool gdal_needs_file(const eg_input *input)
{
    struct stat st;
    return eg_format_by_name("gdal") && !(stat(input->name, &st) == 0 && S_ISREG(st.st_mode));
}

eg_status eg_unrecognised_input(const eg_input *input, const uint8_t *bytes, size_t size,
                                eg_error *error)
{
    char readable[128];
    const char *name = find_known_format(bytes, size);
    eg_list_formats(readable, sizeof readable, false);
    if (size == 0)
        return eg_input_fail(input, error, EG_BAD_INPUT, "is empty");
    if (name)
        return eg_input_fail(input, error, EG_UNSUPPORTED, "is %s, which cannot be read; %s first",
                             name,
                             gdal_needs_file(input) ? "save it to a file" : "convert it to PNG");
    if (was_png(bytes, size))
        return eg_input_fail(input, error, EG_BAD_INPUT,
                             "is a PNG with a damaged signature; copy it in binary mode");
    return eg_input_fail(input, error, EG_BAD_INPUT,
                         "is %s, not an image in a supported format (%s)%s",
                         is_text(bytes, size) ? "text" : "some other file", readable,
                         gdal_needs_file(input) ? "; GDAL needs a file, not a pipe" : "");
}
