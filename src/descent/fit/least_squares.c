/* SPDX-License-Identifier: MIT */
/* Householder QR and one-sided Jacobi SVD (Golub and Van Loan, Matrix Computations, 5.2 and 8.6).
 */
#include "descent/fit/least_squares.h"
#include "core/portable_math.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

enum { MAX_SWEEPS = 60 }; /* about 8 suffice for 64 columns */

double eg_vector_norm(const double a[], size_t n)
{
    double largest = 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * a[i];
    if (sum > 1e-280 && sum < 1e280)
        return sqrt(sum);
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(a[i]));
    if (largest == 0 || !isfinite(largest))
        return isnan(sum) ? NAN : largest;
    sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (a[i] / largest) * (a[i] / largest);
    return largest * sqrt(sum);
}

static double dot(const double a[], const double b[], size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Reflects the column `x` of n numbers onto its first axis, and the `count` columns after it, which
 * are `stride` apart, alike. */
static void reflect(double *x, size_t n, size_t count, size_t stride)
{
    double norm = eg_vector_norm(x, n);
    if (!(norm > 0))
        return;
    for (size_t i = 0; i < n; i++)
        x[i] /= norm;
    double sign = x[0] < 0 ? -1 : 1;
    x[0] += sign;
    double half_square = fabs(x[0]); /* x'x / 2, because x had norm 1 */
    for (size_t k = 1; k <= count; k++) {
        double *column = x + k * stride, factor = dot(x, column, n) / half_square;
        for (size_t i = 0; i < n; i++)
            column[i] -= factor * x[i];
    }
    x[0] = -sign * norm;
    for (size_t i = 1; i < n; i++)
        x[i] = 0;
}

void eg_qr_reduce(double *a, size_t rows, size_t columns, size_t stride)
{
    for (size_t k = 0; k < columns && k + 1 < rows; k++)
        reflect(a + k * stride + k, rows - k, columns - k - 1, stride);
}

static void rotate(double *p, double *q, size_t n, double c, double s)
{
    for (size_t i = 0; i < n; i++) {
        double a = p[i], b = q[i];
        p[i] = c * a - s * b;
        q[i] = s * a + c * b;
    }
}

/* Makes columns p and q orthogonal. Returns false if they are. */
static bool orthogonalize(double *p, double *q, size_t rows, double *vp, double *vq, size_t columns)
{
    double a = eg_vector_norm(p, rows), b = eg_vector_norm(q, rows), cosine = 0;
    if (!(a > 0) || !(b > 0))
        return false;
    for (size_t i = 0; i < rows; i++)
        cosine += (p[i] / a) * (q[i] / b);
    if (!(fabs(cosine) > DBL_EPSILON * sqrt((double)rows)))
        return false;
    double theta = (b / a - a / b) / (2 * cosine);
    double t = copysign(1, theta) / (fabs(theta) + eg_hypotenuse(theta, 1));
    double c = 1 / eg_hypotenuse(t, 1), s = t * c;
    rotate(p, q, rows, c, s);
    rotate(vp, vq, columns, c, s);
    return s != 0;
}

void eg_svd(double *a, size_t rows, size_t columns, double values[], double *v)
{
    bool rotated = true;
    for (size_t i = 0; i < columns * columns; i++)
        v[i] = i % (columns + 1) == 0;
    for (int sweep = 0; rotated && sweep < MAX_SWEEPS; sweep++) {
        rotated = false;
        for (size_t p = 0; p + 1 < columns; p++)
            for (size_t q = p + 1; q < columns; q++)
                rotated |= orthogonalize(a + p * rows, a + q * rows, rows, v + p * columns,
                                         v + q * columns, columns);
    }
    for (size_t k = 0; k < columns; k++) {
        values[k] = eg_vector_norm(a + k * rows, rows);
        for (size_t i = 0; i < rows && values[k] > 0; i++)
            a[k * rows + i] /= values[k];
    }
}
