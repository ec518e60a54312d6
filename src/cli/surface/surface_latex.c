/* SPDX-License-Identifier: MIT */
/* Prints a function, its derivatives and its gradient as LaTeX (--latex). */
#include "cli/surface/surface_latex.h"

#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"

/* Prints "f\left(x, y\right)". */
static void print_function(FILE *out, const eg_expr *expr)
{
    fputs("f\\left(", out);
    for (size_t i = 0; i < eg_expr_variables(expr); i++) {
        char *name = latex_name(eg_expr_name(expr, i));
        fprintf(out, "%s%s", i ? ", " : "", name);
        free(name);
    }
    fputs("\\right)", out);
}

/* Returns a name for the point that is not the name of a variable. */
static const char *point_name(const eg_expr *f)
{
    for (size_t i = 0; i < eg_expr_variables(f); i++)
        if (strcmp(eg_expr_name(f, i), "p") == 0)
            return "\\mathbf{p}";
    return "p";
}

/* Prints a column or a row of numbers, after = or \approx. */
static void print_vector(surface_job *job, FILE *out, const eg_real numbers[], bool column)
{
    bool exact = true;
    char *text = NULL;
    FILE *list = format_stream(&text);
    for (size_t i = 0; i < job->n; i++) {
        fputs(i == 0 ? "" : column ? " \\\\ " : ", ", list);
        exact &= latex_print_number(job, list, numbers[i]);
    }
    format_close(list, &text);
    const char *open = column ? "\\begin{pmatrix} " : job->n > 1 ? "\\left(" : "";
    const char *end = column ? " \\end{pmatrix}" : job->n > 1 ? "\\right)" : "";
    fprintf(out, " &%s %s%s%s", exact ? "=" : "\\approx", open, text, end);
    free(text);
}

/* Prints the definitions: the function, and with --with its variables. */
static void print_definitions(surface_job *job, FILE *out)
{
    const eg_expr *f = job->inner ? job->inner : job->f;
    char *text = latex_expr(f);
    print_function(out, f);
    fprintf(out, " &= %s", text);
    free(text);
    for (size_t i = 0; i < job->with_count; i++) {
        char *name = latex_name(job->with[i].name);
        text = latex_expr(job->with[i].expr);
        fprintf(out, " \\\\\n%s &= %s", name, text);
        free(name);
        free(text);
    }
}

static int print_partials(surface_job *job, FILE *out)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < job->n && code == EXIT_DONE; i++) {
        char *text;
        code = latex_derivative(job, job->f, i, &text);
        if (code != EXIT_DONE)
            break;
        fputs(i ? " \\\\\n" : " \\\\[1ex]\n", out);
        latex_print_symbol(out, "f", job->f, i);
        fprintf(out, " &= %s", text);
        free(text);
    }
    return code;
}

/* Prints the gradient as a column of formulas. */
static int print_gradient(surface_job *job, FILE *out)
{
    int code = EXIT_DONE;
    fputs(" \\\\[1ex]\n\\nabla f &= \\begin{pmatrix} ", out);
    for (size_t i = 0; i < job->n && code == EXIT_DONE; i++) {
        char *text;
        code = latex_derivative(job, job->f, i, &text);
        if (code == EXIT_DONE)
            fprintf(out, "%s%s", i ? " \\\\ " : "", text);
        free(text);
    }
    fputs(" \\end{pmatrix}", out);
    return code;
}

/* Prints the point, and value, partial derivatives and gradient there. */
static void print_values(surface_job *job, FILE *out)
{
    const char *p = point_name(job->f);
    fprintf(out, " \\\\[1ex]\n%s", p);
    print_vector(job, out, job->exact.point, false);
    fprintf(out, " \\\\\nf\\left(%s\\right) &", p);
    latex_print_equals(job, out, job->exact.value);
    for (size_t i = 0; i < job->n; i++) {
        fputs(" \\\\\n", out);
        latex_print_symbol(out, "f", job->f, i);
        fprintf(out, "\\left(%s\\right) &", p);
        latex_print_equals(job, out, job->exact.gradient[i]);
    }
    if (job->n > 1) {
        fprintf(out, " \\\\\n\\nabla f\\left(%s\\right)", p);
        print_vector(job, out, job->exact.gradient, true);
    }
}

int surface_print_latex(surface_job *job, FILE *out)
{
    const bool at_point = job->options->at;
    if (at_point && (job->at.differentiability != EG_DIFFERENTIABLE || !job->at.proven)) {
        message("--latex: f has no gradient at the point, or that is not proven; without --latex "
                "the report says why");
        return EXIT_NEGATIVE;
    }
    fputs("% Written by edgegrad " EG_VERSION "; needs \\usepackage{amsmath}\n\\begin{align*}\n",
          out);
    print_definitions(job, out);
    int code = job->options->steps ? latex_print_steps(job, out)
               : job->inner        ? latex_print_chain(job, out)
                                   : print_partials(job, out);
    if (code == EXIT_DONE && job->n > 1)
        code = print_gradient(job, out);
    if (code == EXIT_DONE && at_point)
        print_values(job, out);
    fputs("\n\\end{align*}\n", out);
    if (code == EXIT_DONE && at_point && job->options->along)
        code = latex_print_quotients(job, out);
    return code;
}
