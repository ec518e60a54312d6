/* SPDX-License-Identifier: MIT */
/* SVG: a path for each line, in pixels of the raster. Contour lines have a class for their level.
 */
#include "io/decimal.h"
#include "io/vector/vector.h"

/* Stroke of the lines. */
#define CONTOUR_STROKE "stroke=\"#8b4513\" stroke-width=\"0.6\""
#define EDGE_STROKE    "stroke=\"#000\" stroke-width=\"1\" stroke-linecap=\"round\""

static eg_status begin(eg_line_file *f, eg_error *error)
{
    return eg_line_file_print(
        f, error,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" "
        "viewBox=\"0 0 %zu %zu\">\n"
        "<metadata>" EG_SOFTWARE "</metadata>\n"
        "<g fill=\"none\" %s stroke-linejoin=\"round\">\n",
        f->width, f->height, f->width, f->height, f->edges ? EDGE_STROKE : CONTOUR_STROKE);
}

/* Writes the level as the end of a class, in which a point would need an escape in CSS. */
static int write_class(char out[EG_DECIMAL_TEXT], const char *level, int length)
{
    for (int i = 0; i < length; i++)
        out[i] = level[i] == '.' || level[i] == '+' ? '_' : level[i];
    return length;
}

/* Begins the path of a contour line. */
static eg_status begin_contour(eg_line_file *f, const eg_line *line, eg_error *error)
{
    char level[EG_DECIMAL_TEXT], class[EG_DECIMAL_TEXT];
    const int length = (int)eg_decimal_double(level, line->level);
    return eg_line_file_print(f, error, "<path class=\"level-%.*s\" data-level=\"%.*s\" d=\"",
                              write_class(class, level, length), class, length, level);
}

/* Begins the path of the line of an edge. */
static eg_status begin_edge(eg_line_file *f, const eg_edge_detail *edge, eg_error *error)
{
    char strength[EG_DECIMAL_TEXT], left[EG_COLOUR_TEXT], right[EG_COLOUR_TEXT];
    eg_put_colour(left, edge->left);
    eg_put_colour(right, edge->right);
    return eg_line_file_print(
        f, error, "<path data-strength=\"%.*s\" data-left=\"%.*s\" data-right=\"%.*s\" d=\"",
        (int)eg_decimal_float(strength, edge->strength), strength, EG_COLOUR_TEXT, left,
        EG_COLOUR_TEXT, right);
}

static eg_status write_line(eg_line_file *f, const eg_line *line, eg_error *error)
{
    eg_status status =
        line->edge ? begin_edge(f, line->edge, error) : begin_contour(f, line, error);
    const eg_line open = eg_line_without_repeat(line);
    eg_position_writer w = {.file = f, .line = &open};
    while (status == EG_OK && eg_position_next(&w, ' ')) {
        status = eg_output_write(f->output, w.written == 1 ? "M" : "L", 1, error);
        if (status == EG_OK)
            status = eg_output_write(f->output, w.text, w.length, error);
    }
    if (status != EG_OK)
        return status;
    return eg_line_file_print(f, error, "%s\"/>\n", line->closed ? "Z" : "");
}

static eg_status end(eg_line_file *f, eg_error *error)
{
    return eg_line_file_print(f, error, "</g>\n</svg>\n");
}

const eg_line_format eg_svg_format = {
    .name = "svg",
    .help = "SVG, a path for each line, in pixels",
    .extensions = "svg",
    .places = 4,
    .pixels = true,
    .begin = begin,
    .line = write_line,
    .end = end,
};
