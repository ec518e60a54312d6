/* SPDX-License-Identifier: MIT */
/* Plots of functions: their options, ranges of axes, and files. */
#ifndef CLI_SUPPORT_PLOT_FILE_H
#define CLI_SUPPORT_PLOT_FILE_H

#include "cli/cli.h"

/* Values of --plot, --range, --axes and --equal; NULL: not given. */
typedef struct chart_options {
    const char *path, *range, *axes;
    bool equal;
} chart_options;

/* Checks the format of the file and that no other option is given without --plot. Returns an exit
 * code, after its message. */
int chart_check(const cli_line *line, const chart_options *options);

/* Parses "x0,x1,y0,y1", or "x0,x1", which leaves `y` unchanged. Returns false after its message. */
bool chart_range(const cli_line *line, const char *text, double x[2], double y[2]);

/* Returns value i of `count` evenly spaced values from range[0] to range[1]. */
double chart_along(const double range[2], size_t i, size_t count);

/* Renders the plot to a file, whose format is given by its extension. */
eg_status chart_write(eg_context *ctx, eg_plot *plot, const char *path, eg_error *error);

#endif
