/* SPDX-License-Identifier: MIT */
/* What GDAL says of a raster's samples, colours and place. */
#include <math.h>
#include <string.h>

#include "io/gdal/gdal.h"

/* ---- samples --------------------------------------------------------------------------------- */

/* Types GDAL has besides these are converted by it to floats that hold them. */
static void choose_kind(eg_gdal_source *reader, GDALRasterBandH first)
{
    static const struct {
        GDALDataType type;
        eg_sample_kind kind;
        float white_level;
    } kinds[] = {
        {GDT_Byte, EG_KIND_U8, 255},       {GDT_UInt16, EG_KIND_U16, 65535},
        {GDT_Int16, EG_KIND_S16, 32767},   {GDT_UInt32, EG_KIND_U32, 0x1p32F},
        {GDT_Int32, EG_KIND_S32, 0x1p31F}, {GDT_UInt64, EG_KIND_U64, 0x1p64F},
        {GDT_Int64, EG_KIND_S64, 0x1p63F}, {GDT_Float32, EG_KIND_F32, 1},
        {GDT_Float64, EG_KIND_F64, 1},
    };
    const GDALDataType stored = GDALGetRasterDataType(first);
    const char *pixels = GDALGetMetadataItem(first, "PIXELTYPE", "IMAGE_STRUCTURE");
    eg_samples *how = &reader->samples;
    reader->type = GDALGetDataTypeSizeBytes(stored) <= 2 ? GDT_Float32 : GDT_Float64;
    how->kind = reader->type == GDT_Float32 ? EG_KIND_F32 : EG_KIND_F64;
    how->white_level = 1;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].type != stored)
            continue;
        reader->type = stored;
        how->kind = kinds[i].kind;
        how->white_level = kinds[i].white_level;
    }
    if (stored == GDT_Byte && pixels && EQUAL(pixels, "SIGNEDBYTE")) {
        how->kind = EG_KIND_S8;
        how->white_level = 127;
    }
    how->bytes = (size_t)GDALGetDataTypeSizeBytes(reader->type);
    how->bits = (unsigned)(8 * how->bytes);
}

/* The first band of that colour; 0: none. */
static int find_channel(const eg_gdal_source *reader, GDALColorInterp colour)
{
    for (int i = 1; i <= GDALGetRasterCount(reader->dataset); i++)
        if (GDALGetRasterColorInterpretation(GDALGetRasterBand(reader->dataset, i)) == colour)
            return i;
    return 0;
}

/* Indices that have no colour are black. */
static void read_palette(eg_gdal_source *reader, GDALColorTableH colours)
{
    static const eg_pixels rgb = {3, 3, -1};
    uint8_t entries[256][3] = {{0}};
    for (int i = 0; i < GDALGetColorEntryCount(colours) && i < 256; i++) {
        GDALColorEntry entry;
        GDALGetColorEntryAsRGB(colours, i, &entry);
        entries[i][0] = (uint8_t)entry.c1;
        entries[i][1] = (uint8_t)entry.c2;
        entries[i][2] = (uint8_t)entry.c3;
    }
    eg_grey_row8(reader->base.ctx, reader->table, entries[0], 256, &rgb, &reader->options);
    reader->samples.table = reader->table;
}

