/* SPDX-License-Identifier: MIT */
/* Parses the headers of ESRI's grids. */
#include "io/dem/grid_header.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "io/decimal.h"

static const struct {
    const char *name;
    eg_grid_key key;
} keys[] = {
    {"ncols", EG_KEY_NCOLS},
    {"nrows", EG_KEY_NROWS},
    {"xllcorner", EG_KEY_XLLCORNER},
    {"xllcenter", EG_KEY_XLLCENTER},
    {"yllcorner", EG_KEY_YLLCORNER},
    {"yllcenter", EG_KEY_YLLCENTER},
    {"cellsize", EG_KEY_CELLSIZE},
    {"dx", EG_KEY_DX},
    {"dy", EG_KEY_DY},
    {"xdim", EG_KEY_DX},
    {"ydim", EG_KEY_DY},
    {"nodata_value", EG_KEY_NODATA},
    {"nodata", EG_KEY_NODATA},
    {"ulxmap", EG_KEY_ULXMAP},
    {"ulymap", EG_KEY_ULYMAP},
    {"nbands", EG_KEY_NBANDS},
    {"nbits", EG_KEY_NBITS},
    {"skipbytes", EG_KEY_SKIPBYTES},
    {"bandrowbytes", EG_KEY_BANDROWBYTES},
    {"totalrowbytes", EG_KEY_TOTALROWBYTES},
    {"bandgapbytes", EG_KEY_BANDGAPBYTES},
    {"byteorder", EG_KEY_BYTEORDER},
    {"layout", EG_KEY_LAYOUT},
    {"pixeltype", EG_KEY_PIXELTYPE},
};

static const char *name_of(eg_grid_key key)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].key == key)
            return keys[i].name;
    return "";
}

/* ---- tokens ---------------------------------------------------------------------------------- */

/* Position in a text that is read word by word. */
typedef struct cursor {
    const char *at, *end;
    size_t line; /* from 1 */
} cursor;

typedef struct word {
    const char *text;
    size_t length;
} word;

/* Longest word shown in a message, in characters. */
enum { SHOWN_MAX = 24 };

static int shown_length(word w)
{
    return w.length < SHOWN_MAX ? (int)w.length : SHOWN_MAX;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Reads the next word, of the current line only if `same_line`; empty if there is none. */
static word next_word(cursor *c, bool same_line)
{
    for (; c->at < c->end && is_blank(*c->at); c->at++) {
        if (*c->at == '\n' && same_line)
            break;
        c->line += *c->at == '\n';
    }
    word w = {c->at, 0};
    while (c->at + w.length < c->end && !is_blank(c->at[w.length]))
        w.length++;
    c->at += w.length;
    return w;
}

static void skip_line(cursor *c)
{
    while (c->at < c->end && *c->at != '\n')
        c->at++;
}

bool eg_grid_number(eg_grid_point *point, const char *text, size_t length, size_t line,
                    double *value, bool *mixed)
{
    const char *end = text + length;
    char found = 0;
    *mixed = false;
    if (length == 0)
        return false;
    if (eg_decimal_read(text, end, value) == end)
        found = memchr(text, '.', length) && !memchr(text, '#', length) ? '.' : 0;
    else if (eg_decimal_read_comma(text, end, value) == end)
        found = ',';
    else
        return false;
    *mixed = found && point->point && found != point->point;
    if (found && !point->point)
        *point = (eg_grid_point){found, line};
    return !*mixed;
}

static bool is_number(word w)
{
    eg_grid_point any = {0};
    double value;
    bool mixed;
    return eg_grid_number(&any, w.text, w.length, 0, &value, &mixed);
}

static eg_grid_key find_key(word w)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strlen(keys[i].name) == w.length && strncasecmp(keys[i].name, w.text, w.length) == 0)
            return keys[i].key;
    return EG_KEY_COUNT;
}

