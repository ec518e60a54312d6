/* SPDX-License-Identifier: MIT */
/* Formats expressions, sums, planes and points. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/surface/surface.h"

char *surface_format_expr(const eg_expr *expr)
{
    size_t length = eg_expr_print(expr, NULL, 0);
    char *text = malloc(length + 1);
    if (text)
        eg_expr_print(expr, text, length + 1);
    return text;
}

int surface_format_derivative(const surface_job *job, const eg_expr *expr, size_t variable,
                              char **text)
{
    eg_error error = {0};
    eg_expr *derivative;
    *text = NULL;
    if (eg_surface_derivative(&derivative, expr, variable, &error) == EG_OK)
        *text = surface_format_expr(derivative);
    eg_expr_free(derivative);
    return surface_status(job, &error);
}

void surface_format_equation(char *out, size_t size, const char *formula, const char *number)
{
    const char *text = formula ? formula : "";
    if (!number || strcmp(text, number) == 0)
        snprintf(out, size, "%s", text);
    else
        snprintf(out, size, "%s = %s", text, number);
}

void surface_format_sum(const block_writer *s, char *out, size_t size, const double factors[],
                        const char *const names[], size_t n, double constant)
{
    char number[BLOCK_NUMBER_SIZE];
    size_t used = 0;
    *out = 0;
    for (size_t i = 0; i <= n && used < size; i++) {
        double a = i < n ? factors[i] : constant;
        if (a == 0 && (i < n || used > 0))
            continue;
        const char *sign = a < 0 ? (used ? " - " : "-") : (used ? " + " : "");
        bool one = i < n && fabs(a) == 1;
        used += (size_t)snprintf(out + used, size - used, "%s%s%s%s", sign,
                                 one ? "" : block_format_number(s, number, fabs(a)),
                                 i < n && !one ? "*" : "", i < n ? names[i] : "");
    }
}

/* Returns the greatest common divisor of `numbers` and `last`; 1 unless they are whole numbers. */
static double common_divisor(const double numbers[], size_t n, double last)
{
    double divisor = fabs(last);
    for (size_t i = 0; i <= n; i++) {
        double a = i < n ? fabs(numbers[i]) : fabs(last);
        if (a != floor(a) || a > 1e9)
            return 1;
        while (a != 0) {
            double remainder = fmod(divisor, a);
            divisor = a;
            a = remainder;
        }
    }
    return divisor > 0 ? divisor : 1;
}

void surface_format_plane(const block_writer *s, char *out, size_t size, const double normal[],
                          const char *const names[], size_t n, double constant)
{
    double factors[EG_EXPR_VARIABLES], divisor = common_divisor(normal, n, constant);
    char left[BLOCK_LINE_SIZE], number[BLOCK_NUMBER_SIZE];
    for (size_t i = 0; i < n; i++)
        factors[i] = normal[i] / divisor;
    surface_format_sum(s, left, sizeof left, factors, names, n, 0);
    snprintf(out, size, "%s = %s", left, block_format_number(s, number, constant / divisor));
}

void surface_format_typed(char *out, size_t size, const char *text)
{
    size_t used = 0;
    for (const char *c = text + strspn(text, " \t\r\n"); *c && used + 1 < size; c++) {
        size_t blanks = strspn(c, " \t\r\n");
        if (blanks > 0 && !c[blanks])
            break;
        out[used++] = blanks > 0 ? ' ' : *c;
        c += blanks > 0 ? blanks - 1 : 0;
    }
    out[used] = 0;
    if (used + 1 == size)
        snprintf(out + size - 4, 4, "...");
}

void surface_format_set(const surface_job *job, char *out, size_t size, double level)
{
    char number[BLOCK_NUMBER_SIZE];
    if (job->equation)
        surface_format_typed(out, size, job->args->operands[0]);
    else
        snprintf(out, size, "f = %s", block_format_number(&job->block_writer, number, level));
}

void surface_variable_names(const eg_expr *expr, const char *names[EG_EXPR_VARIABLES])
{
    for (size_t i = 0; i < eg_expr_variables(expr); i++)
        names[i] = eg_expr_name(expr, i);
}

void surface_format_point(const block_writer *s, char *out, size_t size, const eg_expr *expr,
                          const double point[])
{
    char number[BLOCK_NUMBER_SIZE];
    size_t used = 0;
    *out = 0;
    for (size_t i = 0; i < eg_expr_variables(expr) && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s = %s", i ? ", " : "",
                                 eg_expr_name(expr, i), block_format_number(s, number, point[i]));
}

const char *surface_extremum_name(eg_extremum extremum)
{
    static const char *const names[] = {
        [EG_MINIMUM] = "minimum",
        [EG_MAXIMUM] = "maximum",
        [EG_SADDLE] = "saddle",
        [EG_UNDECIDED] = "undecided",
    };
    return names[extremum];
}
