/* SPDX-License-Identifier: MIT */
/* Formats expressions, sums, planes and points. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/surface/surface.h"

char *surface_format_expr(const eg_expr *expr)
{
    size_t length = eg_expr_print(expr, NULL, 0);
    char *text = format_memory(length + 1, 1);
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

/* Writes one term of a sum with its sign: a number, or a factor and a name. */
static void write_term(block_writer *s, FILE *out, eg_real factor, const char *name, bool first)
{
    bool negative = eg_real_sign_of(s->reals, factor) == EG_SIGN_NEGATIVE;
    eg_real size = eg_real_apply(s->reals, EG_REAL_ABS, factor, EG_REAL_NONE);
    char *text = block_real_text(s, negative ? size : factor);
    bool one = name && strcmp(text, "1") == 0;
    fputs(negative ? (first ? "-" : " - ") : (first ? "" : " + "), out);
    fprintf(out, "%s%s%s", one ? "" : text, name && !one ? "*" : "", name ? name : "");
    free(text);
}

char *surface_sum_text(block_writer *s, const eg_real factors[], const char *const names[],
                       size_t n, eg_real constant)
{
    char *text = NULL;
    bool first = true;
    FILE *out = format_stream(&text);
    for (size_t i = 0; i <= n; i++) {
        eg_real factor = i < n ? factors[i] : constant;
        if (eg_real_sign_of(s->reals, factor) == EG_SIGN_ZERO && (i < n || !first))
            continue;
        write_term(s, out, factor, i < n ? names[i] : NULL, first);
        first = false;
    }
    format_close(out, &text);
    return text;
}

/* Sets *whole to the number and returns true if that is a whole number of up to nine digits. */
static bool is_whole(block_writer *s, eg_real real, double *whole)
{
    eg_decimal decimal;
    eg_error error = {0};
    if (eg_real_decimal(s->reals, real, 17, &decimal, &error) != EG_OK || !decimal.exact)
        return false;
    *whole = fabs(decimal.value);
    return *whole == floor(*whole) && *whole < 1e9;
}

/* Returns the greatest common divisor of `numbers` and `last`; 1 unless they are whole numbers. */
static int common_divisor(block_writer *s, const eg_real numbers[], size_t n, eg_real last)
{
    double divisor = 0;
    for (size_t i = 0; i <= n; i++) {
        double a;
        if (!is_whole(s, i < n ? numbers[i] : last, &a))
            return 1;
        while (a != 0) {
            double remainder = fmod(divisor, a);
            divisor = a;
            a = remainder;
        }
    }
    return divisor > 0 ? (int)divisor : 1;
}

char *surface_plane_text(block_writer *s, const eg_real normal[], const char *const names[],
                         size_t n, eg_real constant)
{
    eg_real factors[EG_EXPR_VARIABLES];
    eg_real divisor = eg_real_integer(s->reals, common_divisor(s, normal, n, constant));
    for (size_t i = 0; i < n; i++)
        factors[i] = eg_real_apply(s->reals, EG_REAL_DIVIDE, normal[i], divisor);
    char *left = surface_sum_text(s, factors, names, n, eg_real_integer(s->reals, 0));
    char *right = block_real_text(s, eg_real_apply(s->reals, EG_REAL_DIVIDE, constant, divisor));
    char *text = format_text("%s = %s", left, right);
    free(left);
    free(right);
    return text;
}

char *surface_point_text(block_writer *s, const eg_expr *expr, const eg_real point[])
{
    char *text = NULL;
    FILE *out = format_stream(&text);
    for (size_t i = 0; i < eg_expr_variables(expr); i++) {
        char *number = block_real_text(s, point[i]);
        fprintf(out, "%s%s = %s", i ? ", " : "", eg_expr_name(expr, i), number);
        free(number);
    }
    format_close(out, &text);
    return text;
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
        surface_format_typed(out, size, job->source.text);
    else
        snprintf(out, size, "f = %s", block_format_number(&job->block_writer, number, level));
}

void surface_variable_names(const eg_expr *expr, const char *names[EG_EXPR_VARIABLES])
{
    for (size_t i = 0; i < eg_expr_variables(expr); i++)
        names[i] = eg_expr_name(expr, i);
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
