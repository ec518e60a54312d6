/* SPDX-License-Identifier: MIT */
/* Tables of numbers, and their columns. */
#ifndef EG_IO_CSV_TABLE_H
#define EG_IO_CSV_TABLE_H

#include <stdint.h>

#include "edgegrad.h"

enum { EG_SHOWN_CELL = 40 }; /* characters of a cell in messages */

/* First cell of a column that is not a finite number. */
typedef struct csv_bad_cell {
    size_t line; /* 0: the column has none */
    size_t length;
    bool has_comma;
    char text[EG_SHOWN_CELL]; /* its first bytes */
} csv_bad_cell;

typedef struct csv_column {
    char *name;
    uint32_t hash;          /* of the name */
    double *values;         /* one a row */
    const double *borrowed; /* of a table from memory, in place of `values` */
    csv_bad_cell bad;
} csv_column;

struct eg_table {
    eg_context *ctx;
    char *path;
    csv_column *columns;
    size_t column_count;
    size_t rows, capacity; /* of each column's values */
};

/* Fails with EG_BAD_INPUT and a message that begins with the name of the table's file. */
eg_status eg_table_fail(const eg_table *table, eg_error *error, const char *format, ...)
    EG_PRINTF(3, 4);

#endif
