/* SPDX-License-Identifier: MIT */
/*
 * Versions of libpng, libjpeg-turbo and libtiff with published vulnerabilities. Sources, as of
 * November 2026: libpng's ANNOUNCE of 1.6.51 and 1.6.55 and the CVE records of the others;
 * libtiff's release notes of 4.7.0 and 4.7.1; the CVE records of libjpeg-turbo.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#include "edgegrad.h"
#include "io/tiff/tiff_library.h"

enum library { LIBPNG, LIBTIFF, LIBJPEG_TURBO };

/* Versions from `first` to before `fixed`, as major * 1000000 + minor * 1000 + micro. */
typedef struct advisory {
    enum library library;
    long first, fixed;
    const char *text;
} advisory;

static const advisory advisories[] = {
    {LIBPNG, 1002001, 1006056,
     "libpng before 1.6.56 may have CVE-2026-33416: a palette or transparency is used after it was "
     "freed"},
    {LIBPNG, 1006036, 1006056,
     "libpng before 1.6.56 may have CVE-2026-33636: expanding palettes reads and writes out of "
     "bounds (ARM with Neon only)"},
    {LIBPNG, 0, 1006055,
     "libpng before 1.6.55 may have CVE-2026-25646: overflow in png_set_quantize(), which edgegrad "
     "does not call"},
    {LIBPNG, 0, 1006051,
     "libpng before 1.6.51 may have CVE-2025-64720 and CVE-2025-65018: overflows in its simplified "
     "interface, which edgegrad does not call"},
    {LIBTIFF, 0, 4007001,
     "libtiff before 4.7.1 may have CVE-2025-9900: a write anywhere in "
     "TIFFReadRGBAImageOriented(), "
     "which edgegrad does not call"},
    {LIBTIFF, 0, 4007000,
     "libtiff before 4.7.0 may have CVE-2023-6277: a small file makes it allocate much memory"},
    {LIBTIFF, 0, 4007000,
     "libtiff before 4.7.0 may have CVE-2024-7006: a crash where memory runs out"},
    {LIBTIFF, 0, 4007000,
     "libtiff before 4.7.0 may have CVE-2023-52356: overflow in TIFFReadRGBATileExt(), which "
     "edgegrad does not call"},
    {LIBJPEG_TURBO, 2001090, 2001091,
     "libjpeg-turbo 2.1.90 may have CVE-2023-2804: overflow in lossless JPEG of 12 bits"},
    {LIBJPEG_TURBO, 2000090, 2001000,
     "libjpeg-turbo 2.0.90 may have CVE-2021-29390: a read of 2 bytes out of bounds"},
};

/* Returns the version of libtiff that is loaded, "LIBTIFF, Version 4.5.0 ..."; that of the build if
 * it cannot be loaded now; -1 if there is none. */
static long tiff_version(void)
{
    static const char head[] = "LIBTIFF, Version ";
    const eg_status status = eg_tiff_load(NULL);
    if (status != EG_OK)
        return status == EG_UNSUPPORTED ? -1
                                        : TIFFLIB_MAJOR_VERSION * 1000000L +
                                              TIFFLIB_MINOR_VERSION * 1000L + TIFFLIB_MICRO_VERSION;
    const char *text = TIFFGetVersion();
    if (strncmp(text, head, sizeof head - 1) != 0)
        return -1;
    long version = 0;
    char *end = (char *)text + sizeof head - 1;
    for (long unit = 1000000; unit > 0; unit /= 1000) {
        version += unit * strtol(end, &end, 10);
        end += *end == '.';
    }
    return version;
}

/* Returns the version of a library; -1 if it is unknown. libjpeg-turbo does not tell its version
 * when it runs, so it is that of the build. */
static long version_of(enum library library)
{
    const long png = (long)png_access_version_number();
    switch (library) {
    case LIBPNG:
        return png / 10000 * 1000000 + png / 100 % 100 * 1000 + png % 100;
    case LIBTIFF:
        return tiff_version();
    case LIBJPEG_TURBO:
#ifdef LIBJPEG_TURBO_VERSION_NUMBER
        return LIBJPEG_TURBO_VERSION_NUMBER;
#endif
    default:
        return -1;
    }
}

const char *eg_library_advisory(size_t index)
{
    for (size_t i = 0; i < sizeof advisories / sizeof *advisories; i++) {
        const long version = version_of(advisories[i].library);
        bool affected = version >= advisories[i].first && version < advisories[i].fixed;
        if (version >= 0 && affected && index-- == 0)
            return advisories[i].text;
    }
    return NULL;
}
