/* SPDX-License-Identifier: MIT */
/* Options of the gradient operator, which edges and gradient share. */
#ifndef CLI_RASTER_OPERATOR_OPTIONS_H
#define CLI_RASTER_OPERATOR_OPTIONS_H

#include "cli/raster/raster.h"

/* Name of the operator that differentiates all channels of a colour image. */
#define OPERATOR_GAUSSIAN "gaussian"
/* Name of Farid and Simoncelli's derivatives of grey, which only maps have. */
#define OPERATOR_FARID "farid"
/* Name of the operator of signed Gaussian derivatives of grey, which only maps have. */
#define OPERATOR_GAUSSIAN_DERIVATIVE "gaussian-derivative"

/* --colour */
typedef enum cli_colour { COLOUR_AUTO, COLOUR_OPPONENT, COLOUR_MAX, COLOUR_GREY } cli_colour;

typedef struct operator_settings {
    raster_settings raster;
    eg_gradient_options gradient;
    int colour;   /* cli_colour */
    int aperture; /* width of the Sobel operator in pixels; 0: --op decides */
} operator_settings;

extern const cli_group operator_group;

/* Fills in the library's defaults. */
void operator_set_defaults(operator_settings *settings);

/* The operators by name: gaussian and those of the library; NULL past the last. */
extern const cli_names operator_names;

/* The same with gaussian-derivative and farid. */
extern const cli_names map_operator_names;

/* Resolves --op and --aperture to one operator, --colour to the planes to read, and refuses
 * --border-value without a constant border. Returns an exit code, after its message. */
int operator_resolve(const cli_args *args, operator_settings *settings);

/* Returns the value of --colour that describes the computation on an image. */
const char *operator_colour_name(const char *op, const eg_info *info);

#endif
