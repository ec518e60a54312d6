/* SPDX-License-Identifier: MIT */
/*
 * ESRI ASCII grids out. Numbers have as few digits as read back as the same float. Strips become
 * text on any thread. Cells that are not square are said by dx and dy, as GDAL does.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/decimal.h"
#include "io/dem/asc_read.h"

enum { FLOAT_MOST = 16, BYTE_MOST = 4 }; /* characters of a value and what follows it */

typedef struct asc_sink {
    eg_sink base;
    eg_output *output;
    char missing[EG_NUMBER_TEXT]; /* how the cells are written that have no value */
    size_t missing_length;
    bool bytes; /* the samples are EG_U8 */
} asc_sink;

/* ---- values: any strip on any thread --------------------------------------------------------- */

static char *put_byte(char *out, unsigned value)
{
    if (value >= 100)
        *out++ = (char)('0' + value / 100);
    if (value >= 10)
        *out++ = (char)('0' + value / 10 % 10);
    *out++ = (char)('0' + value % 10);
    return out;
}

static char *put_float(const asc_sink *writer, char *out, float value)
{
    const eg_layout *layout = &writer->base.layout;
    if (isnan(value) || (layout->has_nodata && value == (float)layout->nodata)) {
        memcpy(out, writer->missing, writer->missing_length);
        return out + writer->missing_length;
    }
    return out + eg_decimal_float(out, value);
}

static char *put_row(const asc_sink *writer, char *out, const void *row)
{
    const uint8_t *bytes = row;
    const float *floats = row;
    for (size_t x = 0; x < writer->base.layout.width; x++) {
        out = writer->bytes ? put_byte(out, bytes[x]) : put_float(writer, out, floats[x]);
        *out++ = ' ';
    }
    out[-1] = '\n';
    return out;
}

static size_t asc_packed_bound(const eg_sink *sink, size_t rows)
{
    const asc_sink *writer = (const asc_sink *)sink;
    size_t most = writer->bytes ? BYTE_MOST : FLOAT_MOST, bound;
    most = most > writer->missing_length + 1 ? most : writer->missing_length + 1;
    if (__builtin_mul_overflow(rows, most, &bound) ||
        __builtin_mul_overflow(bound, sink->layout.width, &bound) ||
        __builtin_add_overflow(bound, EG_NUMBER_TEXT, &bound))
        return SIZE_MAX;
    return bound;
}

static eg_status asc_pack(const eg_sink *sink, const void *rows, size_t stride, size_t count,
                          eg_packed_block *block, eg_error *error)
{
    char *out = (char *)block->bytes;
    (void)error;
    for (size_t y = 0; y < count; y++)
        out = put_row((const asc_sink *)sink, out, (const char *)rows + y * stride);
    block->size = (size_t)(out - (char *)block->bytes);
    block->rows = count;
    return EG_OK;
}

/* ---- the file: in order ---------------------------------------------------------------------- */

static eg_status put_number(asc_sink *writer, const char *key, double value, eg_error *error)
{
    char line[2 * EG_NUMBER_TEXT];
    size_t length = (size_t)snprintf(line, sizeof line, "%-13s ", key);
    length += eg_decimal_double(line + length, value);
    line[length++] = '\n';
    return eg_output_write(writer->output, line, length, error);
}

/* Rows run from the north and columns from the west: the format cannot say anything else. */
static eg_status check_transform(const asc_sink *writer, const double *t, eg_error *error)
{
    if (t[2] == 0 && t[4] == 0 && t[1] > 0 && t[5] < 0)
        return EG_OK;
    return eg_output_fail(
        writer->output, error, EG_USAGE,
        "an ASCII grid cannot say that the raster is rotated or mirrored; a format "
        "such as TIFF can");
}

static eg_status put_header(asc_sink *writer, eg_error *error)
{
    static const double nowhere[6] = {0, 1, 0, 0, 0, -1};
    static const double alike = 1e-12; /* what rounding makes of square cells */
    const eg_layout *layout = &writer->base.layout;
    bool located = layout->georef && layout->georef->located;
    const double *t = located ? layout->georef->transform : nowhere;
    double dx = t[1], dy = -t[5];
    bool square = fabs(dx - dy) <= alike * dx;
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
            status = put_number(writer, lines[i].key, lines[i].value, error);
    return status;
}

static eg_status asc_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    static const double usual = -9999;
    asc_sink *writer = (asc_sink *)sink;
    bool said = layout->has_nodata && !isnan(layout->nodata); /* ESRI's tools know no NaN */
    double nodata = said ? layout->nodata : usual;
    writer->bytes = layout->sample == EG_U8;
    writer->missing_length = eg_decimal_double(writer->missing, nodata);
    eg_status status = put_header(writer, error);
    if (status == EG_OK && (said || !writer->bytes))
        status = put_number(writer, "NODATA_value", nodata, error);
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

const eg_format eg_asc_format = {
    .name = "asc",
    .help = "ESRI ASCII grid; floats as text",
    .extensions = "asc,grd",
    .probe = eg_asc_probe,
    .open = eg_asc_open,
    .create = asc_create,
    .accepts = 1u << EG_U8 | 1u << EG_F32,
};
