/* SPDX-License-Identifier: MIT */
/* Draws text. */
#include "plot/style.h"

#ifdef EG_HAVE_CAIRO

double eg_text_width(cairo_t *cr, const char *text, double size)
{
    cairo_text_extents_t extents;
    cairo_set_font_size(cr, size);
    cairo_text_extents(cr, text, &extents);
    return extents.x_advance;
}

void eg_draw_text(cairo_t *cr, const char *text, double x, double y, double angle, double size,
                  bool halo)
{
    cairo_font_extents_t font;
    double width = eg_text_width(cr, text, size);
    cairo_font_extents(cr, &font);
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_rotate(cr, angle);
    cairo_move_to(cr, -width / 2, (font.ascent - font.descent) / 2);
    if (halo) {
        cairo_text_path(cr, text);
        cairo_set_source_rgba(cr, 1, 1, 1, 0.8);
        cairo_set_line_width(cr, 4);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        cairo_stroke(cr);
        cairo_move_to(cr, -width / 2, (font.ascent - font.descent) / 2);
    }
    eg_set_colour(cr, eg_colour_text);
    cairo_show_text(cr, text);
    cairo_restore(cr);
}

#endif
