/* SPDX-License-Identifier: MIT */
/*
 * Digits of a regular solution x*. With the derivatives J over a box that contains x and x*, and a
 * matrix Y near their inverse, x - Y F(x) - x* = (I - Y J)(x - x*) for some J of these: a step
 * divides the error by 1/q, where q bounds the norm of I - Y J. q is computed in doubles, F(x) in
 * exact numbers, and x is a decimal.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/status.h"
#include "solve/arithmetic.h"
#include "solve/newton.h"
#include "solve/polish.h"

/* The state of the steps: a decimal for each unknown, and the error of all. */
typedef struct steps {
    const eg_polish *polish;
    size_t n;
    eg_newton newton;
    double log_q, log_error; /* decimal logarithms, rounded upwards */
    eg_real x[EG_UNKNOWNS];
} steps;

/* Adds the number that a decimal text is. */
static eg_real make_decimal(eg_reals *reals, const char *text)
{
    bool negative = *text == '-';
    const char *digits = text + negative;
    size_t length = strlen(digits);
    eg_real number =
        eg_make_literal(&reals->graph, digits, length, eg_rational_parse(digits, length));
    if (eg_reals_grow(reals) != EG_OK)
        return EG_REAL_NONE;
    return negative ? eg_real_apply(reals, EG_REAL_NEGATE, number, EG_REAL_NONE) : number;
}

/* Returns a number of which only |number| < 10^log is known. */
static eg_real make_error(eg_reals *reals, double log)
{
    char text[32];
    snprintf(text, sizeof text, "1e%.0f", ceil(log));
    return eg_real_apply(reals, EG_REAL_MULTIPLY, eg_real_between(reals, -1, 1),
                         make_decimal(reals, text));
}

/* Computes q over the box of twice the radius around the middle of `tight`. Returns false if steps
 * do not converge. */
static bool begin(steps *s, const eg_interval tight[], double x[])
{
    eg_interval box[EG_UNKNOWNS], values[EG_UNKNOWNS];
    double radius = 0, q = 0;
    for (size_t i = 0; i < s->n; i++) {
        x[i] = eg_iv_middle(tight[i]);
        radius = fmax(radius, fmax(tight[i].high - x[i], x[i] - tight[i].low));
    }
    radius = radius * (1 + 1e-9) + 1e-300;
    for (size_t i = 0; i < s->n; i++)
        box[i] =
            eg_iv(nextafter(x[i] - 2 * radius, -INFINITY), nextafter(x[i] + 2 * radius, INFINITY));
    eg_newton_derive(&s->newton, box, eg_system_values(s->polish->system, box, values, NULL));
    if (!s->newton.usable || !s->newton.inverted)
        return false;
    for (size_t i = 0; i < s->n; i++) {
        eg_interval row = {0, 0};
        for (size_t k = 0; k < s->n; k++) {
            eg_interval sum = {i == k, i == k};
            for (size_t j = 0; j < s->n; j++) {
                double y = s->newton.inverse[i * s->n + j];
                sum = eg_iv_sub(sum, eg_iv_mul(eg_iv(y, y), s->newton.jacobian[j * s->n + k]));
            }
            double size = eg_iv_magnitude(sum);
            row = eg_iv_add(row, eg_iv(size, size));
        }
        q = fmax(q, row.high);
    }
    s->log_q = log10(q + 1e-15) + 1e-9;
    s->log_error = log10(radius) + 1e-9;
    return q < 0.1;
}

/* Sets out[] to x - Y F(x), as numbers. */
static eg_status step(const steps *s, eg_real out[])
{
    const eg_system *system = s->polish->system;
    eg_reals *reals = s->polish->reals;
    eg_real at[EG_UNKNOWNS], f[EG_UNKNOWNS], gradient[EG_EXPR_VARIABLES];
    eg_status status = EG_OK;
    memcpy(at, s->polish->fixed, system->variables * sizeof *at);
    for (size_t i = 0; i < s->n; i++)
        at[system->unknown[i]] = s->x[i];
    if (system->partials)
        status = eg_reals_derive(reals, system->function->expr, at, NULL, gradient, NULL,
                                 s->polish->error);
    for (size_t i = 0; i < system->partials && status == EG_OK; i++)
        f[i] = gradient[system->axis[i]];
    for (size_t i = system->partials; i < s->n && status == EG_OK; i++)
        status = eg_reals_derive(reals, system->equations[i - system->partials]->expr, at, &f[i],
                                 NULL, NULL, s->polish->error);
    for (size_t i = 0; i < s->n && status == EG_OK; i++) {
        eg_real y[EG_UNKNOWNS];
        for (size_t j = 0; j < s->n; j++)
            y[j] = eg_real_double(reals, s->newton.inverse[i * s->n + j]);
        out[i] = eg_real_apply(reals, EG_REAL_SUBTRACT, s->x[i], eg_real_dot(reals, y, f, s->n));
    }
    return status;
}