eg_grid_key eg_grid_find_key(const char *text, size_t size)
{
    cursor c = {text, text + size, 1};
    return find_key(next_word(&c, false));
}

/* ---- reading --------------------------------------------------------------------------------- */

eg_status eg_grid_fail_mixed(const char *file, const eg_grid_point *point, const char *text,
                             size_t length, size_t line, eg_error *error)
{
    const word w = {text, length};
    bool comma = point->point == ',';
    return eg_fail_file(error, EG_BAD_INPUT, file,
                        "line %zu: '%.*s' has a decimal %s, but line %zu has a decimal %s; use one "
                        "of them throughout",
                        line, shown_length(w), text, comma ? "point" : "comma", point->line,
                        comma ? "comma" : "point");
}

/* Stores the value of `key`: a word in capitals, or a number. */
static eg_status store_value(eg_grid_header *h, eg_grid_key key, word value, const cursor *c,
                             eg_error *error)
{
    if (eg_grid_has(h, key))
        return eg_fail_file(error, EG_BAD_INPUT, h->file, "line %zu: %s is given twice", c->line,
                            name_of(key));
    h->given |= 1u << key;
    if (key >= EG_KEY_NUMBER_COUNT) {
        char *copy = h->words[key - EG_KEY_NUMBER_COUNT];
        for (size_t i = 0; i < value.length && i + 1 < EG_GRID_WORD_SIZE; i++)
            copy[i] = (char)toupper((unsigned char)value.text[i]);
        return EG_OK;
    }
    bool mixed;
    if (eg_grid_number(&h->point, value.text, value.length, c->line, &h->numbers[key], &mixed))
        return EG_OK;
    if (mixed)
        return eg_grid_fail_mixed(h->file, &h->point, value.text, value.length, c->line, error);
    return eg_fail_file(error, EG_BAD_INPUT, h->file, "line %zu: %s is '%.*s', not a number",
                        c->line, name_of(key), shown_length(value), value.text);
}

eg_status eg_grid_read_ascii(eg_grid_header *h, const char *text, size_t size, size_t *used,
                             eg_error *error)
{
    cursor c = {text, text + size, 1};
    eg_status status = EG_OK;
    while (status == EG_OK) {
        word name = next_word(&c, false);
        *used = (size_t)(name.text - text);
        h->line = c.line;
        if (name.length == 0 || is_number(name))
            return EG_OK;
        eg_grid_key key = find_key(name);
        if (key >= EG_KEY_ASCII_COUNT)
            return eg_fail_file(error, EG_BAD_INPUT, h->file,
                                "line %zu: unknown key '%.*s' in the header of an ASCII grid",
                                c.line, shown_length(name), name.text);
        status = store_value(h, key, next_word(&c, false), &c, error);
    }
    return status;
}

eg_status eg_grid_read_lines(eg_grid_header *h, const char *text, size_t size, eg_error *error)
{
    cursor c = {text, text + size, 1};
    eg_status status = EG_OK;
    while (status == EG_OK) {
        word name = next_word(&c, false);
        if (name.length == 0)
            break;
        eg_grid_key key = find_key(name);
        if (key != EG_KEY_COUNT)
            status = store_value(h, key, next_word(&c, true), &c, error);
        skip_line(&c);
    }
    return status;
}

/* ---- values ---------------------------------------------------------------------------------- */

eg_status eg_grid_integer(const eg_grid_header *h, eg_grid_key key, uint64_t fallback, uint64_t min,
                          uint64_t max, uint64_t *value, eg_error *error)
{
    static const double exact = 9007199254740992; /* 2^53 */
    double number = h->numbers[key];
    *value = fallback;
    if (!eg_grid_has(h, key))
        return EG_OK;
    if (!(number >= 0 && number <= exact) || number != floor(number) || (uint64_t)number < min ||
        (uint64_t)number > max)
        return eg_fail_file(error, EG_BAD_INPUT, h->file,
                            "%s is %.10g; it must be a whole number from %llu to %llu",
                            name_of(key), number, (unsigned long long)min, (unsigned long long)max);
    *value = (uint64_t)number;
    return EG_OK;
}

