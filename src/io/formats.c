/* SPDX-License-Identifier: MIT */
/* The one table of formats. */
#include <string.h>
#include <strings.h>

#include "io/io.h"
#include "io/tiff/tiff_read.h"

#define BIT (1u << EG_BIT)
#define U8  (1u << EG_U8)
#define U16 (1u << EG_U16)
#define F32 (1u << EG_F32)

/* The order in which formats are asked about an input: those recognised by their first bytes, by
 * the extension, and what GDAL recognises.
 *
 * PBM, PGM, PPM and PAM have one reader: their contents tell them apart. PPM is not written, so
 * that no file called .ppm ever holds grey. */
const eg_format eg_formats[] = {
    {
        .name = "png",
        .help = "Portable Network Graphics; 1, 8 or 16 bits",
        .extensions = "png",
        .supports_encoding = true,
        .probe = eg_png_probe,
        .open = eg_png_open,
        .create = eg_png_create,
        .accepts = BIT | U8 | U16,
    },
    {
        .name = "jpeg",
        .help = "JPEG, lossy; 8 bits",
        .extensions = "jpg,jpeg,jpe,jfif",
        .probe = eg_jpeg_probe,
        .open = eg_jpeg_open,
        .create = eg_jpeg_create,
        .accepts = U8,
    },
    {
        .name = "pgm",
        .help = "Netpbm's grey map, uncompressed; 8 or 16 bits",
        .extensions = "pgm,pnm",
        .create = eg_pnm_create_pgm,
        .accepts = U8 | U16,
    },
    {
        .name = "pbm",
        .help = "Netpbm's bit map, uncompressed; 1 bit",
        .extensions = "pbm",
        .create = eg_pnm_create_pbm,
        .accepts = BIT,
    },
    {
        .name = "pam",
        .help = "Netpbm's arbitrary map, uncompressed; 1, 8 or 16 bits",
        .extensions = "pam",
        .create = eg_pnm_create_pam,
        .accepts = BIT | U8 | U16,
    },
    {
        .name = "pnm",
        .help = "Netpbm's PBM, PGM, PPM and PAM, raw and plain",
        .extensions = "ppm",
        .probe = eg_pnm_probe,
        .open = eg_pnm_open,
    },
    {
        .name = "pfm",
        .help = "Portable Float Map, uncompressed; 32-bit floats",
        .extensions = "pfm",
        .probe = eg_pfm_probe,
        .open = eg_pfm_open,
        .create = eg_pfm_create,
        .accepts = F32,
    },
    {
        .name = "tiff",
        .help = "TIFF and GeoTIFF; 1, 8 or 16 bits, 32-bit floats",
        .extensions = "tif,tiff,gtiff",
        .probe = eg_tiff_probe,
        .open = eg_tiff_open,
        .create = eg_tiff_create,
        .accepts = BIT | U8 | U16 | F32,
    },
    {
        .name = "asc",
        .help = "ESRI's ASCII grid; floats as text",
        .extensions = "asc,grd",
        .probe = eg_asc_probe,
        .open = eg_asc_open,
        .create = eg_asc_create,
        .accepts = U8 | F32,
    },
    {
        .name = "hgt",
        .help = "heights of SRTM, a degree square each",
        .extensions = "hgt",
        .match_by_extension = true,
        .open = eg_hgt_open,
    },
    {
        .name = "bil",
        .help = "ESRI's raw rasters (BIL, BIP, BSQ, FLT), told by a .hdr beside them",
        .extensions = "bil,bip,bsq,flt,hdr",
        .match_by_extension = true,
        .probe = eg_ehdr_probe,
        .open = eg_ehdr_open,
    },
#ifdef EG_HAVE_GDAL
    {
        .name = "gdal",
        .help = "what GDAL reads of other files",
        .extensions = "",
        .probe = eg_gdal_probe,
        .open = eg_gdal_open,
    },
#endif
    {.name = NULL},
};

/* Whether the comma-separated `list` holds `word`, whatever the case. */
static bool list_holds(const char *list, const char *word)
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

/* A header beside a raster is no raster of its own. */
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

/* An extension serves as a name too: "jpg" is as clear as "jpeg". */
const eg_format *eg_format_by_name(const char *name)
{
    for (const eg_format *format = eg_formats; format->name; format++)
        if (strcasecmp(format->name, name) == 0 || list_holds(format->extensions, name))
            return format;
    return NULL;
}

const eg_format *eg_format_by_extension(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    if (!dot || dot[1] == '\0')
        return NULL;
    for (const eg_format *format = eg_formats; format->name; format++)
        if (list_holds(format->extensions, dot + 1))
            return format;
    return NULL;
}
