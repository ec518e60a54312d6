/* SPDX-License-Identifier: MIT */
/* Dense linear algebra of least squares: QR by Householder reflections, singular values by
 * one-sided Jacobi rotations. Matrices are stored by columns. */
#ifndef EG_DESCENT_LEAST_SQUARES_H
#define EG_DESCENT_LEAST_SQUARES_H

#include <stddef.h>

/* Returns the Euclidean norm without overflow or underflow of the squares. */
double eg_vector_norm(const double a[], size_t n);

/* Replaces the matrix of `rows` x `columns`, whose columns begin `stride` numbers apart, by the R
 * of its QR factorisation, with zeros below the diagonal. R has the Q'b of a last column b above
 * the diagonal. */
void eg_qr_reduce(double *a, size_t rows, size_t columns, size_t stride);

/* Computes the singular value decomposition a = U diag(values) V' of a `rows` x `columns` matrix,
 * rows >= columns. Replaces `a` by U (zero columns for zero values); v is `columns` x `columns`.
 * The values are not sorted. Small values of a matrix with columns of norm 1 have a small relative
 * error as far as the columns determine them (Demmel and Veselic 1992). */
void eg_svd(double *a, size_t rows, size_t columns, double values[], double *v);

#endif
