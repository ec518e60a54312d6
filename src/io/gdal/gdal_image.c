/* SPDX-License-Identifier: MIT */
/* Reads a raster's sample type, colours and georeferencing from GDAL. */
#include <math.h>
#include <string.h>

#include "io/gdal/gdal.h"

/* ---- samples --------------------------------------------------------------------------------- */

/* Chooses the sample type to read. Types that are not in the table are converted by GDAL to floats
 * or doubles that represent them. */
static void choose_sample_type(eg_gdal_source *reader, GDALRasterBandH first)
{
    static const struct {
        GDALDataType type;
        eg_sample_kind kind;
        float white_level;
    } sample_types[] = {
        {GDT_Byte, EG_KIND_U8, 255},       {GDT_UInt16, EG_KIND_U16, 65535},
        {GDT_Int16, EG_KIND_S16, 32767},   {GDT_UInt32, EG_KIND_U32, 0x1p32F},
        {GDT_Int32, EG_KIND_S32, 0x1p31F}, {GDT_UInt64, EG_KIND_U64, 0x1p64F},
        {GDT_Int64, EG_KIND_S64, 0x1p63F}, {GDT_Float32, EG_KIND_F32, 1},
        {GDT_Float64, EG_KIND_F64, 1},
    };
    const GDALDataType stored = GDALGetRasterDataType(first);
    const char *pixels = GDALGetMetadataItem(first, "PIXELTYPE", "IMAGE_STRUCTURE");
    eg_samples *samples = &reader->samples;
    reader->type = GDALGetDataTypeSizeBytes(stored) <= 2 ? GDT_Float32 : GDT_Float64;
    samples->kind = reader->type == GDT_Float32 ? EG_KIND_F32 : EG_KIND_F64;
    samples->white_level = 1;
    for (size_t i = 0; i < sizeof sample_types / sizeof *sample_types; i++) {
        if (sample_types[i].type != stored)
            continue;
        reader->type = stored;
        samples->kind = sample_types[i].kind;
        samples->white_level = sample_types[i].white_level;
    }
    if (stored == GDT_Byte && pixels && EQUAL(pixels, "SIGNEDBYTE")) {
        samples->kind = EG_KIND_S8;
        samples->white_level = 127;
    }
    samples->bytes = (size_t)GDALGetDataTypeSizeBytes(reader->type);
}

/* Returns the number of the first band with that colour; 0: none. */
static int find_channel(const eg_gdal_source *reader, GDALColorInterp colour)
{
    for (int i = 1; i <= GDALGetRasterCount(reader->dataset); i++)
        if (GDALGetRasterColorInterpretation(GDALGetRasterBand(reader->dataset, i)) == colour)
            return i;
    return 0;
}

/* Reads the colour table. Indices without an entry are black. */
static void read_palette(eg_gdal_source *reader, GDALColorTableH colours)
{
    uint8_t(*entries)[3] = reader->palette;
    for (int i = 0; i < GDALGetColorEntryCount(colours) && i < 256; i++) {
        GDALColorEntry entry;
        GDALGetColorEntryAsRGB(colours, i, &entry);
        entries[i][0] = (uint8_t)entry.c1;
        entries[i][1] = (uint8_t)entry.c2;
        entries[i][2] = (uint8_t)entry.c3;
    }
    eg_samples_set_palette(&reader->samples, reader->table, reader->palette);
}

static void choose_colours(eg_gdal_source *reader, GDALRasterBandH band)
{
    eg_info *info = &reader->base.info;
    eg_pixels *pixels = &reader->samples.pixels;
    GDALColorTableH colours = GDALGetRasterColorTable(band);
    const int rgb[] = {find_channel(reader, GCI_RedBand), find_channel(reader, GCI_GreenBand),
                       find_channel(reader, GCI_BlueBand)};
    const int alpha = find_channel(reader, GCI_AlphaBand);
    const int chosen = eg_band_index(&reader->options) + 1;
    const bool coloured = rgb[0] && rgb[1] && rgb[2] && !reader->options.band;
    const bool indexed = colours && !coloured && reader->samples.kind == EG_KIND_U8;
    *pixels = (eg_pixels){.colour = coloured ? 3 : 1, .alpha_at = -1};
    for (int i = 0; i < pixels->colour; i++)
        reader->channels[i] = coloured ? rgb[i] : chosen;
    reader->channel_count = pixels->colour;
    bool over = alpha && reader->options.alpha == EG_ALPHA_OVER &&
                (reader->samples.kind == EG_KIND_U8 || reader->samples.kind == EG_KIND_U16);
    bool masked = alpha && alpha != chosen && reader->options.alpha == EG_ALPHA_MASK;
    if (masked || (over && !indexed && (coloured || !reader->options.as_values))) {
        pixels->alpha_at = reader->channel_count;
        reader->channels[reader->channel_count++] = alpha;
    }
    pixels->channels = reader->channel_count;
    if (indexed)
        read_palette(reader, colours);
    info->has_alpha = alpha > 0;
    info->colour = coloured              ? (alpha ? "RGBA" : "RGB")
                   : indexed             ? "palette"
                   : info->channels == 1 ? "grey"
                                         : "first band";
}

