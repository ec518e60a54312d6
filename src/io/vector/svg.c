/* SPDX-License-Identifier: MIT */
/* SVG: a path for each line, in pixels of the raster. Contour lines have a class for their level.
 */
#include <math.h>
#include <stdio.h>

#include "core/context.h"
#include "io/decimal.h"
#include "io/vector/band_colours.h"
#include "io/vector/vector.h"

/* Stroke of the lines. */
#define CONTOUR_STROKE "stroke=\"#8b4513\" stroke-width=\"0.6\""
#define EDGE_STROKE    "stroke=\"#000\" stroke-width=\"1\" stroke-linecap=\"round\""

#define STROKED(stroke) "fill=\"none\" " stroke " stroke-linejoin=\"round\""

static eg_status begin(eg_line_file *f, eg_error *error)
{
    return eg_line_file_print(
        f, error,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" "
        "viewBox=\"0 0 %zu %zu\">\n"
        "<metadata>" EG_SOFTWARE "</metadata>\n"
        "<g %s>\n",
        f->width, f->height, f->width, f->height,
        f->areas   ? "fill-rule=\"evenodd\""
        : f->edges ? STROKED(EDGE_STROKE)
                   : STROKED(CONTOUR_STROKE));
}

/* Writes the level as the end of a class, in which a point would need an escape in CSS. */
static int write_class(char out[EG_DECIMAL_TEXT], const char *level, int length)
{
    for (int i = 0; i < length && i < EG_DECIMAL_TEXT; i++)
        out[i] = level[i] == '.' || level[i] == '+' ? '_' : level[i];
    return length;
}

/* Begins the path of a contour line. */
static eg_status begin_contour(eg_line_file *f, const eg_line *line, eg_error *error)
{
    char level[EG_DECIMAL_TEXT] = "", class[EG_DECIMAL_TEXT];
    const int length = (int)eg_decimal_double(level, line->level);
    return eg_line_file_print(f, error, "<path class=\"level-%.*s\" data-level=\"%.*s\" d=\"",
                              write_class(class, level, length), class, length, level);
}

/* Begins the path of the line of an edge. */
static eg_status begin_edge(eg_line_file *f, const eg_edge_detail *edge, eg_error *error)
{
    char strength[EG_DECIMAL_TEXT], left[EG_COLOUR_TEXT], right[EG_COLOUR_TEXT];
    eg_status status =
        eg_line_file_print(f, error, "<path data-strength=\"%.*s\"",
                           (int)eg_decimal_float(strength, edge->strength), strength);
    eg_put_colour(left, edge->left);
    eg_put_colour(right, edge->right);
    if (status == EG_OK && f->colours)
        status = eg_line_file_print(f, error, " data-left=\"%.*s\" data-right=\"%.*s\"",
                                    EG_COLOUR_TEXT, left, EG_COLOUR_TEXT, right);
    return status == EG_OK ? eg_line_file_print(f, error, " d=\"") : status;
}

/* Writes the points of a line as commands of a path. */
static eg_status write_path(eg_line_file *f, const eg_line *line, eg_error *error)
{
    const eg_line open = eg_line_without_repeat(line);
    eg_status status = EG_OK;
    eg_position_writer w = {.file = f, .line = &open};
    while (status == EG_OK && eg_position_next(&w, ' ')) {
        status = eg_output_write(f->output, w.written == 1 ? "M" : "L", 1, error);
        if (status == EG_OK)
            status = eg_output_write(f->output, w.text, w.length, error);
    }
    return status == EG_OK && line->closed ? eg_output_write(f->output, "Z", 1, error) : status;
}

static eg_status write_line(eg_line_file *f, const eg_line *line, eg_error *error)
{
    eg_status status =
        line->edge ? begin_edge(f, line->edge, error) : begin_contour(f, line, error);
    if (status == EG_OK)
        status = write_path(f, line, error);
    return status == EG_OK ? eg_line_file_print(f, error, "\"/>\n") : status;
}

/* Text of the levels of a band. */
typedef struct band_text {
    char low[EG_DECIMAL_TEXT], high[EG_DECIMAL_TEXT];    /* numbers; empty: infinite */
    char class[2 * EG_DECIMAL_TEXT + sizeof "band-to-"]; /* "band-500-to-600" */
} band_text;

/* Writes a level with a terminating 0. */
static void write_level(char out[EG_DECIMAL_TEXT], double level)
{
    out[isfinite(level) ? eg_decimal_double(out, level) : 0] = '\0';
}

static void write_band(band_text *text, eg_level_band band)
{
    char low[EG_DECIMAL_TEXT], high[EG_DECIMAL_TEXT];
    *text = (band_text){.low = ""};
    write_level(text->low, band.low);
    write_level(text->high, band.high);
    const int a = write_class(low, text->low, (int)strlen(text->low));
    const int b = write_class(high, text->high, (int)strlen(text->high));
    snprintf(text->class, sizeof text->class, "band%s%.*s%s%.*s", a ? "-" : "", a, low,
             b ? "-to-" : "-up", b, high);
}

static eg_status write_area(eg_line_file *f, const eg_area *area, eg_error *error)
{
    const eg_level_band band = {area->low, area->high};
    band_text text;
    size_t first = 0;
    if (!f->own)
        f->own = eg_calloc(f->ctx, 1, sizeof(eg_band_list), error);
    if (!f->own || eg_band_list_add(f->own, f->ctx, band, error) != EG_OK)
        return eg_failed(error);
    write_band(&text, band);
    eg_status status =
        eg_line_file_print(f, error, "<path class=\"%s\" data-min=\"%s\" data-max=\"%s\" d=\"",
                           text.class, text.low, text.high);
    for (size_t i = 0; status == EG_OK && i < area->ring_count; i++) {
        const eg_line ring = eg_area_ring(area, i, &first);
        status = write_path(f, &ring, error);
    }
    return status == EG_OK ? eg_line_file_print(f, error, "\"/>\n") : status;
}

/* Writes the rules of CSS with the colours of the bands. */
static eg_status write_colours(eg_line_file *f, const eg_band_list *list, eg_error *error)
{
    eg_status status = eg_line_file_print(f, error, "<style>\n");
    for (size_t i = 0; status == EG_OK && i < list->count; i++) {
        band_text text;
        write_band(&text, list->bands[i]);
        status = eg_line_file_print(f, error, ".%s{fill:#%06x}\n", text.class,
                                    eg_band_colour(i, list->count));
    }
    return status == EG_OK ? eg_line_file_print(f, error, "</style>\n") : status;
}

static void release(eg_line_file *f)
{
    eg_band_list *list = f->own;
    if (list)
        eg_free(list->bands);
    eg_free(list);
}

static eg_status end(eg_line_file *f, eg_error *error)
{
    eg_status status = eg_line_file_print(f, error, "</g>\n");
    if (status == EG_OK && f->own)
        status = write_colours(f, f->own, error);
    return status == EG_OK ? eg_line_file_print(f, error, "</svg>\n") : status;
}

const eg_line_format eg_svg_format = {
    .name = "svg",
    .title = "SVG",
    .help = "SVG, a path for each line, in pixels",
    .georef = "none: coordinates are pixels, 0,0 the corner of the first",
    .extensions = "svg",
    .places = 4,
    .pixels = true,
    .begin = begin,
    .line = write_line,
    .area = write_area,
    .end = end,
    .release = release,
};
