/* SPDX-License-Identifier: MIT */
/* Draws a plot: the contents of the frame from bottom to top, then the axes and titles. */
#include "plot/style.h"

#ifdef EG_HAVE_CAIRO

#include <math.h>

#define PI 3.14159265358979323846

/* Draws the tick of a value, and its number unless it would overlap the one before, which ends at
 * *end, or be cut off. */
static void draw_tick(const eg_plot *plot, cairo_t *cr, bool vertical, double value, double *end)
{
    const eg_frame *f = &plot->frame;
    char text[EG_NUMBER];
    eg_tick_text(text, sizeof text, value, f->step[vertical]);
    double half = eg_text_width(cr, text, EG_TEXT_SIZE) / 2;
    double x = vertical ? f->left : eg_plot_x(plot, value);
    double y = vertical ? eg_plot_y(plot, value) : f->bottom;
    eg_set_colour(cr, eg_colour_frame); /* eg_draw_text() changes both */
    cairo_set_line_width(cr, 1.2);
    cairo_move_to(cr, x, y);
    cairo_line_to(cr, vertical ? x - EG_TICK : x, vertical ? y : y + EG_TICK);
    cairo_stroke(cr);
    x -= vertical ? EG_TICK + EG_TICK_GAP + half : 0;
    y += vertical ? 0 : EG_TICK + 10;
    if (x - half < 0 || x + half > plot->options.width || (!vertical && x - half < *end))
        return;
    eg_draw_text(plot, cr, text, x, y, 0, EG_TEXT_SIZE, false);
    *end = x + half + EG_TICK_GAP;
}

static void draw_ticks(const eg_plot *plot, cairo_t *cr, bool vertical)
{
    const double *range = vertical ? plot->options.y : plot->options.x;
    double step = plot->frame.step[vertical], end = -INFINITY;
    int count = eg_tick_count(range, step);
    for (int i = 0; i < count; i++)
        draw_tick(plot, cr, vertical, eg_tick_at(range, step, i), &end);
}

/* Returns the largest size, at most EG_TITLE_SIZE, at which the title fits above the frame. */
static double fitting_title_size(const eg_plot *plot, cairo_t *cr)
{
    const char *title = plot->options.title;
    const double width = plot->frame.right - plot->frame.left;
    return title ? fmin(EG_TITLE_SIZE,
                        EG_TITLE_SIZE * width / eg_text_width(cr, title, EG_TITLE_SIZE))
                 : EG_TITLE_SIZE;
}

void eg_draw_axes(const eg_plot *plot, cairo_t *cr)
{
    const eg_plot_options *o = &plot->options;
    double x = (plot->frame.left + plot->frame.right) / 2,
           y = (plot->frame.top + plot->frame.bottom) / 2;
    draw_ticks(plot, cr, false);
    draw_ticks(plot, cr, true);
    eg_set_colour(cr, eg_colour_frame);
    cairo_set_line_width(cr, 1.2);
    cairo_rectangle(cr, plot->frame.left, plot->frame.top, plot->frame.right - plot->frame.left,
                    plot->frame.bottom - plot->frame.top);
    cairo_stroke(cr);
    if (o->x_label)
        eg_draw_text(plot, cr, o->x_label, x, o->height - 16, 0, EG_TEXT_SIZE + 2, false);
    if (o->y_label)
        eg_draw_text(plot, cr, o->y_label, 16, y, -PI / 2, EG_TEXT_SIZE + 2, false);
    eg_draw_legend(plot, cr);
    if (o->title)
        eg_draw_text(plot, cr, o->title, x,
                     (plot->frame.top - (o->legend ? EG_MARGIN_LEGEND : 0)) / 2, 0,
                     plot->title_size > 0 ? plot->title_size : fitting_title_size(plot, cr), false);
}

/* Draws the panels, each at its place, with titles of one size. */
static void draw_panels(const eg_plot *plot, cairo_t *cr)
{
    double title_size = EG_TITLE_SIZE;
    for (size_t i = 0; i < plot->panel_count; i++)
        title_size = fmin(title_size, fitting_title_size(plot->panels[i], cr));
    for (size_t i = 0; i < plot->panel_count; i++) {
        eg_plot *panel = plot->panels[i];
        cairo_save(cr);
        cairo_translate(cr, panel->origin[0], panel->origin[1]);
        cairo_rectangle(cr, 0, 0, panel->options.width, panel->options.height);
        cairo_clip(cr);
        panel->texts = plot->texts;
        panel->title_size = title_size;
        eg_plot_draw(panel, cr);
        panel->texts = NULL;
        cairo_restore(cr);
    }
}

void eg_plot_draw(eg_plot *plot, void *cairo)
{
    cairo_t *cr = cairo;
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    eg_select_font(cr);
    draw_panels(plot, cr);
    cairo_save(cr);
    cairo_rectangle(cr, plot->frame.left, plot->frame.top, plot->frame.right - plot->frame.left,
                    plot->frame.bottom - plot->frame.top);
    cairo_clip(cr);
    if (!plot->bare)
        eg_place_labels(plot, cr);
    if (plot->positions)
        eg_draw_shading(plot, cr);
    eg_draw_levels(plot, cr);
    eg_draw_items(plot, cr);
    cairo_restore(cr);
    if (!plot->bare)
        eg_draw_axes(plot, cr);
}

#else
typedef int no_cairo; /* ISO C forbids an empty translation unit */
#endif
