/* SPDX-License-Identifier: MIT */
/* CSV: a row for each point, with the number of its line. */
#include "io/decimal.h"
#include "io/vector/vector.h"

static eg_status begin(eg_line_file *f, eg_error *error)
{
    return eg_line_file_print(f, error, "id,level,x,y\n");
}

static eg_status write_line(eg_line_file *f, const eg_line *line, eg_error *error)
{
    char level[EG_DECIMAL_TEXT];
    const int length = (int)eg_decimal_double(level, line->level);
    eg_status status = EG_OK;
    eg_position_writer w = {.file = f, .line = line};
    while (status == EG_OK && eg_position_next(&w, ','))
        status = eg_line_file_print(f, error, "%llu,%.*s,%.*s\n", (unsigned long long)f->lines,
                                    length, level, (int)w.length, w.text);
    return status;
}

const eg_line_format eg_csv_format = {
    .name = "csv",
    .help = "CSV, a row id,level,x,y for each point",
    .extensions = "csv",
    .begin = begin,
    .line = write_line,
};
