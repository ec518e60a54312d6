/* SPDX-License-Identifier: MIT */
/* What the pictures of functions have in common: a file whose ending says its kind, ranges of the
 * axes. */
#ifndef CLI_SUPPORT_PLOT_FILE_H
#define CLI_SUPPORT_PLOT_FILE_H

#include "cli/cli.h"

/* What was asked for; NULL: nothing. */
typedef struct chart_options {
    const char *path, *range, *axes;
    bool equal;
} chart_options;

/* Whether the options make sense; an exit code, after a message. */
int chart_check(const cli_line *line, const chart_options *options);

/* Reads "x0,x1,y0,y1" or "x0,x1", which leaves y as it is; false after a message. */
bool chart_range(const cli_line *line, const char *text, double x[2], double y[2]);

/* Place i of `count` from the one end of a range to the other. */
double chart_along(const double range[2], size_t i, size_t count);

/* Renders the plot into the file. */
eg_status chart_write(eg_context *ctx, eg_plot *plot, const char *path, eg_error *error);

#endif
