/* SPDX-License-Identifier: MIT */
/* The settings of edgegrad gradient. */
#ifndef CLI_RASTER_GRADIENT_SETTINGS_H
#define CLI_RASTER_GRADIENT_SETTINGS_H

#include "cli/flux/flux.h"
#include "cli/raster/operator_options.h"

typedef struct gradient_settings {
    operator_settings derivative;
    eg_boundary_options boundary;
    bool thin;
    flux_settings flux;
} gradient_settings;

#endif
