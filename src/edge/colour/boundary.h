/* SPDX-License-Identifier: MIT */
/*
 * The boundary detector: the gradient field of several features at several scales, added up. It
 * finds boundaries between regions of different colour, contrast or texture, and passes over the
 * edges inside a texture.
 */
#ifndef EG_EDGE_BOUNDARY_H
#define EG_EDGE_BOUNDARY_H

#include "gradient/tensor.h"

/* Returns the rows of the channels around a row that its field depends on. */
size_t eg_boundary_margin(double scale);

/* Computes rows first .. end - 1 of the field, as eg_gradient_field_compute() does. `scale` is the
 * number of samples for each pixel of the reference size, 481 x 321. */
eg_status eg_boundary_field(eg_gradient_field *field, const eg_channels *channels, double scale,
                            size_t first, size_t end, eg_error *error);

#endif
