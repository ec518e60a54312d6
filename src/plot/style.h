/* SPDX-License-Identifier: MIT */
/* Colours and sizes of a plot, and the parts of drawing that need cairo. */
#ifndef EG_PLOT_STYLE_H
#define EG_PLOT_STYLE_H

#include "plot/plot.h"

#ifdef EG_HAVE_CAIRO

#include "plot/cairo_library.h"

typedef struct eg_colour {
    double r, g, b;
} eg_colour;

static const eg_colour eg_colour_text = {0.13, 0.14, 0.16}, eg_colour_frame = {0.35, 0.37, 0.40},
                       eg_colour_level = {0.24, 0.39, 0.55}, eg_colour_low = {0.66, 0.80, 0.92},
                       eg_colour_high = {0.985, 0.98, 0.955}, eg_colour_line = {0.82, 0.20, 0.08},
                       eg_colour_arrow = {0.36, 0.38, 0.42}, eg_colour_accent = {0.10, 0.47, 0.22};

/* Pixels. */
#define EG_TEXT_SIZE    15.0
#define EG_LABEL_SIZE   12.5
#define EG_TITLE_SIZE   18.0
#define EG_LEVEL_WIDTH  1.1
#define EG_LINE_WIDTH   2.2
#define EG_MARK_RADIUS  6.5
#define EG_SAMPLE_WIDTH 30.0 /* of the legend */
#define EG_SAMPLE_GAP   8.0

#define EG_BAND_OPACITY 0.18

static inline void eg_set_colour(cairo_t *cr, eg_colour colour)
{
    cairo_set_source_rgb(cr, colour.r, colour.g, colour.b);
}

/* Draws text with its middle at x, y, rotated by `angle`. `halo`: on a pale outline, to be legible
 * over lines. With plot->texts it adds an SVG element there instead. */
void eg_draw_text(const eg_plot *plot, cairo_t *cr, const char *text, double x, double y,
                  double angle, double size, bool halo);

/* Selects the font of all texts. */
void eg_select_font(cairo_t *cr);

/* Appends text of XML. */
void eg_append_xml(eg_buffer *out, eg_context *ctx, const char *text);

/* Returns the advance width in pixels. */
double eg_text_width(cairo_t *cr, const char *text, double size);

void eg_draw_axes(const eg_plot *plot, cairo_t *cr);
void eg_draw_shading(const eg_plot *plot, cairo_t *cr);
void eg_draw_levels(eg_plot *plot, cairo_t *cr);
void eg_draw_items(const eg_plot *plot, cairo_t *cr);
void eg_draw_legend(const eg_plot *plot, cairo_t *cr);

/* Draw items in pixels. (draw_shapes.c) */
void eg_draw_shapes(const eg_plot *plot, cairo_t *cr, const eg_item *item);
void eg_draw_text_item(const eg_plot *plot, cairo_t *cr, const eg_item *item);

/* Returns the colour of an eg_plot_line. */
eg_colour eg_line_colour(int style);

/* ---- positions and distances in pixels (label_placement.c) ---- */

typedef struct eg_segment {
    double ax, ay, bx, by;
} eg_segment;

/* Converts a point from axis coordinates to pixels, clamped to the range of cairo's arithmetic.
 * Returns false if it is not finite. */
bool eg_pixel_at(const eg_plot *plot, const double point[2], double *x, double *y);

/* Computes arrow i of an item of arrows or a vector. Returns false if it is not finite, or too
 * short to draw. */
bool eg_arrow_at(const eg_plot *plot, const eg_item *item, size_t i, eg_segment *arrow);

/* Places the labels of marks and vectors, and scales the arrows. Must precede all drawing. */
void eg_place_labels(eg_plot *plot, cairo_t *cr);

/* Returns the distance from x, y to the segment. */
double eg_distance(const eg_segment *segment, double x, double y);

/* Returns the segment along the middle of a label. */
eg_segment eg_label_segment(const eg_label *label);

/* Return the distance from x, y to the nearest item, labels included: except arrows and the item
 * `except`; only arrows. */
double eg_distance_to_items(const eg_plot *plot, const eg_item *except, double x, double y);
double eg_distance_to_arrows(const eg_plot *plot, double x, double y);

#endif
#endif
