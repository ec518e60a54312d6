/* SPDX-License-Identifier: MIT */
/*
 * Reads ESRI ASCII grids: a header of keys and numbers, then the values, row by row from the upper
 * left cell, separated by any white space.
 */
#include "io/dem/asc_read.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "io/decimal.h"
#include "io/dem/grid_header.h"
#include "io/pixels/nodata.h"

enum {
    HEADER_MAX = 4096, /* largest header, in bytes; usual ones are below 300 */
    SHOWN_MAX = 24     /* characters of an invalid value that a message shows */
};

typedef struct asc_source {
    eg_source base;
    eg_input *input;
    eg_georef_data georef_data;
    bool tolerate;
    bool nodata_as_float;   /* compare with nodata as floats, because nodata is so large that files
                               differ in its digits */
    eg_nodata_range nodata; /* missing values */
    eg_grid_point point;    /* decimal points or commas */
    bool thousands;         /* every number with a comma could be an integer with a separator of
                               thousands, such as 1,250 */
    size_t line;            /* current line of the file, from 1 */
    uint64_t values_read;
} asc_source;

/* Returns false for the header of a raw raster, which may begin in the same way. */
bool eg_asc_probe(const eg_input *input, const uint8_t *bytes, size_t size)
{
    static const uint8_t bom[] = {0xEF, 0xBB, 0xBF}; /* UTF-8 byte order mark */
    const char *dot = strrchr(eg_input_path(input), '.');
    if (dot && strcasecmp(dot, ".hdr") == 0)
        return false;
    size_t skip = size >= sizeof bom && memcmp(bytes, bom, sizeof bom) == 0 ? sizeof bom : 0;
    return eg_grid_find_key((const char *)bytes + skip, size - skip) < EG_KEY_ASCII_COUNT;
}

/* ---- values ---------------------------------------------------------------------------------- */

static inline bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Skips white space and ensures that the next value is fully buffered. *have: bytes buffered from
 * it on, 0 at the end of the file. */
static eg_status peek_value(asc_source *reader, size_t *have, eg_error *error)
{
    eg_input *input = reader->input;
    eg_status status = EG_OK;
    do {
        for (; input->at < input->end && is_blank(input->buffer[input->at]); input->at++)
            reader->line += input->buffer[input->at] == '\n';
        *have = input->end - input->at;
        if (*have == 0)
            status = eg_input_peek(input, 1, have, error);
    } while (status == EG_OK && *have > 0 && is_blank(input->buffer[input->at]));
    if (status == EG_OK && *have > 0 && *have <= EG_DECIMAL_LONGEST)
        status = eg_input_peek(input, EG_DECIMAL_LONGEST + 1, have, error);
    return status;
}

/* Skips to the next white space. */
static eg_status skip_word(asc_source *reader, eg_error *error)
{
    eg_input *input = reader->input;
    eg_status status = EG_OK;
    size_t have = 1;
    while (status == EG_OK && have > 0) {
        while (input->at < input->end && !is_blank(input->buffer[input->at]))
            input->at++;
        if (input->at < input->end)
            break;
        status = eg_input_peek(input, 1, &have, error);
    }
    return status;
}

/* Fails because the next word is not a number or, with --tolerate, skips it and sets *value to NaN.
 */
static eg_status reject_word(asc_source *reader, const char *text, size_t length, bool mixed,
                             double *value, eg_error *error)
{
    *value = (double)NAN;
    if (reader->tolerate)
        return skip_word(reader, error);
    if (mixed)
        return eg_grid_fail_mixed(reader->input->name, &reader->point, text, length, reader->line,
                                  error);
    return eg_input_fail(reader->input, error, EG_BAD_INPUT, "line %zu: '%.*s' is not a number",
                         reader->line, length < SHOWN_MAX ? (int)length : SHOWN_MAX, text);
}

