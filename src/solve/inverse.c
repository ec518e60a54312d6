/* SPDX-License-Identifier: MIT */
/* Inversion of small matrices. */
#include <math.h>
#include <string.h>

#include "solve/newton.h"

static void swap_rows(double *matrix, size_t a, size_t b, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        double x = matrix[a * n + k];
        matrix[a * n + k] = matrix[b * n + k];
        matrix[b * n + k] = x;
    }
}

/* Subtracts multiples of row `pivot` from all others, so that column `pivot` is that of I. */
static void eliminate(double *work, double *inverse, size_t pivot, size_t n)
{
    double factor = 1 / work[pivot * n + pivot];
    for (size_t k = 0; k < n; k++) {
        work[pivot * n + k] *= factor;
        inverse[pivot * n + k] *= factor;
    }
    for (size_t i = 0; i < n; i++) {
        double multiple = work[i * n + pivot];
        for (size_t k = 0; k < n && i != pivot && multiple != 0; k++) {
            work[i * n + k] -= multiple * work[pivot * n + k];
            inverse[i * n + k] -= multiple * inverse[pivot * n + k];
        }
    }
}

bool eg_invert(const double matrix[], size_t n, double inverse[])
{
    double work[EG_UNKNOWNS * EG_UNKNOWNS], largest = 0;
    memcpy(work, matrix, n * n * sizeof *work);
    for (size_t i = 0; i < n * n; i++) {
        inverse[i] = i / n == i % n;
        largest = fmax(largest, fabs(matrix[i]));
    }
    for (size_t pivot = 0; pivot < n; pivot++) {
        size_t best = pivot;
        for (size_t i = pivot + 1; i < n; i++)
            if (fabs(work[i * n + pivot]) > fabs(work[best * n + pivot]))
                best = i;
        if (!(fabs(work[best * n + pivot]) > 1e-14 * largest))
            return false;
        swap_rows(work, pivot, best, n);
        swap_rows(inverse, pivot, best, n);
        eliminate(work, inverse, pivot, n);
    }
    for (size_t i = 0; i < n * n; i++)
        if (!isfinite(inverse[i]))
            return false;
    return true;
}
