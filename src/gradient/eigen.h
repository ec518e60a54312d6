/* SPDX-License-Identifier: MIT */
/* What a Hessian says: eigenvalues and eigenvectors of symmetric matrices. */
#ifndef EG_GRADIENT_EIGEN_H
#define EG_GRADIENT_EIGEN_H

#include <stddef.h>

/* Eigenvalues of the symmetric n x n matrix, which is used up, ascending; and in the rows of
 * `vectors`, unless it is NULL, the eigenvectors of length 1. */
void eg_eigen(double *matrix, size_t n, double values[], double *vectors);

#endif