/* Returns true if a number with a comma could be an integer whose thousands it separates. */
static bool may_be_thousands(const char *text, size_t length)
{
    const char *comma = memchr(text, ',', length);
    const size_t before = (size_t)(comma - text), sign = *text == '-' || *text == '+';
    enum { GROUP = 3 };
    return length - before - 1 == GROUP && before - sign <= GROUP && text[sign] != '0';
}

/* Reads a word, of which `have` bytes and more are buffered, that has a decimal point or comma, or
 * that is no number. */
static eg_status read_word(asc_source *reader, size_t have, double *value, eg_error *error)
{
    const char *text = (const char *)reader->input->buffer + reader->input->at;
    size_t length = 0;
    bool mixed = false;
    while (length < have && !is_blank((uint8_t)text[length]))
        length++;
    if (length > EG_DECIMAL_LONGEST ||
        !eg_grid_number(&reader->point, text, length, reader->line, value, &mixed))
        return reject_word(reader, text, length, mixed, value, error);
    if (reader->point.point == ',' && memchr(text, ',', length))
        reader->thousands = reader->thousands && may_be_thousands(text, length);
    reader->input->at += length;
    return EG_OK;
}

static eg_status fail_truncated(const asc_source *reader, eg_error *error)
{
    const eg_info *info = &reader->base.info;
    return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                         "truncated after %llu of %llu values (use --tolerate to read the rest)",
                         (unsigned long long)reader->values_read,
                         (unsigned long long)info->width * info->height);
}

/* Returns NaN for a nodata value, else the value. */
static inline double nodata_to_nan(const asc_source *reader, double value)
{
    bool missing = eg_is_nodata(&reader->nodata, value) ||
                   (reader->nodata_as_float && (float)value == (float)reader->nodata.low);
    return missing ? (double)NAN : value;
}

/* Reads the next value; NaN if it is missing, or if the file has ended and that is tolerated. Words
 * with decimals are checked until one has a decimal point; after that, only commas fail here. */
static inline eg_status read_value(asc_source *reader, double *value, eg_error *error)
{
    size_t have;
    eg_status status = peek_value(reader, &have, error);
    if (status != EG_OK)
        return status;
    *value = (double)NAN;
    if (have == 0)
        return reader->tolerate ? EG_OK : fail_truncated(reader, error);
    const char *start = (const char *)reader->input->buffer + reader->input->at;
    const char *end = eg_decimal_read(start, start + have, value);
    reader->values_read++;
    if (!end || (end < start + have && !is_blank((uint8_t)*end)) ||
        (reader->point.point != '.' && memchr(start, '.', (size_t)(end - start))))
        status = read_word(reader, have, value, error);
    else
        reader->input->at += (size_t)(end - start);
    *value = nodata_to_nan(reader, *value);
    return status;
}

static eg_status asc_read(eg_source *source, void *rows, size_t stride, size_t count,
                          eg_error *error)
{
    asc_source *reader = (asc_source *)source;
    bool wide = source->info.sample == EG_F64;
    eg_status status = EG_OK;
    for (size_t y = 0; y < count; y++) {
        void *row = (char *)rows + y * stride;
        for (size_t x = 0; x < source->info.width; x++) {
            double value;
            status = read_value(reader, &value, error);
            if (status != EG_OK)
                return status;
            if (wide)
                ((double *)row)[x] = value;
            else
                ((float *)row)[x] = (float)value;
        }
    }
    return status;
}

static eg_status asc_finish(eg_source *source, eg_error *error)
{
    asc_source *reader = (asc_source *)source;
    size_t have = 0;
    if (reader->point.point == ',' && reader->thousands)
        eg_source_warn(source, "commas are read as decimal points (1,250 as 1.25); if they "
                               "separate thousands, remove them");
    eg_status status = reader->tolerate ? EG_OK : peek_value(reader, &have, error);
    if (status == EG_OK && have > 0)
        status = eg_input_fail(reader->input, error, EG_BAD_INPUT,
                               "line %zu: more values than %zu x %zu", reader->line,
                               source->info.width, source->info.height);
    return status;
}

