/* SPDX-License-Identifier: MIT */
/* Tables of numbers: columns from memory, and what a table tells of its columns. */
#include "io/csv/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

eg_status eg_table_fail(const eg_table *table, eg_error *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    eg_vfail(error, EG_BAD_INPUT, table->path, format, args);
    va_end(args);
    return EG_BAD_INPUT;
}

/* Finds the first value of a column from memory that is not finite; `line` is its row, from 1. */
static csv_bad_cell find_bad_value(const double values[], size_t rows)
{
    csv_bad_cell bad = {0};
    for (size_t i = 0; i < rows && bad.line == 0; i++)
        if (!isfinite(values[i])) {
            bad.line = i + 1;
            bad.length = (size_t)snprintf(bad.text, sizeof bad.text, "%g", values[i]);
        }
    return bad;
}

/* Copies the name of column `index` and points it to its values. */
static eg_status borrow_column(eg_table *table, size_t index, const char *name,
                               const double values[], eg_error *error)
{
    csv_column *c = &table->columns[index];
    const size_t length = strlen(name);
    if (length == 0)
        return eg_fail(error, EG_USAGE, "the name of column %zu is empty", index + 1);
    c->name = eg_calloc(table->ctx, length + 1, 1, error);
    if (!c->name)
        return eg_failed(error);
    memcpy(c->name, name, length);
    for (size_t i = 0; i < index; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return eg_fail(error, EG_USAGE, "columns %zu and %zu have the same name, '%.40s'",
                           i + 1, index + 1, name);
    c->borrowed = values;
    c->bad = find_bad_value(values, table->rows);
    return EG_OK;
}

eg_status eg_table_new(eg_table **table, eg_context *ctx, const char *const names[],
                       const double *const columns[], size_t count, size_t rows, eg_error *error)
{
    *table = NULL;
    if (count == 0 || rows == 0)
        return eg_fail(error, EG_USAGE, "a table has columns and rows, not %zu and %zu", count,
                       rows);
    eg_table *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->ctx = ctx;
    made->rows = rows;
    made->columns = eg_calloc(ctx, count, sizeof *made->columns, error);
    eg_status status = made->columns ? EG_OK : eg_failed(error);
    for (size_t i = 0; status == EG_OK && i < count; i++) {
        made->column_count = i + 1;
        status = borrow_column(made, i, names[i], columns[i], error);
    }
    if (status == EG_OK)
        *table = made;
    else
        eg_table_free(made);
    return status;
}

void eg_table_free(eg_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; table->columns && i < table->column_count; i++) {
        eg_free(table->columns[i].name);
        eg_free(table->columns[i].values);
    }
    eg_free(table->columns);
    eg_free(table->path);
    eg_free(table);
}

size_t eg_table_rows(const eg_table *table)
{
    return table->rows;
}

const char *eg_table_name(const eg_table *table, size_t column)
{
    return column < table->column_count ? table->columns[column].name : NULL;
}

/* Returns what to do about a cell that is not a number, "" if nothing is known of it. */
static const char *bad_cell_advice(const csv_bad_cell *bad)
{
    const size_t shown = bad->length < EG_SHOWN_CELL ? bad->length : EG_SHOWN_CELL;
    bool digits = false;
    for (size_t i = 0; i < shown; i++)
        digits |= bad->text[i] >= '0' && bad->text[i] <= '9';
    if (!digits)
        return "; remove the row if it has no value";
    if (!bad->has_comma)
        return "";
    return memchr(bad->text, '.', shown) ? "; decimals have a point, thousands no separator"
                                         : "; decimals have a point";
}

eg_status eg_table_column(const eg_table *table, size_t column, const double **values,
                          eg_error *error)
{
    const csv_bad_cell *bad = &table->columns[column].bad;
    const double *borrowed = table->columns[column].borrowed;
    const char *name = table->columns[column].name;
    *values = borrowed ? borrowed : table->columns[column].values;
    if (bad->line == 0)
        return EG_OK;
    if (borrowed)
        return eg_fail(error, EG_BAD_INPUT, "row %zu of column %.40s is %s, not a finite number",
                       bad->line, name, bad->text);
    if (bad->length == 0)
        return eg_table_fail(table, error,
                             "line %zu, column %zu (%.40s): the cell is empty; fill it, or "
                             "remove the row",
                             bad->line, column + 1, name);
    return eg_table_fail(table, error, "line %zu, column %zu (%.40s): '%.*s' is not a number%s",
                         bad->line, column + 1, name,
                         (int)(bad->length < EG_SHOWN_CELL ? bad->length : EG_SHOWN_CELL),
                         bad->text, bad_cell_advice(bad));
}
