/* SPDX-License-Identifier: MIT */
/* Draws a plot with cairo to the bytes of a file. */
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/software.h"
#include "core/status.h"
#include "plot/plot.h"

#ifdef EG_HAVE_CAIRO

#include "plot/style.h"

/* Appends to plot->file. A cairo_write_func_t. */
static cairo_status_t append_bytes(void *closure, const unsigned char *data, unsigned length)
{
    eg_plot *plot = closure;
    return eg_buffer_append(&plot->file, plot->ctx, data, length) ? CAIRO_STATUS_SUCCESS
                                                                  : CAIRO_STATUS_NO_MEMORY;
}

/* ---- the name of the program ----------------------------------------------------------------- */

/* Inserts bytes in the middle of the file. */
static cairo_status_t insert_bytes(eg_plot *plot, size_t at, const void *bytes, size_t size)
{
    return eg_buffer_insert(&plot->file, plot->ctx, at, bytes, size) ? CAIRO_STATUS_SUCCESS
                                                                     : CAIRO_STATUS_NO_MEMORY;
}

/* Returns the offset of the last "startxref" of a PDF, which is near its end; 0 if there is none.
 * What precedes that word is at no offset that the file names, so a comment fits there. */
static size_t find_startxref(const eg_plot *plot)
{
    static const char word[] = "startxref\n";
    const size_t length = sizeof word - 1;
    for (size_t at = plot->file.size > length ? plot->file.size - length : 0; at > 0; at--)
        if (memcmp(plot->file.bytes + at, word, length) == 0)
            return at;
    return 0;
}

/* Returns the offset after the first tag of the element svg; 0 if there is none. */
static size_t find_svg_content(const eg_plot *plot)
{
    const unsigned char *tag = memmem(plot->file.bytes, plot->file.size, "<svg", 4);
    size_t left = tag ? plot->file.size - (size_t)(tag - plot->file.bytes) : 0;
    const unsigned char *end = tag ? memchr(tag, '>', left) : NULL;
    return end ? (size_t)(end + 1 - plot->file.bytes) : 0;
}

/* Adds the name of the program to a rendered plot, for eg_file_origin(): a text chunk after the
 * header of a PNG, an element of an SVG, a comment of a PDF. */
static cairo_status_t name_program(eg_plot *plot, const char *format)
{
    static const char chunk[] = "\0\0\0\x11tEXtSoftware\0" EG_SOFTWARE "\x4c\xd4\x51\x82";
    static const char xml[] = "\n<metadata>" EG_SOFTWARE "</metadata>",
                      pdf[] = "%" EG_SOFTWARE "\n";
    enum { PNG_HEADER = 33 };
    if (strcmp(format, "png") == 0)
        return insert_bytes(plot, PNG_HEADER, chunk, sizeof chunk - 1);
    bool is_pdf = strcmp(format, "pdf") == 0;
    size_t at = is_pdf ? find_startxref(plot) : find_svg_content(plot);
    if (at == 0)
        return CAIRO_STATUS_SUCCESS;
    return is_pdf ? insert_bytes(plot, at, pdf, sizeof pdf - 1)
                  : insert_bytes(plot, at, xml, sizeof xml - 1);
}

/* ---- texts of an SVG file ---------------------------------------------------------------------
 */

/* Appends what the plot shows in words, for readers that cannot see it. */
static void append_description(eg_plot *plot, eg_buffer *out)
{
    const eg_plot_options *o = &plot->options;
    char text[160];
    if (o->title) {
        eg_buffer_append(out, plot->ctx, "\n<title>", 8);
        eg_append_xml(out, plot->ctx, o->title);
        eg_buffer_append(out, plot->ctx, "</title>", 8);
    }
    snprintf(text, sizeof text,
             "\n<desc>Horizontal axis from %.9g to %.9g, vertical axis from "
             "%.9g to %.9g",
             o->x[0], o->x[1], o->y[0], o->y[1]);
    if (plot->panel_count)
        snprintf(text, sizeof text, "\n<desc>%zu plots", plot->panel_count);
    else if (plot->bare)
        snprintf(text, sizeof text, "\n<desc>Surface in space");
    eg_buffer_append(out, plot->ctx, text, strlen(text));
    for (size_t i = 0; i < plot->level_count; i++) {
        snprintf(text, sizeof text, "%s%.9g", i ? ", " : "; level curves at ", plot->levels[i]);
        eg_buffer_append(out, plot->ctx, text, strlen(text));
    }
    eg_buffer_append(out, plot->ctx, "</desc>", 7);
}