static void asc_close(eg_source *source)
{
    asc_source *reader = (asc_source *)source;
    eg_input_close(reader->input);
    eg_georef_data_free(&reader->georef_data);
    eg_free(reader);
}

/* ---- the header ------------------------------------------------------------------------------ */

static eg_status read_header(asc_source *reader, eg_grid_header *header, eg_error *error)
{
    static const uint8_t bom = 0xEF;
    eg_input *input = reader->input;
    size_t have, used = 0;
    eg_status status = eg_input_peek(input, HEADER_MAX, &have, error);
    if (status != EG_OK)
        return status;
    have = have < HEADER_MAX ? have : HEADER_MAX;
    const char *text = (const char *)input->buffer + input->at;
    /* the first byte is enough, because eg_asc_probe() has checked all 3 */
    size_t skip = have > 0 && (uint8_t)*text == bom ? 3 : 0;
    status = eg_grid_read_ascii(header, text + skip, have - skip, &used, error);
    if (status == EG_OK && skip + used == HEADER_MAX)
        return eg_input_fail(input, error, EG_BAD_INPUT, "the header is longer than %d bytes",
                             HEADER_MAX);
    input->at += skip + used;
    reader->line = header->line;
    reader->point = header->point;
    reader->thousands = header->point.point == 0;
    return status;
}

/* Sets the georeferencing from the header. */
static eg_status read_georef(asc_source *reader, const eg_grid_header *header, eg_error *error)
{
    static const double huge = 1e30;
    eg_georef *georef = &reader->georef_data.georef;
    eg_status status = eg_grid_locate(header, reader->base.info.height, georef, error);
    if (status == EG_OK && !georef->located)
        status = eg_input_fail(reader->input, error, EG_BAD_INPUT,
                               "the header lacks one of xllcorner, yllcorner and cellsize");
    if (!georef->has_nodata) {
        georef->has_nodata = reader->georef_data.nodata_default = true;
        georef->nodata = EG_GRID_NODATA;
    }
    reader->nodata = eg_nodata_range_of(georef->nodata, false);
    reader->nodata_as_float = fabs(georef->nodata) > huge;
    eg_georef_data_publish(&reader->georef_data, &reader->base);
    return status;
}

/* Reads the header and fills in the source's info. */
static eg_status open_reader(asc_source *reader, bool as_values, eg_error *error)
{
    eg_grid_header header = {.file = reader->input->name};
    size_t width = 0, height = 0;
    eg_status status = read_header(reader, &header, error);
    if (status == EG_OK)
        status = eg_grid_size(&header, reader->input, &width, &height, error);
    reader->base.info = (eg_info){
        .width = width,
        .height = height,
        .sample = as_values ? EG_F64 : EG_F32, /* the precision of the values is not known yet */
        .white_level = 1,
        .format = "ASC",
        .colour = "grey",
        .channels = 1,
        .depth = 32,
        .orientation = 1,
        .stored_width = width,
        .stored_height = height,
    };
    return status == EG_OK ? read_georef(reader, &header, error) : status;
}

eg_status eg_asc_open(eg_source **source, eg_input *input, const eg_read_options *options,
                      eg_error *error)
{
    static const eg_source_ops ops = {.read = asc_read, .finish = asc_finish, .close = asc_close};
    asc_source *reader = eg_calloc(input->ctx, 1, sizeof *reader, error);
    if (!reader) {
        eg_input_close(input);
        return eg_failed(error);
    }
    reader->base.ops = &ops;
    reader->base.ctx = input->ctx;
    reader->input = input;
    reader->tolerate = options->tolerate;
    eg_georef_data_init(&reader->georef_data);
    eg_status status = open_reader(reader, options->as_values, error);
    if (status == EG_OK)
        *source = &reader->base;
    else
        asc_close(&reader->base);
    return status;
}
