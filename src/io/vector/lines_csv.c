/* SPDX-License-Identifier: MIT */
/* CSV: a row for each point, with the number of its line. */
#include <math.h>
#include <stdio.h>

#include "io/decimal.h"
#include "io/vector/vector.h"

enum { NUMBER_TEXT = 24 }; /* buffer size for the number of a line */

static eg_status begin(eg_line_file *f, eg_error *error)
{
    return eg_line_file_print(f, error,
                              f->edges && f->colours ? "id,x,y,strength,direction,left,right\n"
                              : f->edges             ? "id,x,y,strength,direction\n"
                              : f->areas             ? "id,low,high,ring,x,y\n"
                                                     : "id,level,x,y\n");
}

/* Writes what is known of an edge at a point, after a comma. Returns the end of the text. */
static char *put_edge(char *out, const eg_edge_point *edge, bool colours)
{
    *out++ = ',';
    out += eg_decimal_float(out, edge->strength);
    *out++ = ',';
    out += eg_decimal_float(out, edge->direction);
    if (!colours)
        return out;
    *out++ = ',';
    out = eg_put_colour(out, edge->left);
    *out++ = ',';
    return eg_put_colour(out, edge->right);
}

static eg_status write_line(eg_line_file *f, const eg_line *line, eg_error *error)
{
    enum { EDGE_TEXT = 2 * EG_DECIMAL_TEXT + 2 * EG_COLOUR_TEXT + 4 };
    char row[NUMBER_TEXT + EG_DECIMAL_TEXT + EG_POSITION_TEXT + EDGE_TEXT];
    char *end = row + snprintf(row, NUMBER_TEXT, "%llu,", (unsigned long long)f->lines);
    if (!line->edge) {
        end += eg_decimal_double(end, line->level);
        *end++ = ',';
    }
    eg_status status = EG_OK;
    eg_position_writer w = {.file = f, .line = line};
    while (status == EG_OK && eg_position_next(&w, ',')) {
        char *rest = eg_put_text(end, w.text, w.length);
        if (line->edge)
            rest = put_edge(rest, &line->edge->points[w.index], f->colours);
        *rest++ = '\n';
        status = eg_output_write(f->output, row, (size_t)(rest - row), error);
    }
    return status;
}

/* Writes the points of a ring, each after the text from `row` to `end`, which is followed by memory
 * for a position. */
static eg_status write_ring(eg_line_file *f, const eg_line *line, const char *row, char *end,
                            eg_error *error)
{
    eg_status status = EG_OK;
    eg_position_writer w = {.file = f, .line = line};
    while (status == EG_OK && eg_position_next(&w, ',')) {
        char *rest = eg_put_text(end, w.text, w.length);
        *rest++ = '\n';
        status = eg_output_write(f->output, row, (size_t)(rest - row), error);
    }
    return status;
}

/* Ring 0 is the exterior. A level that is infinite is empty. */
static eg_status write_area(eg_line_file *f, const eg_area *area, eg_error *error)
{
    char row[2 * NUMBER_TEXT + 2 * EG_DECIMAL_TEXT + EG_POSITION_TEXT];
    const double levels[] = {area->low, area->high};
    char *end = row + snprintf(row, NUMBER_TEXT, "%llu,", (unsigned long long)f->lines);
    eg_status status = EG_OK;
    size_t first = 0;
    for (int i = 0; i < 2; i++) {
        end += isfinite(levels[i]) ? eg_decimal_double(end, levels[i]) : 0;
        *end++ = ',';
    }
    for (size_t i = 0; status == EG_OK && i < area->ring_count; i++) {
        const eg_line ring = eg_area_ring(area, i, &first);
        status = write_ring(f, &ring, row, end + snprintf(end, NUMBER_TEXT, "%zu,", i), error);
    }
    return status;
}

const eg_line_format eg_csv_format = {
    .name = "csv",
    .title = "CSV",
    .help = "CSV, a row for each point",
    .georef = "coordinates of the raster",
    .extensions = "csv",
    .begin = begin,
    .line = write_line,
    .area = write_area,
};
