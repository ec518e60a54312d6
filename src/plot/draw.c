/* SPDX-License-Identifier: MIT */
/* Draws a plot: the contents of the frame from bottom to top, then the axes and titles. */
#include "plot/style.h"

#ifdef EG_HAVE_CAIRO

#include <math.h>

#define PI 3.14159265358979323846

enum { TICK = 6 }; /* pixels */

static void draw_ticks(const eg_plot *plot, cairo_t *cr, bool vertical)
{
    const double *range = vertical ? plot->options.y : plot->options.x;
    double length = vertical ? plot->bottom - plot->top : plot->right - plot->left;
    double step = eg_nice_step(range[1] - range[0], length / (vertical ? 70 : 95));
    char text[32];
    eg_set_colour(cr, eg_colour_frame);
    cairo_set_line_width(cr, 1.2);
    const double first = ceil(range[0] / step - 1e-9), last = floor(range[1] / step + 1e-9);
    for (int i = 0; i <= (int)(last - first); i++) {
        double value = (first + i) * step;
        eg_tick_text(text, sizeof text, value, step);
        if (vertical) {
            double width = eg_text_width(cr, text, EG_TEXT_SIZE), y = eg_plot_y(plot, value);
            cairo_move_to(cr, plot->left - TICK, y);
            cairo_line_to(cr, plot->left, y);
            cairo_stroke(cr);
            eg_draw_text(cr, text, plot->left - TICK - 5 - width / 2, y, 0, EG_TEXT_SIZE, false);
        } else {
            double x = eg_plot_x(plot, value);
            cairo_move_to(cr, x, plot->bottom);
            cairo_line_to(cr, x, plot->bottom + TICK);
            cairo_stroke(cr);
            eg_draw_text(cr, text, x, plot->bottom + TICK + 10, 0, EG_TEXT_SIZE, false);
        }
        eg_set_colour(cr, eg_colour_frame); /* eg_draw_text() changes both */
        cairo_set_line_width(cr, 1.2);
    }
}

void eg_draw_axes(const eg_plot *plot, cairo_t *cr)
{
    const eg_plot_options *o = &plot->options;
    double x = (plot->left + plot->right) / 2, y = (plot->top + plot->bottom) / 2;
    draw_ticks(plot, cr, false);
    draw_ticks(plot, cr, true);
    cairo_rectangle(cr, plot->left, plot->top, plot->right - plot->left, plot->bottom - plot->top);
    cairo_stroke(cr);
    if (o->x_label)
        eg_draw_text(cr, o->x_label, x, o->height - 16, 0, EG_TEXT_SIZE + 2, false);
    if (o->y_label)
        eg_draw_text(cr, o->y_label, 16, y, -PI / 2, EG_TEXT_SIZE + 2, false);
    eg_draw_legend(plot, cr);
    if (o->title)
        eg_draw_text(cr, o->title, x, (plot->top - (o->legend ? 24 : 0)) / 2, 0,
                     fmin(EG_TITLE_SIZE, EG_TITLE_SIZE * (plot->right - plot->left) /
                                             eg_text_width(cr, o->title, EG_TITLE_SIZE)),
                     false);
}

eg_status eg_plot_draw(eg_plot *plot, void *cairo, eg_error *error)
{
    cairo_t *cr = cairo;
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_save(cr);
    cairo_rectangle(cr, plot->left, plot->top, plot->right - plot->left, plot->bottom - plot->top);
    cairo_clip(cr);
    eg_status status = EG_OK;
    eg_place_labels(plot, cr);
    if (plot->values) {
        eg_draw_shading(plot, cr);
        status = eg_draw_levels(plot, cr, error);
    }
    eg_draw_items(plot, cr);
    cairo_restore(cr);
    eg_draw_axes(plot, cr);
    return status;
}

#else

eg_status eg_plot_draw(eg_plot *plot, void *cairo, eg_error *error)
{
    (void)plot, (void)cairo, (void)error;
    return EG_UNSUPPORTED;
}

#endif
