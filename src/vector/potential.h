/* SPDX-License-Identifier: MIT */
/* Potentials of vector fields. */
#ifndef EG_VECTOR_POTENTIAL_H
#define EG_VECTOR_POTENTIAL_H

#include "vector/vector_field.h"

/* Looks for a function whose gradient is proven to be the field. Sets *potential to NULL if none is
 * found. */
eg_status eg_find_potential(eg_expr **potential, const eg_vector_field *field, eg_error *error);

#endif
