/* SPDX-License-Identifier: MIT */
/* The table of formats that edgegrad recognises and does not read. */
#include "io/foreign.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#ifdef EG_HAVE_GDAL
static const bool has_gdal = true;
#else
static const bool has_gdal = false;
#endif

#define MAGICK    "magick IN OUT.png"
#define FIRST     "magick 'IN[0]' OUT.png"
#define RAW       "darktable-cli IN OUT.tif"
#define TRANSLATE "gdal_translate IN OUT.tif"
#define FRAME     "ffmpeg -i IN -frames:v 1 OUT.png"

/* Formats with a signature: `bytes` at offset `at`, and `more_bytes` at `more_at` if
 * more_length > 0. */
static const struct signature {
    eg_foreign format;
    size_t at, length;
    const char *bytes;
    size_t more_at, more_length;
    const char *more_bytes;
} signatures[] = {
    {{"a WebP image", "webp", "dwebp IN -o OUT.png", true, false}, 0, 4, "RIFF", 8, 4, "WEBP"},
    {{"a GIF image", "gif", FIRST, true, false}, 0, 4, "GIF8", 0, 0, ""},
    {{"a BMP image", "bmp", MAGICK, true, false}, 0, 2, "BM", 6, 4, "\0\0\0\0"},
    {{"a JPEG XL image", "jxl", "djxl IN OUT.png", false, false}, 0, 2, "\xFF\x0A", 0, 0, ""},
    {{"a JPEG XL image", "jxl", "djxl IN OUT.png", false, false}, 0, 8, "\0\0\0\x0CJXL ", 0, 0, ""},
    {{"a JPEG 2000 image", "jp2", "opj_decompress -i IN -o OUT.png", true, false},
     0,
     8,
     "\0\0\0\x0CjP  ",
     0,
     0,
     ""},
    {{"a JPEG 2000 image", "j2k", "opj_decompress -i IN -o OUT.png", true, false},
     0,
     4,
     "\xFF\x4F\xFF\x51",
     0,
     0,
     ""},
    {{"a Photoshop image", "psd", FIRST, false, false}, 0, 4, "8BPS", 0, 0, ""},
    {{"a GIMP image", "xcf", MAGICK, false, false}, 0, 8, "gimp xcf", 0, 0, ""},
    {{"an OpenEXR image", "exr", "magick IN OUT.pfm", false, false},
     0,
     4,
     "\x76\x2F\x31\x01",
     0,
     0,
     ""},
    {{"a Radiance HDR image", "hdr", "magick IN OUT.pfm", false, false}, 0, 6, "#?RADI", 0, 0, ""},
    {{"a Radiance HDR image", "hdr", "magick IN OUT.pfm", false, false}, 0, 6, "#?RGBE", 0, 0, ""},
    {{"a DirectDraw image", "dds", MAGICK, false, false}, 0, 4, "DDS ", 4, 4, "\x7C\0\0\0"},
    {{"a QOI image", "qoi", MAGICK, false, false}, 0, 4, "qoif", 0, 0, ""},
    {{"a farbfeld image", "ff", "ff2png <IN >OUT.png", false, false}, 0, 8, "farbfeld", 0, 0, ""},
    {{"an SGI image", "sgi", MAGICK, true, false}, 0, 4, "\x01\xDA\0\1", 0, 0, ""},
    {{"an SGI image", "sgi", MAGICK, true, false}, 0, 4, "\x01\xDA\1\1", 0, 0, ""},
    {{"a Sun raster image", "ras", MAGICK, false, false}, 0, 4, "\x59\xA6\x6A\x95", 0, 0, ""},
    {{"a Windows icon", "ico", FIRST, false, false}, 0, 4, "\0\0\1\0", 5, 1, "\0"},
    {{"an XPM image", "xpm", MAGICK, false, false}, 0, 9, "/* XPM */", 0, 0, ""},
    {{"an MNG animation", "mng", FIRST, false, false}, 0, 8, "\x8AMNG\r\n\x1A\n", 0, 0, ""},
    {{"a JNG image", "jng", MAGICK, false, false}, 0, 8, "\x8BJNG\r\n\x1A\n", 0, 0, ""},
    {{"a DICOM image", "dcm", "dcmj2pnm IN OUT.pgm", false, false}, 128, 4, "DICM", 0, 0, ""},

    {{"an Olympus camera raw image", "orf", RAW, false, false}, 0, 4, "IIRO", 0, 0, ""},
    {{"an Olympus camera raw image", "orf", RAW, false, false}, 0, 4, "IIRS", 0, 0, ""},
    {{"an Olympus camera raw image", "orf", RAW, false, false}, 0, 4, "MMOR", 0, 0, ""},
    {{"a Panasonic camera raw image", "rw2", RAW, false, false}, 0, 4, "IIU\0", 0, 0, ""},
    {{"a Fujifilm camera raw image", "raf", RAW, false, false}, 0, 15, "FUJIFILMCCD-RAW", 0, 0, ""},
    {{"a Canon camera raw image", "crw", RAW, false, false}, 0, 2, "II", 6, 8, "HEAPCCDR"},
    {{"a Minolta camera raw image", "mrw", RAW, false, false}, 0, 4, "\0MRM", 0, 0, ""},
    {{"a Sigma camera raw image", "x3f", RAW, false, false}, 0, 4, "FOVb", 0, 0, ""},

    {{"a PDF document", "pdf", "pdftoppm -png -singlefile IN OUT", false, false},
     0,
     5,
     "%PDF-",
     0,
     0,
     ""},
    {{"a PostScript document", "ps", MAGICK, false, false}, 0, 4, "%!PS", 0, 0, ""},
    {{"a DjVu document", "djvu", "ddjvu -format=ppm -page=1 IN OUT.ppm", false, false},
     0,
     8,
     "AT&TFORM",
     0,
     0,
     ""},
    {{"an AVI video", "avi", FRAME, false, false}, 0, 4, "RIFF", 8, 4, "AVI "},
    {{"a Matroska or WebM video", "mkv", FRAME, false, false}, 0, 4, "\x1A\x45\xDF\xA3", 0, 0, ""},

    {{"a FITS image", "fits", TRANSLATE, true, false}, 0, 9, "SIMPLE  =", 0, 0, ""},
    {{"an HDF5 or netCDF-4 file", "nc", TRANSLATE, true, false},
     0,
     8,
     "\x89HDF\r\n\x1A\n",
     0,
     0,
     ""},
    {{"a netCDF file", "nc", TRANSLATE, true, false}, 0, 4, "CDF\1", 0, 0, ""},
    {{"a netCDF file", "nc", TRANSLATE, true, false}, 0, 4, "CDF\2", 0, 0, ""},
    {{"a netCDF file", "nc", TRANSLATE, true, false}, 0, 4, "CDF\5", 0, 0, ""},
    {{"an HDF4 file", "hdf", TRANSLATE, true, false}, 0, 4, "\x0E\x03\x13\x01", 0, 0, ""},
    {{"a GRIB file", "grib", TRANSLATE, true, false}, 0, 4, "GRIB", 0, 0, ""},
    {{"an Erdas Imagine raster", "img", TRANSLATE, true, false},
     0,
     15,
     "EHFA_HEADER_TAG",
     0,
     0,
     ""},
    {{"a DTED elevation model", "dt2", TRANSLATE, true, false}, 0, 4, "UHL1", 0, 0, ""},
    {{"a PCIDSK raster", "pix", TRANSLATE, true, false}, 0, 8, "PCIDSK  ", 0, 0, ""},
    {{"a Surfer grid", "grd", TRANSLATE, true, false}, 0, 4, "DSBB", 0, 0, ""},
    {{"a Surfer grid", "grd", TRANSLATE, true, false}, 0, 4, "DSRB", 0, 0, ""},
    {{"a Surfer grid", "grd", TRANSLATE, true, false}, 0, 4, "DSAA", 0, 0, ""},
    {{"a LAS or LAZ point cloud", "laz", "pdal translate IN OUT.tif", false, false},
     0,
     4,
     "LASF",
     0,
     0,
     ""},

    {{"a gzip file", "gz", "gunzip -c IN >OUT", false, true}, 0, 3, "\x1F\x8B\x08", 0, 0, ""},
    {{"an xz file", "xz", "xz -dc IN >OUT", false, true},
     0,
     6,
     "\xFD"
     "7zXZ\0",
     0,
     0,
     ""},
    {{"a bzip2 file", "bz2", "bzip2 -dc IN >OUT", false, true}, 0, 3, "BZh", 4, 6, "1AY&SY"},
    {{"a zstd file", "zst", "zstd -dc IN >OUT", false, true}, 0, 4, "\x28\xB5\x2F\xFD", 0, 0, ""},
    {{"a ZIP archive", "zip", "unzip IN", false, true}, 0, 4, "PK\3\4", 0, 0, ""},
    {{"a tar archive", "tar", "tar -xf IN", false, true}, 257, 5, "ustar", 0, 0, ""},
};