static void choose_colours(eg_gdal_source *reader)
{
    eg_info *info = &reader->base.info;
    eg_pixels *pixels = &reader->samples.pixels;
    GDALColorTableH colours = GDALGetRasterColorTable(GDALGetRasterBand(reader->dataset, 1));
    const int rgb[] = {find_channel(reader, GCI_RedBand), find_channel(reader, GCI_GreenBand),
                       find_channel(reader, GCI_BlueBand)};
    const int alpha = find_channel(reader, GCI_AlphaBand);
    const bool coloured = rgb[0] && rgb[1] && rgb[2];
    *pixels = (eg_pixels){.colour = coloured ? 3 : 1, .alpha_at = -1};
    for (int i = 0; i < pixels->colour; i++)
        reader->channels[i] = coloured ? rgb[i] : 1;
    reader->channel_count = pixels->colour;
    bool over = alpha && reader->options.alpha == EG_ALPHA_OVER &&
                (reader->samples.kind == EG_KIND_U8 || reader->samples.kind == EG_KIND_U16);
    if (over && (coloured || !reader->options.as_values)) {
        pixels->alpha_at = reader->channel_count;
        reader->channels[reader->channel_count++] = alpha;
    }
    pixels->channels = reader->channel_count;
    if (colours && !coloured && reader->samples.kind == EG_KIND_U8)
        read_palette(reader, colours);
    info->has_alpha = alpha > 0;
    info->colour = coloured                ? (alpha ? "RGBA" : "RGB")
                   : reader->samples.table ? "palette"
                   : info->channels == 1   ? "grey"
                                           : "first band";
}

/* Whole numbers of 64 bits have a way of their own. */
static double missing_value(GDALRasterBandH band, GDALDataType type, int *said)
{
    if (type == GDT_Int64)
        return (double)GDALGetRasterNoDataValueAsInt64(band, said);
    if (type == GDT_UInt64)
        return (double)GDALGetRasterNoDataValueAsUInt64(band, said);
    return GDALGetRasterNoDataValue(band, said);
}

void eg_gdal_samples(eg_gdal_source *reader)
{
    GDALRasterBandH first = GDALGetRasterBand(reader->dataset, 1);
    eg_samples *how = &reader->samples;
    eg_georef *georef = &reader->place.georef;
    int said = 0, scale_said = 0, offset_said = 0;
    how->ctx = reader->base.ctx;
    how->options = &reader->options;
    choose_kind(reader, first);
    choose_colours(reader);
    georef->nodata = missing_value(first, reader->type, &said);
    georef->has_nodata = how->has_nodata = said != 0;
    how->nodata = georef->nodata;
    how->scale = GDALGetRasterScale(first, &scale_said);
    how->offset = GDALGetRasterOffset(first, &offset_said);
    how->scale = scale_said && isfinite(how->scale) && how->scale != 0 ? how->scale : 1;
    how->offset = offset_said && isfinite(how->offset) ? how->offset : 0;
    how->scaled = reader->options.as_values && (how->scale != 1 || how->offset != 0);
    eg_samples_choose(how, reader->options.as_values);
    reader->base.info.sample = how->out;
    reader->base.info.white_level = how->white_level;
    reader->row_bytes = reader->base.info.width * (size_t)reader->channel_count * how->bytes;
}

/* ---- the place ------------------------------------------------------------------------------- */

static eg_status take_system(eg_gdal_source *reader, eg_error *error)
{
    const char *wkt = GDALGetProjectionRef(reader->dataset);
    size_t size = wkt ? strlen(wkt) + 1 : 1;
    if (size == 1)
        return EG_OK;
    reader->place.tags.wkt = eg_alloc(reader->base.ctx, size, 1, error);
    if (!reader->place.tags.wkt)
        return eg_failed(error);
    memcpy(reader->place.tags.wkt, wkt, size);
    eg_wkt_read(&reader->place.georef, wkt);
    return EG_OK;
}

eg_status eg_gdal_georef(eg_gdal_source *reader, eg_error *error)
{
    eg_georef *georef = &reader->place.georef;
    double *t = georef->transform;
    const char *unit = GDALGetRasterUnitType(GDALGetRasterBand(reader->dataset, 1));
    eg_status status = take_system(reader, error);
    georef->located = GDALGetGeoTransform(reader->dataset, t) == CE_None;
    for (int i = 0; i < 6; i++)
        georef->located &= isfinite(t[i]) != 0;
    georef->located = georef->located && t[1] * t[5] - t[2] * t[4] != 0;
    double metres = unit ? eg_unit_named(unit, strlen(unit)) : 0;
    if (metres > 0)
        georef->vertical_unit = metres;
    return status;
}
