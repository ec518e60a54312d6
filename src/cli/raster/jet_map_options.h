/* SPDX-License-Identifier: MIT */
/* Options of the maps of Gaussian derivatives. */
#ifndef CLI_RASTER_JET_MAP_OPTIONS_H
#define CLI_RASTER_JET_MAP_OPTIONS_H

#include "cli/raster/operator_options.h"

extern const cli_group jet_map_group;

/* Resolves the map, its sigma and its operator, and refuses options that the map does not have.
 * `boundary`: value of --map that is no eg_gradient_map. Returns an exit code, after its message.
 */
int jet_maps_resolve(const cli_args *args, operator_settings *settings, int boundary);

#endif