static bool has_bytes_at(const uint8_t *bytes, size_t size, size_t at, size_t length,
                         const char *wanted)
{
    return size >= at + length && memcmp(bytes + at, wanted, length) == 0;
}

/* ---- ISO base media files (ISO 14496-12) ----------------------------------------------------- */

/* Brands. A file of the general brand mif1 is what its other brands say. */
static const struct brand {
    char name[5];
    eg_foreign format;
} brands[] = {
    {"avif", {"an AVIF image", "avif", "avifdec IN OUT.png", false, false}},
    {"avis", {"an AVIF image", "avif", "avifdec IN OUT.png", false, false}},
    {"heic", {"a HEIF image", "heic", "heif-convert IN OUT.png", true, false}},
    {"heix", {"a HEIF image", "heic", "heif-convert IN OUT.png", true, false}},
    {"heim", {"a HEIF image", "heic", "heif-convert IN OUT.png", true, false}},
    {"heis", {"a HEIF image", "heic", "heif-convert IN OUT.png", true, false}},
    {"hevc", {"a HEIF image", "heic", "heif-convert IN OUT.png", true, false}},
    {"hevx", {"a HEIF image", "heic", "heif-convert IN OUT.png", true, false}},
    {"crx ", {"a Canon camera raw image", "cr3", RAW, false, false}},
    {"qt  ", {"a QuickTime video", "mov", FRAME, false, false}},
    {"isom", {"an MP4 video", "mp4", FRAME, false, false}},
    {"iso2", {"an MP4 video", "mp4", FRAME, false, false}},
    {"mp41", {"an MP4 video", "mp4", FRAME, false, false}},
    {"mp42", {"an MP4 video", "mp4", FRAME, false, false}},
    {"mif1", {"a HEIF image", "heif", "heif-convert IN OUT.png", true, false}},
    {"msf1", {"a HEIF image", "heif", "heif-convert IN OUT.png", true, false}},
};