/* Returns the offset of the last tag; 0 if there is none. */
static size_t find_svg_end(const eg_plot *plot)
{
    for (size_t at = plot->file.size > 6 ? plot->file.size - 6 : 0; at > 0; at--)
        if (memcmp(plot->file.bytes + at, "</svg>", 6) == 0)
            return at;
    return 0;
}

/* Inserts the texts over all that cairo drew, and the description. */
static cairo_status_t insert_texts(eg_plot *plot)
{
    static const char group[] = "<g font-family=\"sans-serif\" fill=\"#212429\" "
                                "text-anchor=\"middle\">\n";
    eg_buffer *texts = plot->texts, description = {0};
    size_t end = find_svg_end(plot), content = find_svg_content(plot);
    cairo_status_t status = CAIRO_STATUS_SUCCESS;
    if (end == 0 || content == 0)
        return status;
    append_description(plot, &description);
    eg_buffer_insert(texts, plot->ctx, 0, group, sizeof group - 1);
    eg_buffer_append(texts, plot->ctx, "</g>\n", 5);
    if (texts->failed || description.failed)
        status = CAIRO_STATUS_NO_MEMORY;
    if (status == CAIRO_STATUS_SUCCESS)
        status = insert_bytes(plot, end, texts->bytes, texts->size);
    if (status == CAIRO_STATUS_SUCCESS)
        status = insert_bytes(plot, content, description.bytes, description.size);
    eg_free(description.bytes);
    return status;
}

/* ---- rendering ------------------------------------------------------------------------------- */

static cairo_surface_t *make_surface(eg_plot *plot, const char *format)
{
    double width = plot->options.width, height = plot->options.height;
    if (strcmp(format, "svg") == 0)
        return cairo_svg_surface_create_for_stream(append_bytes, plot, width, height);
    if (strcmp(format, "pdf") == 0)
        return cairo_pdf_surface_create_for_stream(append_bytes, plot, width, height);
    return cairo_image_surface_create(CAIRO_FORMAT_RGB24, plot->options.width,
                                      plot->options.height);
}

static eg_status fail_cairo(cairo_status_t status, eg_error *error)
{
    if (status == CAIRO_STATUS_NO_MEMORY)
        return eg_fail(error, EG_NO_MEMORY, "out of memory while drawing the plot");
    return eg_fail(error, EG_UNSUPPORTED, "cairo could not draw: %s",
                   cairo_status_to_string(status));
}

/* Draws the plot on a surface of the format, whose bytes are appended to plot->file. */
static cairo_status_t draw_file(eg_plot *plot, const char *format)
{
    cairo_surface_t *surface = make_surface(plot, format);
    cairo_t *cr = cairo_create(surface);
    eg_plot_draw(plot, cr);
    cairo_status_t drawn = cairo_status(cr);
    cairo_destroy(cr);
    if (drawn == CAIRO_STATUS_SUCCESS && strcmp(format, "png") == 0)
        drawn = cairo_surface_write_to_png_stream(surface, append_bytes, plot);
    cairo_surface_finish(surface);
    if (drawn == CAIRO_STATUS_SUCCESS)
        drawn = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return plot->file.failed ? CAIRO_STATUS_NO_MEMORY : drawn; /* cairo can forget it */
}

eg_status eg_plot_render_here(eg_plot *plot, const char *format, eg_error *error)
{
    eg_buffer texts = {0};
    plot->file.size = 0;
    plot->file.failed = false;
    plot->texts = strcmp(format, "svg") == 0 ? &texts : NULL;
    cairo_status_t drawn = draw_file(plot, format);
    if (drawn == CAIRO_STATUS_SUCCESS && plot->texts)
        drawn = insert_texts(plot);
    eg_free(texts.bytes);
    plot->texts = NULL;
    if (drawn == CAIRO_STATUS_SUCCESS)
        drawn = name_program(plot, format);
    return drawn == CAIRO_STATUS_SUCCESS ? EG_OK : fail_cairo(drawn, error);
}

#endif
