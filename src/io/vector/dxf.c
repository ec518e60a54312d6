/* SPDX-License-Identifier: MIT */
/* DXF of AutoCAD Release 12: a POLYLINE for each line, with the level as its elevation. */
#include "io/decimal.h"
#include "io/vector/vector.h"

/* Layer of all lines. */
#define LAYER "8\nCONTOUR\n"

static eg_status begin(eg_line_file *f, eg_error *error)
{
    return eg_line_file_print(f, error,
                              "999\n" EG_SOFTWARE
                              "\n0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1009\n"
                              "0\nENDSEC\n0\nSECTION\n2\nENTITIES\n");
}

/* Flag 1: closed, the last vertex is joined to the first. */
static eg_status write_line(eg_line_file *f, const eg_line *line, eg_error *error)
{
    char level[EG_DECIMAL_TEXT];
    const int length = (int)eg_decimal_double(level, line->level);
    const eg_line open = eg_line_without_repeat(line);
    eg_status status = eg_line_file_print(
        f, error, "0\nPOLYLINE\n" LAYER "66\n1\n10\n0\n20\n0\n30\n%.*s\n70\n%d\n", length, level,
        line->closed);
    eg_position_writer w = {.file = f, .line = &open};
    while (status == EG_OK && eg_position_next(&w, '\n'))
        status = eg_line_file_print(f, error, "0\nVERTEX\n" LAYER "10\n%.*s\n20\n%.*s\n30\n%.*s\n",
                                    (int)w.x_length, w.text, (int)(w.length - w.x_length - 1),
                                    w.text + w.x_length + 1, length, level);
    return status == EG_OK ? eg_line_file_print(f, error, "0\nSEQEND\n" LAYER) : status;
}

static eg_status end(eg_line_file *f, eg_error *error)
{
    return eg_line_file_print(f, error, "0\nENDSEC\n0\nEOF\n");
}

const eg_line_format eg_dxf_format = {
    .name = "dxf",
    .help = "DXF (Release 12), a POLYLINE for each line with its elevation",
    .extensions = "dxf",
    .upwards = true,
    .begin = begin,
    .line = write_line,
    .end = end,
};
