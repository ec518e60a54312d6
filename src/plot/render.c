/* SPDX-License-Identifier: MIT */
/* Renders a plot to the bytes of a file. */
#include <string.h>

#include "core/context.h"
#include "core/software.h"
#include "core/status.h"
#include "plot/plot.h"

#ifdef EG_HAVE_CAIRO

#include "plot/cairo_library.h"

static bool grow_buffer(eg_plot *plot, size_t wanted)
{
    size_t larger = plot->capacity ? plot->capacity : 64 * 1024;
    while (larger < wanted)
        larger *= 2;
    unsigned char *bytes = eg_alloc(plot->ctx, larger, 1, NULL);
    if (!bytes)
        return false;
    if (plot->size)
        memcpy(bytes, plot->bytes, plot->size);
    eg_free(plot->bytes);
    plot->bytes = bytes;
    plot->capacity = larger;
    return true;
}

/* Appends to plot->bytes. A cairo_write_func_t. */
static cairo_status_t append_bytes(void *closure, const unsigned char *data, unsigned length)
{
    eg_plot *plot = closure;
    if (plot->size + length > plot->capacity && !grow_buffer(plot, plot->size + length))
        return CAIRO_STATUS_NO_MEMORY;
    memcpy(plot->bytes + plot->size, data, length);
    plot->size += length;
    return CAIRO_STATUS_SUCCESS;
}

/* ---- the name of the program ----------------------------------------------------------------- */

/* Inserts bytes in the middle of plot->bytes. */
static cairo_status_t insert_bytes(eg_plot *plot, size_t at, const char *text, size_t length)
{
    cairo_status_t status = append_bytes(plot, (const unsigned char *)text, (unsigned)length);
    if (status == CAIRO_STATUS_SUCCESS) {
        memmove(plot->bytes + at + length, plot->bytes + at, plot->size - length - at);
        memcpy(plot->bytes + at, text, length);
    }
    return status;
}

/* Returns the offset of the last "startxref" of a PDF, which is near its end; 0 if there is none.
 * What precedes that word is at no offset that the file names, so a comment fits there. */
static size_t find_startxref(const eg_plot *plot)
{
    static const char word[] = "startxref\n";
    const size_t length = sizeof word - 1;
    for (size_t at = plot->size > length ? plot->size - length : 0; at > 0; at--)
        if (memcmp(plot->bytes + at, word, length) == 0)
            return at;
    return 0;
}

/* Returns the offset after the first tag of the element svg; 0 if there is none. */
static size_t find_svg_content(const eg_plot *plot)
{
    const unsigned char *tag = memmem(plot->bytes, plot->size, "<svg", 4);
    size_t left = tag ? plot->size - (size_t)(tag - plot->bytes) : 0;
    const unsigned char *end = tag ? memchr(tag, '>', left) : NULL;
    return end ? (size_t)(end + 1 - plot->bytes) : 0;
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

eg_status eg_plot_render(eg_plot *plot, const char *format, const void **bytes, size_t *size,
                         eg_error *error)
{
    bool png = strcmp(format, "png") == 0;
    if (!png && strcmp(format, "svg") != 0 && strcmp(format, "pdf") != 0)
        return eg_fail(error, EG_USAGE, "unknown plot format '%s': use png, svg or pdf", format);
    eg_status status = eg_cairo_load(error);
    if (status != EG_OK)
        return status;
    plot->size = 0;
    cairo_surface_t *surface = make_surface(plot, format);
    cairo_t *cr = cairo_create(surface);
    status = eg_plot_draw(plot, cr, error);
    cairo_status_t drawn = cairo_status(cr);
    cairo_destroy(cr);
    if (drawn == CAIRO_STATUS_SUCCESS && png)
        drawn = cairo_surface_write_to_png_stream(surface, append_bytes, plot);
    cairo_surface_finish(surface);
    if (drawn == CAIRO_STATUS_SUCCESS)
        drawn = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status == EG_OK && drawn == CAIRO_STATUS_SUCCESS)
        drawn = name_program(plot, format);
    if (status == EG_OK && drawn != CAIRO_STATUS_SUCCESS)
        status = fail_cairo(drawn, error);
    *bytes = plot->bytes;
    *size = plot->size;
    return status;
}

#else

eg_status eg_plot_render(eg_plot *plot, const char *format, const void **bytes, size_t *size,
                         eg_error *error)
{
    (void)plot, (void)format;
    *bytes = NULL;
    *size = 0;
    return eg_fail(error, EG_UNSUPPORTED, "this build cannot draw: it has no cairo");
}

#endif
