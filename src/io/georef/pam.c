/* SPDX-License-Identifier: MIT */
/*
 * Reads .aux.xml files, in which GDAL keeps what a format cannot hold (its "persistent auxiliary
 * metadata"):
 *     <PAMDataset>
 *       <SRS>EPSG:32632</SRS>
 *       <GeoTransform>500000, 10, 0, 5000000, 0, -10</GeoTransform>
 *       <PAMRasterBand band="1">
 *         <NoDataValue le_hex_equiv="000000E0FFFFEFC7">-3.4028234663852886E+38</NoDataValue>
 *         <UnitType>ft</UnitType>
 *         <Offset>100</Offset>
 *         <Scale>0.1</Scale>
 *       </PAMRasterBand>
 *     </PAMDataset>
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/decimal.h"
#include "io/georef/sidecar.h"
#include "io/xml.h"

typedef struct pam_reader {
    eg_pam_band *band;
    const char *system; /* text of the coordinate system; NULL: there is none */
    bool located;
    double transform[6];
} pam_reader;

/* ---- elements -------------------------------------------------------------------------------- */

/* Reads six numbers separated by commas; false unless they are an invertible transform. */
static bool read_transform(double transform[6], const char *text)
{
    const char *end = text + strlen(text);
    double t[6];
    for (int i = 0; i < 6; i++) {
        text += strspn(text, " \t\r\n,");
        text = eg_decimal_read(text, end, &t[i]);
        if (!text || !isfinite(t[i]))
            return false;
    }
    memcpy(transform, t, sizeof t);
    return t[1] * t[5] - t[2] * t[4] != 0;
}

/* Decodes the 16 hexadecimal digits of a double in little-endian order. */
static bool read_hex(const char *text, double *value)
{
    uint64_t bits = 0;
    if (!text || strlen(text) != 16 || strspn(text, "0123456789abcdefABCDEF") != 16)
        return false;
    for (int i = 0; i < 8; i++) {
        const char digits[3] = {text[2 * i], text[2 * i + 1], '\0'};
        bits |= (uint64_t)strtoul(digits, NULL, 16) << 8 * i;
    }
    memcpy(value, &bits, sizeof *value);
    return true;
}

/* Reads the nodata value. The attribute has the exact value if the text does not. */
static void read_nodata(eg_pam_band *band, const eg_xml_element *element)
{
    band->has_nodata = read_hex(eg_xml_attribute(element, "le_hex_equiv"), &band->nodata) ||
                       eg_decimal_only(element->text, strlen(element->text), &band->nodata);
}

/* Applies an element of the band. */
static void read_band_element(eg_pam_band *band, const eg_xml_element *element)
{
    double number;
    bool valid = eg_decimal_only(element->text, strlen(element->text), &number) && isfinite(number);
    if (strcmp(element->name, "NoDataValue") == 0)
        read_nodata(band, element);
    else if (strcmp(element->name, "UnitType") == 0)
        snprintf(band->unit, sizeof band->unit, "%s", element->text);
    else if (strcmp(element->name, "Offset") == 0 && valid)
        band->offset = number;
    else if (strcmp(element->name, "Scale") == 0 && valid && number != 0)
        band->scale = number;
}

static void read_element(void *opaque, const eg_xml_element elements[], size_t depth)
{
    pam_reader *reader = opaque;
    const eg_xml_element *element = &elements[depth - 1];
    if (strcmp(elements[0].name, "PAMDataset") != 0)
        return;
    if (eg_xml_is(elements, depth, "PAMDataset/SRS")) {
        reader->system = *element->text ? element->text : NULL;
    } else if (eg_xml_is(elements, depth, "PAMDataset/GeoTransform")) {
        reader->located = read_transform(reader->transform, element->text);
    } else if (depth == 3 && strcmp(elements[1].name, "PAMRasterBand") == 0) {
        const char *number = eg_xml_attribute(&elements[1], "band");
        double value = 1;
        if (!number ||
            (eg_decimal_only(number, strlen(number), &value) && value == reader->band->index + 1))
            read_band_element(reader->band, element);
    }
}

/* ---- the file -------------------------------------------------------------------------------- */

/* Reads the whole file into an allocated, terminated text. */
static eg_status read_file(char **text, size_t *size, eg_context *ctx, const char *name,
                           eg_error *error)
{
    eg_input *file = NULL;
    uint64_t most = 0;
    eg_status status = eg_input_open(&file, ctx, name, error);
    if (status == EG_OK)
        eg_input_size(file, &most);
    if (status == EG_OK && most > ctx->config.max_chunk)
        status = eg_input_fail(file, error, EG_LIMIT_EXCEEDED,
                               "is larger than the %zu bytes allowed by --max-chunk",
                               ctx->config.max_chunk);
    if (status == EG_OK && !(*text = eg_alloc(ctx, (size_t)most + 1, 1, error)))
        status = eg_failed(error);
    if (status == EG_OK)
        status = eg_input_read(file, *text, (size_t)most, size, error);
    if (status == EG_OK)
        (*text)[*size] = '\0';
    eg_input_close(file);
    return status;
}

/* Sets what *data lacks. */
static eg_status apply(eg_georef_data *data, const pam_reader *reader, eg_context *ctx,
                       eg_error *error)
{
    if (reader->located && !data->georef.located) {
        memcpy(data->georef.transform, reader->transform, sizeof reader->transform);
        data->georef.located = true;
    }
    if (!reader->system || data->georef.crs != EG_CRS_UNKNOWN)
        return EG_OK;
    size_t bytes = strlen(reader->system) + 1;
    char *copy = eg_alloc(ctx, bytes, 1, error);
    if (!copy)
        return eg_failed(error);
    memcpy(copy, reader->system, bytes);
    eg_georef_data_set_system(data, copy);
    return EG_OK;
}

eg_status eg_pam_read(eg_georef_data *data, eg_pam_band *band, int index, eg_context *ctx,
                      const char *input, eg_error *error)
{
    pam_reader reader = {.band = band};
    size_t size = 0;
    bool found = false;
    char *text = NULL, *name = eg_sidecar_aux_name(ctx, input, error);
    *band = (eg_pam_band){.index = index, .scale = 1};
    if (!name)
        return eg_failed(error);
    eg_status status = eg_is_regular_file(&found, name, error);
    if (status == EG_OK && found)
        status = read_file(&text, &size, ctx, name, error);
    size_t damage = text && status == EG_OK ? eg_xml_parse(text, size, read_element, &reader) : 0;
    if (damage)
        status = eg_fail_file(error, EG_BAD_INPUT, name,
                              "is not valid XML at byte %zu; move it away to read the file without "
                              "it",
                              damage);
    if (text && status == EG_OK)
        status = apply(data, &reader, ctx, error);
    band->scaled = band->scale != 1 || band->offset != 0;
    eg_free(text);
    eg_free(name);
    return status;
}
