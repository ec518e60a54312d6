/* SPDX-License-Identifier: MIT */
/* Tables of numbers (CSV, RFC 4180 and variants). The text is parsed twice: to count the rows, then
 * to read the values. */
#include <math.h>
#include <string.h>

#include "io/decimal.h"
#include "io/io.h"

enum { MAX_COLUMNS = 4096, SHOWN = 40 /* characters of a cell in messages */ };

/* First cell of a column that is not a finite number. */
typedef struct bad_cell {
    size_t line;       /* 0: the column has none */
    size_t at, length; /* position in the text */
} bad_cell;

struct eg_table {
    eg_context *ctx;
    char *path;
    char *text; /* content of the file */
    size_t length;
    size_t rows, columns;
    char **names;
    double *values; /* column-major, `rows` values a column */
    bad_cell *bad_cells;
};

/* Position of the parser. */
typedef struct csv_cursor {
    const char *at, *end;
    char delimiter;
    size_t line; /* counted from 1 */
} csv_cursor;

typedef struct cell {
    const char *text; /* content without surrounding quotes and blanks */
    size_t length;
    size_t line;
    bool last;   /* true for the last cell of a row */
    bool broken; /* true if a quote is not closed or is followed by text */
} cell;

/* ---- the file ---- */

static eg_status read_all(eg_table *table, eg_input *input, eg_error *error)
{
    size_t capacity = 0, got = 0;
    do {
        if (table->length == capacity) {
            size_t larger = capacity ? 2 * capacity : EG_INPUT_BUFFER;
            char *grown = eg_alloc(table->ctx, larger, 1, error);
            if (!grown)
                return eg_failed(error);
            if (table->length)
                memcpy(grown, table->text, table->length);
            eg_free(table->text);
            table->text = grown;
            capacity = larger;
        }
        eg_status status = eg_input_read(input, table->text + table->length,
                                         capacity - table->length, &got, error);
        if (status != EG_OK)
            return status;
        table->length += got;
    } while (got > 0);
    return EG_OK;
}

static eg_status fail_table(const eg_table *table, eg_error *error, const char *format, ...)
    EG_PRINTF(3, 4);

static eg_status fail_table(const eg_table *table, eg_error *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    eg_vfail(error, EG_BAD_INPUT, table->path, format, args);
    va_end(args);
    return EG_BAD_INPUT;
}

/* ---- cells ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Skips the line end, LF or CR LF. */
static void skip_line_end(csv_cursor *c)
{
    if (c->at < c->end && *c->at == '\r')
        c->at++;
    if (c->at < c->end && *c->at == '\n')
        c->at++;
    c->line++;
}

static bool at_line_end(const csv_cursor *c)
{
    return c->at == c->end || *c->at == '\n' || *c->at == '\r';
}

/* Moves the cursor to the next line that is not blank. */
static void skip_blank_lines(csv_cursor *c)
{
    for (;;) {
        const char *s = c->at;
        while (s < c->end && is_blank(*s) && *s != c->delimiter)
            s++;
        if (s == c->end || (*s != '\n' && *s != '\r')) {
            c->at = s == c->end ? s : c->at;
            return;
        }
        c->at = s;
        skip_line_end(c);
    }
}

static void parse_quoted(csv_cursor *c, cell *out)
{
    out->text = ++c->at;
    while (c->at < c->end && (*c->at != '"' || (c->at + 1 < c->end && c->at[1] == '"'))) {
        c->line += *c->at == '\n';
        c->at += *c->at == '"' ? 2 : 1;
    }
    out->length = (size_t)(c->at - out->text);
    out->broken = c->at == c->end;
    c->at += c->at < c->end;
    while (!at_line_end(c) && *c->at != c->delimiter) {
        out->broken = out->broken || !is_blank(*c->at);
        c->at++;
    }
}

static void parse_plain(csv_cursor *c, cell *out)
{
    out->text = c->at;
    while (!at_line_end(c) && *c->at != c->delimiter)
        c->at++;
    const char *end = c->at;
    while (end > out->text && is_blank(end[-1]))
        end--;
    out->length = (size_t)(end - out->text);
}

