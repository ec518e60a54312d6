/* SPDX-License-Identifier: MIT */
/* Writes a GDAL VRT, the XML file that joins the parts of a raster. Format:
 * gdal.org/drivers/raster/vrt.html */
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/ranks/ranks_raster.h"

static const char extension[] = ".vrt";

bool is_vrt_path(const char *path)
{
    size_t length = strlen(path), tail = sizeof extension - 1;
    return length > tail && strcasecmp(path + length - tail, extension) == 0;
}

bool vrt_part_path(const char *vrt, int part, char *out, size_t size)
{
    int base = (int)(strlen(vrt) - (sizeof extension - 1));
    int length = snprintf(out, size, "%.*s.%04d.tif", base, vrt, part);
    return length > 0 && (size_t)length < size;
}

/* ---- XML ------------------------------------------------------------------------------------- */

typedef struct xml_writer {
    eg_file *file;
    eg_error *error;
} xml_writer;

static void print_xml(const xml_writer *xml, const char *format, ...) EG_PRINTF(2, 3);

static void print_xml(const xml_writer *xml, const char *format, ...)
{
    char line[1024];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (xml->error->status == EG_OK)
        eg_file_write(xml->file, line, (size_t)length, xml->error);
}

static void print_escaped(const xml_writer *xml, const char *text)
{
    for (; *text; text++) {
        const char *name = *text == '&'   ? "&amp;"
                           : *text == '<' ? "&lt;"
                           : *text == '>' ? "&gt;"
                           : *text == '"' ? "&quot;"
                                          : NULL;
        if (name)
            print_xml(xml, "%s", name);
        else
            print_xml(xml, "%c", *text);
    }
}

/* ---- elements -------------------------------------------------------------------------------- */

static void print_georef(const xml_writer *xml, const eg_georef *georef)
{
    const double *g = georef->transform;
    size_t length = eg_georef_system(georef, NULL, 0);
    char *system = malloc(length + 1);
    if (!system && xml->error->status == EG_OK)
        ranks_fail(xml->error, EG_NO_MEMORY, "out of memory for the text of the coordinate system");
    if (system && length) {
        eg_georef_system(georef, system, length + 1);
        print_xml(xml, "  <SRS>");
        print_escaped(xml, system);
        print_xml(xml, "</SRS>\n");
    }
    free(system);
    if (georef->located)
        print_xml(xml, "  <GeoTransform>%.17g, %.17g, %.17g, %.17g, %.17g, %.17g</GeoTransform>\n",
                  g[0], g[1], g[2], g[3], g[4], g[5]);
}

static const char *data_type(const eg_info *info)
{
    return info->depth == 32 ? "Float32" : info->depth == 16 ? "UInt16" : "Byte";
}

static void print_part(const xml_writer *xml, const char *vrt, int part, int band, size_t width,
                       size_t from, size_t to)
{
    char path[PATH_MAX];
    vrt_part_path(vrt, part, path, sizeof path);
    const char *slash = strrchr(path, '/');
    print_xml(xml, "    <SimpleSource>\n      <SourceFilename relativeToVRT=\"1\">");
    print_escaped(xml, slash ? slash + 1 : path);
    print_xml(xml, "</SourceFilename>\n      <SourceBand>%d</SourceBand>\n", band);
    print_xml(xml, "      <SrcRect xOff=\"0\" yOff=\"0\" xSize=\"%zu\" ySize=\"%zu\"/>\n", width,
              to - from);
    print_xml(xml, "      <DstRect xOff=\"0\" yOff=\"%zu\" xSize=\"%zu\" ySize=\"%zu\"/>\n", from,
              width, to - from);
    print_xml(xml, "    </SimpleSource>\n");
}

static void print_band(const xml_writer *xml, const eg_info *info, const eg_georef *georef,
                       const eg_map_scale *scale, int band)
{
    static const char *const colours[] = {"Red", "Green", "Blue"};
    print_xml(xml, "  <VRTRasterBand dataType=\"%s\" band=\"%d\">\n", data_type(info), band);
    if (info->depth == 1)
        print_xml(xml,
                  "    <Metadata domain=\"IMAGE_STRUCTURE\">\n      <MDI key=\"NBITS\">1</MDI>\n"
                  "    </Metadata>\n");
    if (info->depth == 1) /* as GDAL reads a 1-bit TIFF */
        print_xml(
            xml, "    <ColorInterp>Palette</ColorInterp>\n    <ColorTable>\n"
                 "      <Entry c1=\"0\" c2=\"0\" c3=\"0\" c4=\"255\"/>\n"
                 "      <Entry c1=\"255\" c2=\"255\" c3=\"255\" c4=\"255\"/>\n    </ColorTable>\n");
    else
        print_xml(xml, "    <ColorInterp>%s</ColorInterp>\n",
                  info->channels == 3 ? colours[band - 1] : "Gray");
    if (scale->map && info->channels == 1 && info->depth < 32) {
        print_xml(xml, "    <Description>%s</Description>\n", scale->map);
        print_xml(xml, "    <Offset>%.17g</Offset>\n", -scale->offset / scale->scale);
        print_xml(xml, "    <Scale>%.17g</Scale>\n", 1 / scale->scale);
    }
    if (georef && georef->has_nodata && isnan(georef->nodata))
        print_xml(xml, "    <NoDataValue>nan</NoDataValue>\n");
    else if (georef && georef->has_nodata)
        print_xml(xml, "    <NoDataValue>%.17g</NoDataValue>\n", georef->nodata);
}

eg_status vrt_write(eg_context *ctx, eg_outputs *set, const char *vrt, const eg_map_scale *scale,
                    const size_t first[], int count, eg_error *error)
{
    char path[PATH_MAX];
    eg_source *part = NULL;
    eg_read_options options;
    xml_writer xml = {.error = error};
    eg_read_default(&options);
    options.as_values = true;
    vrt_part_path(vrt, 0, path, sizeof path);
    if (eg_source_open(&part, ctx, path, &options, error) == EG_OK &&
        eg_file_create(&xml.file, ctx, vrt, error) == EG_OK &&
        eg_file_join(xml.file, set, error) == EG_OK) {
        const eg_info *info = eg_source_info(part);
        const eg_georef *georef = eg_source_georef(part);
        print_xml(&xml, "<VRTDataset rasterXSize=\"%zu\" rasterYSize=\"%zu\">\n", info->width,
                  first[count]);
        print_xml(&xml, "  <!-- edgegrad -->\n"); /* file_check.c looks for it */
        if (georef)
            print_georef(&xml, georef);
        for (int band = 1; band <= info->channels; band++) {
            print_band(&xml, info, georef, scale, band);
            for (int i = 0; i < count; i++)
                print_part(&xml, vrt, i, band, info->width, first[i], first[i + 1]);
            print_xml(&xml, "  </VRTRasterBand>\n");
        }
        print_xml(&xml, "</VRTDataset>\n");
    }
    if (error->status == EG_OK)
        eg_file_commit(xml.file, error);
    eg_file_close(xml.file);
    eg_source_close(part);
    return error->status;
}
