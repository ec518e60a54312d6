/* SPDX-License-Identifier: MIT */
/* Reports how derivatives are found (--steps): rule by rule, and with --along and --at the slope as
 * the limit of difference quotients. */
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/support/text.h"
#include "cli/surface/surface_latex.h"

enum { RULE_COLUMN = 56, QUOTIENTS = 8 };

/* ---- rules ---- */

/* Prints a line with its rule in a column, or below a line that is longer. */
static void print_line(const eg_derivation_line *line)
{
    size_t width = text_width(line->text) + 6;
    printf("    %s%s", line->rule ? "= " : "  ", line->text);
    if (line->rule)
        printf("%s%*s  %s%s%s", width < RULE_COLUMN ? "" : "\n",
               width < RULE_COLUMN ? (int)(RULE_COLUMN - width) : 8, "", line->rule,
               line->inner ? ": " : "", line->inner ? line->inner : "");
    putchar('\n');
}

static void print_line_json(json *j, const eg_derivation_line *line)
{
    json_open(j, NULL, '{');
    if (line->rule)
        json_text(j, "rule", line->rule);
    else
        json_null(j, "rule");
    if (line->inner)
        json_text(j, "inner", line->inner);
    json_text(j, "text", line->text);
    json_text(j, "latex", line->latex);
    json_close(j, '}');
}

/* Prints the derivation by a variable. */
static int report_variable(surface_job *job, size_t variable)
{
    json *j = job->block_writer.j;
    eg_error error = {0};
    eg_derivation *derivation;
    if (eg_derivation_new(&derivation, job->f, variable, &error) != EG_OK)
        return report_error(job->settings, &error);
    if (j) {
        json_open(j, NULL, '{');
        json_text(j, "variable", eg_expr_name(job->f, variable));
        json_open(j, "lines", '[');
    } else {
        printf("  df/d%s\n", eg_expr_name(job->f, variable));
    }
    for (size_t i = 0; i < eg_derivation_count(derivation); i++) {
        eg_derivation_line line = eg_derivation_at(derivation, i);
        if (j)
            print_line_json(j, &line);
        else
            print_line(&line);
    }
    if (j) {
        json_close(j, ']');
        json_close(j, '}');
    }
    eg_derivation_free(derivation);
    return EXIT_DONE;
}

/* Prints the derivations of all partial derivatives. */
static int report_rules(surface_job *job)
{
    json *j = job->block_writer.j;
    int code = EXIT_DONE;
    if (j)
        json_open(j, "steps", '[');
    else
        puts("\nSteps: the derivatives rule by rule");
    for (size_t i = 0; i < job->n && code == EXIT_DONE; i++)
        code = report_variable(job, i);
    if (j)
        json_close(j, ']');
    return code;
}

/* ---- difference quotients ---- */

/* Computes (f(p + h u) - f(p))/h for h = 10^-power. */
static eg_status compute_quotient(surface_job *job, const eg_real unit[], int power, eg_real *h,
                                  eg_real *quotient, eg_error *error)
{
    eg_reals *r = job->exact.reals;
    eg_real moved[EG_EXPR_VARIABLES], value = EG_REAL_NONE, ten = eg_real_integer(r, 10);
    *h = eg_real_integer(r, 1);
    for (int i = 0; i < power; i++)
        *h = eg_real_apply(r, EG_REAL_DIVIDE, *h, ten);
    for (size_t i = 0; i < job->n; i++)
        moved[i] = eg_real_apply(r, EG_REAL_ADD, job->exact.point[i],
                                 eg_real_apply(r, EG_REAL_MULTIPLY, unit[i], *h));
    eg_status status = eg_surface_prove(r, job->f, moved, &value, NULL, NULL, error);
    eg_real rise = eg_real_apply(r, EG_REAL_SUBTRACT, value, job->exact.value);
    *quotient = eg_real_apply(r, EG_REAL_DIVIDE, rise, *h);
    return status;
}

/* Prints a quotient and its difference from the slope, which is EG_REAL_NONE if f has no gradient.
 */
static void print_quotient(surface_job *job, eg_real h, eg_real quotient, eg_real slope)
{
    block_writer *s = &job->block_writer;
    const bool compared = slope != EG_REAL_NONE;
    eg_real off = eg_real_apply(s->reals, EG_REAL_SUBTRACT, quotient, slope);
    if (s->j) {
        json_open(s->j, NULL, '{');
        block_json_real(s, "h", h);
        block_json_real(s, "quotient", quotient);
        if (compared)
            block_json_real(s, "difference", off);
        json_close(s->j, '}');
        return;
    }
    char *step = block_real_text(s, h), *value = block_real_text(s, quotient);
    char *difference = compared ? block_real_text(s, off) : NULL;
    printf("  %-10s  %-*s%s\n", step, compared ? s->digits + 10 : 0, value,
           difference ? difference : "");
    free(step);
    free(value);
    free(difference);
}

