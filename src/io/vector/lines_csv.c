/* SPDX-License-Identifier: MIT */
/* CSV: a row for each point, with the number of its line. */
#include <stdio.h>

#include "io/decimal.h"
#include "io/vector/vector.h"

static eg_status begin(eg_line_file *f, eg_error *error)
{
    return eg_line_file_print(f, error, "id,level,x,y\n");
}

static eg_status write_line(eg_line_file *f, const eg_line *line, eg_error *error)
{
    enum { NUMBER_TEXT = 24 };
    char row[NUMBER_TEXT + EG_DECIMAL_TEXT + EG_POSITION_TEXT];
    char *end = row + snprintf(row, NUMBER_TEXT, "%llu,", (unsigned long long)f->lines);
    end += eg_decimal_double(end, line->level);
    *end++ = ',';
    eg_status status = EG_OK;
    eg_position_writer w = {.file = f, .line = line};
    while (status == EG_OK && eg_position_next(&w, ',')) {
        char *rest = eg_put_text(end, w.text, w.length);
        *rest++ = '\n';
        status = eg_output_write(f->output, row, (size_t)(rest - row), error);
    }
    return status;
}

const eg_line_format eg_csv_format = {
    .name = "csv",
    .help = "CSV, a row id,level,x,y for each point",
    .extensions = "csv",
    .begin = begin,
    .line = write_line,
};
