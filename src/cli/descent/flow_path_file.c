/* SPDX-License-Identifier: MIT */
/* The file of a way over a raster: CSV, or GeoJSON (RFC 7946). */
#include "cli/descent/flow_path.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define DEGREES    57.295779513082320877
#define SEMI_MAJOR 6378137.0 /* of Web Mercator's sphere */
#define EPSG_WGS84 4326

static bool is_geojson(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && (strcasecmp(dot, ".geojson") == 0 || strcasecmp(dot, ".json") == 0);
}

int trail_file_check(const field_run *run)
{
    const char *path = run->options->trace;
    if (path && same_file(path, run->options->field))
        return usage_error(run->line->command, "--trace would overwrite the raster %s", path);
    if (!path || !is_geojson(path) || run->located)
        return EXIT_DONE;
    message(
        "%s: nothing says where this raster lies, and GeoJSON is for places on the Earth: write "
        "a .csv file",
        run->options->field);
    return EXIT_INPUT;
}

static void put(trail_file *f, const char *text)
{
    if (f->error.status == EG_OK)
        eg_file_write(f->file, text, strlen(text), &f->error);
}

/* Coordinates of the file: those of the raster, but for Web Mercator's, which are longitude and
 * latitude in other clothes. */
static void coordinates(const field_run *run, const double at[2], double xy[2])
{
    field_place(run, at, xy);
    if (!run->trace.geojson || run->georef->crs != EG_CRS_WEB_MERCATOR)
        return;
    double unit = run->georef->unit > 0 ? run->georef->unit : 1;
    double radius = run->georef->semi_major > 0 ? run->georef->semi_major : SEMI_MAJOR;
    xy[0] = xy[0] * unit / radius * DEGREES;
    xy[1] = atan(sinh(xy[1] * unit / radius)) * DEGREES;
}

/* The number of the system where it has to be named, because it is not that of RFC 7946. */
static unsigned foreign(const field_run *run)
{
    unsigned code = eg_georef_epsg(run->georef);
    return run->georef->crs == EG_CRS_WEB_MERCATOR || code == EPSG_WGS84 ? 0 : code;
}

eg_status trail_file_begin(field_run *run)
{
    trail_file *f = &run->trace;
    const char *path = run->options->trace;
    char text[256] = "step,x,y,z,distance,gradient\n";
    if (!path)
        return EG_OK;
    if (eg_file_create(&f->file, run->quiet, path, &run->error) != EG_OK)
        return run->error.status;
    f->geojson = is_geojson(path);
    if (f->geojson) {
        unsigned code = foreign(run);
        put(f, "{\n\"type\": \"FeatureCollection\",\n");
        snprintf(text, sizeof text,
                 "\"crs\": {\"type\": \"name\", \"properties\": {\"name\": "
                 "\"urn:ogc:def:crs:EPSG::%u\"}},\n",
                 code);
        if (code)
            put(f, text);
        snprintf(text, sizeof text,
                 "\"features\": [{\n\"type\": \"Feature\",\n\"geometry\": {\"type\": ");
    }
    put(f, text);
    return EG_OK;
}

static void put_position(field_run *run, const double xy[2], const eg_flow_path_point *p)
{
    trail_file *f = &run->trace;
    char text[128];
    double unit = 1;
    eg_ground_at(run->ground, p->at[1], NULL, NULL, &unit);
    snprintf(text, sizeof text, "[%.15g, %.15g, %.10g]", xy[0], xy[1], p->height * unit);
    if (f->points == 0) {
        memcpy(f->first, text, sizeof text);
        return;
    }
    if (f->points == 1) {
        put(f, "\"LineString\", \"coordinates\": [\n");
        put(f, f->first);
    }
    put(f, ",\n");
    put(f, text);
}

void trail_file_point(field_run *run, const eg_flow_path_point *p)
{
    trail_file *f = &run->trace;
    char text[200];
    double xy[2];
    coordinates(run, p->at, xy);
    if (f->geojson) {
        put_position(run, xy, p);
    } else {
        snprintf(text, sizeof text, "%zu,%.17g,%.17g,%.17g,%.17g,%.17g\n", p->step, xy[0], xy[1],
                 p->height, p->distance, p->slope);
        put(f, text);
    }
    f->points++;
}

static void end_geojson(field_run *run)
{
    trail_file *f = &run->trace;
    const eg_flow_path_result *r = &run->result;
    const bool uphill = run->options->optimizer.maximize;
    bool mercator = run->georef->crs == EG_CRS_WEB_MERCATOR;
    char text[512], system[64];
    field_system(run, system, sizeof system);
    if (f->points == 1) {
        put(f, "\"Point\", \"coordinates\": ");
        put(f, f->first);
    } else {
        put(f, "\n]");
    }
    snprintf(text, sizeof text,
             "},\n\"properties\": {\"direction\": \"%s\", \"stopped_by\": \"%s\", \"steps\": %zu, "
             "\"distance_m\": %.10g, \"start_height\": %.10g, \"end_height\": %.10g, "
             "\"coordinates\": \"%s\"}\n}]\n}\n",
             uphill ? "uphill" : "downhill", field_end_word(r->end, uphill), r->steps,
             r->last.distance, r->first.height, r->last.height,
             mercator ? "longitude, latitude" : system);
    put(f, text);
}

eg_status trail_file_finish(field_run *run)
{
    trail_file *f = &run->trace;
    if (!f->file)
        return EG_OK;
    if (f->geojson)
        end_geojson(run);
    if (f->error.status != EG_OK)
        run->error = f->error;
    else
        eg_file_commit(f->file, &run->error);
    return run->error.status;
}
