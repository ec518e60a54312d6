/* SPDX-License-Identifier: MIT */
/* Versions of the libraries that this one was built with. */
#include <stdio.h>

#include <jpeglib.h>
#include <png.h>
#include <tiffio.h>
#include <zlib.h>

#include "edgegrad.h"

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

#ifdef LIBJPEG_TURBO_VERSION
#define JPEG_NAME "libjpeg-turbo " TEXT(LIBJPEG_TURBO_VERSION)
#else
#define JPEG_NAME "libjpeg API " TEXT(JPEG_LIB_VERSION)
#endif

#define TIFF_NAME                                                                                  \
    "libtiff " TEXT(TIFFLIB_MAJOR_VERSION) "." TEXT(TIFFLIB_MINOR_VERSION) "." TEXT(               \
        TIFFLIB_MICRO_VERSION)

#ifdef EG_HAVE_ISAL
#include <isa-l.h>
#define ISAL                                                                                       \
    "\nISA-L " TEXT(ISAL_MAJOR_VERSION) "." TEXT(ISAL_MINOR_VERSION) "." TEXT(ISAL_PATCH_VERSION)
#else
#define ISAL "\nno ISA-L: PNG is compressed by zlib alone"
#endif

#ifdef EG_HAVE_GDAL
#include <gdal_version.h>
#define GDAL "\nGDAL " GDAL_RELEASE_NAME
#else
#define GDAL "\nno GDAL: only formats of its own are read"
#endif

#ifdef EG_HAVE_CAIRO
#include <cairo.h>
#define CAIRO "\ncairo " CAIRO_VERSION_STRING
#else
#define CAIRO "\nno cairo: plots cannot be drawn"
#endif

#ifdef EG_HAVE_ARB
#include <flint.h>
#define ARB "\nArb, FLINT " FLINT_VERSION
#else
#define ARB "\nno Arb: digits are proven in double precision"
#endif

const char *eg_build_info(void)
{
    return "libpng " PNG_LIBPNG_VER_STRING "\n" JPEG_NAME "\n" TIFF_NAME
           "\nzlib " ZLIB_VERSION ISAL CAIRO ARB GDAL;
}
