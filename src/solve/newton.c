/* SPDX-License-Identifier: MIT */
/* The interval Newton operator. */
#include "solve/newton.h"

#include <math.h>
#include <string.h>

#include "solve/arithmetic.h"

static void take_middle(const eg_interval x[], size_t n, eg_interval point[])
{
    for (size_t i = 0; i < n; i++)
        point[i].low = point[i].high = eg_iv_middle(x[i]);
}

void eg_newton_derive(eg_newton *newton, const eg_interval x[], eg_domain domain)
{
    size_t n = newton->system->n;
    double middle[EG_UNKNOWNS * EG_UNKNOWNS];
    newton->regular = newton->inverted = false;
    eg_domain of_jacobian = eg_system_jacobian(newton->system, x, newton->jacobian);
    newton->usable = domain == EG_DOMAIN_CONTINUOUS && of_jacobian >= EG_DOMAIN_EVERYWHERE;
    for (size_t i = 0; i < n * n && newton->usable; i++) {
        newton->usable = eg_iv_is_finite(newton->jacobian[i]);
        middle[i] = eg_iv_middle(newton->jacobian[i]);
    }
    if (newton->usable)
        newton->inverted = eg_invert(middle, n, newton->inverse);
}

/* Returns sum_j a[j] (x[j] - m[j]) without term `skipped`. */
static eg_interval sum_of_terms(const eg_interval a[], const eg_interval x[], const eg_interval m[],
                                size_t n, size_t skipped)
{
    eg_interval sum = {0, 0};
    for (size_t j = 0; j < n; j++)
        if (j != skipped && (a[j].low != 0 || a[j].high != 0))
            sum = eg_iv_add(sum, eg_iv_mul(a[j], eg_iv_sub(x[j], m[j])));
    return sum;
}

/* Solves rest + a (x - m) = 0 for x and intersects it with the solutions. Returns false if nothing
 * remains. */
static bool solve_for(eg_interval *x, eg_interval rest, eg_interval a, eg_interval m)
{
    if (eg_iv_has_zero(a))
        return eg_iv_has_zero(eg_iv_add(rest, eg_iv_mul(a, eg_iv_sub(*x, m))));
    eg_interval image = eg_iv_sub(m, eg_iv_div(rest, a));
    if (!eg_iv_meet(*x, image))
        return false;
    *x = eg_iv_intersect(*x, image);
    return true;
}

/* Makes the box smaller by each equation b[i] + sum_j a[i][j] (x[j] - m[j]) = 0, solved for each
 * unknown, or for unknown i alone. */
static bool solve_rows(const eg_interval a[], const eg_interval b[], const eg_interval m[],
                       size_t n, bool diagonal, eg_interval x[])
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = diagonal ? i : 0; j < (diagonal ? i + 1 : n); j++) {
            eg_interval rest = eg_iv_add(b[i], sum_of_terms(a + i * n, x, m, n, j));
            if (!solve_for(&x[j], rest, a[i * n + j], m[j]))
                return false;
        }
    return true;
}

/* Multiplies the inverse by a matrix of n rows and `columns` columns. */
static void multiply(const double inverse[], const eg_interval matrix[], size_t n, size_t columns,
                     eg_interval product[])
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < columns; k++) {
            eg_interval sum = {0, 0};
            for (size_t j = 0; j < n; j++) {
                double y = inverse[i * n + j];
                sum = eg_iv_add(sum, eg_iv_mul(eg_iv(y, y), matrix[j * columns + k]));
            }
            product[i * columns + k] = sum;
        }
}

