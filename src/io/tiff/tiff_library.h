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

/* Loads libtiff; must be called before any of its functions. Returns EG_UNSUPPORTED if it cannot be
 * loaded. Thread-safe. */
eg_status eg_tiff_load(eg_error *error);

#ifdef EG_TIFF_LIBRARY

#define EG_TIFF_FUNCTIONS(X)                                                                       \
    X(TIFFClientOpenExt)                                                                           \
    X(TIFFClose)                                                                                   \
    X(TIFFCurrentDirOffset)                                                                        \
    X(TIFFDataWidth)                                                                               \
    X(TIFFFindCODEC)                                                                               \
    X(TIFFGetField)                                                                                \
    X(TIFFGetFieldDefaulted)                                                                       \
    X(TIFFGetStrileByteCountWithErr)                                                               \
    X(TIFFGetStrileOffsetWithErr)                                                                  \
    X(TIFFGetVersion)                                                                              \
    X(TIFFIsBigTIFF)                                                                               \
    X(TIFFIsByteSwapped)                                                                           \
    X(TIFFIsCODECConfigured)                                                                       \
    X(TIFFIsTiled)                                                                                 \
    X(TIFFLastDirectory)                                                                           \
    X(TIFFMergeFieldInfo)                                                                          \
    X(TIFFNumberOfStrips)                                                                          \
    X(TIFFNumberOfTiles)                                                                           \
    X(TIFFOpenOptionsAlloc)                                                                        \
    X(TIFFOpenOptionsFree)                                                                         \
    X(TIFFOpenOptionsSetErrorHandlerExtR)                                                          \
    X(TIFFOpenOptionsSetMaxSingleMemAlloc)                                                         \
    X(TIFFOpenOptionsSetWarningHandlerExtR)                                                        \
    X(TIFFReadDirectory)                                                                           \
    X(TIFFReadEncodedStrip)                                                                        \
    X(TIFFReadEncodedTile)                                                                         \
    X(TIFFReadScanline)                                                                            \
    X(TIFFSetField)                                                                                \
    X(TIFFSetSubDirectory)                                                                         \
    X(TIFFSwabArrayOfLong)                                                                         \
    X(TIFFSwabArrayOfLong8)                                                                        \
    X(TIFFSwabArrayOfShort)                                                                        \
    X(TIFFWriteDirectory)                                                                          \
    X(TIFFWriteEncodedStrip)                                                                       \
    X(TIFFWriteEncodedTile)                                                                        \
    X(TIFFWriteRawStrip)                                                                           \
    X(TIFFWriteRawTile)

extern struct eg_tiff_library {
    EG_TIFF_FUNCTIONS(EG_DYNLIB_MEMBER)
} eg_tiff_library;

#ifndef EG_TIFF_LOADING
#define TIFFClientOpenExt                    eg_tiff_library.TIFFClientOpenExt_
#define TIFFClose                            eg_tiff_library.TIFFClose_
#define TIFFCurrentDirOffset                 eg_tiff_library.TIFFCurrentDirOffset_
#define TIFFDataWidth                        eg_tiff_library.TIFFDataWidth_
#define TIFFFindCODEC                        eg_tiff_library.TIFFFindCODEC_
#define TIFFGetField                         eg_tiff_library.TIFFGetField_
#define TIFFGetFieldDefaulted                eg_tiff_library.TIFFGetFieldDefaulted_
#define TIFFGetStrileByteCountWithErr        eg_tiff_library.TIFFGetStrileByteCountWithErr_
#define TIFFGetStrileOffsetWithErr           eg_tiff_library.TIFFGetStrileOffsetWithErr_
#define TIFFGetVersion                       eg_tiff_library.TIFFGetVersion_
#define TIFFIsBigTIFF                        eg_tiff_library.TIFFIsBigTIFF_
#define TIFFIsByteSwapped                    eg_tiff_library.TIFFIsByteSwapped_
#define TIFFIsCODECConfigured                eg_tiff_library.TIFFIsCODECConfigured_
#define TIFFIsTiled                          eg_tiff_library.TIFFIsTiled_
#define TIFFLastDirectory                    eg_tiff_library.TIFFLastDirectory_
#define TIFFMergeFieldInfo                   eg_tiff_library.TIFFMergeFieldInfo_
#define TIFFNumberOfStrips                   eg_tiff_library.TIFFNumberOfStrips_
#define TIFFNumberOfTiles                    eg_tiff_library.TIFFNumberOfTiles_
#define TIFFOpenOptionsAlloc                 eg_tiff_library.TIFFOpenOptionsAlloc_
#define TIFFOpenOptionsFree                  eg_tiff_library.TIFFOpenOptionsFree_
#define TIFFOpenOptionsSetErrorHandlerExtR   eg_tiff_library.TIFFOpenOptionsSetErrorHandlerExtR_
#define TIFFOpenOptionsSetMaxSingleMemAlloc  eg_tiff_library.TIFFOpenOptionsSetMaxSingleMemAlloc_
#define TIFFOpenOptionsSetWarningHandlerExtR eg_tiff_library.TIFFOpenOptionsSetWarningHandlerExtR_
#define TIFFReadDirectory                    eg_tiff_library.TIFFReadDirectory_
#define TIFFReadEncodedStrip                 eg_tiff_library.TIFFReadEncodedStrip_
#define TIFFReadEncodedTile                  eg_tiff_library.TIFFReadEncodedTile_
#define TIFFReadScanline                     eg_tiff_library.TIFFReadScanline_
#define TIFFSetField                         eg_tiff_library.TIFFSetField_
#define TIFFSetSubDirectory                  eg_tiff_library.TIFFSetSubDirectory_
#define TIFFSwabArrayOfLong                  eg_tiff_library.TIFFSwabArrayOfLong_
#define TIFFSwabArrayOfLong8                 eg_tiff_library.TIFFSwabArrayOfLong8_
#define TIFFSwabArrayOfShort                 eg_tiff_library.TIFFSwabArrayOfShort_
#define TIFFWriteDirectory                   eg_tiff_library.TIFFWriteDirectory_
#define TIFFWriteEncodedStrip                eg_tiff_library.TIFFWriteEncodedStrip_
#define TIFFWriteEncodedTile                 eg_tiff_library.TIFFWriteEncodedTile_
#define TIFFWriteRawStrip                    eg_tiff_library.TIFFWriteRawStrip_
#define TIFFWriteRawTile                     eg_tiff_library.TIFFWriteRawTile_
#endif

#endif
#endif
