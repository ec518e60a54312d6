/* SPDX-License-Identifier: MIT */
/* Options of the gradient operator, which edges and gradient share. */
#ifndef CLI_RASTER_OPERATOR_OPTIONS_H
#define CLI_RASTER_OPERATOR_OPTIONS_H

#include "cli/raster/raster.h"

typedef struct operator_settings {
    raster_settings raster;
    eg_gradient_options gradient;
    int aperture; /* width of the Sobel operator in pixels; 0: --op decides */
} operator_settings;

extern const cli_group operator_group;

/* Fills in the library's defaults. */
void operator_set_defaults(operator_settings *settings);

/* Resolves --op and --aperture to one operator, and refuses --border-value without a constant
 * border. Returns an exit code, after its message. */
int operator_resolve(const cli_args *args, operator_settings *settings);

#endif
