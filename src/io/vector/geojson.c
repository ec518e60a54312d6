/* SPDX-License-Identifier: MIT */
/* GeoJSON (RFC 7946): a feature for each line. Contour lines have the properties of
 * gdal_contour. */
#include <math.h>
#include <stdio.h>

#include "io/decimal.h"
#include "io/vector/vector.h"

enum { EPSG_WGS84 = 4326 };

/* Names the coordinate system, as GDAL does, unless it is that of RFC 7946. */
static eg_status begin(eg_line_file *f, eg_error *error)
{
    eg_status status = eg_line_file_print(
        f, error, "{\n\"type\": \"FeatureCollection\",\n\"generator\": \"" EG_SOFTWARE "\",\n");
    if (status == EG_OK && f->epsg && f->epsg != EPSG_WGS84)
        status = eg_line_file_print(f, error,
                                    "\"crs\": {\"type\": \"name\", \"properties\": {\"name\": "
                                    "\"urn:ogc:def:crs:EPSG::%u\"}},\n",
                                    f->epsg);
    return status == EG_OK ? eg_line_file_print(f, error, "\"features\": [") : status;
}

/* Begins a feature, up to its first property. */
static eg_status begin_feature(eg_line_file *f, eg_error *error)
{
    return eg_line_file_print(f, error,
                              "%s\n{\"type\": \"Feature\", \"properties\": {\"ID\": %llu, ",
                              f->lines ? "," : "", (unsigned long long)f->lines);
}

/* Writes the properties of the line of an edge. */
static eg_status write_edge(eg_line_file *f, const eg_edge_detail *edge, eg_error *error)
{
    char strength[EG_DECIMAL_TEXT], length[EG_DECIMAL_TEXT];
    char left[EG_COLOUR_TEXT], right[EG_COLOUR_TEXT];
    const int strength_length = (int)eg_decimal_float(strength, edge->strength);
    eg_status status =
        eg_line_file_print(f, error, "\"STRENGTH\": %.*s, \"LENGTH\": %.*s", strength_length,
                           strength, (int)eg_decimal_float(length, (float)edge->length), length);
    if (status != EG_OK || !f->colours)
        return status;
    eg_put_colour(left, edge->left);
    eg_put_colour(right, edge->right);
    return eg_line_file_print(f, error, ", \"LEFT\": \"%.*s\", \"RIGHT\": \"%.*s\"", EG_COLOUR_TEXT,
                              left, EG_COLOUR_TEXT, right);
}

static eg_status write_level(eg_line_file *f, double value, eg_error *error)
{
    char level[EG_DECIMAL_TEXT];
    const int length = (int)eg_decimal_double(level, value);
    return eg_line_file_print(f, error, "\"%s\": %.*s", f->level_name, length, level);
}

/* Writes the positions of a line with commas between. */
static eg_status write_positions(eg_line_file *f, const eg_line *line, eg_error *error)
{
    eg_status status = EG_OK;
    eg_position_writer w = {.file = f, .line = line};
    while (status == EG_OK && eg_position_next(&w, ',')) {
        status =
            eg_output_write(f->output, w.written == 1 ? "[" : ",[", w.written == 1 ? 1 : 2, error);
        if (status == EG_OK)
            status = eg_output_write(f->output, w.text, w.length, error);
        if (status == EG_OK)
            status = eg_output_write(f->output, "]", 1, error);
    }
    return status;
}

static eg_status write_line(eg_line_file *f, const eg_line *line, eg_error *error)
{
    eg_status status = begin_feature(f, error);
    if (status == EG_OK)
        status = line->edge ? write_edge(f, line->edge, error) : write_level(f, line->level, error);
    if (status == EG_OK)
        status = eg_line_file_print(
            f, error, "}, \"geometry\": {\"type\": \"LineString\", \"coordinates\": [");
    if (status == EG_OK)
        status = write_positions(f, line, error);
    return status == EG_OK ? eg_output_write(f->output, "]}}", 3, error) : status;
}

/* Writes a level, null if it is infinite, and returns its length. */
static int put_level(char out[EG_DECIMAL_TEXT], double level)
{
    if (isfinite(level))
        return (int)eg_decimal_double(out, level);
    return snprintf(out, EG_DECIMAL_TEXT, "null");
}

static eg_status write_area(eg_line_file *f, const eg_area *area, eg_error *error)
{
    char low[EG_DECIMAL_TEXT], high[EG_DECIMAL_TEXT];
    const int low_length = put_level(low, area->low), high_length = put_level(high, area->high);
    size_t first = 0;
    eg_status status = eg_line_file_print(
        f, error,
        "%s\n{\"type\": \"Feature\", \"properties\": {\"ID\": %llu, \"ELEV_MIN\": %.*s, "
        "\"ELEV_MAX\": %.*s}, \"geometry\": {\"type\": \"Polygon\", \"coordinates\": [",
        f->lines ? "," : "", (unsigned long long)f->lines, low_length, low, high_length, high);
    for (size_t i = 0; status == EG_OK && i < area->ring_count; i++) {
        const eg_line ring = eg_area_ring(area, i, &first);
        status = eg_output_write(f->output, i ? ",[" : "[", i ? 2 : 1, error);
        if (status == EG_OK)
            status = write_positions(f, &ring, error);
        if (status == EG_OK)
            status = eg_output_write(f->output, "]", 1, error);
    }
    return status == EG_OK ? eg_output_write(f->output, "]}}", 3, error) : status;
}

static eg_status end(eg_line_file *f, eg_error *error)
{
    return eg_line_file_print(f, error, "\n]\n}\n");
}

const eg_line_format eg_geojson_format = {
    .name = "geojson",
    .title = "GeoJSON",
    .help = "GeoJSON, a LineString for each line, or a Polygon for each area, with its properties",
    .georef = "coordinates of the raster, and its coordinate system",
    .extensions = "geojson,json",
    .begin = begin,
    .line = write_line,
    .area = write_area,
    .end = end,
};
