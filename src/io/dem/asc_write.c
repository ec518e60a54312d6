/* SPDX-License-Identifier: MIT */
/*
 * Writes ESRI ASCII grids. Numbers have the fewest digits that read back as the same float. Strips
 * are formatted on any thread and written in order. Cells that are not square have dx and dy in
 * place of cellsize, as GDAL writes them.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/decimal.h"
#include "io/dem/asc_read.h"

enum { FLOAT_CHARS = 16, BYTE_CHARS = 4 }; /* longest value with its separator */

typedef struct asc_sink {
    eg_sink base;
    eg_output *output;
    char nodata_text[EG_DECIMAL_TEXT]; /* text of the nodata value */
    size_t nodata_length;
    bool bytes;   /* the samples are EG_U8 */
    bool assumed; /* the nodata value is not the raster's, so that no sample may equal it */
} asc_sink;

static const double default_nodata = -9999;

/* ---- values (any strip on any thread) -------------------------------------------------------- */

static char *format_byte(char *out, unsigned value)
{
    if (value >= 100)
        *out++ = (char)('0' + value / 100);
    if (value >= 10)
        *out++ = (char)('0' + value / 10 % 10);
    *out++ = (char)('0' + value % 10);
    return out;
}

static char *format_float(const asc_sink *writer, char *out, float value)
{
    const eg_layout *layout = &writer->base.layout;
    if (isnan(value) || (layout->has_nodata && value == (float)layout->nodata)) {
        memcpy(out, writer->nodata_text, writer->nodata_length);
        return out + writer->nodata_length;
    }
    return out + eg_decimal_float(out, value);
}

static char *format_row(const asc_sink *writer, char *out, const void *row)
{
    const uint8_t *bytes = row;
    const float *floats = row;
    for (size_t x = 0; x < writer->base.layout.width; x++) {
        out = writer->bytes ? format_byte(out, bytes[x]) : format_float(writer, out, floats[x]);
        *out++ = ' ';
    }
    out[-1] = '\n';
    return out;
}

/* Fails if a sample equals the nodata value that stands for the missing ones, because it would be
 * read as missing. */
static eg_status check_row(const asc_sink *writer, const float *row, eg_error *error)
{
    for (size_t x = 0; x < writer->base.layout.width; x++)
        if (row[x] == (float)default_nodata)
            return eg_output_fail(writer->output, error, EG_USAGE,
                                  "a value is %g, which marks missing cells in an ASCII grid; use "
                                  "TIFF instead",
                                  default_nodata);
    return EG_OK;
}

static size_t asc_packed_bound(const eg_sink *sink, size_t rows)
{
    const asc_sink *writer = (const asc_sink *)sink;
    size_t value_chars = writer->bytes ? BYTE_CHARS : FLOAT_CHARS, bound;
    value_chars = value_chars > writer->nodata_length + 1 ? value_chars : writer->nodata_length + 1;
    if (__builtin_mul_overflow(rows, value_chars, &bound) ||
        __builtin_mul_overflow(bound, sink->layout.width, &bound) ||
        __builtin_add_overflow(bound, EG_DECIMAL_TEXT, &bound))
        return SIZE_MAX;
    return bound;
}

static eg_status asc_pack(const eg_sink *sink, const void *rows, size_t stride, size_t count,
                          eg_packed_block *block, eg_error *error)
{
    const asc_sink *writer = (const asc_sink *)sink;
    char *out = (char *)block->bytes;
    eg_status status = EG_OK;
    for (size_t y = 0; y < count && status == EG_OK; y++) {
        const void *row = (const char *)rows + y * stride;
        if (writer->assumed)
            status = check_row(writer, row, error);
        out = format_row(writer, out, row);
    }
    block->size = (size_t)(out - (char *)block->bytes);
    block->rows = count;
    return status;
}

/* ---- the file (in order) --------------------------------------------------------------------- */

/* A key of the header with blanks up to its value. GDAL writes one blank less. */
#define KEY_FORMAT "%-13s "

/* Writes a header line. */
static eg_status write_header_line(asc_sink *writer, const char *key, double value, eg_error *error)
{
    char line[2 * EG_DECIMAL_TEXT];
    size_t length = (size_t)snprintf(line, sizeof line, KEY_FORMAT, key);
    length += eg_decimal_double(line + length, value);
    line[length++] = '\n';
    return eg_output_write(writer->output, line, length, error);
}

/* Fails unless rows run southwards and columns eastwards, because the format has no other. */
static eg_status check_transform(const asc_sink *writer, const double *t, eg_error *error)
{
    if (t[2] == 0 && t[4] == 0 && t[1] > 0 && t[5] < 0)
        return EG_OK;
    return eg_output_fail(
        writer->output, error, EG_USAGE,
        "an ASCII grid cannot store a rotated or mirrored raster; use TIFF instead");
}

