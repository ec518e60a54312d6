/* SPDX-License-Identifier: MIT */
/*
 * Eigenvalues of small symmetric matrices by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5):
 * accurate to the last digits of the largest one, and 64 variables are the most there are.
 */
#include <math.h>
#include <string.h>

#include "descent/walk.h"

enum { SWEEPS = 60 }; /* some 8 are enough for 64 x 64 */

/* Turns rows and columns p and q so that element (p, q) becomes 0. */
static void rotate(double *a, double *basis, size_t n, size_t p, size_t q)
{
    double off = a[p * n + q];
    double theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
    double t = copysign(1, theta) / (fabs(theta) + hypot(theta, 1));
    double c = 1 / sqrt(t * t + 1), s = t * c;
    for (size_t k = 0; k < n; k++) {
        double kp = a[k * n + p], kq = a[k * n + q];
        a[k * n + p] = c * kp - s * kq;
        a[k * n + q] = s * kp + c * kq;
    }
    for (size_t k = 0; k < n; k++) {
        double pk = a[p * n + k], qk = a[q * n + k];
        a[p * n + k] = c * pk - s * qk;
        a[q * n + k] = s * pk + c * qk;
        double bp = basis[p * n + k], bq = basis[q * n + k];
        basis[p * n + k] = c * bp - s * bq;
        basis[q * n + k] = s * bp + c * bq;
    }
    a[p * n + q] = a[q * n + p] = 0;
}

/* One turn through all pairs; false: there was nothing left to do. */
static bool sweep(double *a, double *basis, size_t n)
{
    bool turned = false;
    for (size_t p = 0; p + 1 < n; p++)
        for (size_t q = p + 1; q < n; q++) {
            double small = fabs(a[p * n + p]) + fabs(a[q * n + q]);
            if (a[p * n + q] != 0 && small + fabs(a[p * n + q]) > small) {
                rotate(a, basis, n, p, q);
                turned = true;
            }
        }
    return turned;
}

static void swap_rows(double *basis, size_t n, size_t i, size_t k)
{
    for (size_t c = 0; c < n; c++) {
        double held = basis[i * n + c];
        basis[i * n + c] = basis[k * n + c];
        basis[k * n + c] = held;
    }
}

void eg_eigen(double matrix[], size_t n, double values[], double basis[])
{
    memset(basis, 0, n * n * sizeof *basis);
    for (size_t i = 0; i < n; i++)
        basis[i * n + i] = 1;
    for (int i = 0; i < SWEEPS && sweep(matrix, basis, n); i++)
        ;
    for (size_t i = 0; i < n; i++)
        values[i] = matrix[i * n + i];
    for (size_t i = 0; i + 1 < n; i++) {
        size_t least = i;
        for (size_t k = i + 1; k < n; k++)
            if (values[k] < values[least])
                least = k;
        double held = values[i];
        values[i] = values[least];
        values[least] = held;
        if (least != i)
            swap_rows(basis, n, i, least);
    }
}
