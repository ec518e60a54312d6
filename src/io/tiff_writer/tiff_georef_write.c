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
#include "io/tiff_writer/tiff_write.h"

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

/* Adds the transform: tie point and scale if the raster is north-up, else the matrix, because a
 * scale can express neither rotation nor mirroring. */
static void put_transform(eg_tiff_tags *tags, const eg_georef *georef)
{
    const double *t = georef->transform;
    double shift = is_point(georef->tags) ? 0.5 : 0;
    double x = t[0] + shift * t[1] + shift * t[2];
    double y = t[3] + shift * t[4] + shift * t[5];
    if (t[2] == 0 && t[4] == 0 && t[1] > 0 && t[5] < 0) {
        const double scale[3] = {t[1], -t[5], 0};
        const double tiepoint[6] = {0, 0, 0, x, y, 0};
        eg_tiff_put(tags, TAG_PIXEL_SCALE, TIFF_DOUBLE, 3, scale);
        eg_tiff_put(tags, TAG_TIEPOINT, TIFF_DOUBLE, 6, tiepoint);
        return;
    }
    const double matrix[16] = {t[1], t[2], 0, x, t[4], t[5], 0, y, 0, 0, 0, 0, 0, 0, 0, 1};
    eg_tiff_put(tags, TAG_TRANSFORMATION, TIFF_DOUBLE, 16, matrix);
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
static void copy_keys(eg_tiff_tags *tags, const eg_layout *layout)
{
    const eg_geotags *source = layout->georef->tags;
    bool vertical = layout->vertical_unit > 0 &&
                    fabs(layout->vertical_unit / layout->georef->vertical_unit - 1) < 1e-9;
    if (source->key_count < HEADER)
        return;
    uint16_t *keys = eg_alloc(tags->ctx, source->key_count, sizeof *keys, &tags->failure);
    if (!keys)
        return;
    size_t count = vertical ? source->key_count : select_keys(keys, source);
    if (vertical)
        memcpy(keys, source->keys, count * sizeof *keys);
    eg_tiff_put(tags, TAG_KEYS, TIFF_SHORT, count, keys);
    if (source->doubles && source->double_count)
        eg_tiff_put(tags, TAG_DOUBLES, TIFF_DOUBLE, source->double_count, source->doubles);
    if (source->ascii)
        eg_tiff_put_text(tags, TAG_ASCII, source->ascii);
    eg_free(keys);
}

/* Adds keys that name the system by its EPSG code. */
static void put_epsg_keys(eg_tiff_tags *tags, bool projected, unsigned code)
{
    const uint16_t model = projected ? MODEL_PROJECTED : MODEL_GEOGRAPHIC;
    const uint16_t key = projected ? KEY_PROJECTED : KEY_GEOGRAPHIC;
    const uint16_t keys[] = {1,          1, 0, 3,           /* version 1.1.0, 3 keys */
                             KEY_MODEL,  0, 1, model,       /**/
                             KEY_RASTER, 0, 1, RASTER_AREA, /**/
                             key,        0, 1, (uint16_t)code};
    eg_tiff_put(tags, TAG_KEYS, TIFF_SHORT, sizeof keys / sizeof *keys, keys);
}

/* Adds keys that cite the system's text from GeoAsciiParamsTag, whose texts end with '|'. The model
 * is user-defined, because GDAL ignores the text for projected and geographic models. */
static void put_citation_keys(eg_tiff_tags *tags, const char *citation)
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
    eg_tiff_put(tags, TAG_KEYS, TIFF_SHORT, sizeof keys / sizeof *keys, keys);
    eg_tiff_put_text(tags, TAG_ASCII, citation);
}

/* Cites Well-Known Text; one that is too long for a key, whose count has 16 bits, is omitted. */
static void put_words(eg_tiff_tags *tags, const char *words, size_t length)
{
    static const char prefix[] = "ESRI PE String = ";
    size_t size = sizeof prefix + length + 1;
    if (size > UINT16_MAX)
        return;
    char *citation = eg_alloc(tags->ctx, size, 1, &tags->failure);
    if (!citation)
        return;
    snprintf(citation, size, "%s%.*s|", prefix, (int)length, words);
    put_citation_keys(tags, citation);
    eg_free(citation);
}

