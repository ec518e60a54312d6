/* SPDX-License-Identifier: MIT */
/* Plots of functions: their options, ranges of axes, and files. */
#ifndef CLI_SUPPORT_PLOT_FILE_H
#define CLI_SUPPORT_PLOT_FILE_H

#include "cli/cli.h"

/* Values of --plot, --range, --axes and --equal; NULL: not given. */
typedef struct plot_file_options {
    const char *path, *range, *axes;
    const char *option; /* that has the path; NULL: "plot" */
    bool equal;
} plot_file_options;

/* Returns true if the extension of the path is that of a plot: .png, .svg or .pdf. */
bool plot_file_recognizes(const char *path);

/* Checks the format of the file and that no other option is given without --plot. Returns an exit
 * code, after its message. */
int plot_file_check(const cli_args *args, const plot_file_options *options);

/* Parses "x0,x1,y0,y1", or "x0,x1", which leaves `y` unchanged. Returns false after its message. */
bool plot_file_range(const cli_args *args, const char *text, double x[2], double y[2]);

/* Returns value i of `count` evenly spaced values from range[0] to range[1]. */
double plot_file_interpolate(const double range[2], size_t i, size_t count);

/* Renders the plot to a file, whose format is given by its extension. It appears with the others of
 * `set`; NULL: at once. */
eg_status plot_file_write(eg_context *ctx, eg_plot *plot, const char *path, eg_outputs *set,
                          eg_error *error);

#endif
