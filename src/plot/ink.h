/* SPDX-License-Identifier: MIT */
/* Colours and sizes of a diagram, and the parts of drawing that need cairo. */
#ifndef EG_PLOT_INK_H
#define EG_PLOT_INK_H

#include "plot/plot.h"

#ifdef EG_HAVE_CAIRO

#include "plot/cairo_library.h"

typedef struct eg_ink {
    double r, g, b;
} eg_ink;

static const eg_ink eg_ink_text = {0.13, 0.14, 0.16}, eg_ink_frame = {0.35, 0.37, 0.40},
                    eg_ink_level = {0.24, 0.39, 0.55}, eg_ink_low = {0.66, 0.80, 0.92},
                    eg_ink_high = {0.985, 0.98, 0.955}, eg_ink_way = {0.82, 0.20, 0.08},
                    eg_ink_arrow = {0.30, 0.32, 0.36};

#define EG_TEXT_SIZE   15.0
#define EG_LABEL_SIZE  12.5
#define EG_TITLE_SIZE  18.0
#define EG_LEVEL_WIDTH 1.1
#define EG_WAY_WIDTH   2.2

static inline void eg_use_ink(cairo_t *cr, eg_ink ink)
{
    cairo_set_source_rgb(cr, ink.r, ink.g, ink.b);
}

/* Text with its middle at x, y, turned by `angle`; `halo`: pale around it, to be read over lines. */
void eg_draw_text(cairo_t *cr, const char *text, double x, double y, double angle, double size,
                  bool halo);
double eg_text_width(cairo_t *cr, const char *text, double size);

void eg_draw_axes(const eg_plot *plot, cairo_t *cr);
void eg_draw_shading(const eg_plot *plot, cairo_t *cr);
eg_status eg_draw_levels(const eg_plot *plot, cairo_t *cr, eg_error *error);
/* Pixels from x, y to the nearest way, curve or mark, but for one. */
double eg_room_from_items(const eg_plot *plot, const eg_item *except, double x, double y);

void eg_draw_items(const eg_plot *plot, cairo_t *cr);

#endif
#endif