static void put_system(eg_tiff_tags *tags, const eg_layout *layout)
{
    const eg_georef *georef = layout->georef;
    const eg_geotags *source = georef->tags;
    if (source && source->keys) {
        copy_keys(tags, layout);
        return;
    }
    size_t length;
    bool given = source && source->wkt;
    unsigned code = given ? eg_georef_epsg(georef) : eg_ellipsoid_code(georef);
    const char *words = given && !code ? eg_georef_words(georef, &length) : NULL;
    if (words)
        put_words(tags, words, length);
    else if (code)
        put_epsg_keys(tags, georef->crs != EG_CRS_GEOGRAPHIC, code);
}

/* ---- vertical unit --------------------------------------------------------------------------- */

/* Adds the unit of elevations in GDAL's metadata. */
static void put_unit(eg_tiff_tags *tags, double metres)
{
    char xml[160];
    const char *name = metres > 0 ? eg_unit_name(metres) : NULL;
    if (!name)
        return;
    snprintf(xml, sizeof xml,
             "<GDALMetadata>\n"
             "  <Item name=\"UNITTYPE\" sample=\"0\" role=\"unittype\">%s</Item>\n"
             "</GDALMetadata>\n",
             name);
    eg_tiff_put_text(tags, TAG_METADATA, xml);
}

/* Writes the shortest decimal number that reads back as `value`, with a decimal point whatever the
 * locale. */
static void format_decimal(char text[40], double value)
{
    const char *point = localeconv()->decimal_point;
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, 40, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    char *found = strstr(text, point);
    if (found) {
        *found = '.';
        memmove(found + 1, found + strlen(point), strlen(found + strlen(point)) + 1);
    }
}

/* ---- maps ------------------------------------------------------------------------------------ */

/* Adds what the samples of a map stand for: as text, and of integers as GDAL's scale and offset,
 * value = SCALE sample + OFFSET. */
static void put_map(eg_tiff_tags *tags, const eg_layout *layout)
{
    char text[EG_MAP_TEXT], xml[400], scale[40], offset[40];
    const eg_map_scale *map = &layout->map;
    if (eg_map_describe(layout, text) == 0)
        return;
    eg_tiff_put_text(tags, TIFFTAG_IMAGEDESCRIPTION, text);
    if (layout->sample != EG_U8 && layout->sample != EG_U16)
        return;
    format_decimal(scale, 1 / map->scale);
    format_decimal(offset, map->offset > 0 ? -map->offset / map->scale : 0);
    snprintf(xml, sizeof xml,
             "<GDALMetadata>\n"
             "  <Item name=\"DESCRIPTION\" sample=\"0\" role=\"description\">%s</Item>\n"
             "  <Item name=\"OFFSET\" sample=\"0\" role=\"offset\">%s</Item>\n"
             "  <Item name=\"SCALE\" sample=\"0\" role=\"scale\">%s</Item>\n"
             "</GDALMetadata>\n",
             map->map, offset, scale);
    eg_tiff_put_text(tags, TAG_METADATA, xml);
}

/* ---- nodata ---------------------------------------------------------------------------------- */

static void put_nodata(eg_tiff_tags *tags, double value)
{
    char text[40];
    format_decimal(text, value);
    eg_tiff_put_text(tags, TAG_NODATA, isnan(value) ? "nan" : text);
}

void eg_tiff_put_georef(eg_tiff_tags *tags, const eg_layout *layout)
{
    const eg_georef *georef = layout->georef;
    if (layout->has_nodata)
        put_nodata(tags, layout->nodata);
    if (georef && georef->located)
        put_transform(tags, georef);
    put_unit(tags, layout->vertical_unit);
    put_map(tags, layout);
    if (georef)
        put_system(tags, layout);
}