enum { BRANDS = sizeof brands / sizeof *brands, GENERAL_BRANDS = 2 /* at the end */ };

/* Returns the index of the brand at `at`; BRANDS if it is unknown. */
static size_t find_brand(const uint8_t *bytes, size_t size, size_t at)
{
    size_t i = 0;
    while (i < BRANDS && !has_bytes_at(bytes, size, at, 4, brands[i].name))
        i++;
    return i;
}

/* Returns the format of a file that begins with a box "ftyp": by its major brand, or if that is
 * general or unknown, by the first compatible brand that is neither. */
static const eg_foreign *find_media(const uint8_t *bytes, size_t size)
{
    if (!has_bytes_at(bytes, size, 4, 4, "ftyp") || size < 12)
        return NULL;
    size_t end = (size_t)bytes[2] << 8 | bytes[3];
    size_t found = find_brand(bytes, size, 8);
    for (size_t at = 16; found >= BRANDS - GENERAL_BRANDS && at + 4 <= end && at + 4 <= size;
         at += 4) {
        size_t other = find_brand(bytes, size, at);
        found = other < found ? other : found;
    }
    return found < BRANDS ? &brands[found].format : NULL;
}

/* ---- text formats ---------------------------------------------------------------------------- */

/* Returns true if `word` is in the bytes, ignoring case. */
static bool contains(const uint8_t *bytes, size_t size, const char *word)
{
    size_t length = strlen(word);
    for (size_t at = 0; at + length <= size; at++) {
        size_t same = 0;
        while (same < length && (bytes[at + same] | 0x20) == (word[same] | 0x20))
            same++;
        if (same == length)
            return true;
    }
    return false;
}

