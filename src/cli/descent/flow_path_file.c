/* SPDX-License-Identifier: MIT */
/* Writes a flow path to a file: CSV, or GeoJSON (RFC 7946). */
#include "cli/descent/flow_path.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define DEGREES             57.295779513082320877
#define WEB_MERCATOR_RADIUS 6378137.0 /* metres */
#define EPSG_WGS84          4326

static bool is_geojson(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && (strcasecmp(dot, ".geojson") == 0 || strcasecmp(dot, ".json") == 0);
}

int flow_path_file_check(const flow_path_run *run)
{
    const char *path = run->options->trace;
    if (!path || !is_geojson(path) || run->located)
        return EXIT_DONE;
    message("%s: the raster is not georeferenced, which GeoJSON needs; write a .csv file",
            run->options->field);
    return EXIT_INPUT;
}

static void write_text(flow_path_file *f, const char *text)
{
    if (f->error.status == EG_OK)
        eg_file_write(f->file, text, strlen(text), &f->error);
}

/* Converts column, row to the coordinates of the file: map coordinates, but longitude and latitude
 * in GeoJSON of a raster in Web Mercator. */
static void to_file_coordinates(const flow_path_run *run, const double at[2], double xy[2])
{
    flow_path_to_map(run, at, xy);
    if (!run->file.geojson || run->georef->crs != EG_CRS_WEB_MERCATOR)
        return;
    double unit = run->georef->unit > 0 ? run->georef->unit : 1;
    double radius = run->georef->semi_major > 0 ? run->georef->semi_major : WEB_MERCATOR_RADIUS;
    xy[0] = xy[0] * unit / radius * DEGREES;
    xy[1] = atan(sinh(xy[1] * unit / radius)) * DEGREES;
}

/* Returns the EPSG code that the GeoJSON has to name, because its coordinates are not the WGS 84
 * longitude and latitude of RFC 7946; 0: none. */
static unsigned epsg_to_name(const flow_path_run *run)
{
    unsigned code = eg_georef_epsg(run->georef);
    return run->georef->crs == EG_CRS_WEB_MERCATOR || code == EPSG_WGS84 ? 0 : code;
}

eg_status flow_path_file_open(flow_path_run *run)
{
    flow_path_file *f = &run->file;
    const char *path = run->options->trace;
    char text[256] = "step,x,y,z,distance,gradient\n";
    if (!path)
        return EG_OK;
    eg_status status = eg_file_create(&f->file, run->output_ctx, path, &run->error);
    if (status == EG_OK && strcmp(path, "-") != 0) /* which comes before the report */
        status = eg_file_join(f->file, run->outputs, &run->error);
    if (status != EG_OK)
        return status;
    f->geojson = is_geojson(path);
    if (f->geojson) {
        unsigned code = epsg_to_name(run);
        write_text(f, "{\n\"type\": \"FeatureCollection\",\n");
        snprintf(text, sizeof text,
                 "\"crs\": {\"type\": \"name\", \"properties\": {\"name\": "
                 "\"urn:ogc:def:crs:EPSG::%u\"}},\n",
                 code);
        if (code)
            write_text(f, text);
        snprintf(text, sizeof text,
                 "\"features\": [{\n\"type\": \"Feature\",\n\"geometry\": {\"type\": ");
    }
    write_text(f, text);
    return EG_OK;
}

/* Writes a GeoJSON position, the height in metres. */
static void write_position(flow_path_run *run, const double xy[2], const eg_flow_path_point *p)
{
    flow_path_file *f = &run->file;
    char text[128];
    double unit = 1;
    eg_ground_at(run->ground, p->at[1], NULL, NULL, &unit);
    snprintf(text, sizeof text, "[%.15g, %.15g, %.10g]", xy[0], xy[1], p->height * unit);
    if (f->points == 0) {
        memcpy(f->first, text, sizeof text);
        return;
    }
    if (f->points == 1) {
        write_text(f, "\"LineString\", \"coordinates\": [\n");
        write_text(f, f->first);
    }
    write_text(f, ",\n");
    write_text(f, text);
}

void flow_path_file_write(flow_path_run *run, const eg_flow_path_point *p)
{
    flow_path_file *f = &run->file;
    char text[200];
    double xy[2];
    to_file_coordinates(run, p->at, xy);
    if (f->geojson) {
        write_position(run, xy, p);
    } else {
        snprintf(text, sizeof text, "%zu,%.17g,%.17g,%.17g,%.17g,%.17g\n", p->step, xy[0], xy[1],
                 p->height, p->distance, p->slope);
        write_text(f, text);
    }
    f->points++;
}

static void finish_geojson(flow_path_run *run)
{
    flow_path_file *f = &run->file;
    const eg_flow_path_result *r = &run->result;
    const bool uphill = run->options->optimizer.maximize;
    bool mercator = run->georef->crs == EG_CRS_WEB_MERCATOR;
    char text[512], crs[64];
    flow_path_crs_name(run, crs, sizeof crs);
    if (f->points == 1) {
        write_text(f, "\"Point\", \"coordinates\": ");
        write_text(f, f->first);
    } else {
        write_text(f, "\n]");
    }
    snprintf(text, sizeof text,
             "},\n\"properties\": {\"direction\": \"%s\", \"stopped_by\": \"%s\", \"steps\": %zu, "
             "\"distance_m\": %.10g, \"start_height\": %.10g, \"end_height\": %.10g, "
             "\"coordinates\": \"%s\"}\n}]\n}\n",
             uphill ? "uphill" : "downhill", eg_flow_path_end_word(r->end, uphill), r->steps,
             r->last.distance, r->first.height, r->last.height,
             mercator ? "longitude, latitude" : crs);
    write_text(f, text);
}

eg_status flow_path_file_commit(flow_path_run *run)
{
    flow_path_file *f = &run->file;
    if (!f->file)
        return EG_OK;
    if (f->geojson)
        finish_geojson(run);
    if (f->error.status != EG_OK)
        run->error = f->error;
    else
        eg_file_commit(f->file, &run->error);
    return run->error.status;
}
