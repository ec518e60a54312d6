/* SPDX-License-Identifier: MIT */
/* Colours and sizes of a diagram, and the parts of drawing that need cairo. */
#ifndef EG_PLOT_STYLE_H
#define EG_PLOT_STYLE_H

#include "plot/plot.h"

#ifdef EG_HAVE_CAIRO

#include "plot/cairo_library.h"

typedef struct eg_style {
    double r, g, b;
} eg_style;

static const eg_style eg_ink_text = {0.13, 0.14, 0.16}, eg_ink_frame = {0.35, 0.37, 0.40},
                      eg_ink_level = {0.24, 0.39, 0.55}, eg_ink_low = {0.66, 0.80, 0.92},
                      eg_ink_high = {0.985, 0.98, 0.955}, eg_ink_way = {0.82, 0.20, 0.08},
                      eg_ink_arrow = {0.36, 0.38, 0.42}, eg_ink_second = {0.10, 0.47, 0.22};

#define EG_TEXT_SIZE   15.0
#define EG_LABEL_SIZE  12.5
#define EG_TITLE_SIZE  18.0
#define EG_LEVEL_WIDTH 1.1
#define EG_WAY_WIDTH   2.2
#define EG_MARK        6.5 /* radius */

static inline void eg_use_style(cairo_t *cr, eg_style ink)
{
    cairo_set_source_rgb(cr, ink.r, ink.g, ink.b);
}

/* Text with its middle at x, y, turned by `angle`; `halo`: pale around it, to be read over lines.
 */
void eg_draw_text(cairo_t *cr, const char *text, double x, double y, double angle, double size,
                  bool halo);
double eg_text_width(cairo_t *cr, const char *text, double size);

void eg_draw_axes(const eg_plot *plot, cairo_t *cr);
void eg_draw_shading(const eg_plot *plot, cairo_t *cr);
eg_status eg_draw_levels(eg_plot *plot, cairo_t *cr, eg_error *error);
void eg_draw_items(const eg_plot *plot, cairo_t *cr);

/* ---- what lies where, in pixels (room.c) ---- */

typedef struct eg_segment {
    double ax, ay, bx, by;
} eg_segment;

/* Where a point of the axes is drawn; false: not finite. Far outside is moved to what cairo can
 * hold. */
bool eg_pixel_at(const eg_plot *plot, const double point[2], double *x, double *y);

/* Arrow i of arrows or of a vector; false: it is nowhere, or too short to be seen. */
bool eg_arrow_at(const eg_plot *plot, const eg_item *item, size_t i, eg_segment *arrow);

/* Chooses the places of the labels of marks and vectors, and how long arrows are: before all
 * drawing. */
void eg_place_labels(eg_plot *plot, cairo_t *cr);

double eg_distance(const eg_segment *segment, double x, double y);
eg_segment eg_label_segment(const eg_label *label);

/* From x, y to the nearest way, curve, vector, mark or label of one, but for those of one item. */
double eg_distance_to_items(const eg_plot *plot, const eg_item *except, double x, double y);
double eg_distance_to_arrows(const eg_plot *plot, double x, double y);

#endif
#endif
