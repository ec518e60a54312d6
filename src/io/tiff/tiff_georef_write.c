/* SPDX-License-Identifier: MIT */
/*
 * Writes georeferencing as GeoTIFF tags (OGC 19-008), and nodata value and vertical unit as GDAL's
 * tags. GeoTIFF keys of the source's file are copied unchanged, but without a vertical system that
 * does not apply to the samples. A coordinate system from a sidecar file is written by its EPSG
 * code, or without one as a citation of the whole text, which GDAL reads.
 */
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/georef.h"
#include "io/georef/georef_source.h"
#include "io/tiff/tiff_write.h"

enum {
    TAG_PIXEL_SCALE = 33550,
    TAG_TIEPOINT = 33922,
    TAG_TRANSFORMATION = 34264,
    TAG_KEYS = 34735,
    TAG_DOUBLES = 34736,
    TAG_ASCII = 34737,
    TAG_METADATA = 42112,
    TAG_NODATA = 42113,

    KEY_MODEL = 1024,
    KEY_RASTER = 1025,
    KEY_GEOGRAPHIC = 2048,
    KEY_PROJECTED = 3072,
    KEY_PROJECTED_CITATION = 3073,
    KEY_VERTICAL_FIRST = 4096,
    KEY_VERTICAL_LAST = 4099,

    MODEL_PROJECTED = 1,
    MODEL_GEOGRAPHIC = 2,
    RASTER_AREA = 1,
    RASTER_POINT = 2,
    USER_DEFINED = 32767,

    HEADER = 4, /* numbers before the first key */
    ENTRY = 4,  /* numbers of a key */
};

/* Tags to register with libtiff, which does not know them. */
static const TIFFFieldInfo fields[] = {
    {TAG_PIXEL_SCALE, -3, -3, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, "ModelPixelScale"},
    {TAG_TIEPOINT, -3, -3, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, "ModelTiepoint"},
    {TAG_TRANSFORMATION, -3, -3, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, "ModelTransformation"},
    {TAG_KEYS, -3, -3, TIFF_SHORT, FIELD_CUSTOM, 1, 1, "GeoKeyDirectory"},
    {TAG_DOUBLES, -3, -3, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, "GeoDoubleParams"},
    {TAG_ASCII, -1, -1, TIFF_ASCII, FIELD_CUSTOM, 1, 0, "GeoAsciiParams"},
    {TAG_METADATA, -1, -1, TIFF_ASCII, FIELD_CUSTOM, 1, 0, "GDALMetadata"},
    {TAG_NODATA, -1, -1, TIFF_ASCII, FIELD_CUSTOM, 1, 0, "GDALNoDataValue"},
};

/* ---- the transform --------------------------------------------------------------------------- */

/* Returns true if the keys declare coordinates of cell centres (RasterPixelIsPoint). */
static bool is_point(const eg_geotags *tags)
{
    size_t entries = tags && tags->keys ? tags->key_count / 4 : 0;
    for (size_t i = 1; i < entries; i++) /* entry 0 is the header */
        if (tags->keys[4 * i] == KEY_RASTER && tags->keys[4 * i + 1] == 0)
            return tags->keys[4 * i + 3] == RASTER_POINT;
    return false;
}

/* Sets the transform: tie point and scale if the raster is north-up, else the matrix, because a
 * scale can express neither rotation nor mirroring. */
static bool set_transform(TIFF *tif, const eg_georef *georef)
{
    const double *t = georef->transform;
    double shift = is_point(georef->tags) ? 0.5 : 0;
    double x = t[0] + shift * t[1] + shift * t[2];
    double y = t[3] + shift * t[4] + shift * t[5];
    if (t[2] == 0 && t[4] == 0 && t[1] > 0 && t[5] < 0) {
        const double scale[3] = {t[1], -t[5], 0};
        const double tiepoint[6] = {0, 0, 0, x, y, 0};
        return TIFFSetField(tif, TAG_PIXEL_SCALE, 3, scale) &&
               TIFFSetField(tif, TAG_TIEPOINT, 6, tiepoint);
    }
    const double matrix[16] = {t[1], t[2], 0, x, t[4], t[5], 0, y, 0, 0, 0, 0, 0, 0, 0, 1};
    return TIFFSetField(tif, TAG_TRANSFORMATION, 16, matrix);
}

