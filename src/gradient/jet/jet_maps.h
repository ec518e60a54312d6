/* SPDX-License-Identifier: MIT */
/* Maps that follow from Gaussian derivatives of the intensity. */
#ifndef EG_GRADIENT_JET_MAPS_H
#define EG_GRADIENT_JET_MAPS_H

#include "gradient/map_output.h"

/* Computes the maps into sinks that have not begun, and does not finish them. All options are those
 * of jet maps, with the same sigma and border. EG_USAGE: options out of range. */
eg_status eg_jet_maps(eg_source *source, eg_sink *const sinks[],
                      const eg_gradient_options options[], const eg_map_output outputs[],
                      size_t count, eg_error *error);

#endif
