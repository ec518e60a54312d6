/* SPDX-License-Identifier: MIT */
/* Draws polygons, lines and texts in pixels. */
#include "plot/style.h"

#ifdef EG_HAVE_CAIRO

/* Adds the sides of a polygon that are drawn to the path. */
static void add_sides(cairo_t *cr, const eg_shape *shape, int corners)
{
    for (int k = 0; k < corners; k++) {
        const double *from = shape->points + 2 * k, *to = shape->points + 2 * ((k + 1) % corners);
        if (!((int)shape->sides >> k & 1))
            continue;
        cairo_move_to(cr, from[0], from[1]);
        cairo_line_to(cr, to[0], to[1]);
    }
}

void eg_draw_shapes(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    (void)plot;
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    for (size_t i = 0; i < item->count; i++) {
        const eg_shape *shape = (const eg_shape *)item->numbers + i;
        int corners = (int)shape->corners;
        cairo_new_path(cr);
        for (int k = 0; k < corners; k++)
            cairo_line_to(cr, shape->points[2 * k], shape->points[2 * k + 1]);
        cairo_set_source_rgb(cr, shape->colour[0], shape->colour[1], shape->colour[2]);
        cairo_set_line_width(cr, shape->width);
        if (corners > 2) {
            cairo_close_path(cr);
            cairo_fill(cr);
            add_sides(cr, shape, corners);
        }
        cairo_stroke(cr);
    }
}

void eg_draw_text_item(const eg_plot *plot, cairo_t *cr, const eg_item *item)
{
    if (!item->label)
        return;
    double size = item->longest > 0 ? item->longest : EG_TEXT_SIZE;
    double half = eg_text_width(cr, item->label, size) / 2;
    eg_draw_text(plot, cr, item->label, item->numbers[0] - half * item->numbers[2],
                 item->numbers[1], 0, size, false);
}

#else
typedef int no_cairo; /* ISO C forbids an empty translation unit */
#endif
