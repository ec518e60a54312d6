/* SPDX-License-Identifier: MIT */
/* Writes lines and areas as a GeoPackage with GDAL. */
#include "io/gdal/gdal_vector.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "core/context.h"
#include "io/gdal/gdal.h"
#include "io/output/output.h"

typedef struct gpkg {
    GDALDatasetH dataset;
    OGRLayerH layer;
    int fd;          /* of the file, which has no name any more */
    double *points;  /* coordinates of a line or ring, x, y ... */
    size_t capacity; /* of points */
} gpkg;

static eg_status fail(const eg_line_file *f, const char *what, const eg_gdal_call *call,
                      eg_error *error)
{
    return eg_output_fail(f->output, error, EG_FILE, "GDAL cannot %s: %s", what,
                          call->message[0] ? call->message : "it gives no reason");
}

/* ---- beginning ------------------------------------------------------------------------------- */

/* Sets options of SQLite on this thread: the file needs no journal, because it is copied. */
static void enter(eg_gdal_call *call, const eg_line_file *f)
{
    eg_gdal_enter(call, f->ctx);
    CPLSetThreadLocalConfigOption("OGR_SQLITE_JOURNAL", "OFF");
    CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", "OFF");
}

/* Creates the file, opens it and removes its name. */
static eg_status create_dataset(eg_line_file *f, gpkg *g, const eg_gdal_call *call, eg_error *error)
{
    char path[PATH_MAX + 64];
    const char *folder = f->output->direct ? "/tmp/" : f->output->folder;
    snprintf(path, sizeof path, "%s.edgegrad-%ld-%zx.gpkg", folder, (long)getpid(), (size_t)f);
    unlink(path);
    GDALDriverH driver = GDALGetDriverByName("GPKG");
    if (!driver)
        return eg_output_fail(f->output, error, EG_UNSUPPORTED,
                              "GDAL was built without GeoPackage; take geojson");
    g->dataset = GDALCreate(driver, path, 0, 0, 0, GDT_Unknown, NULL);
    g->fd = open(path, O_RDONLY | O_CLOEXEC);
    const int reason = errno;
    unlink(path);
    if (!g->dataset)
        return fail(f, "create a GeoPackage", call, error);
    return g->fd >= 0 ? EG_OK
                      : eg_output_fail(f->output, error, eg_errno_status(reason),
                                       "cannot open its temporary file: %s", strerror(reason));
}

/* Returns the coordinate system of the raster; NULL: unknown. */
static OGRSpatialReferenceH coordinate_system(const eg_line_file *f)
{
    char text[8192];
    const size_t length =
        f->georef && f->georef->located ? eg_georef_system(f->georef, text, sizeof text) : 0;
    if (length == 0 || length >= sizeof text)
        return NULL;
    OGRSpatialReferenceH system = OSRNewSpatialReference(NULL);
    if (system && OSRSetFromUserInput(system, text) != OGRERR_NONE) {
        OSRDestroySpatialReference(system);
        system = NULL;
    }
    if (system)
        OSRSetAxisMappingStrategy(system, OAMS_TRADITIONAL_GIS_ORDER);
    return system;
}

static bool add_field(OGRLayerH layer, const char *name, OGRFieldType type)
{
    OGRFieldDefnH field = OGR_Fld_Create(name, type);
    const bool added = field && OGR_L_CreateField(layer, field, FALSE) == OGRERR_NONE;
    OGR_Fld_Destroy(field);
    return added;
}

static eg_status create_layer(eg_line_file *f, gpkg *g, const eg_gdal_call *call, eg_error *error)
{
    OGRSpatialReferenceH system = coordinate_system(f);
    g->layer = GDALDatasetCreateLayer(g->dataset, "contour", system,
                                      f->areas ? wkbPolygon : wkbLineString, NULL);
    if (system)
        OSRRelease(system);
    bool done = g->layer && add_field(g->layer, "ID", OFTInteger64) &&
                add_field(g->layer, f->areas ? "ELEV_MIN" : "ELEV", OFTReal);
    if (done && f->areas)
        done = add_field(g->layer, "ELEV_MAX", OFTReal);
    if (done)
        done = GDALDatasetStartTransaction(g->dataset, FALSE) == OGRERR_NONE;
    return done ? EG_OK : fail(f, "create a layer", call, error);
}

eg_status eg_gpkg_begin(eg_line_file *f, eg_error *error)
{
    eg_gdal_call call;
    gpkg *g = eg_calloc(f->ctx, 1, sizeof *g, error);
    if (!g)
        return eg_failed(error);
    g->fd = -1;
    f->own = g;
    enter(&call, f);
    eg_status status = create_dataset(f, g, &call, error);
    if (status == EG_OK)
        status = create_layer(f, g, &call, error);
    eg_gdal_leave(&call);
    return status;
}

/* ---- lines and areas ------------------------------------------------------------------------- */

