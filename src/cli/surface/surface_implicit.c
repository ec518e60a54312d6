/* SPDX-License-Identifier: MIT */
/* Reports the formulas of implicit derivatives, without a point. */
#include <stdlib.h>

#include "cli/surface/surface.h"

/* Computes the second derivative of the implicit variable by another one: with its slope s, the
 * total derivative ds/dx + ds/dy s. Names a, b and s stand for the parts of that formula. */
static eg_status second_derivative(const surface_job *job, const eg_expr *slope, size_t by,
                                   eg_expr **second, eg_error *error)
{
    static const char *const names[] = {"a", "b", "s"};
    const eg_expr_options options = {.names = names, .name_count = 3};
    const char *variables[EG_EXPR_VARIABLES];
    const eg_expr_options result = {.names = variables, .name_count = job->n};
    eg_expr *parts[2] = {NULL, NULL}, *total = NULL;
    surface_variable_names(job->f, variables);
    eg_status status = eg_expr_parse(&total, job->ctx, "a + b*s", &options, NULL, error);
    if (status == EG_OK)
        status = eg_surface_derivative(&parts[0], slope, by, error);
    if (status == EG_OK)
        status = eg_surface_derivative(&parts[1], slope, job->implicit, error);
    if (status == EG_OK)
        status = eg_expr_substitute(
            second, total, (const eg_expr *const[]){parts[0], parts[1], slope}, &result, error);
    eg_expr_free(total);
    eg_expr_free(parts[0]);
    eg_expr_free(parts[1]);
    return status;
}

static void report_formula(surface_job *job, const char *label, const eg_expr *expr)
{
    block_writer *s = &job->block_writer;
    char *text = surface_format_expr(expr);
    if (s->j)
        json_open(s->j, label, '{');
    block_text(s, "formula", label, text ? text : "");
    if (s->j)
        json_close(s->j, '}');
    free(text);
}

int surface_report_implicit_formulas(surface_job *job)
{
    block_writer *s = &job->block_writer;
    eg_error error = {0};
    const char *name = eg_expr_name(job->f, job->implicit);
    char heading[BLOCK_LINE_SIZE + 160], set[BLOCK_LINE_SIZE], label[160];
    surface_format_set(job, set, sizeof set, job->level);
    snprintf(heading, sizeof heading, "Implicit derivative%s of %s on %s", job->n > 2 ? "s" : "",
             name, set);
    block_open(s, "implicit", heading);
    for (size_t i = 0; i < job->n && error.status == EG_OK; i++) {
        eg_expr *slope = NULL, *second = NULL;
        const char *by = eg_expr_name(job->f, i);
        if (i == job->implicit)
            continue;
        eg_surface_implicit_slope(&slope, job->f, job->implicit, i, &error);
        if (error.status == EG_OK) {
            snprintf(label, sizeof label, "d%s/d%s", name, by);
            report_formula(job, label, slope);
            second_derivative(job, slope, i, &second, &error);
        }
        if (error.status == EG_OK) {
            snprintf(label, sizeof label, "d2%s/d%s2", name, by);
            report_formula(job, label, second);
        }
        eg_expr_free(slope);
        eg_expr_free(second);
    }
    block_close(s);
    return surface_status(job, &error);
}
