/* SPDX-License-Identifier: MIT */
/*
 * ESRI ASCII grids in: a header of keys and numbers, then the values from the upper left on, with
 * blanks and line ends between them as the writer liked.
 */
#include "io/dem/asc_read.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "io/decimal.h"
#include "io/dem/grid_header.h"

enum {
    HEADER_MOST = 4096, /* bytes; what is written is below 300 */
    SHOWN = 24          /* characters of a value that go into a message */
};

typedef struct asc_source {
    eg_source base;
    eg_input *input;
    eg_georef_data place;
    bool tolerate;
    bool by_float; /* nodata is so large that files disagree on its digits: floats are compared */
    size_t line;
    uint64_t values; /* read so far */
} asc_source;

/* Returns false for the header of a raw raster, which may begin in the same way. */
bool eg_asc_probe(const eg_input *input, const uint8_t *bytes, size_t size)
{
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF}; /* of UTF-8 */
    const char *dot = strrchr(input->name, '.');
    if (dot && strcasecmp(dot, ".hdr") == 0)
        return false;
    size_t skip = size >= sizeof mark && memcmp(bytes, mark, sizeof mark) == 0 ? sizeof mark : 0;
    return eg_grid_find_key((const char *)bytes + skip, size - skip) < EG_KEYS_OF_ASCII;
}

/* ---- values ---------------------------------------------------------------------------------- */

static inline bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Goes on to the next value and has all of it in the input's buffer. *have is what there is of the
 * file from there on, 0 at its end. */
static eg_status find_value(asc_source *reader, size_t *have, eg_error *error)
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
    if (status == EG_OK && *have > 0 && *have <= EG_NUMBER_LONGEST)
        status = eg_input_peek(input, EG_NUMBER_LONGEST + 1, have, error);
    return status;
}

/* Passes over what is not a value. */
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

static eg_status not_a_number(asc_source *reader, size_t have, double *value, eg_error *error)
{
    const char *text = (const char *)reader->input->buffer + reader->input->at;
    int length = 0;
    *value = (double)NAN;
    if (reader->tolerate)
        return skip_word(reader, error);
    while (length < SHOWN && (size_t)length < have && !is_blank((uint8_t)text[length]))
        length++;
    return eg_input_fail(reader->input, error, EG_BAD_INPUT, "line %zu: '%.*s' is not a number",
                         reader->line, length, text);
}

static eg_status ended_early(const asc_source *reader, eg_error *error)
{
    const eg_info *info = &reader->base.info;
    return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                         "ends after %llu of %llu values; --tolerate reads what there is",
                         (unsigned long long)reader->values,
                         (unsigned long long)info->width * info->height);
}

static inline double with_missing(const asc_source *reader, double value)
{
    const eg_georef *georef = &reader->place.georef;
    bool missing =
        reader->by_float ? (float)value == (float)georef->nodata : value == georef->nodata;
    return georef->has_nodata && missing ? (double)NAN : value;
}

/* The next value; where a tolerated file has ended, one that is missing. */
static inline eg_status read_value(asc_source *reader, double *value, eg_error *error)
{
    size_t have;
    eg_status status = find_value(reader, &have, error);
    if (status != EG_OK)
        return status;
    *value = (double)NAN;
    if (have == 0)
        return reader->tolerate ? EG_OK : ended_early(reader, error);
    const char *start = (const char *)reader->input->buffer + reader->input->at;
    const char *behind = eg_decimal_read(start, start + have, value);
    reader->values++;
    if (!behind || (behind < start + have && !is_blank((uint8_t)*behind)))
        return not_a_number(reader, have, value, error);
    reader->input->at += (size_t)(behind - start);
    *value = with_missing(reader, *value);
    return EG_OK;
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
    eg_status status = reader->tolerate ? EG_OK : find_value(reader, &have, error);
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
    eg_georef_data_free(&reader->place);
    eg_free(reader);
}

/* ---- the header ------------------------------------------------------------------------------ */

static eg_status read_header(asc_source *reader, eg_grid_header *header, eg_error *error)
{
    static const uint8_t mark = 0xEF;
    eg_input *input = reader->input;
    size_t have, used = 0;
    eg_status status = eg_input_peek(input, HEADER_MOST, &have, error);
    if (status != EG_OK)
        return status;
    have = have < HEADER_MOST ? have : HEADER_MOST;
    const char *text = (const char *)input->buffer + input->at;
    size_t skip =
        have > 0 && (uint8_t)*text == mark ? 3 : 0; /* eg_asc_probe() saw all three bytes */
    status = eg_grid_read_ascii(header, text + skip, have - skip, &used, error);
    if (status == EG_OK && skip + used == HEADER_MOST)
        return eg_input_fail(input, error, EG_BAD_INPUT, "the header does not end within %d bytes",
                             HEADER_MOST);
    input->at += skip + used;
    reader->line = header->line;
    return status;
}

static eg_status locate(asc_source *reader, const eg_grid_header *header, eg_error *error)
{
    static const double huge = 1e30;
    eg_georef *georef = &reader->place.georef;
    eg_status status = eg_grid_locate(header, reader->base.info.height, georef, error);
    if (status == EG_OK && !georef->located)
        status = eg_input_fail(reader->input, error, EG_BAD_INPUT,
                               "the header lacks one of xllcorner, yllcorner and cellsize");
    reader->by_float = georef->has_nodata && fabs(georef->nodata) > huge;
    if (status == EG_OK)
        status = eg_georef_data_project(&reader->place, reader->input, error);
    reader->base.georef = eg_georef_data_of(&reader->place);
    return status;
}

static eg_status prepare(asc_source *reader, bool heights, eg_error *error)
{
    eg_grid_header header = {.file = reader->input->name};
    size_t width = 0, height = 0;
    eg_status status = read_header(reader, &header, error);
    if (status == EG_OK)
        status = eg_grid_size(&header, reader->input, &width, &height, error);
    reader->base.info = (eg_info){
        .width = width,
        .height = height,
        .sample = heights ? EG_F64 : EG_F32, /* there is no telling how many digits will come */
        .white_level = 1,
        .format = "ASC",
        .colour = "grey",
        .channels = 1,
        .depth = 32,
        .orientation = 1,
        .stored_width = width,
        .stored_height = height,
    };
    return status == EG_OK ? locate(reader, &header, error) : status;
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
    eg_georef_data_init(&reader->place);
    eg_status status = prepare(reader, options->as_values, error);
    if (status == EG_OK)
        *source = &reader->base;
    else
        asc_close(&reader->base);
    return status;
}
