/* SPDX-License-Identifier: MIT */
/* Tables of numbers from CSV files. Values are appended to one array a column as rows are read. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/csv/csv_cells.h"
#include "io/csv/table.h"
#include "io/decimal.h"

enum { FIRST_ROWS = 64 }; /* capacity at first */

/* ---- names ----------------------------------------------------------------------------------- */

/* Copies the name of a column, with doubled quotes reduced to one. */
static eg_status copy_name(eg_table *table, const csv_cell *from, csv_column *to, eg_error *error)
{
    char *name = eg_calloc(table->ctx, from->length + 1, 1, error);
    if (!name)
        return eg_failed(error);
    to->name = name;
    to->hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < from->length; i++) {
        to->hash = (to->hash ^ (uint8_t)from->text[i]) * 16777619u;
        *name++ = from->text[i];
        i += from->text[i] == '"';
    }
    return EG_OK;
}

/* Checks that the name is neither empty, a number nor that of an earlier column. */
static eg_status check_name(const eg_table *table, const csv_cell *from, size_t index,
                            eg_error *error)
{
    double number;
    const csv_column *checked = &table->columns[index];
    const char *end = from->text + from->length;
    if (from->length == 0)
        return eg_table_fail(table, error,
                             "line %zu, column %zu: the name of the column is missing", from->line,
                             index + 1);
    if (eg_decimal_read(from->text, end, &number) == end && strpbrk(checked->name, "0123456789"))
        return eg_table_fail(
            table, error, "line %zu has numbers; the first line must hold the names of the columns",
            from->line);
    for (size_t i = 0; i < index; i++)
        if (table->columns[i].hash == checked->hash &&
            strcmp(table->columns[i].name, checked->name) == 0)
            return eg_table_fail(table, error,
                                 "line %zu: columns %zu and %zu have the same name, '%.40s'",
                                 from->line, i + 1, index + 1, checked->name);
    return EG_OK;
}

/* Fails if the cell has a byte 0, as compressed files and texts in UTF-16 have. */
static eg_status check_text(const eg_table *table, const csv_cell *cell, eg_error *error)
{
    if (cell->length == 0 || !memchr(cell->text, 0, cell->length))
        return EG_OK;
    return eg_table_fail(table, error,
                         "line %zu has a byte 0: it is no text in UTF-8 (compressed, or UTF-16?)",
                         cell->line);
}

static eg_status read_names(eg_table *table, csv_reader *r, eg_error *error)
{
    eg_status status = csv_read_row(r, error);
    if (status == EG_OK && r->count == 0)
        return eg_table_fail(table, error, "is empty");
    if (status == EG_OK && r->count > CSV_COLUMNS_MAX)
        return eg_table_fail(table, error, "has %zu columns; at most %d are read", r->count,
                             CSV_COLUMNS_MAX);
    if (status != EG_OK)
        return status;
    table->column_count = r->count;
    table->columns = eg_calloc(table->ctx, r->count, sizeof *table->columns, error);
    if (!table->columns)
        return eg_failed(error);
    for (size_t i = 0; status == EG_OK && i < r->count; i++) {
        const csv_cell *cell = &r->cells[i];
        status = check_text(table, cell, error);
        if (status == EG_OK && cell->broken)
            return eg_table_fail(table, error, "line %zu, column %zu: a quote is left open",
                                 cell->line, i + 1);
        if (status == EG_OK)
            status = copy_name(table, cell, &table->columns[i], error);
        if (status == EG_OK)
            status = check_name(table, cell, i, error);
    }
    return status;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Makes room for more rows, half as many again. */
static eg_status grow(eg_table *table, eg_error *error)
{
    size_t larger = table->capacity ? table->capacity + table->capacity / 2 : FIRST_ROWS;
    for (size_t i = 0; i < table->column_count; i++) {
        csv_column *c = &table->columns[i];
        double *values = eg_alloc(table->ctx, larger, sizeof *values, error);
        if (!values)
            return eg_failed(error);
        if (table->rows)
            memcpy(values, c->values, table->rows * sizeof *values);
        eg_free(c->values);
        c->values = values;
    }
    table->capacity = larger;
    return EG_OK;
}

static void keep_bad_cell(csv_bad_cell *bad, const csv_cell *cell)
{
    *bad = (csv_bad_cell){.line = cell->line, .length = cell->length};
    bad->has_comma = cell->length && memchr(cell->text, ',', cell->length);
    memcpy(bad->text, cell->text, cell->length < EG_SHOWN_CELL ? cell->length : EG_SHOWN_CELL);
}

static void add_row(eg_table *table, const csv_reader *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const csv_cell *cell = &r->cells[i];
        csv_column *c = &table->columns[i];
        const char *end = cell->text + cell->length;
        double value = NAN;
        bool good = cell->length && eg_decimal_read(cell->text, end, &value) == end;
        if ((!good || !isfinite(value)) && c->bad.line == 0)
            keep_bad_cell(&c->bad, cell);
        c->values[table->rows] = value;
    }
    table->rows++;
}

static eg_status check_row(const eg_table *table, const csv_reader *r, eg_error *error)
{
    for (size_t i = 0; i < r->count && i < CSV_COLUMNS_MAX; i++)
        if (r->cells[i].broken)
            return eg_table_fail(table, error,
                                 "line %zu, column %zu: a quote is left open or in the middle of a "
                                 "cell",
                                 r->cells[i].line, i + 1);
    if (r->count != table->column_count)
        return eg_table_fail(
            table, error, "line %zu has %zu cell%s where the first line has %zu%s", r->line,
            r->count, r->count == 1 ? "" : "s", table->column_count,
            table->columns[0].name[0] == '#'
                ? "; remove comments, the first line holds the names of the columns"
                : "");
    return EG_OK;
}

static eg_status read_rows(eg_table *table, csv_reader *r, eg_error *error)
{
    eg_status status = csv_read_row(r, error);
    while (status == EG_OK && r->count > 0) {
        status = check_row(table, r, error);
        if (status == EG_OK && table->rows == table->capacity)
            status = grow(table, error);
        if (status != EG_OK)
            return status;
        add_row(table, r);
        status = csv_read_row(r, error);
    }
    if (status == EG_OK && table->rows == 0)
        return eg_table_fail(table, error, "has the names of columns but no rows");
    return status;
}

/* ---- public functions ------------------------------------------------------------------------ */

static eg_status load_table(eg_table *table, const char *path, eg_error *error)
{
    csv_reader reader = {0};
    eg_status status = eg_name_stream(&table->path, table->ctx, path, "standard input", error);
    if (status == EG_OK)
        status = csv_reader_open(&reader, table->ctx, path, error);
    if (status == EG_OK)
        status = read_names(table, &reader, error);
    if (status == EG_OK)
        status = read_rows(table, &reader, error);
    csv_reader_close(&reader);
    return status;
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