/* Returns a new geometry of that type with the points of a line; NULL after a failure. */
static OGRGeometryH make_geometry(eg_line_file *f, const eg_line *line, OGRwkbGeometryType type,
                                  eg_error *error)
{
    gpkg *g = f->own;
    const double *t = f->transform;
    if (line->count > INT32_MAX)
        return NULL;
    if (line->count > g->capacity) {
        eg_free(g->points);
        g->capacity = 0;
        g->points = eg_alloc(f->ctx, line->count, 2 * 2 * sizeof(double), error);
        if (!g->points)
            return NULL;
        g->capacity = 2 * line->count;
    }
    for (size_t i = 0; i < line->count; i++) {
        const double *p = line->points + 2 * (f->reversed ? line->count - 1 - i : i);
        g->points[2 * i] = t[0] + p[0] * t[1] + p[1] * t[2];
        g->points[2 * i + 1] = t[3] + p[0] * t[4] + p[1] * t[5];
    }
    const int stride = 2 * (int)sizeof(double);
    OGRGeometryH geometry = OGR_G_CreateGeometry(type);
    if (geometry)
        OGR_G_SetPoints(geometry, (int)line->count, g->points, stride, g->points + 1, stride, NULL,
                        0);
    return geometry;
}

/* Writes a feature with a geometry, which it takes, and levels; those that are infinite are NULL.
 */
static eg_status write_feature(eg_line_file *f, OGRGeometryH geometry, const double *levels,
                               int count, const eg_gdal_call *call, eg_error *error)
{
    const gpkg *g = f->own;
    OGRFeatureH feature = geometry ? OGR_F_Create(OGR_L_GetLayerDefn(g->layer)) : NULL;
    if (!feature) {
        OGR_G_DestroyGeometry(geometry);
        return error && error->status != EG_OK ? error->status
                                               : fail(f, "make a feature", call, error);
    }
    OGR_F_SetFieldInteger64(feature, 0, (GIntBig)f->lines);
    for (int i = 0; i < count; i++)
        if (isfinite(levels[i]))
            OGR_F_SetFieldDouble(feature, 1 + i, levels[i]);
    OGR_F_SetGeometryDirectly(feature, geometry);
    const bool done = OGR_L_CreateFeature(g->layer, feature) == OGRERR_NONE;
    OGR_F_Destroy(feature);
    return done ? EG_OK : fail(f, "write a feature", call, error);
}

eg_status eg_gpkg_line(eg_line_file *f, const eg_line *line, eg_error *error)
{
    eg_gdal_call call;
    enter(&call, f);
    OGRGeometryH geometry = make_geometry(f, line, wkbLineString, error);
    eg_status status = write_feature(f, geometry, &line->level, 1, &call, error);
    eg_gdal_leave(&call);
    return status;
}

eg_status eg_gpkg_area(eg_line_file *f, const eg_area *area, eg_error *error)
{
    const double levels[] = {area->low, area->high};
    eg_gdal_call call;
    size_t first = 0;
    enter(&call, f);
    OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon);
    for (size_t i = 0; polygon && i < area->ring_count; i++) {
        const eg_line line = eg_area_ring(area, i, &first);
        OGRGeometryH ring = make_geometry(f, &line, wkbLinearRing, error);
        if (ring && OGR_G_AddGeometryDirectly(polygon, ring) == OGRERR_NONE)
            continue;
        OGR_G_DestroyGeometry(polygon);
        polygon = NULL;
    }
    eg_status status = write_feature(f, polygon, levels, 2, &call, error);
    eg_gdal_leave(&call);
    return status;
}

/* ---- the end --------------------------------------------------------------------------------- */

/* Copies the file to the output. */
static eg_status copy_file(const eg_line_file *f, const gpkg *g, eg_error *error)
{
    uint8_t bytes[1 << 16];
    eg_status status = EG_OK;
    while (status == EG_OK) {
        const ssize_t got = read(g->fd, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return eg_output_fail(f->output, error, EG_FILE, "cannot read its temporary file: %s",
                                  strerror(errno));
        if (got == 0)
            break;
        status = eg_output_write(f->output, bytes, (size_t)got, error);
    }
    return status;
}

/* Closes the dataset. Returns false if that fails. */
static bool close_dataset(gpkg *g, const eg_gdal_call *call)
{
    if (g->dataset)
        GDALClose(g->dataset);
    g->dataset = NULL;
    return call->message[0] == '\0';
}

eg_status eg_gpkg_end(eg_line_file *f, eg_error *error)
{
    gpkg *g = f->own;
    eg_gdal_call call;
    enter(&call, f);
    bool done = GDALDatasetCommitTransaction(g->dataset) == OGRERR_NONE;
    done = close_dataset(g, &call) && done;
    eg_status status = done ? EG_OK : fail(f, "complete a GeoPackage", &call, error);
    eg_gdal_leave(&call);
    return status == EG_OK ? copy_file(f, g, error) : status;
}

void eg_gpkg_release(eg_line_file *f)
{
    gpkg *g = f->own;
    eg_gdal_call call;
    if (!g)
        return;
    if (g->dataset) {
        enter(&call, f);
        close_dataset(g, &call);
        eg_gdal_leave(&call);
    }
    if (g->fd >= 0)
        close(g->fd);
    eg_free(g->points);
    eg_free(g);
    f->own = NULL;
}
