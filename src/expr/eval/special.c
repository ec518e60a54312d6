/* SPDX-License-Identifier: MIT */
/* Gamma function and its logarithmic derivatives, sinc and its derivatives, and the remainder. */
#include "expr/eval/special.h"

#include <math.h>
#include <stdbool.h>

static const long double pi = 3.141592653589793238462643383279502884L;

double eg_gamma(double x)
{
    return (double)tgammal(x);
}

double eg_log_gamma(double x)
{
    int sign; /* lgammal() would set a global variable */
    return (double)lgammal_r(x, &sign);
}

/* ---- polygamma ---- */

/* Returns the asymptotic series of the n-th derivative of digamma (Abramowitz and Stegun, 6.3.18
 * and 6.4.11), without its sign for n > 0; scale = (n - 1)!. Accurate for x >= 20 + n. */
static long double polygamma_series(unsigned n, long double x, long double scale)
{
    static const long double bernoulli[] = {1 / 6.0L,         -1 / 30.0L,      1 / 42.0L,
                                            -1 / 30.0L,       5 / 66.0L,       -691 / 2730.0L,
                                            7 / 6.0L,         -3617 / 510.0L,  43867 / 798.0L,
                                            -174611 / 330.0L, 854513 / 138.0L, -236364091 / 2730.0L,
                                            8553103 / 6.0L};
    const unsigned terms = sizeof bernoulli / sizeof *bernoulli;
    long double square = x * x, power = n ? scale * powl(x, -(int)n) : 1;
    long double sum = n ? power + power * n / (2 * x) : logl(x) - 1 / (2 * x);
    /* ratio: (2k + n - 1)! / ((2k)! (n - 1)!) * scale / x^(2k + n) */
    long double ratio = n ? power : -1;
    for (unsigned k = 1; k <= terms; k++) {
        unsigned m = 2 * k;
        if (n == 0)
            ratio = k == 1 ? -1 / square : ratio / square;
        else
            ratio *= (long double)(m + n - 2) * (m + n - 1) / ((long double)(m - 1) * m) / square;
        sum += bernoulli[k - 1] * (n ? ratio : ratio / m);
    }
    return sum;
}

/* Returns the n-th derivative of digamma for x > 0: the recurrence shifts x to where the series
 * holds. */
static long double polygamma_positive(unsigned n, long double x)
{
    long double factorial = 1, sum = 0, least = 20 + n;
    for (unsigned k = 2; k < n; k++)
        factorial *= k;
    long double whole = n ? factorial * n : 1;
    while (x < least) {
        sum += whole * powl(x, -(int)(n + 1));
        x += 1;
    }
    if (n == 0)
        return polygamma_series(0, x, 1) - sum;
    sum += polygamma_series(n, x, factorial);
    return n % 2 ? sum : -sum;
}

/* Returns the n-th derivative of pi cot(pi x). With c = cot(pi x) it is pi^(n + 1) P(c), where the
 * derivative of P is -(1 + c^2) P'(c). All coefficients of P have the same sign. */
static long double cotangent_derivative(unsigned n, long double x)
{
    long double p[EG_MAX_POLYGAMMA + 3] = {0, 1}, next[EG_MAX_POLYGAMMA + 3];
    long double fraction = x - roundl(x), c = 1 / tanl(pi * fraction), sum = 0, scale = pi;
    if (fabsl(fraction) == 0.5L)
        c = 0;
    for (unsigned k = 0; k < n; k++) {
        for (unsigned i = 0; i <= k + 2; i++) {
            next[i] = i <= k ? -(long double)(i + 1) * p[i + 1] : 0;
            next[i] -= i >= 1 ? (long double)(i - 1) * p[i - 1] : 0;
        }
        for (unsigned i = 0; i <= k + 2; i++)
            p[i] = next[i];
        scale *= pi;
    }
    for (unsigned i = n + 2; i-- > 0;)
        sum = sum * c + p[i];
    return scale * sum;
}

double eg_polygamma(unsigned n, double x)
{
    if (isnan(x) || n > EG_MAX_POLYGAMMA || (x <= 0 && x == floor(x)))
        return NAN;
    if (isinf(x))
        return n ? 0 : x;
    if (x > 0)
        return (double)polygamma_positive(n, x);
    /* reflection: psi(1 - x) - psi(x) = pi cot(pi x) */
    long double mirrored = polygamma_positive(n, 1 - (long double)x);
    return (double)((n % 2 ? -mirrored : mirrored) - cotangent_derivative(n, x));
}

/* ---- sinc ---- */

/* Returns the power series of the n-th derivative of sinc: sum of (-1)^k x^(2k - n)/((2k - n)! (2k
 * + 1)) over 2k >= n. */
static long double sinc_series(unsigned n, long double x)
{
    unsigned odd = n % 2, k = (n + 1) / 2;
    long double term = (odd ? x : 1) * (k % 2 ? -1 : 1), sum = 0;
    for (unsigned power = odd; power < 200; power += 2) {
        long double added = term / (power + n + 1);
        sum += added;
        if (fabsl(added) <= fabsl(sum) * 0x1p-70L)
            break;
        term *= -x * x / ((power + 1) * (power + 2));
    }
    return sum;
}

/* Returns the k-th derivative of the sine. */
static long double sine_derivative(unsigned k, long double x)
{
    long double value = k % 2 ? cosl(x) : sinl(x);
    return k % 4 >= 2 ? -value : value;
}

double eg_sinc(unsigned n, double x)
{
    long double v = fabsl((long double)x), result;
    if (isnan(x) || n > EG_MAX_SINC)
        return NAN;
    if (isinf(x))
        return 0;
    if (v < (n ? n + 3 : 1)) {
        result = sinc_series(n, v);
    } else { /* x f(n) + n f(n-1) = the n-th derivative of the sine */
        result = sinl(v) / v;
        for (unsigned k = 1; k <= n; k++)
            result = (sine_derivative(k, v) - k * result) / v;
    }
    return (double)(x < 0 && n % 2 ? -result : result);
}

/* ---- remainder ---- */

double eg_modulo(double a, double b)
{
    double r = fmod(a, b);
    if (r == 0)
        return 0;
    return (r < 0) != (b < 0) ? r + b : r;
}
