/* SPDX-License-Identifier: MIT */
/* Options of the maps that follow from Gaussian derivatives of the intensity. */
#ifndef EG_GRADIENT_JET_OPTIONS_H
#define EG_GRADIENT_JET_OPTIONS_H

#include "edgegrad.h"

/* Returns true if the map is one of a jet: by its kind, or by the operator "gaussian-derivative" or
 * "farid". */
bool eg_is_jet_map(const eg_gradient_options *options);

/* Returns true if the map is one of Farid and Simoncelli's derivatives. */
bool eg_is_farid_map(const eg_gradient_options *options);

/* Return sigma, the wider sigma of a difference of Gaussians, and that of the integration of the
 * structure tensor, in pixels, with defaults resolved. */
double eg_jet_sigma(const eg_gradient_options *options);
double eg_jet_wide_sigma(const eg_gradient_options *options);
double eg_jet_integration_sigma(const eg_gradient_options *options);

/* Fails with EG_USAGE if options of a jet map are out of range. */
eg_status eg_check_jet_options(const eg_gradient_options *options, eg_error *error);

/* Fails with EG_USAGE if thinning or zero crossings do not suit the map of the options. */
eg_status eg_check_map_choices(const eg_gradient_options *options, eg_error *error);

#endif
