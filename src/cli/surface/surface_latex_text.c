/* SPDX-License-Identifier: MIT */
/* Writes expressions, derivatives and numbers as LaTeX. */
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/surface/surface_latex.h"

char *latex_expr(const eg_expr *expr)
{
    size_t length = eg_expr_print_latex(expr, NULL, 0);
    char *text = format_memory(length + 1, 1);
    eg_expr_print_latex(expr, text, length + 1);
    return text;
}

char *latex_name(const char *name)
{
    size_t length = eg_name_print_latex(name, NULL, 0);
    char *text = format_memory(length + 1, 1);
    eg_name_print_latex(name, text, length + 1);
    return text;
}

int latex_derivative(const surface_job *job, const eg_expr *expr, size_t variable, char **text)
{
    eg_error error = {0};
    eg_expr *derivative;
    *text = NULL;
    if (eg_surface_derivative(&derivative, expr, variable, &error) == EG_OK)
        *text = latex_expr(derivative);
    eg_expr_free(derivative);
    return surface_status(job, &error);
}

void latex_print_symbol(FILE *out, const char *function, const eg_expr *expr, size_t variable)
{
    const char *d = eg_expr_variables(expr) > 1 ? "\\partial" : "d";
    char *of = latex_name(function), *by = latex_name(eg_expr_name(expr, variable));
    fprintf(out, "\\frac{%s %s}{%s %s}", d, of, d, by);
    free(of);
    free(by);
}

/* Prints a decimal of the report: 1.5e-07 as 1.5 \cdot 10^{-7}. */
static void print_decimal(FILE *out, const char *text)
{
    const char *e = strchr(text, 'e');
    if (!e) {
        fputs(text, out);
        return;
    }
    int mantissa = (int)(e - text);
    if (mantissa == 1 && *text == '1')
        fprintf(out, "10^{%ld}", strtol(e + 1, NULL, 10));
    else
        fprintf(out, "%.*s \\cdot 10^{%ld}", mantissa, text, strtol(e + 1, NULL, 10));
}

/* Returns true if the text is a decimal. */
static bool is_decimal(const char *text)
{
    return strspn(text, "-0123456789.e+") == strlen(text);
}

/* Returns true if the decimal `text` is exactly the number. Without memory the process ends. */
static bool is_exactly(surface_job *job, const char *text, eg_real number)
{
    eg_reals *reals = job->exact.reals;
    eg_expr *decimal;
    eg_real value = EG_REAL_NONE;
    if (!is_decimal(text))
        return false;
    if (eg_expr_parse(&decimal, job->ctx, text, NULL, NULL, NULL) != EG_OK ||
        eg_reals_derive(reals, decimal, NULL, &value, NULL, NULL, NULL) != EG_OK)
        format_no_memory();
    eg_expr_free(decimal);
    eg_real difference = eg_real_apply(reals, EG_REAL_SUBTRACT, number, value);
    return eg_real_sign_of(reals, difference) == EG_SIGN_ZERO;
}

/* Prints the text of a number; one that is no decimal, such as "undefined", as words. */
static void print_text(FILE *out, const char *text)
{
    if (is_decimal(text))
        print_decimal(out, text);
    else
        fprintf(out, "\\text{%s}", text);
}

bool latex_print_number(surface_job *job, FILE *out, eg_real number)
{
    char *text = block_real_text(&job->block_writer, number);
    bool exact = is_exactly(job, text, number);
    print_text(out, text);
    free(text);
    return exact;
}

void latex_print_equals(surface_job *job, FILE *out, eg_real number)
{
    char *text = block_real_text(&job->block_writer, number);
    fputs(is_exactly(job, text, number) ? "= " : "\\approx ", out);
    print_text(out, text);
    free(text);
}
