/* SPDX-License-Identifier: MIT */
/* Restricts GDAL: the drivers that are used, and the options set on a thread during GDAL calls. */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>

#include "io/gdal/gdal.h"

/*
 * Drivers of rasters stored in a file, with sidecar files at most. Excluded are drivers that use
 * the network (WMS, WCS, HTTP ...) or databases, that accept any text or bytes as a raster, and
 * that read catalogues of other files. VRTs are checked first (gdal_vrt.c); of MRF only LERC files
 * are accepted (eg_gdal_identify()).
 */
const char *const eg_gdal_drivers[] = {
    /* formats that edgegrad reads itself, for VRTs that refer to them */
    "GTiff", "PNG", "JPEG", "PNM", "AAIGrid", "EHdr", "SRTMHGT",
    /* elevation models and other georeferenced rasters */
    "VRT", "HFA", "netCDF", "HDF5", "HDF5Image", "HDF4", "HDF4Image", "BAG", "GRIB", "MRF", "ENVI",
    "AIG", "DTED", "USGSDEM", "SDTS", "SAGA", "RST", "PCRaster", "PCIDSK", "GSAG", "GSBG", "GS7BG",
    "NWT_GRD", "GXF", "ZMap", "BT", "HF2", "SIGDEM", "Terragen", "Leveller", "ERS", "RMF", "LCP",
    "ARG", "ROI_PAC", "RRASTER", "KEA", "GTX", "BYN", "ISG", "NGSGEOID", "ACE2", "JDEM",
    "GRASSASCIIGrid",
    /* planets */
    "FITS", "ISIS2", "ISIS3", "PDS", "PDS4", "VICAR",
    /* images */
    "JP2OpenJPEG", "JP2KAK", "JPEGXL", "HEIF", "WEBP", "BMP", "GIF", "BIGGIF", "EXR", "SGI", "TGA",
    NULL};

/* ---- once in a process ----------------------------------------------------------------------- */

static bool is_used_driver(const char *name)
{
    for (const char *const *known = eg_gdal_drivers; *known; known++)
        if (strcmp(*known, name) == 0)
            return true;
    return false;
}

/* Registers GDAL's drivers and removes those not used, because GDAL opens the sources of a VRT with
 * any registered driver. Does nothing if the program has registered drivers itself. */
static void register_drivers(void)
{
    if (GDALGetDriverCount() > 0)
        return;
    GDALAllRegister();
    for (int i = GDALGetDriverCount() - 1; i >= 0; i--) {
        GDALDriverH driver = GDALGetDriver(i);
        const char *name = GDALGetDriverShortName(driver);
        if (is_used_driver(name) || strcmp(name, "GPKG") == 0) /* written, not read */
            continue;
        GDALDeregisterDriver(driver);
        GDALDestroyDriver(driver);
    }
    GDALSetCacheMax64(EG_GDAL_CACHE);
}

/* ---- calls ----------------------------------------------------------------------------------- */

/* Stores the first error message, because it is the cause of the later ones. */
static void CPL_STDCALL on_error(CPLErr class, CPLErrorNum number, const char *message)
{
    eg_gdal_call *call = CPLGetErrorHandlerUserData();
    (void)number;
    if (class >= CE_Failure && call->message[0] == '\0')
        snprintf(call->message, sizeof call->message, "%s", message);
}

void eg_gdal_enter(eg_gdal_call *call, const eg_context *ctx)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static const char *const options[][2] = {
        {"GDAL_VRT_ENABLE_PYTHON", "NO"},
        {"CPL_VSIL_CURL_ALLOWED_FILENAME", "none"}, /* blocks every URL */
        {"GDAL_HTTP_PROXY", "http://127.0.0.1:0"},  /* no server */
        {"GDAL_HTTPS_PROXY", "http://127.0.0.1:0"},
        {"AWS_NO_SIGN_REQUEST", "YES"}, /* else GDAL requests credentials */
        {"MRF_BYPASSCACHING", "YES"},   /* else GDAL writes a cache */
        {"GDAL_DISABLE_READDIR_ON_OPEN", "YES"},
    };
    char threads[16];
    call->message[0] = '\0';
    CPLPushErrorHandlerEx(on_error, call);
    pthread_once(&once, register_drivers);
    call->saved_options = CPLGetThreadLocalConfigOptions();
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        CPLSetThreadLocalConfigOption(options[i][0], options[i][1]);
    snprintf(threads, sizeof threads, "%d", ctx->config.threads);
    CPLSetThreadLocalConfigOption("GDAL_NUM_THREADS", threads);
}

void eg_gdal_leave(eg_gdal_call *call)
{
    CPLSetThreadLocalConfigOptions((const char *const *)call->saved_options);
    CSLDestroy(call->saved_options);
    call->saved_options = NULL;
    CPLPopErrorHandler();
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Returns true if the file is an MRF header, which refers to tiles in other files; a LERC file has
 * no such header. */
static bool is_mrf_header(const char *path)
{
    static const char signature[] = "<MRF_META";
    char first[sizeof signature - 1];
    VSILFILE *file = VSIFOpenL(path, "rb");
    size_t got = file ? VSIFReadL(first, 1, sizeof first, file) : 0;
    if (file)
        VSIFCloseL(file);
    return got == sizeof first && memcmp(first, signature, got) == 0;
}

const char *eg_gdal_identify(const char *path)
{
    GDALDriverH driver = GDALIdentifyDriverEx(path, GDAL_OF_RASTER, eg_gdal_drivers, NULL);
    const char *name = driver ? GDALGetDriverShortName(driver) : "";
    for (const char *const *known = eg_gdal_drivers; *known; known++)
        if (strcmp(*known, name) == 0)
            return strcmp(name, "MRF") == 0 && is_mrf_header(path) ? NULL : *known;
    return NULL;
}
