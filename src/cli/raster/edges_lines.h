/* SPDX-License-Identifier: MIT */
/* Options of the command edges about lines, and their files. */
#ifndef CLI_RASTER_EDGES_LINES_H
#define CLI_RASTER_EDGES_LINES_H

#include "cli/raster/edges_options.h"
#include "cli/support/json.h"

extern const cli_group lines_group;

/* Adds the file of --lines to the outputs, or makes OUTPUT a file of lines if it has the format of
 * one, and resolves the options. Returns an exit code, after its message. */
int edges_resolve_lines(const cli_args *args, edges_settings *settings, raster_work *work);

/* Detects the edges of a file, and writes their lines if that was asked for. */
eg_status edges_compute(const raster_work *work, const raster_pass *pass,
                        const eg_edges_options *options, raster_result *result, eg_error *error);

/* Prints the numbers of lines as a member of the JSON object of a file, if lines were written. */
void edges_print_lines(json *j, const raster_work *work, const raster_result *result);

#endif
