/* SPDX-License-Identifier: MIT */
/*
 * Reads the cells of a CSV file row by row, through a window on the file: a row may have at most
 * CSV_ROW_MAX bytes, so that memory does not grow with the length of a line.
 */
#ifndef EG_IO_CSV_CSV_CELLS_H
#define EG_IO_CSV_CSV_CELLS_H

#include "io/io.h"

enum {
    CSV_COLUMNS_MAX = 4096,
    CSV_ROW_MAX = 1 << 20 /* bytes of a row, with those of line ends in quotes */
};

typedef struct csv_cell {
    const char *text; /* content without surrounding quotes and blanks, in the window */
    size_t length;
    size_t line; /* counted from 1 */
    bool broken; /* true if a quote is not closed or is followed by text */
} csv_cell;

/* Position of the parser in the window. */
typedef struct csv_cursor {
    const char *at, *end;
    char delimiter;
    size_t line; /* counted from 1 */
} csv_cursor;

typedef struct csv_reader {
    eg_input *input;
    char *window;
    size_t capacity;
    bool eof;          /* true if the window has the rest of the file */
    csv_cursor cursor; /* of the next row */
    csv_cell *cells;   /* of the row read last, at most CSV_COLUMNS_MAX */
    size_t count;      /* number of cells of that row; the first CSV_COLUMNS_MAX are in `cells` */
    size_t line;       /* of the first cell of that row */
} csv_reader;

/* Opens the file and finds its delimiter, after a byte order mark and blank lines: that of a line
 * "sep=;", or the most frequent one of the first line. The caller has zeroed *reader;
 * csv_reader_close() must follow, also on failure. */
eg_status csv_reader_open(csv_reader *reader, eg_context *ctx, const char *path, eg_error *error);
void csv_reader_close(csv_reader *reader);

/* Reads the next row that is not blank; sets count to 0 at the end of the file. The cells are valid
 * until the next call. */
eg_status csv_read_row(csv_reader *reader, eg_error *error);

#endif