/* Parses the next cell and moves the cursor past its delimiter or line end. */
static cell next_cell(csv_cursor *c)
{
    cell out = {.line = c->line};
    while (!at_line_end(c) && is_blank(*c->at) && *c->at != c->delimiter)
        c->at++;
    if (c->at < c->end && *c->at == '"')
        parse_quoted(c, &out);
    else
        parse_plain(c, &out);
    out.last = at_line_end(c);
    if (out.last)
        skip_line_end(c);
    else
        c->at++;
    return out;
}

/* Returns the one of comma, semicolon and tab that is most frequent in the first line outside
 * quotes. A comma wins ties. */
static char find_delimiter(const char *text, const char *end)
{
    static const char candidates[] = ",;\t";
    size_t counts[3] = {0}, best = 0;
    bool quoted = false;
    for (; text < end && (quoted || (*text != '\n' && *text != '\r')); text++) {
        quoted ^= *text == '"';
        const char *found = quoted || !*text ? NULL : strchr(candidates, *text);
        if (found)
            counts[found - candidates]++;
    }
    for (size_t i = 1; i < 3; i++)
        if (counts[i] > counts[best])
            best = i;
    return candidates[best];
}

/* Returns a cursor at the first line that is not blank, after a byte order mark. */
static csv_cursor start_of_table(const eg_table *table)
{
    const char *at = table->text, *end = at + table->length;
    if (table->length >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    csv_cursor c = {at, end, ',', 1};
    while (c.at < c.end && (*c.at == '\n' || *c.at == '\r'))
        skip_line_end(&c);
    c.delimiter = find_delimiter(c.at, end);
    skip_blank_lines(&c);
    return c;
}

/* ---- names ---- */

/* Copies the name of a column, with doubled quotes reduced to one. */
static eg_status copy_name(eg_table *table, const cell *from, size_t column, eg_error *error)
{
    char *name = eg_calloc(table->ctx, from->length + 1, 1, error);
    if (!name)
        return eg_failed(error);
    table->names[column] = name;
    for (size_t i = 0; i < from->length; i++) {
        *name++ = from->text[i];
        i += from->text[i] == '"';
    }
    return EG_OK;
}

/* Checks that the name is neither empty, a number nor that of an earlier column. */
static eg_status check_name(const eg_table *table, const cell *from, size_t column, eg_error *error)
{
    double number;
    const char *end = from->text + from->length;
    if (from->length == 0)
        return fail_table(table, error, "line %zu, column %zu: the name of the column is missing",
                          from->line, column + 1);
    if (eg_decimal_read(from->text, end, &number) == end &&
        strpbrk(table->names[column], "0123456789"))
        return fail_table(table, error,
                          "line %zu has numbers; the first line must hold the names of the columns",
                          from->line);
    for (size_t i = 0; i < column; i++)
        if (strcmp(table->names[i], table->names[column]) == 0)
            return fail_table(table, error,
                              "line %zu: columns %zu and %zu have the same name, '%.40s'",
                              from->line, i + 1, column + 1, table->names[i]);
    return EG_OK;
}

static eg_status read_names(eg_table *table, csv_cursor *c, eg_error *error)
{
    csv_cursor ahead = *c;
    while (!next_cell(&ahead).last)
        table->columns++;
    table->columns++;
    if (table->columns > MAX_COLUMNS)
        return fail_table(table, error, "has %zu columns; at most %d are read", table->columns,
                          MAX_COLUMNS);
    table->names = eg_calloc(table->ctx, table->columns, sizeof *table->names, error);
    table->bad_cells = eg_calloc(table->ctx, table->columns, sizeof *table->bad_cells, error);
    eg_status status = table->names && table->bad_cells ? EG_OK : eg_failed(error);
    for (size_t i = 0; status == EG_OK && i < table->columns; i++) {
        cell name = next_cell(c);
        if (name.broken)
            return fail_table(table, error, "line %zu, column %zu: a quote is left open", name.line,
                              i + 1);
        status = copy_name(table, &name, i, error);
        if (status == EG_OK)
            status = check_name(table, &name, i, error);
    }
    return status;
}

/* ---- rows ---- */

static eg_status count_rows(eg_table *table, csv_cursor c, eg_error *error)
{
    for (skip_blank_lines(&c); c.at < c.end; skip_blank_lines(&c)) {
        size_t cells = 0, line = c.line;
        cell got;
        do {
            got = next_cell(&c);
            cells++;
            if (got.broken)
                return fail_table(table, error,
                                  "line %zu, column %zu: a quote is left open or in the "
                                  "middle of a cell",
                                  got.line, cells);
        } while (!got.last);
        if (cells != table->columns)
            return fail_table(table, error, "line %zu has %zu cells where the first line has %zu",
                              line, cells, table->columns);
        table->rows++;
    }
    if (table->rows == 0)
        return fail_table(table, error, "has the names of columns but no rows");
    return EG_OK;
}

static void read_values(eg_table *table, csv_cursor c)
{
    for (size_t row = 0; row < table->rows; row++) {
        skip_blank_lines(&c);
        for (size_t column = 0; column < table->columns; column++) {
            cell got = next_cell(&c);
            const char *end = got.text + got.length;
            double value = NAN;
            bool good = got.length && eg_decimal_read(got.text, end, &value) == end;
            bad_cell *bad = &table->bad_cells[column];
            if ((!good || !isfinite(value)) && bad->line == 0)
                *bad = (bad_cell){got.line, (size_t)(got.text - table->text), got.length};
            table->values[column * table->rows + row] = value;
        }
    }
}

static eg_status parse_table(eg_table *table, eg_error *error)
{
    csv_cursor c = start_of_table(table);
    if (c.at == c.end)
        return fail_table(table, error, "is empty");
    eg_status status = read_names(table, &c, error);
    if (status == EG_OK)
        status = count_rows(table, c, error);
    if (status != EG_OK)
        return status;
    table->values =
        eg_alloc(table->ctx, table->rows, table->columns * sizeof *table->values, error);
    if (!table->values)
        return eg_failed(error);
    read_values(table, c);
    return EG_OK;
}

/* ---- public functions ---- */

static eg_status load_table(eg_table *table, const char *path, eg_error *error)
{
    eg_input *input = NULL;
    eg_status status = eg_name_stream(&table->path, table->ctx, path, "standard input", error);
    if (status == EG_OK)
        status = eg_input_open(&input, table->ctx, path, error);
    if (status == EG_OK)
        status = read_all(table, input, error);
    eg_input_close(input);
    return status == EG_OK ? parse_table(table, error) : status;
}

eg_status eg_table_read(eg_table **table, eg_context *ctx, const char *path, eg_error *error)
{
    *table = NULL;
    eg_table *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->ctx = ctx;
    eg_status status = load_table(made, path, error);
    if (status == EG_OK) {
        *table = made;
    } else {
        eg_name_failure(error, made->path);
        eg_table_free(made);
    }
    return status;
}

void eg_table_free(eg_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; table->names && i < table->columns; i++)
        eg_free(table->names[i]);
    eg_free(table->names);
    eg_free(table->bad_cells);
    eg_free(table->values);
    eg_free(table->text);
    eg_free(table->path);
    eg_free(table);
}

size_t eg_table_rows(const eg_table *table)
{
    return table->rows;
}

const char *eg_table_name(const eg_table *table, size_t column)
{
    return column < table->columns ? table->names[column] : NULL;
}

eg_status eg_table_column(const eg_table *table, size_t column, const double **values,
                          eg_error *error)
{
    const bad_cell *bad = &table->bad_cells[column];
    *values = table->values + column * table->rows;
    if (bad->line == 0)
        return EG_OK;
    const char *text = table->text + bad->at;
    int length = bad->length < SHOWN ? (int)bad->length : SHOWN;
    if (length == 0)
        return fail_table(table, error, "line %zu, column %zu (%.40s): the cell is empty",
                          bad->line, column + 1, table->names[column]);
    return fail_table(table, error, "line %zu, column %zu (%.40s): '%.*s' is not a number%s",
                      bad->line, column + 1, table->names[column], length, text,
                      memchr(text, ',', bad->length) ? "; decimals have a point" : "");
}
