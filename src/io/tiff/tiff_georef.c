/* SPDX-License-Identifier: MIT */
/* Where a TIFF's raster lies on the ground, by GeoTIFF's tags and GDAL's. */
#include <math.h>
#include <string.h>

#include "io/decimal.h"
#include "io/tiff/tiff_read.h"

enum {
    TAG_PIXEL_SCALE = 33550,
    TAG_TIEPOINTS = 33922,
    TAG_TRANSFORMATION = 34264,
    TAG_KEYS = 34735,
    TAG_DOUBLES = 34736,
    TAG_ASCII = 34737,
    TAG_GDAL_METADATA = 42112,
    TAG_GDAL_NODATA = 42113
};

enum { TIEPOINT = 6, MATRIX = 16 }; /* doubles of each */

/* ---- the transform --------------------------------------------------------------------------- */

/* One tie point (column, row, -, x, y, -) and the size of a cell, whose height is counted
 * downwards. */
static bool from_scale(double t[6], const eg_tiff_tag *scale, const eg_tiff_tag *ties)
{
    const double *size = scale->values, *tie = ties->values;
    if (scale->count < 2 || ties->count < TIEPOINT)
        return false;
    t[1] = size[0];
    t[5] = -fabs(size[1]);
    t[2] = t[4] = 0;
    t[0] = tie[3] - tie[0] * t[1];
    t[3] = tie[4] - tie[1] * t[5];
    return true;
}

static bool from_matrix(double t[6], const eg_tiff_tag *matrix)
{
    const double *m = matrix->values;
    if (matrix->count < MATRIX)
        return false;
    t[0] = m[3];
    t[1] = m[0];
    t[2] = m[1];
    t[3] = m[7];
    t[4] = m[4];
    t[5] = m[5];
    return true;
}

static bool usable(const double t[6])
{
    for (int i = 0; i < 6; i++)
        if (!isfinite(t[i]))
            return false;
    return t[1] * t[5] - t[2] * t[4] != 0;
}

/* Coordinates of the middle of a cell become those of its corner. */
static void to_corner(double t[6])
{
    t[0] -= 0.5 * (t[1] + t[2]);
    t[3] -= 0.5 * (t[4] + t[5]);
}

static eg_status read_transform(eg_georef *georef, bool is_point, const eg_tiff_client *client,
                                eg_error *error)
{
    eg_tiff_tag scale = {0}, ties = {0}, matrix = {0};
    double *t = georef->transform;
    eg_status status = eg_tiff_tag_read(&scale, client, TAG_PIXEL_SCALE, TIFF_DOUBLE, error);
    if (status == EG_OK)
        status = eg_tiff_tag_read(&ties, client, TAG_TIEPOINTS, TIFF_DOUBLE, error);
    if (status == EG_OK)
        status = eg_tiff_tag_read(&matrix, client, TAG_TRANSFORMATION, TIFF_DOUBLE, error);
    if (status == EG_OK && (from_scale(t, &scale, &ties) || from_matrix(t, &matrix))) {
        if (is_point)
            to_corner(t);
        georef->located = usable(t);
    }
    eg_free(scale.values);
    eg_free(ties.values);
    eg_free(matrix.values);
    return status;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static eg_status read_keys(eg_geotags *tags, const eg_tiff_client *client, eg_error *error)
{
    eg_tiff_tag keys = {0}, doubles = {0}, ascii = {0};
    eg_status status = eg_tiff_tag_read(&keys, client, TAG_KEYS, TIFF_SHORT, error);
    if (status == EG_OK)
        status = eg_tiff_tag_read(&doubles, client, TAG_DOUBLES, TIFF_DOUBLE, error);
    if (status == EG_OK)
        status = eg_tiff_tag_read(&ascii, client, TAG_ASCII, TIFF_ASCII, error);
    tags->keys = keys.values;
    tags->key_count = keys.count;
    tags->doubles = doubles.values;
    tags->double_count = doubles.count;
    tags->ascii = ascii.values;
    return status;
}

static eg_status read_gdal(eg_georef *georef, eg_tiff_metadata *metadata,
                           const eg_tiff_client *client, eg_error *error)
{
    eg_tiff_tag nodata = {0}, xml = {0};
    eg_status status = eg_tiff_tag_read(&nodata, client, TAG_GDAL_NODATA, TIFF_ASCII, error);
    if (status == EG_OK)
        status = eg_tiff_tag_read(&xml, client, TAG_GDAL_METADATA, TIFF_ASCII, error);
    if (nodata.count > 0)
        georef->has_nodata = eg_decimal_first(nodata.values, &georef->nodata);
    eg_tiff_metadata_read(metadata, xml.count > 0 ? xml.values : "");
    if (metadata->vertical_unit > 0)
        georef->vertical_unit = metadata->vertical_unit;
    eg_free(nodata.values);
    eg_free(xml.values);
    return status;
}

eg_status eg_tiff_georef_read(eg_georef_data *place, eg_tiff_metadata *metadata,
                              const eg_tiff_client *client, eg_error *error)
{
    bool is_point = false;
    eg_georef_data_init(place);
    eg_status status = read_keys(&place->tags, client, error);
    if (status == EG_OK && place->tags.key_count >= 4)
        eg_tiff_geokeys_read(&place->georef, &place->tags, &is_point);
    if (status == EG_OK)
        status = read_transform(&place->georef, is_point, client, error);
    if (status == EG_OK && !place->georef.located)
        status = eg_georef_data_world(place, client->input, error);
    if (status == EG_OK && !place->tags.keys)
        status = eg_georef_data_project(place, client->input, error);
    if (status == EG_OK)
        status = read_gdal(&place->georef, metadata, client, error);
    return status;
}
