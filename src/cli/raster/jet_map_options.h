/* SPDX-License-Identifier: MIT */
/* Options of the maps of Gaussian derivatives. */
#ifndef CLI_RASTER_JET_MAP_OPTIONS_H
#define CLI_RASTER_JET_MAP_OPTIONS_H

#include "cli/raster/operator_options.h"

extern const cli_group jet_map_group;

/* Resolves sigma and operator of the maps, and refuses options that none of them has. `boundary`:
 * value of --map that is no eg_gradient_map. Returns an exit code, after its message. */
int jet_maps_resolve(const cli_args *args, operator_settings *settings, const cli_maps *maps,
                     int boundary);

#endif