static const eg_foreign *find_markup(const uint8_t *bytes, size_t size)
{
    static const eg_foreign svg = {"an SVG drawing", "svg", "rsvg-convert IN -o OUT.png", false,
                                   false},
                            vrt = {"a GDAL virtual raster", "vrt", TRANSLATE, true, false};
    while (size > 0 && (*bytes == ' ' || (*bytes >= '\t' && *bytes <= '\r')))
        bytes++, size--;
    if (has_bytes_at(bytes, size, 0, 3, "\xEF\xBB\xBF"))
        bytes += 3, size -= 3;
    if (size == 0 || *bytes != '<')
        return NULL;
    return contains(bytes, size, "<svg")          ? &svg
           : contains(bytes, size, "<VRTDataset") ? &vrt
                                                  : NULL;
}

const eg_foreign *eg_foreign_find(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        const struct signature *s = &signatures[i];
        if (has_bytes_at(bytes, size, s->at, s->length, s->bytes) &&
            has_bytes_at(bytes, size, s->more_at, s->more_length, s->more_bytes))
            return &s->format;
    }
    const eg_foreign *media = find_media(bytes, size);
    return media ? media : find_markup(bytes, size);
}

/* ---- messages -------------------------------------------------------------------------------- */

enum { NAME_MAX_LENGTH = 60 }; /* of a file name that a message repeats */

/* Returns true if the shell takes the name as it is, so that it can be in a command to copy. */
static bool is_plain_name(const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "._-/+,@%";
    return name[strspn(name, plain)] == '\0' && *name != '-' && *name != '\0' &&
           strlen(name) <= NAME_MAX_LENGTH;
}

/* Returns true for the extensions of the files that the commands write, because a file that has a
 * wrong one must not be overwritten. */
static bool is_output_extension(const char *extension)
{
    static const char *const used[] = {"png", "tif", "pfm", "pgm", "ppm"};
    for (size_t i = 0; i < sizeof used / sizeof *used; i++)
        if (strcmp(extension, used[i]) == 0)
            return true;
    return false;
}

/* Writes the command for the file `name`, or for an example if the name is not plain. */
static void write_command(char *out, size_t size, const eg_foreign *format, const char *name)
{
    char example[NAME_MAX_LENGTH];
    size_t used = 0;
    snprintf(example, sizeof example, "image.%s", format->extension);
    if (!is_plain_name(name))
        name = example;
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    const char *dot = strrchr(base, '.');
    bool cut = dot && dot > base && !is_output_extension(dot + 1);
    int stem = cut ? (int)(dot - name) : (int)strlen(name);
    for (const char *c = format->command; *c != '\0' && used + 1 < size;) {
        bool in = strncmp(c, "IN", 2) == 0, stand_in = in || strncmp(c, "OUT", 3) == 0;
        used += (size_t)snprintf(out + used, size - used, "%.*s",
                                 stand_in && !in ? stem : (int)(stand_in ? strlen(name) : 1),
                                 stand_in ? name : c);
        c += in ? 2 : stand_in ? 3 : 1;
    }
}

bool eg_gdal_needs_file(const eg_input *input)
{
    struct stat st;
    return has_gdal && !(stat(input->name, &st) == 0 && S_ISREG(st.st_mode));
}

eg_status eg_fail_foreign(const eg_input *input, const eg_foreign *format, eg_error *error)
{
    char command[256] = "";
    if (format->gdal && eg_gdal_needs_file(input))
        return eg_input_fail(input, error, EG_UNSUPPORTED,
                             "is %s, which is read from files only; save it to a file first",
                             format->what);
    write_command(command, sizeof command, format, input->name);
    return eg_input_fail(
        input, error, EG_UNSUPPORTED, "is %s, which edgegrad does not read; %s it first: %s%s",
        format->what, format->packed ? "unpack" : "convert", command,
        format->gdal && !has_gdal ? " (or build edgegrad with GDAL, which reads it: make GDAL=1)"
                                  : "");
}

eg_status eg_fail_camera_raw(const eg_input *input, const char *make, eg_error *error)
{
    char what[80];
    const eg_foreign raw = {what, "dng", RAW, false, false};
    snprintf(what, sizeof what, "a camera raw image%s%s", *make ? " of " : "", make);
    return eg_fail_foreign(input, &raw, error);
}
