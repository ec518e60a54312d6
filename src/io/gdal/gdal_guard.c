/* SPDX-License-Identifier: MIT */
/* What GDAL may do here: which drivers are asked, and the options that hold on a thread while it is
 * at work. */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>

#include "io/gdal/gdal.h"

/*
 * Drivers of rasters that are files, with others beside them at most. Left out are those that fetch
 * what they show (WMS, WCS, HTTP ...), ask databases, take any text or any bytes for a raster, or
 * are catalogues of other files. VRTs are looked into before; of MRF only a picture of LERC is let
 * in.
 */
const char *const eg_gdal_drivers[] = {
    /* ours; VRTs are made of them */
    "GTiff", "PNG", "JPEG", "PNM", "AAIGrid", "EHdr", "SRTMHGT",
    /* heights, and whatever else stands on the ground */
    "VRT", "HFA", "netCDF", "HDF5", "HDF5Image", "HDF4", "HDF4Image", "BAG", "GRIB", "MRF", "ENVI",
    "AIG", "DTED", "USGSDEM", "SDTS", "SAGA", "RST", "PCRaster", "PCIDSK", "GSAG", "GSBG", "GS7BG",
    "NWT_GRD", "GXF", "ZMap", "BT", "HF2", "SIGDEM", "Terragen", "Leveller", "ERS", "RMF", "LCP",
    "ARG", "ROI_PAC", "RRASTER", "KEA", "GTX", "BYN", "ISG", "NGSGEOID", "ACE2", "JDEM",
    "GRASSASCIIGrid",
    /* planets */
    "FITS", "ISIS2", "ISIS3", "PDS", "PDS4", "VICAR",
    /* pictures */
    "JP2OpenJPEG", "JP2KAK", "JPEGXL", "HEIF", "WEBP", "BMP", "GIF", "BIGGIF", "EXR", "SGI", "TGA",
    NULL};

/* ---- once in a process ----------------------------------------------------------------------- */

static bool is_asked(const char *name)
{
    for (const char *const *known = eg_gdal_drivers; *known; known++)
        if (strcmp(*known, name) == 0)
            return true;
    return false;
}

/* A VRT's parts are opened by any driver there is. A program that has drivers of its own keeps
 * them. */
static void start(void)
{
    if (GDALGetDriverCount() > 0)
        return;
    GDALAllRegister();
    for (int i = GDALGetDriverCount() - 1; i >= 0; i--) {
        GDALDriverH driver = GDALGetDriver(i);
        if (is_asked(GDALGetDriverShortName(driver)))
            continue;
        GDALDeregisterDriver(driver);
        GDALDestroyDriver(driver);
    }
    GDALSetCacheMax64(EG_GDAL_CACHE);
}

/* ---- calls ----------------------------------------------------------------------------------- */

/* The first failure is the cause of the others. */
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
        {"CPL_VSIL_CURL_ALLOWED_FILENAME", "none"}, /* no address is this one */
        {"GDAL_HTTP_PROXY", "http://127.0.0.1:0"},  /* which leads nowhere */
        {"GDAL_HTTPS_PROXY", "http://127.0.0.1:0"},
        {"AWS_NO_SIGN_REQUEST", "YES"}, /* or it asks the network for keys */
        {"MRF_BYPASSCACHING", "YES"},   /* or it writes what it has fetched */
        {"GDAL_DISABLE_READDIR_ON_OPEN", "YES"},
    };
    char threads[16];
    call->message[0] = '\0';
    CPLPushErrorHandlerEx(on_error, call);
    pthread_once(&once, start);
    call->before = CPLGetThreadLocalConfigOptions();
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        CPLSetThreadLocalConfigOption(options[i][0], options[i][1]);
    snprintf(threads, sizeof threads, "%d", ctx->config.threads);
    CPLSetThreadLocalConfigOption("GDAL_NUM_THREADS", threads);
}

void eg_gdal_leave(eg_gdal_call *call)
{
    CPLSetThreadLocalConfigOptions((const char *const *)call->before);
    CSLDestroy(call->before);
    call->before = NULL;
    CPLPopErrorHandler();
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Such a description of tiles elsewhere begins with its name. */
static bool describes_tiles(const char *path)
{
    static const char start_of[] = "<MRF_META";
    char first[sizeof start_of - 1];
    VSILFILE *file = VSIFOpenL(path, "rb");
    size_t got = file ? VSIFReadL(first, 1, sizeof first, file) : 0;
    if (file)
        VSIFCloseL(file);
    return got == sizeof first && memcmp(first, start_of, got) == 0;
}

const char *eg_gdal_identify(const char *path)
{
    GDALDriverH driver = GDALIdentifyDriverEx(path, GDAL_OF_RASTER, eg_gdal_drivers, NULL);
    const char *name = driver ? GDALGetDriverShortName(driver) : "";
    for (const char *const *known = eg_gdal_drivers; *known; known++)
        if (strcmp(*known, name) == 0)
            return strcmp(name, "MRF") == 0 && describes_tiles(path) ? NULL : *known;
    return NULL;
}
