/* SPDX-License-Identifier: MIT */
/*
 * Eigenvalues of small symmetric matrices by cyclic Jacobi rotations (Golub and Van Loan, Matrix
 * Computations, 8.5). The error is a few units in the last place of the largest eigenvalue.
 */
#include "gradient/eigen.h"
#include "core/portable_math.h"

#include <math.h>
#include <stdbool.h>

enum { MAX_SWEEPS = 60 }; /* about 8 sweeps suffice for 64 x 64 */

/* Rotates rows and columns p and q so that element (p, q) becomes 0. */
static void jacobi_rotate(double *m, size_t n, size_t p, size_t q, double *vectors)
{
    double theta = (m[q * n + q] - m[p * n + p]) / (2 * m[p * n + q]);
    double t = copysign(1, theta) / (fabs(theta) + eg_hypotenuse(theta, 1));
    double c = 1 / eg_hypotenuse(t, 1), s = t * c;
    for (size_t k = 0; k < n; k++) {
        double a = m[k * n + p], b = m[k * n + q];
        m[k * n + p] = c * a - s * b;
        m[k * n + q] = s * a + c * b;
    }
    for (size_t k = 0; k < n; k++) {
        double a = m[p * n + k], b = m[q * n + k];
        m[p * n + k] = c * a - s * b;
        m[q * n + k] = s * a + c * b;
    }
    m[p * n + q] = m[q * n + p] = 0;
    for (size_t k = 0; vectors && k < n; k++) {
        double a = vectors[p * n + k], b = vectors[q * n + k];
        vectors[p * n + k] = c * a - s * b;
        vectors[q * n + k] = s * a + c * b;
    }
}

/* Returns true if element (p, q) is too small relative to its diagonal elements to change them. */
static bool is_negligible(const double *m, size_t n, size_t p, size_t q)
{
    double diagonal = fabs(m[p * n + p]) + fabs(m[q * n + q]);
    return diagonal + fabs(m[p * n + q]) == diagonal;
}

static bool jacobi_sweep(double *m, size_t n, double *vectors)
{
    bool rotated = false;
    for (size_t p = 0; p < n; p++)
        for (size_t q = p + 1; q < n; q++)
            if (!is_negligible(m, n, p, q)) {
                jacobi_rotate(m, n, p, q, vectors);
                rotated = true;
            }
    return rotated;
}

static void swap_doubles(double *a, double *b)
{
    double swapped = *a;
    *a = *b;
    *b = swapped;
}

static void sort_ascending(double values[], size_t n, double *vectors)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = i; k > 0 && values[k] < values[k - 1]; k--) {
            swap_doubles(&values[k], &values[k - 1]);
            for (size_t c = 0; vectors && c < n; c++)
                swap_doubles(&vectors[k * n + c], &vectors[(k - 1) * n + c]);
        }
}

void eg_eigen(double *matrix, size_t n, double values[], double *vectors)
{
    for (size_t i = 0; vectors && i < n * n; i++)
        vectors[i] = i % (n + 1) == 0;
    for (int i = 0; i < MAX_SWEEPS && jacobi_sweep(matrix, n, vectors); i++)
        continue;
    for (size_t i = 0; i < n; i++)
        values[i] = matrix[i * (n + 1)];
    sort_ascending(values, n, vectors);
}
