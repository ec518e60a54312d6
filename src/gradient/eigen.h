/* SPDX-License-Identifier: MIT */
/* Eigenvalues and eigenvectors of symmetric matrices. */
#ifndef EG_GRADIENT_EIGEN_H
#define EG_GRADIENT_EIGEN_H

#include <stddef.h>

/* Computes the eigenvalues of the symmetric n x n `matrix` into `values`, ascending, and the unit
 * eigenvectors into the rows of `vectors` unless that is NULL. Overwrites `matrix`. */
void eg_eigen(double *matrix, size_t n, double values[], double *vectors);

#endif
