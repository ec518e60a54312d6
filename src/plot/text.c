/* SPDX-License-Identifier: MIT */
/*
 * Measures and draws text. cairo draws text in SVG files as the outlines of its letters; there the
 * texts are elements of their own, which readers can search, select and read aloud.
 */
#include "plot/style.h"

#ifdef EG_HAVE_CAIRO

#include <stdio.h>
#include <string.h>

#include "core/status.h"

#define PI 3.14159265358979323846

void eg_select_font(cairo_t *cr)
{
    cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
}

double eg_text_width(cairo_t *cr, const char *text, double size)
{
    cairo_text_extents_t extents;
    cairo_set_font_size(cr, size);
    cairo_text_extents(cr, text, &extents);
    return extents.x_advance;
}

/* ---- layout ---- */

static double measure_text(void *cr, const char *text)
{
    return eg_text_width(cr, text, EG_TEXT_SIZE);
}

eg_status eg_lay_out_measured(eg_frame *frame, const eg_plot_options *options, eg_error *error)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1);
    cairo_t *cr = cairo_create(surface);
    eg_select_font(cr);
    eg_lay_out(frame, options, measure_text, cr);
    cairo_status_t measured = cairo_status(cr);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    if (measured == CAIRO_STATUS_SUCCESS)
        return EG_OK;
    return eg_fail(error, measured == CAIRO_STATUS_NO_MEMORY ? EG_NO_MEMORY : EG_UNSUPPORTED,
                   "cairo could not measure the texts of the plot: %s",
                   cairo_status_to_string(measured));
}

/* ---- SVG ---- */

void eg_append_xml(eg_buffer *out, eg_context *ctx, const char *text)
{
    for (const char *c = text; *c; c++) {
        const char *escaped = *c == '&' ? "&amp;" : *c == '<' ? "&lt;" : *c == '>' ? "&gt;" : NULL;
        char plain = (unsigned char)*c < ' ' ? ' ' : *c; /* XML has no control characters */
        if (escaped)
            eg_buffer_append(out, ctx, escaped, strlen(escaped));
        else
            eg_buffer_append(out, ctx, &plain, 1);
    }
}

/* Adds an element for a text. `baseline` is the distance of the baseline below y. */
static void append_text(const eg_plot *plot, const char *text, double x, double y, double angle,
                        double size, double baseline, bool halo)
{
    static const char outline[] = " stroke=\"#fff\" stroke-opacity=\"0.8\" stroke-width=\"4\" "
                                  "stroke-linejoin=\"round\" paint-order=\"stroke\"";
    char tag[256], place[128];
    x += plot->origin[0];
    y += plot->origin[1];
    if (angle == 0)
        snprintf(place, sizeof place, "x=\"%.2f\" y=\"%.2f\"", x, y + baseline);
    else
        snprintf(place, sizeof place, "y=\"%.2f\" transform=\"translate(%.2f %.2f) rotate(%.2f)\"",
                 baseline, x, y, angle * 180 / PI);
    snprintf(tag, sizeof tag, "<text %s font-size=\"%.4g\"", place, size);
    eg_buffer_append(plot->texts, plot->ctx, tag, strlen(tag));
    if (halo)
        eg_buffer_append(plot->texts, plot->ctx, outline, sizeof outline - 1);
    eg_buffer_append(plot->texts, plot->ctx, ">", 1);
    eg_append_xml(plot->texts, plot->ctx, text);
    eg_buffer_append(plot->texts, plot->ctx, "</text>\n", 8);
}

/* ---- drawing ---- */

void eg_draw_text(const eg_plot *plot, cairo_t *cr, const char *text, double x, double y,
                  double angle, double size, bool halo)
{
    cairo_font_extents_t font;
    double width = eg_text_width(cr, text, size);
    cairo_font_extents(cr, &font);
    double baseline = (font.ascent - font.descent) / 2;
    if (plot->texts) {
        append_text(plot, text, x, y, angle, size, baseline, halo);
        return;
    }
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_rotate(cr, angle);
    cairo_move_to(cr, -width / 2, baseline);
    if (halo) {
        cairo_text_path(cr, text);
        cairo_set_source_rgba(cr, 1, 1, 1, 0.8);
        cairo_set_line_width(cr, 4);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        cairo_stroke(cr);
        cairo_move_to(cr, -width / 2, baseline);
    }
    eg_set_colour(cr, eg_colour_text);
    cairo_show_text(cr, text);
    cairo_restore(cr);
}

#endif