bool eg_newton_contract(eg_newton *newton, eg_interval x[])
{
    size_t n = newton->system->n;
    eg_interval m[EG_UNKNOWNS] = {{0}}, at_m[EG_UNKNOWNS], b[EG_UNKNOWNS];
    eg_interval a[EG_UNKNOWNS * EG_UNKNOWNS];
    newton->regular = false;
    if (!newton->usable)
        return true;
    take_middle(x, n, m);
    eg_system_values(newton->system, m, at_m, NULL);
    if (n > 1 && !solve_rows(newton->jacobian, at_m, m, n, false, x))
        return false;
    if (!newton->inverted)
        return n > 1 || solve_rows(newton->jacobian, at_m, m, n, true, x);
    multiply(newton->inverse, newton->jacobian, n, n, a);
    multiply(newton->inverse, at_m, n, 1, b);
    newton->regular = true;
    for (size_t i = 0; i < n; i++)
        newton->regular &= !eg_iv_has_zero(a[i * n + i]);
    return solve_rows(a, b, m, n, true, x);
}

/* Sets image[] to the Krawczyk operator of the box. Returns true if it lies in the interior. */
static bool krawczyk(const eg_newton *newton, const eg_interval x[], eg_interval image[])
{
    size_t n = newton->system->n;
    eg_interval m[EG_UNKNOWNS] = {{0}}, at_m[EG_UNKNOWNS], b[EG_UNKNOWNS];
    eg_interval a[EG_UNKNOWNS * EG_UNKNOWNS];
    bool inside = true;
    take_middle(x, n, m);
    eg_domain domain = eg_system_values(newton->system, m, at_m, NULL);
    multiply(newton->inverse, newton->jacobian, n, n, a);
    multiply(newton->inverse, at_m, n, 1, b);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            eg_interval unit = {i == j, i == j};
            a[i * n + j] = eg_iv_sub(unit, a[i * n + j]);
        }
        image[i] = eg_iv_add(eg_iv_sub(m[i], b[i]), sum_of_terms(a + i * n, x, m, n, n));
        inside = inside && image[i].low > x[i].low && image[i].high < x[i].high;
    }
    return inside && domain == EG_DOMAIN_CONTINUOUS;
}

static void derive_over(eg_newton *newton, const eg_interval x[])
{
    eg_interval values[EG_UNKNOWNS];
    eg_newton_derive(newton, x, eg_system_values(newton->system, x, values, NULL));
}

bool eg_newton_prove(eg_newton *newton, const eg_interval x[], eg_interval tight[])
{
    enum { ROUNDS = 8 };
    size_t n = newton->system->n;
    derive_over(newton, x);
    if (!newton->usable || !newton->inverted || !krawczyk(newton, x, tight))
        return false;
    for (int round = 0; round < ROUNDS; round++) {
        double before = 0, after = 0;
        derive_over(newton, tight);
        for (size_t i = 0; i < n; i++)
            before += eg_iv_width(tight[i]);
        if (!eg_newton_contract(newton, tight))
            return false; /* cannot be: there is a solution */
        for (size_t i = 0; i < n; i++)
            after += eg_iv_width(tight[i]);
        if (!(after < 0.7 * before))
            break;
    }
    return true;
}

bool eg_newton_improve(eg_newton *newton, double x[], double scale)
{
    enum { STEPS = 12 };
    size_t n = newton->system->n;
    eg_interval point[EG_UNKNOWNS], values[EG_UNKNOWNS];
    for (int step = 0; step < STEPS; step++) {
        double length = 0, size = 0;
        for (size_t i = 0; i < n; i++)
            point[i] = eg_iv(x[i], x[i]);
        derive_over(newton, point);
        if (!newton->usable || !newton->inverted)
            return false;
        eg_system_values(newton->system, point, values, NULL);
        for (size_t i = 0; i < n; i++) {
            double move = 0;
            for (size_t j = 0; j < n; j++)
                move += newton->inverse[i * n + j] * eg_iv_middle(values[j]);
            x[i] -= move;
            length = fmax(length, fabs(move));
            size = fmax(size, fabs(x[i]));
        }
        if (!isfinite(length))
            return false;
        if (length <= 1e-13 * (size + scale))
            return true;
    }
    return false;
}