/* ---- the coordinate system ------------------------------------------------------------------- */

/* Copies the keys of the source's file to `keys`, without those of the vertical system. Returns the
 * number of values, with the header. */
static size_t select_keys(uint16_t *keys, const eg_geotags *tags)
{
    size_t entries = (tags->key_count - HEADER) / ENTRY, count = HEADER;
    entries = entries < tags->keys[3] ? entries : tags->keys[3];
    memcpy(keys, tags->keys, HEADER * sizeof *keys);
    for (size_t i = 0; i < entries; i++) {
        const uint16_t *entry = tags->keys + HEADER + i * ENTRY;
        if (entry[0] >= KEY_VERTICAL_FIRST && entry[0] <= KEY_VERTICAL_LAST)
            continue;
        memcpy(keys + count, entry, ENTRY * sizeof *keys);
        count += ENTRY;
    }
    if (count == HEADER + entries * ENTRY) { /* nothing was omitted */
        memcpy(keys, tags->keys, tags->key_count * sizeof *keys);
        return tags->key_count;
    }
    keys[3] = (uint16_t)((count - HEADER) / ENTRY);
    return count;
}

/* Copies the keys of the source's file. Those of the vertical system are omitted unless the samples
 * are elevations in its unit. */
static eg_status copy_keys(TIFF *tif, eg_context *ctx, const eg_layout *layout, bool *set,
                           eg_error *error)
{
    const eg_geotags *tags = layout->georef->tags;
    bool vertical = layout->vertical_unit > 0 &&
                    fabs(layout->vertical_unit / layout->georef->vertical_unit - 1) < 1e-9;
    if (tags->key_count < HEADER)
        return EG_OK;
    uint16_t *keys = eg_alloc(ctx, tags->key_count, sizeof *keys, error);
    if (!keys)
        return eg_failed(error);
    size_t count = vertical ? tags->key_count : select_keys(keys, tags);
    if (vertical)
        memcpy(keys, tags->keys, count * sizeof *keys);
    *set = TIFFSetField(tif, TAG_KEYS, (uint32_t)count, keys) &&
           (!tags->doubles || !tags->double_count ||
            TIFFSetField(tif, TAG_DOUBLES, (uint32_t)tags->double_count, tags->doubles)) &&
           (!tags->ascii || TIFFSetField(tif, TAG_ASCII, tags->ascii));
    eg_free(keys);
    return EG_OK;
}

/* Sets keys that name the system by its EPSG code. */
static bool set_epsg_keys(TIFF *tif, bool projected, unsigned code)
{
    const uint16_t model = projected ? MODEL_PROJECTED : MODEL_GEOGRAPHIC;
    const uint16_t key = projected ? KEY_PROJECTED : KEY_GEOGRAPHIC;
    const uint16_t keys[] = {1,          1, 0, 3,           /* version 1.1.0, 3 keys */
                             KEY_MODEL,  0, 1, model,       /**/
                             KEY_RASTER, 0, 1, RASTER_AREA, /**/
                             key,        0, 1, (uint16_t)code};
    return TIFFSetField(tif, TAG_KEYS, (uint32_t)(sizeof keys / sizeof *keys), keys);
}

/* Sets keys that cite the system's text from GeoAsciiParamsTag, whose texts end with '|'. The model
 * is user-defined, because GDAL ignores the text for projected and geographic models. */
