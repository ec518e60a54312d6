/* SPDX-License-Identifier: MIT */
/* GeoPackage, which GDAL writes: a build without it refuses to. */
#ifdef EG_HAVE_GDAL
#include "io/gdal/gdal_vector.h"
#else
#include "core/status.h"
#endif
#include "io/vector/vector.h"

#ifdef EG_HAVE_GDAL
#define WITH_GDAL(function) function
#else
#define WITH_GDAL(function) NULL

static eg_status eg_gpkg_begin(eg_line_file *f, eg_error *error)
{
    return eg_fail_file(
        error, EG_UNSUPPORTED, eg_output_name(f->output),
        "GeoPackage needs a build with GDAL (make GDAL=1); take geojson, or convert "
        "that with ogr2ogr");
}

static eg_status eg_gpkg_line(eg_line_file *f, const eg_line *line, eg_error *error)
{
    (void)line;
    return eg_gpkg_begin(f, error);
}

static eg_status eg_gpkg_area(eg_line_file *f, const eg_area *area, eg_error *error)
{
    (void)area;
    return eg_gpkg_begin(f, error);
}
#endif

const eg_line_format eg_gpkg_format = {
    .name = "gpkg",
    .title = "GeoPackage",
    .help = "GeoPackage, in builds with GDAL, with the fields of geojson",
    .georef = "coordinates of the raster, and its coordinate system",
    .extensions = "gpkg",
    .begin = eg_gpkg_begin,
    .line = eg_gpkg_line,
    .area = eg_gpkg_area,
    .end = WITH_GDAL(eg_gpkg_end),
    .release = WITH_GDAL(eg_gpkg_release),
};
