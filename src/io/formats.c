/* SPDX-License-Identifier: MIT */
/* The table of formats. */
#include <string.h>
#include <strings.h>

#include "io/io.h"

extern const eg_format eg_png_format, eg_jpeg_format, eg_pgm_format, eg_pbm_format, eg_pam_format,
    eg_pnm_format, eg_pfm_format, eg_tiff_format, eg_asc_format, eg_hgt_format, eg_ehdr_format,
    eg_gdal_format;

/* The formats, in the order of their probes: those with a signature, those recognised by extension,
 * and GDAL last. PBM, PGM, PPM and PAM have one reader, because their signatures differ in one
 * character. PPM is not written, so that a .ppm file never has grey pixels only. */
const eg_format *const eg_formats[] = {
    &eg_png_format,
    &eg_jpeg_format,
    &eg_pgm_format,
    &eg_pbm_format,
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

/* Returns true if the comma-separated `list` contains `word`, ignoring case. */
static bool list_contains(const char *list, const char *word)
{
    size_t length = strlen(word);
    while (*list != '\0') {
        size_t item = strcspn(list, ",");
        if (item == length && strncasecmp(list, word, length) == 0)
            return true;
        list += item;
        list += *list == ',';
    }
    return false;
}

/* A .hdr file is only the header of another file. */
bool eg_source_recognizes(const char *path)
{
    const char *dot = strrchr(path, '.');
    return eg_format_by_extension(path) && strcasecmp(dot, ".hdr") != 0;
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
            list_contains(eg_formats[i]->extensions, name))
            return eg_formats[i];
    return NULL;
}

const eg_format *eg_format_by_extension(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    if (!dot || dot[1] == '\0')
        return NULL;
    for (size_t i = 0; eg_formats[i]; i++)
        if (list_contains(eg_formats[i]->extensions, dot + 1))
            return eg_formats[i];
    return NULL;
}