enum { MOST_DIGITS = EG_NUMBER_LENGTH - 20 };

/* Rounds a number to a decimal whose error is small beside 10^log_error. Returns false if that
 * cannot be had. */
static bool round_to_decimal(const steps *s, eg_real *number, double log_error)
{
    eg_decimal decimal;
    eg_reals *reals = s->polish->reals;
    double size = fabs(eg_real_approximate(reals, *number));
    double wanted = isfinite(size) && size > 0 ? ceil(log10(size) - log_error) + 3 : 2;
    if (wanted > MOST_DIGITS || eg_real_decimal(reals, *number, wanted < 2 ? 2 : (int)wanted,
                                                &decimal, s->polish->error) != EG_OK)
        return false;
    if (decimal.certainty == EG_DIGITS_PROVEN)
        *number = make_decimal(reals, decimal.text);
    else if (decimal.log10_bound < log_error - 2)
        *number = eg_real_integer(reals, 0);
    else
        return false;
    return *number != EG_REAL_NONE;
}

/* Returns the decimal logarithm of the error that gives the wanted digits of all coordinates but
 * those that are very small, and may be 0. */
static double wanted_error(const steps *s, const double x[])
{
    double largest = 0, least = 0;
    for (size_t i = 0; i < s->n; i++)
        largest = fmax(largest, fabs(x[i]));
    least = largest;
    for (size_t i = 0; i < s->n; i++)
        if (fabs(x[i]) > 1e-9 * largest)
            least = fmin(least, fabs(x[i]));
    return (least > 0 ? log10(least) : 0) - s->polish->digits - 6;
}

void eg_polish_enclose(const eg_polish *polish, const eg_interval tight[], eg_real at[])
{
    const eg_system *s = polish->system;
    memcpy(at, polish->fixed, s->variables * sizeof *at);
    for (size_t i = 0; i < s->n; i++)
        at[s->unknown[i]] = eg_real_between(polish->reals, tight[i].low, tight[i].high);
}

eg_status eg_polish_refine(const eg_polish *polish, const eg_root *root, eg_real at[])
{
    enum { MOST_STEPS = 200 };
    const eg_system *system = polish->system;
    steps s = {.polish = polish, .n = system->n, .newton.system = polish->system};
    double middle[EG_UNKNOWNS] = {0};
    eg_polish_enclose(polish, root->tight, at);
    if (polish->reals->balls == &eg_interval_arithmetic || !begin(&s, root->tight, middle))
        return EG_OK;
    double wanted = wanted_error(&s, middle);
    for (size_t i = 0; i < s.n; i++)
        s.x[i] = eg_real_double(polish->reals, middle[i]);
    for (int count = 0; count < MOST_STEPS && s.log_error > wanted; count++) {
        eg_real next[EG_UNKNOWNS];
        eg_status status = step(&s, next);
        if (status != EG_OK)
            return status;
        double log_error = s.log_error + s.log_q;
        for (size_t i = 0; i < s.n; i++)
            if (!round_to_decimal(&s, &next[i], log_error))
                return eg_reals_status(polish->reals, polish->error);
        memcpy(s.x, next, s.n * sizeof *next);
        s.log_error = log_error + 0.01; /* the rounding to decimals */
        for (size_t i = 0; i < s.n; i++)
            at[system->unknown[i]] = eg_real_apply(polish->reals, EG_REAL_ADD, s.x[i],
                                                   make_error(polish->reals, s.log_error));
    }
    return EG_OK;
}