static bool set_citation_keys(TIFF *tif, const char *citation)
{
    const size_t length = strlen(citation);
    const uint16_t keys[] = {1,
                             1,
                             0,
                             3, /* version 1.1.0, 3 keys */
                             KEY_MODEL,
                             0,
                             1,
                             USER_DEFINED, /**/
                             KEY_RASTER,
                             0,
                             1,
                             RASTER_AREA, /**/
                             KEY_PROJECTED_CITATION,
                             TAG_ASCII,
                             (uint16_t)length,
                             0};
    return TIFFSetField(tif, TAG_KEYS, (uint32_t)(sizeof keys / sizeof *keys), keys) &&
           TIFFSetField(tif, TAG_ASCII, citation);
}

/* Cites Well-Known Text; one that is too long for a key, whose count has 16 bits, is omitted. */
static eg_status set_words(TIFF *tif, eg_context *ctx, const char *words, size_t length, bool *set,
                           eg_error *error)
{
    static const char prefix[] = "ESRI PE String = ";
    size_t size = sizeof prefix + length + 1;
    if (size > UINT16_MAX)
        return EG_OK;
    char *citation = eg_alloc(ctx, size, 1, error);
    if (!citation)
        return eg_failed(error);
    snprintf(citation, size, "%s%.*s|", prefix, (int)length, words);
    *set = set_citation_keys(tif, citation);
    eg_free(citation);
    return EG_OK;
}

static eg_status set_system(TIFF *tif, eg_context *ctx, const eg_layout *layout, bool *set,
                            eg_error *error)
{
    const eg_georef *georef = layout->georef;
    const eg_geotags *tags = georef->tags;
    if (tags && tags->keys)
        return copy_keys(tif, ctx, layout, set, error);
    size_t length;
    bool given = tags && tags->wkt;
    unsigned code = given ? eg_georef_epsg(georef) : eg_ellipsoid_code(georef);
    const char *words = given && !code ? eg_georef_words(georef, &length) : NULL;
    if (words)
        return set_words(tif, ctx, words, length, set, error);
    *set = !code || set_epsg_keys(tif, georef->crs != EG_CRS_GEOGRAPHIC, code);
    return EG_OK;
}

/* ---- vertical unit --------------------------------------------------------------------------- */

/* Sets the unit of elevations in GDAL's metadata. */
static bool set_unit(TIFF *tif, double metres)
{
    char xml[160];
    const char *name = metres > 0 ? eg_unit_name(metres) : NULL;
    if (!name)
        return true;
    snprintf(xml, sizeof xml,
             "<GDALMetadata>\n"
             "  <Item name=\"UNITTYPE\" sample=\"0\" role=\"unittype\">%s</Item>\n"
             "</GDALMetadata>\n",
             name);
    return TIFFSetField(tif, TAG_METADATA, xml);
}

/* ---- nodata ---------------------------------------------------------------------------------- */

/* Sets the nodata tag to the shortest decimal number that reads back as `value`, with a decimal
 * point whatever the locale. */
static bool set_nodata(TIFF *tif, double value)
{
    char text[40];
    const char *point = localeconv()->decimal_point;
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    char *found = strstr(text, point);
    if (found) {
        *found = '.';
        memmove(found + 1, found + strlen(point), strlen(found + strlen(point)) + 1);
    }
    return TIFFSetField(tif, TAG_NODATA, isnan(value) ? "nan" : text);
}

eg_status eg_tiff_set_georef(TIFF *tif, eg_context *ctx, const eg_layout *layout, eg_error *error)
{
    const eg_georef *georef = layout->georef;
    eg_status status = EG_OK;
    bool set = TIFFMergeFieldInfo(tif, fields, sizeof fields / sizeof *fields) == 0;
    if (set && layout->has_nodata)
        set = set_nodata(tif, layout->nodata);
    if (set && georef && georef->located)
        set = set_transform(tif, georef);
    if (set)
        set = set_unit(tif, layout->vertical_unit);
    if (set && georef)
        status = set_system(tif, ctx, layout, &set, error);
    if (status == EG_OK && !set)
        status = eg_fail(error, EG_FILE, "libtiff cannot store the georeferencing");
    return status;
}
