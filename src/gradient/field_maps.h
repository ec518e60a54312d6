/* SPDX-License-Identifier: MIT */
/* Maps of the gradient field of Gaussian derivatives: the operator "gaussian" of eg_gradient(). */
#ifndef EG_GRADIENT_FIELD_MAPS_H
#define EG_GRADIENT_FIELD_MAPS_H

#include "gradient/map_output.h"

/* Computes the maps, magnitude or direction, into sinks that have not begun, and does not finish
 * them. All options have the same sigma and border. EG_USAGE: options out of range. */
eg_status eg_field_maps(eg_source *source, eg_sink *const sinks[],
                        const eg_gradient_options options[], const eg_map_output outputs[],
                        size_t count, eg_error *error);

#endif