/* Reads the nodata value; *given is 0 if the band has none. GDAL has functions of their own for
 * 64-bit integers. */
static double nodata_value(GDALRasterBandH band, GDALDataType type, int *given)
{
    if (type == GDT_Int64)
        return (double)GDALGetRasterNoDataValueAsInt64(band, given);
    if (type == GDT_UInt64)
        return (double)GDALGetRasterNoDataValueAsUInt64(band, given);
    return GDALGetRasterNoDataValue(band, given);
}

void eg_gdal_samples(eg_gdal_source *reader)
{
    GDALRasterBandH first = GDALGetRasterBand(reader->dataset, eg_band_index(&reader->options) + 1);
    eg_samples *samples = &reader->samples;
    eg_georef *georef = &reader->georef_data.georef;
    int given = 0, scale_given = 0, offset_given = 0;
    samples->ctx = reader->base.ctx;
    samples->options = &reader->options;
    choose_sample_type(reader, first);
    choose_colours(reader, first);
    georef->nodata = nodata_value(first, reader->type, &given);
    georef->has_nodata = samples->has_nodata = given != 0;
    samples->nodata = georef->nodata;
    samples->scale = GDALGetRasterScale(first, &scale_given);
    samples->offset = GDALGetRasterOffset(first, &offset_given);
    samples->scale =
        scale_given && isfinite(samples->scale) && samples->scale != 0 ? samples->scale : 1;
    samples->offset = offset_given && isfinite(samples->offset) ? samples->offset : 0;
    samples->scaled = reader->options.as_values && !reader->options.ignore_scale &&
                      (samples->scale != 1 || samples->offset != 0);
    eg_samples_choose(samples, reader->options.as_values);
    reader->base.info.sample = samples->out;
    reader->base.info.planes = samples->planes;
    reader->base.has_mask = eg_samples_masked(samples);
    reader->base.info.white_level = samples->white_level;
    reader->row_bytes = reader->base.info.width * (size_t)reader->channel_count * samples->bytes;
}

/* ---- georeferencing -------------------------------------------------------------------------- */

/* Reads the coordinate system as Well-Known Text. */
static eg_status read_system(eg_gdal_source *reader, eg_error *error)
{
    const char *wkt = GDALGetProjectionRef(reader->dataset);
    size_t size = wkt ? strlen(wkt) + 1 : 1;
    if (size == 1)
        return EG_OK;
    char *text = eg_alloc(reader->base.ctx, size, 1, error);
    if (!text)
        return eg_failed(error);
    memcpy(text, wkt, size);
    eg_georef_data_set_system(&reader->georef_data, text);
    return EG_OK;
}

eg_status eg_gdal_georef(eg_gdal_source *reader, eg_error *error)
{
    eg_georef *georef = &reader->georef_data.georef;
    double *t = georef->transform;
    const char *unit = GDALGetRasterUnitType(
        GDALGetRasterBand(reader->dataset, eg_band_index(&reader->options) + 1));
    eg_status status = read_system(reader, error);
    georef->located = GDALGetGeoTransform(reader->dataset, t) == CE_None;
    for (int i = 0; i < 6; i++)
        georef->located &= isfinite(t[i]) != 0;
    georef->located = georef->located && t[1] * t[5] - t[2] * t[4] != 0;
    if (unit)
        eg_georef_set_unit(georef, unit, EG_VERTICAL_FILE, "the band's unit");
    return status;
}
