/* SPDX-License-Identifier: MIT */
/* A GDAL VRT: a text that says which files make one raster. See gdal.org/drivers/raster/vrt.html.
 */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <limits.h>

#include "cli/ranks/ranks_raster.h"

static const char extension[] = ".vrt";

bool shared_is_vrt(const char *path)
{
    size_t length = strlen(path), tail = sizeof extension - 1;
    return length > tail && strcasecmp(path + length - tail, extension) == 0;
}

bool shared_part_path(const char *vrt, int part, char *out, size_t size)
{
    int base = (int)(strlen(vrt) - (sizeof extension - 1));
    int length = snprintf(out, size, "%.*s.%04d.tif", base, vrt, part);
    return length > 0 && (size_t)length < size;
}

/* ---- text ------------------------------------------------------------------------------------ */

typedef struct text {
    eg_file *file;
    eg_error *error;
} text;

static void put(const text *t, const char *format, ...) EG_PRINTF(2, 3);

static void put(const text *t, const char *format, ...)
{
    char line[1024];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (t->error->status == EG_OK)
        eg_file_write(t->file, line, (size_t)length, t->error);
}

static void put_escaped(const text *t, const char *words)
{
    for (; *words; words++) {
        const char *name = *words == '&'   ? "&amp;"
                           : *words == '<' ? "&lt;"
                           : *words == '>' ? "&gt;"
                           : *words == '"' ? "&quot;"
                                           : NULL;
        if (name)
            put(t, "%s", name);
        else
            put(t, "%c", *words);
    }
}

/* ---- what the parts say ---------------------------------------------------------------------- */

static void put_place(const text *t, const eg_georef *georef)
{
    const double *g = georef->transform;
    size_t length = eg_georef_system(georef, NULL, 0);
    char *system = malloc(length + 1);
    if (system && length) {
        eg_georef_system(georef, system, length + 1);
        put(t, "  <SRS>");
        put_escaped(t, system);
        put(t, "</SRS>\n");
    }
    free(system);
    if (georef->located)
        put(t, "  <GeoTransform>%.17g, %.17g, %.17g, %.17g, %.17g, %.17g</GeoTransform>\n", g[0],
            g[1], g[2], g[3], g[4], g[5]);
}

static const char *type_of(const eg_info *info)
{
    return info->depth == 32 ? "Float32" : info->depth == 16 ? "UInt16" : "Byte";
}

static void put_part(const text *t, const char *vrt, int part, size_t width, size_t from, size_t to)
{
    char path[PATH_MAX];
    shared_part_path(vrt, part, path, sizeof path);
    const char *slash = strrchr(path, '/');
    put(t, "    <SimpleSource>\n      <SourceFilename relativeToVRT=\"1\">");
    put_escaped(t, slash ? slash + 1 : path);
    put(t, "</SourceFilename>\n      <SourceBand>1</SourceBand>\n");
    put(t, "      <SrcRect xOff=\"0\" yOff=\"0\" xSize=\"%zu\" ySize=\"%zu\"/>\n", width,
        to - from);
    put(t, "      <DstRect xOff=\"0\" yOff=\"%zu\" xSize=\"%zu\" ySize=\"%zu\"/>\n", from, width,
        to - from);
    put(t, "    </SimpleSource>\n");
}

static void put_band(const text *t, const eg_info *info, const eg_georef *georef)
{
    put(t, "  <VRTRasterBand dataType=\"%s\" band=\"1\">\n", type_of(info));
    if (info->depth == 1)
        put(t, "    <Metadata domain=\"IMAGE_STRUCTURE\">\n      <MDI key=\"NBITS\">1</MDI>\n"
               "    </Metadata>\n");
    if (info->depth == 1) /* as GDAL sees a TIFF of bits */
        put(t, "    <ColorInterp>Palette</ColorInterp>\n    <ColorTable>\n"
               "      <Entry c1=\"0\" c2=\"0\" c3=\"0\" c4=\"255\"/>\n"
               "      <Entry c1=\"255\" c2=\"255\" c3=\"255\" c4=\"255\"/>\n    </ColorTable>\n");
    else
        put(t, "    <ColorInterp>Gray</ColorInterp>\n");
    if (georef && georef->has_nodata && isnan(georef->nodata))
        put(t, "    <NoDataValue>nan</NoDataValue>\n");
    else if (georef && georef->has_nodata)
        put(t, "    <NoDataValue>%.17g</NoDataValue>\n", georef->nodata);
}

eg_status shared_vrt_write(eg_context *ctx, const char *vrt, const size_t first[], int count,
                           eg_error *error)
{
    char path[PATH_MAX];
    eg_source *part = NULL;
    eg_read_options options;
    text t = {.error = error};
    eg_read_default(&options);
    options.as_values = true;
    shared_part_path(vrt, 0, path, sizeof path);
    if (eg_source_open(&part, ctx, path, &options, error) == EG_OK &&
        eg_file_create(&t.file, ctx, vrt, error) == EG_OK) {
        const eg_info *info = eg_source_info(part);
        const eg_georef *georef = eg_source_georef(part);
        put(&t, "<VRTDataset rasterXSize=\"%zu\" rasterYSize=\"%zu\">\n", info->width,
            first[count]);
        if (georef)
            put_place(&t, georef);
        put_band(&t, info, georef);
        for (int i = 0; i < count; i++)
            put_part(&t, vrt, i, info->width, first[i], first[i + 1]);
        put(&t, "  </VRTRasterBand>\n</VRTDataset>\n");
    }
    if (error->status == EG_OK)
        eg_file_commit(t.file, error);
    eg_file_close(t.file);
    eg_source_close(part);
    return error->status;
}