static eg_status fail_missing_key(const eg_grid_header *h, eg_grid_key key, eg_error *error)
{
    return eg_fail_file(error, EG_BAD_INPUT, h->file, "the header lacks %s", name_of(key));
}

eg_status eg_grid_size(const eg_grid_header *h, const eg_input *input, size_t *width,
                       size_t *height, eg_error *error)
{
    uint64_t columns = 0, rows = 0;
    if (!eg_grid_has(h, EG_KEY_NCOLS))
        return fail_missing_key(h, EG_KEY_NCOLS, error);
    if (!eg_grid_has(h, EG_KEY_NROWS))
        return fail_missing_key(h, EG_KEY_NROWS, error);
    eg_status status = eg_grid_integer(h, EG_KEY_NCOLS, 0, 0, (uint64_t)1 << 53, &columns, error);
    if (status == EG_OK)
        status = eg_grid_integer(h, EG_KEY_NROWS, 0, 0, (uint64_t)1 << 53, &rows, error);
    if (status == EG_OK)
        status = eg_check_size(input->ctx, input->name, columns, rows, error);
    *width = (size_t)columns;
    *height = (size_t)rows;
    return status;
}

/* Reads the size of a cell in x or y: from `key`, else from cellsize; 0 if neither is given. */
static eg_status cell_size(const eg_grid_header *h, eg_grid_key key, double *size, eg_error *error)
{
    key = eg_grid_has(h, key) ? key : EG_KEY_CELLSIZE;
    *size = eg_grid_has(h, key) ? h->numbers[key] : 0;
    if (eg_grid_has(h, key) && (!(*size > 0) || !isfinite(*size)))
        return eg_fail_file(error, EG_BAD_INPUT, h->file,
                            "%s is %.10g; the cell size must be greater than 0", name_of(key),
                            *size);
    return EG_OK;
}

/* Computes the coordinate of an edge of the raster from the first of three keys that is given:
 * *coordinate = its value + its offset in cells * cell size. Returns false if none is given. */
static bool edge_coordinate(const eg_grid_header *h, const eg_grid_key key[3],
                            const double offset[3], double cell, double *coordinate)
{
    for (int i = 0; i < 3; i++) {
        if (eg_grid_has(h, key[i])) {
            *coordinate = h->numbers[key[i]] + offset[i] * cell;
            return true;
        }
    }
    return false;
}

eg_status eg_grid_locate(const eg_grid_header *h, size_t height, eg_georef *georef, eg_error *error)
{
    static const eg_grid_key left[] = {EG_KEY_XLLCORNER, EG_KEY_XLLCENTER, EG_KEY_ULXMAP};
    static const eg_grid_key top[] = {EG_KEY_YLLCORNER, EG_KEY_YLLCENTER, EG_KEY_ULYMAP};
    const double left_offset[] = {0, -0.5, -0.5};
    const double top_offset[] = {(double)height, (double)height - 0.5, 0.5};
    double cell_x, cell_y, x, y;
    eg_status status = cell_size(h, EG_KEY_DX, &cell_x, error);
    if (status == EG_OK)
        status = cell_size(h, EG_KEY_DY, &cell_y, error);
    if (status != EG_OK)
        return status;
    georef->has_nodata = eg_grid_has(h, EG_KEY_NODATA);
    georef->nodata = h->numbers[EG_KEY_NODATA];
    georef->located = cell_x > 0 && cell_y > 0 &&
                      edge_coordinate(h, left, left_offset, cell_x, &x) &&
                      edge_coordinate(h, top, top_offset, cell_y, &y) && isfinite(x) && isfinite(y);
    if (georef->located)
        memcpy(georef->transform, (double[6]){x, cell_x, 0, y, 0, -cell_y},
               sizeof georef->transform);
    return EG_OK;
}
