/* SPDX-License-Identifier: MIT */
/* A vector field on a grid, interpolated bilinearly. Positions are columns and rows of the grid. */
#ifndef EG_FLUX_VECTOR_FIELD_H
#define EG_FLUX_VECTOR_FIELD_H

#include "edgegrad.h"

typedef struct eg_sampled_field {
    const eg_grid *columns, *rows; /* components, of EG_F32 or EG_F64 */
    double end[2];                 /* largest column and row of the field */
} eg_sampled_field;

/* Computes the value of a grid. Returns false outside 0 .. end and where one of the samples around
 * that has a weight is NaN. */
bool eg_bilinear(const eg_grid *grid, const double end[2], const double at[2], double *value);

/* Computes the unit vector of the field's direction. Returns false where it has none: outside,
 * where it is missing, and where it is 0. */
bool eg_vector_field_direction(const eg_sampled_field *field, const double at[2],
                               double direction[2]);

#endif
