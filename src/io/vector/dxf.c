/* SPDX-License-Identifier: MIT */
/* DXF of AutoCAD Release 12: a POLYLINE for each line, with the level as its elevation. */
#include <stdio.h>

#include "io/decimal.h"
#include "io/vector/vector.h"

enum { TAIL_TEXT = EG_DECIMAL_TEXT + 8 };

static eg_status begin(eg_line_file *f, eg_error *error)
{
    return eg_line_file_print(f, error,
                              "999\n" EG_SOFTWARE
                              "\n0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1009\n"
                              "0\nENDSEC\n0\nSECTION\n2\nENTITIES\n");
}

/* Returns the name of the layer of all lines. */
static const char *layer_of(const eg_line_file *f)
{
    return f->edges ? "EDGE" : "CONTOUR";
}

/* Writes the vertices of a line. `tail` is the end of each: its elevation. */
static eg_status write_vertices(eg_line_file *f, const eg_line *line, const char *tail,
                                size_t tail_length, eg_error *error)
{
    enum { HEAD_TEXT = 32 };
    static const char middle[] = "\n20\n";
    char text[HEAD_TEXT + sizeof middle + EG_POSITION_TEXT + TAIL_TEXT];
    eg_status status = EG_OK;
    eg_position_writer w = {.file = f, .line = line};
    char *after_head = text + snprintf(text, HEAD_TEXT, "0\nVERTEX\n8\n%s\n10\n", layer_of(f));
    while (status == EG_OK && eg_position_next(&w, '\n')) {
        char *end = eg_put_text(after_head, w.text, w.x_length);
        end = eg_put_text(end, middle, sizeof middle - 1);
        end = eg_put_text(end, w.text + w.x_length + 1, w.length - w.x_length - 1);
        end = eg_put_text(end, tail, tail_length);
        status = eg_output_write(f->output, text, (size_t)(end - text), error);
    }
    return status;
}

/* Flag 1: closed, the last vertex is joined to the first. */
static eg_status write_line(eg_line_file *f, const eg_line *line, eg_error *error)
{
    static const char elevation[] = "\n30\n";
    const eg_line open = eg_line_without_repeat(line);
    char tail[TAIL_TEXT];
    char *end = eg_put_text(tail, elevation, sizeof elevation - 1);
    end += eg_decimal_double(end, line->level);
    *end++ = '\n';
    const size_t length = (size_t)(end - tail);
    eg_status status =
        eg_line_file_print(f, error, "0\nPOLYLINE\n8\n%s\n66\n1\n10\n0\n20\n0%.*s70\n%d\n",
                           layer_of(f), (int)length, tail, line->closed);
    if (status == EG_OK)
        status = write_vertices(f, &open, tail, length, error);
    return status == EG_OK ? eg_line_file_print(f, error, "0\nSEQEND\n8\n%s\n", layer_of(f))
                           : status;
}

static eg_status end(eg_line_file *f, eg_error *error)
{
    return eg_line_file_print(f, error, "0\nENDSEC\n0\nEOF\n");
}

const eg_line_format eg_dxf_format = {
    .name = "dxf",
    .title = "DXF",
    .help = "DXF (Release 12), a POLYLINE for each line with its elevation",
    .georef = "coordinates of the raster",
    .extensions = "dxf",
    .upwards = true,
    .begin = begin,
    .line = write_line,
    .end = end,
};