static eg_status write_header(asc_sink *writer, eg_error *error)
{
    static const double default_transform[6] = {0, 1, 0, 0, 0, -1};
    static const double tolerance = 1e-12; /* relative difference of sides that count as equal */
    const eg_layout *layout = &writer->base.layout;
    bool located = layout->georef && layout->georef->located;
    const double *t = located ? layout->georef->transform : default_transform;
    double dx = t[1], dy = -t[5];
    bool square = fabs(dx - dy) <= tolerance * dx;
    const struct {
        const char *key;
        double value;
        bool wanted;
    } lines[] = {
        {"ncols", (double)layout->width, true},
        {"nrows", (double)layout->height, true},
        {"xllcorner", t[0], true},
        {"yllcorner", located ? t[3] - (double)layout->height * dy : 0, true},
        {"cellsize", dx, square},
        {"dx", dx, !square},
        {"dy", dy, !square},
    };
    eg_status status = check_transform(writer, t, error);
    for (size_t i = 0; i < sizeof lines / sizeof *lines && status == EG_OK; i++)
        if (lines[i].wanted)
            status = write_header_line(writer, lines[i].key, lines[i].value, error);
    return status;
}

static eg_status asc_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    asc_sink *writer = (asc_sink *)sink;
    bool given = layout->has_nodata && !isnan(layout->nodata); /* ESRI's tools do not accept NaN */
    double nodata = given ? layout->nodata : default_nodata;
    writer->bytes = layout->sample == EG_U8;
    writer->assumed = !given && !writer->bytes;
    writer->nodata_length = eg_decimal_double(writer->nodata_text, nodata);
    eg_status status = write_header(writer, error);
    if (status == EG_OK && (given || !writer->bytes))
        status = write_header_line(writer, "NODATA_value", nodata, error);
    return status;
}

static eg_status asc_emit(eg_sink *sink, const eg_packed_block *block, eg_error *error)
{
    return eg_output_write(((asc_sink *)sink)->output, block->bytes, block->size, error);
}

static eg_status asc_finish(eg_sink *sink, eg_error *error)
{
    return eg_output_commit(((asc_sink *)sink)->output, error);
}

static void asc_close(eg_sink *sink)
{
    asc_sink *writer = (asc_sink *)sink;
    eg_output_close(writer->output);
    eg_free(writer);
}

static eg_status asc_create(eg_sink **sink, eg_output *output, const eg_write_options *options,
                            eg_error *error)
{
    static const eg_sink_ops ops = {
        .begin = asc_begin,
        .packed_bound = asc_packed_bound,
        .pack = asc_pack,
        .emit = asc_emit,
        .finish = asc_finish,
        .close = asc_close,
    };
    (void)options;
    eg_context *ctx = eg_output_context(output);
    asc_sink *writer = eg_calloc(ctx, 1, sizeof *writer, error);
    if (!writer) {
        eg_output_close(output);
        return eg_failed(error);
    }
    writer->base = (eg_sink){.ops = &ops, .ctx = ctx};
    writer->output = output;
    *sink = &writer->base;
    return EG_OK;
}

/* Returns EG_ORIGIN_POSSIBLE if the first lines are those that this writer would give the file. */
static eg_origin asc_origin(const eg_file_head *head)
{
    static const char *const keys[] = {"ncols", "nrows", "xllcorner", "yllcorner"};
    const char *at = (const char *)head->bytes, *end = at + head->count;
    char key[32];
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        size_t length = (size_t)snprintf(key, sizeof key, KEY_FORMAT, keys[i]);
        if ((size_t)(end - at) <= length || memcmp(at, key, length) != 0 || at[length] == ' ')
            return EG_ORIGIN_OTHER;
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        if (!line_end || line_end[-1] == '\r' || line_end[-1] == ' ')
            return EG_ORIGIN_OTHER;
        at = line_end + 1;
    }
    return EG_ORIGIN_POSSIBLE;
}

const eg_format eg_asc_format = {
    .name = "asc",
    .title = "ESRI ASCII grid",
    .reads = "decimal points or commas",
    .writes = "as text",
    .georef = "corner, cell size, nodata",
    .limits = "no rotated raster; no value -9999 unless nodata is another",
    .extensions = "asc,grd",
    .sidecars = EG_SIDECAR_PRJ,
    .probe = eg_asc_probe,
    .open = eg_asc_open,
    .create = asc_create,
    .accepts = 1u << EG_U8 | 1u << EG_F32,
    .origin = asc_origin,
};
