/* SPDX-License-Identifier: MIT */
/* The table of formats. */
#include <string.h>
#include <strings.h>

#include "io/io.h"
#include "io/text.h"

extern const eg_format eg_png_format, eg_jpeg_format, eg_pgm_format, eg_pbm_format, eg_ppm_format,
    eg_pam_format, eg_pnm_format, eg_pfm_format, eg_tiff_format, eg_asc_format, eg_hgt_format,
    eg_ehdr_format, eg_gdal_format;

/* The formats, in the order of their probes: those with a signature, those recognised by extension,
 * and GDAL last. PBM, PGM, PPM and PAM have one reader, because their signatures differ in one
 * character. A PPM is only written of colours, so that a .ppm file never has grey pixels only. */
const eg_format *const eg_formats[] = {
    &eg_png_format,
    &eg_jpeg_format,
    &eg_pgm_format,
    &eg_pbm_format,
    &eg_ppm_format,
    &eg_pam_format,
    &eg_pnm_format,
    &eg_pfm_format,
    &eg_tiff_format,
    &eg_asc_format,
    &eg_hgt_format,
    &eg_ehdr_format,
#ifdef EG_HAVE_GDAL
    &eg_gdal_format,
#endif
    NULL,
};

/* Returns the length of `path` without ".gz" or ".zip". */
static size_t uncompressed_length(const char *path)
{
    static const char *const endings[] = {".gz", ".zip"};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending = strlen(endings[i]);
        if (length > ending && eg_ends_with(path, length, endings[i]))
            return length - ending;
    }
    return length;
}

/* Returns the format for the extension in the first `length` bytes of `path`; NULL if there is
 * none. */
static const eg_format *find_by_extension(const char *path, size_t length)
{
    char extension[16];
    size_t at = length;
    while (at > 0 && path[at - 1] != '.' && path[at - 1] != '/')
        at--;
    if (at == 0 || path[at - 1] == '/' || at == length || length - at >= sizeof extension)
        return NULL;
    memcpy(extension, path + at, length - at);
    extension[length - at] = '\0';
    for (size_t i = 0; eg_formats[i]; i++)
        if (eg_list_contains(eg_formats[i]->extensions, extension))
            return eg_formats[i];
    return NULL;
}

/* A .hdr file is only the header of another file. */
bool eg_source_recognizes(const char *path)
{
    const size_t length = uncompressed_length(path);
    if (length >= 4 && strncasecmp(path + length - 4, ".hdr", 4) == 0)
        return false;
    return find_by_extension(path, length) != NULL;
}

bool eg_sink_recognizes(const char *path, const eg_write_options *options)
{
    const char *name = options ? options->format : NULL;
    const eg_format *format = name ? eg_format_by_name(name) : eg_format_by_extension(path);
    return format && format->create;
}

const eg_format *eg_format_by_name(const char *name)
{
    for (size_t i = 0; eg_formats[i]; i++)
        if (strcasecmp(eg_formats[i]->name, name) == 0 ||
            eg_list_contains(eg_formats[i]->extensions, name))
            return eg_formats[i];
    return NULL;
}

const eg_format *eg_format_by_extension(const char *path)
{
    return find_by_extension(path, strlen(path));
}
