/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of CSV tables: any bytes, or, if the first byte is odd, numbers written as a table in
 * the notations that are supported, which must be read as these numbers.
 *
 * libFuzzer: -max_len=512
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

enum { COLUMNS = 5, ROWS = 12 };

static eg_status open_table(eg_table **table, const void *bytes, size_t size)
{
    eg_error error = {0};
    const char *path = fuzz_file("table.csv", bytes, size);
    eg_status status = eg_table_read(table, fuzz_context(), path, &error);
    require(status == error.status, "the status returned is the one recorded", &error);
    require(status == EG_OK || status == EG_BAD_INPUT || status == EG_LIMIT_EXCEEDED,
            "only the input is to blame", &error);
    return status;
}

static void check_columns(const eg_table *table)
{
    const size_t rows = eg_table_rows(table);
    require(rows > 0, "a table has rows", NULL);
    for (size_t k = 0; eg_table_name(table, k); k++) {
        const double *values;
        eg_error error = {0};
        eg_status status = eg_table_column(table, k, &values, &error);
        for (size_t i = 0; status == EG_OK && i < rows; i++)
            require(isfinite(values[i]), "a column has finite numbers", NULL);
        require(status == EG_OK || (status == EG_BAD_INPUT && error.message[0]),
                "a column has numbers, or the first other cell is named", &error);
    }
}

/* Writes a cell: plain, quoted, or with blanks. */
static void print_cell(FILE *out, fuzz_bytes *bytes, const char *text, char delimiter)
{
    const unsigned way = pick(bytes, 4);
    const bool quoted = way == 1 || (delimiter == '\t' && way == 2);
    fprintf(out, quoted ? "\"%s\"" : way == 2 ? " %s " : "%s", text);
}

/* Writes a table of the numbers that it takes to values[row][column]. */
static void print_table(FILE *out, fuzz_bytes *bytes, double values[ROWS][COLUMNS], size_t rows,
                        size_t columns)
{
    const char delimiter = ",;\t"[pick(bytes, 3)];
    const char *end = pick(bytes, 2) ? "\r\n" : "\n";
    char text[40];
    if (pick(bytes, 2))
        fputs("\xEF\xBB\xBF", out);
    for (size_t y = 0; y <= rows; y++) {
        for (size_t x = 0; x < columns; x++) {
            snprintf(text, sizeof text, "c%zu", x);
            if (y > 0) {
                const double value = take_number(bytes);
                values[y - 1][x] = isfinite(value) ? value : 0;
                snprintf(text, sizeof text, pick(bytes, 2) ? "%.17g" : "%.17e", values[y - 1][x]);
            }
            if (x > 0)
                fputc(delimiter, out);
            print_cell(out, bytes, text, delimiter);
        }
        if (y < rows || pick(bytes, 2))
            fputs(end, out);
        if (y > 0 && pick(bytes, 8) == 0 && y < rows)
            fputs(end, out);
    }
}

static void read_back(fuzz_bytes *bytes)
{
    double values[ROWS][COLUMNS];
    char *text = NULL;
    size_t size = 0;
    eg_table *table = NULL;
    const size_t rows = 1 + pick(bytes, ROWS), columns = 1 + pick(bytes, COLUMNS);
    FILE *out = open_memstream(&text, &size);
    if (!out)
        abort();
    print_table(out, bytes, values, rows, columns);
    fclose(out);
    require(open_table(&table, text, size) == EG_OK, "a table is read", NULL);
    require(eg_table_rows(table) == rows && !eg_table_name(table, columns), "all of its cells",
            NULL);
    for (size_t x = 0; x < columns; x++) {
        const double *column;
        require(eg_table_column(table, x, &column, NULL) == EG_OK, "as numbers", NULL);
        for (size_t y = 0; y < rows; y++)
            require(column[y] == values[y][x], "a number of a table is kept", NULL);
    }
    eg_table_free(table);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes bytes = {data, size};
    eg_table *table = NULL;
    if (size && data[0] & 1) {
        take(&bytes, 1);
        read_back(&bytes);
    } else if (open_table(&table, data, size) == EG_OK) {
        check_columns(table);
        eg_table_free(table);
    }
    require_released();
    return 0;
}
