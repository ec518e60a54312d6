/* SPDX-License-Identifier: MIT */
/* Renders a plot to the bytes of a file. */
#include <string.h>

#include "core/status.h"
#include "plot/plot.h"

eg_status eg_plot_render(eg_plot *plot, const char *format, const void **bytes, size_t *size,
                         eg_error *error)
{
    *bytes = NULL;
    *size = 0;
    if (strcmp(format, "png") != 0 && strcmp(format, "svg") != 0 && strcmp(format, "pdf") != 0)
        return eg_fail(error, EG_USAGE, "unknown plot format '%s': use png, svg or pdf", format);
    eg_status status = eg_painter_draw(plot, format, error);
    if (status == EG_OK) {
        *bytes = plot->file.bytes;
        *size = plot->file.size;
    }
    return status;
}
