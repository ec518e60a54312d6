/* SPDX-License-Identifier: MIT */
/*
 * libtiff, loaded with dlopen() when the first TIFF is opened, because its ten dependencies take as
 * long to load as a small image takes to process (core/dynlib.h). EG_TIFF_LIBRARY is its file name;
 * if it is not defined, libtiff is linked.
 */
#ifndef EG_IO_TIFF_TIFF_LIBRARY_H
#define EG_IO_TIFF_TIFF_LIBRARY_H

#include <tiffio.h>

#include "core/dynlib.h"

#if defined(TIFFLIB_VERSION) && !defined(TIFFLIB_AT_LEAST)
#error "libtiff 4.5 or later is required: run tools/install-deps"
#endif

/* Loads libtiff; must be called before any of its functions. Returns EG_UNSUPPORTED if it cannot be
 * loaded. Thread-safe. */
eg_status eg_tiff_load(eg_error *error);

#ifdef EG_TIFF_LIBRARY

#define EG_TIFF_FUNCTIONS(X)                                                                       \
    X(TIFFClientOpenExt)                                                                           \
    X(TIFFClose)                                                                                   \
    X(TIFFFindCODEC)                                                                               \
    X(TIFFGetVersion)                                                                              \
    X(TIFFIsCODECConfigured)                                                                       \
    X(TIFFOpenOptionsAlloc)                                                                        \
    X(TIFFOpenOptionsFree)                                                                         \
    X(TIFFOpenOptionsSetErrorHandlerExtR)                                                          \
    X(TIFFOpenOptionsSetMaxSingleMemAlloc)                                                         \
    X(TIFFOpenOptionsSetWarningHandlerExtR)                                                        \
    X(TIFFReadEncodedStrip)                                                                        \
    X(TIFFReadEncodedTile)                                                                         \
    X(TIFFReadScanline)                                                                            \
    X(TIFFSetField)                                                                                \
    X(TIFFSetSubDirectory)

extern struct eg_tiff_library {
    EG_TIFF_FUNCTIONS(EG_DYNLIB_MEMBER)
} eg_tiff_library;

#ifndef EG_TIFF_LOADING
#define TIFFClientOpenExt                    eg_tiff_library.TIFFClientOpenExt_
#define TIFFClose                            eg_tiff_library.TIFFClose_
#define TIFFFindCODEC                        eg_tiff_library.TIFFFindCODEC_
#define TIFFGetVersion                       eg_tiff_library.TIFFGetVersion_
#define TIFFIsCODECConfigured                eg_tiff_library.TIFFIsCODECConfigured_
#define TIFFOpenOptionsAlloc                 eg_tiff_library.TIFFOpenOptionsAlloc_
#define TIFFOpenOptionsFree                  eg_tiff_library.TIFFOpenOptionsFree_
#define TIFFOpenOptionsSetErrorHandlerExtR   eg_tiff_library.TIFFOpenOptionsSetErrorHandlerExtR_
#define TIFFOpenOptionsSetMaxSingleMemAlloc  eg_tiff_library.TIFFOpenOptionsSetMaxSingleMemAlloc_
#define TIFFOpenOptionsSetWarningHandlerExtR eg_tiff_library.TIFFOpenOptionsSetWarningHandlerExtR_
#define TIFFReadEncodedStrip                 eg_tiff_library.TIFFReadEncodedStrip_
#define TIFFReadEncodedTile                  eg_tiff_library.TIFFReadEncodedTile_
#define TIFFReadScanline                     eg_tiff_library.TIFFReadScanline_
#define TIFFSetField                         eg_tiff_library.TIFFSetField_
#define TIFFSetSubDirectory                  eg_tiff_library.TIFFSetSubDirectory_
#endif

#endif
#endif