static int print_quotients(surface_job *job, const eg_real unit[], eg_real slope)
{
    eg_error error = {0};
    for (int i = 0; i < QUOTIENTS && error.status == EG_OK; i++) {
        eg_real h = EG_REAL_NONE, quotient = EG_REAL_NONE;
        if (compute_quotient(job, unit, i, &h, &quotient, &error) == EG_OK)
            print_quotient(job, h, quotient, slope);
    }
    return surface_status(job, &error);
}

static bool is_regular(const surface_job *job)
{
    return job->at.differentiability == EG_DIFFERENTIABLE && job->at.proven;
}

/* Computes the unit vector of --along, and the slope in its direction, EG_REAL_NONE where f has no
 * gradient. */
static eg_real compute_slope(surface_job *job, eg_real unit[])
{
    eg_reals *r = job->exact.reals;
    eg_real length = surface_length(r, job->exact.along, job->n);
    for (size_t i = 0; i < job->n; i++)
        unit[i] = eg_real_apply(r, EG_REAL_DIVIDE, job->exact.along[i], length);
    return is_regular(job) ? eg_real_dot(r, job->exact.gradient, unit, job->n) : EG_REAL_NONE;
}

/* Prints the quotients for smaller and smaller h, and the slope that they tend to. Where f has no
 * gradient they may tend to a slope on this side of the point, or to none. */
static int report_quotients(surface_job *job)
{
    block_writer *s = &job->block_writer;
    eg_real unit[EG_EXPR_VARIABLES] = {0}, slope = compute_slope(job, unit);
    block_open(s, "difference_quotients",
               "Slope in the direction u as a limit: (f(p + h*u) - f(p))/h for h to 0");
    block_real_vector(s, "direction", "u", unit, job->n, NULL);
    if (s->j)
        json_open(s->j, "quotients", '[');
    else
        printf("  %-10s  %-*s%s\n", "h", is_regular(job) ? s->digits + 10 : 0, "quotient",
               is_regular(job) ? "quotient - slope" : "");
    int code = print_quotients(job, unit, slope);
    if (code != EXIT_DONE)
        return code;
    if (s->j)
        json_close(s->j, ']');
    if (is_regular(job))
        block_real(s, "slope", "slope", slope, "the gradient times u");
    block_close(s);
    return EXIT_DONE;
}

int surface_report_steps(surface_job *job)
{
    const surface_settings *options = job->options;
    if (!options->steps)
        return EXIT_DONE;
    int code = report_rules(job);
    if (code == EXIT_DONE && options->at && options->along &&
        eg_real_sign_of(job->exact.reals, job->exact.value) != EG_SIGN_UNDEFINED)
        code = report_quotients(job);
    return code;
}

/* ---- LaTeX ---- */

static void print_line_latex(surface_job *job, FILE *out, size_t variable,
                             const eg_derivation_line *line)
{
    if (!line->rule)
        latex_print_symbol(out, "f", job->f, variable);
    fprintf(out, "%s&= %s", line->rule ? "" : " ", line->latex);
    if (line->rule)
        fprintf(out, " && \\text{%s%s}%s", line->rule, line->inner ? ": " : "",
                line->inner ? line->inner_latex : "");
}

int latex_print_steps(surface_job *job, FILE *out)
{
    eg_error error = {0};
    for (size_t k = 0; k < job->n && error.status == EG_OK; k++) {
        eg_derivation *derivation;
        if (eg_derivation_new(&derivation, job->f, k, &error) != EG_OK)
            break;
        for (size_t i = 0; i < eg_derivation_count(derivation); i++) {
            eg_derivation_line line = eg_derivation_at(derivation, i);
            fputs(i ? " \\\\\n" : " \\\\[1ex]\n", out);
            print_line_latex(job, out, k, &line);
        }
        eg_derivation_free(derivation);
    }
    return surface_status(job, &error);
}

int latex_print_quotients(surface_job *job, FILE *out)
{
    eg_error error = {0};
    eg_real unit[EG_EXPR_VARIABLES] = {0}, slope = compute_slope(job, unit);
    fputs("\\[\n\\begin{array}{ll}\nh & \\frac{f\\left(p + h u\\right) - f\\left(p\\right)}{h} "
          "\\\\ \\hline\n",
          out);
    for (int i = 0; i < QUOTIENTS && error.status == EG_OK; i++) {
        eg_real h = EG_REAL_NONE, quotient = EG_REAL_NONE;
        if (compute_quotient(job, unit, i, &h, &quotient, &error) != EG_OK)
            break;
        if (i == 0)
            fputs("1 & ", out);
        else
            fprintf(out, "10^{-%d} & ", i);
        latex_print_number(job, out, quotient);
        fputs(" \\\\\n", out);
    }
    if (error.status != EG_OK)
        return report_error(job->settings, &error);
    fputs("\\hline\n\\nabla f\\left(p\\right) \\cdot u & ", out);
    latex_print_number(job, out, slope);
    fputs("\n\\end{array}\n\\]\n", out);
    return EXIT_DONE;
}
