/* SPDX-License-Identifier: MIT */
/* Reports the sections that options request. */
#include <math.h>
#include <stdlib.h>

#include "cli/surface/surface.h"

static int report_along(surface_job *job)
{
    block_writer *s = &job->block_writer;
    char note[80], number[BLOCK_NUMBER_SIZE];
    double unit[EG_EXPR_VARIABLES], length = 0, slope = 0;
    for (size_t i = 0; i < job->n; i++)
        length = hypot(length, job->along[i]);
    for (size_t i = 0; i < job->n; i++) {
        unit[i] = job->along[i] / length;
        slope += job->at.gradient[i] * unit[i];
    }
    block_open(s, "along", "Directional derivative: the slope in one direction");
    snprintf(note, sizeof note, length == 1 ? "of length 1 as given" : "normalised from length %s",
             block_format_number(s, number, length));
    block_vector(s, "direction", "direction", unit, job->n, note);
    if (s->j)
        json_exact(s->j, "normalised_from", length);
    block_number(s, "slope", "slope", slope, NULL);
    block_close(s);
    return EXIT_DONE;
}

static int report_linear(surface_job *job)
{
    block_writer *s = &job->block_writer;
    eg_error error = {0};
    eg_linear_approximation l;
    char heading[BLOCK_LINE_SIZE + 64], place[BLOCK_LINE_SIZE];
    if (eg_surface_linear(job->f, job->point, job->to, &l, &error) != EG_OK)
        return report_error(job->settings, &error);
    surface_format_point(s, place, sizeof place, job->f, job->to);
    snprintf(heading, sizeof heading, "Linear approximation at %s", place);
    block_open(s, "linear", heading);
    block_number(s, "estimate", "by the tangent", l.estimate, NULL);
    block_number(s, "value", "true value", l.value, NULL);
    block_number(s, "error", "error", l.error, NULL);
    block_number(s, "bound", "bound", l.bound,
                 isfinite(l.bound)
                     ? "proved: half the largest |d'Hd| on the segment"
                     : "unknown: unbounded second derivatives, a kink or a jump on the segment");
    block_close(s);
    return EXIT_DONE;
}

static int report_error_propagation(surface_job *job)
{
    block_writer *s = &job->block_writer;
    eg_error error = {0};
    eg_propagation p;
    char label[80], note[160], number[BLOCK_NUMBER_SIZE];
    if (eg_surface_propagate(job->f, job->point, job->errors, &p, &error) != EG_OK)
        return report_error(job->settings, &error);
    block_open(s, "error", "Uncertainty of f: |df/dx| times the error of x, for each variable");
    if (s->j)
        block_vector(s, "parts", NULL, p.contribution, job->n, NULL);
    for (size_t i = 0; i < job->n && !s->j; i++) {
        snprintf(label, sizeof label, "from %s", eg_expr_name(job->f, i));
        snprintf(note, sizeof note, "%s is off by %s", eg_expr_name(job->f, i),
                 block_format_number(s, number, fabs(job->errors[i])));
        block_number(s, NULL, label, p.contribution[i], note);
    }
    block_number(s, "worst", "worst case", p.worst_case, "sum of the absolute contributions");
    block_number(s, "quadrature", "in quadrature", p.quadrature,
                 "independent errors: square root of the sum of squares");
    if (isfinite(p.range[0]) && isfinite(p.range[1]))
        block_vector(s, "range", "f lies within", p.range, 2, "for all errors up to these");
    block_close(s);
    return EXIT_DONE;
}

static int report_flux(surface_job *job)
{
    block_writer *s = &job->block_writer;
    double flow[EG_EXPR_VARIABLES];
    char heading[128], number[BLOCK_NUMBER_SIZE];
    for (size_t i = 0; i < job->n; i++)
        flow[i] = -job->flux * job->at.gradient[i];
    snprintf(heading, sizeof heading, "Flux -k grad f, k = %s",
             block_format_number(s, number, job->flux));
    block_open(s, "flux", heading);
    block_number(s, "k", "k", job->flux, NULL);
    block_vector(s, "vector", "flux", flow, job->n, NULL);
    block_number(s, "norm", "norm", fabs(job->flux) * job->at.norm, NULL);
    block_close(s);
    return EXIT_DONE;
}

/* ---- implicit ---- */

/* Reports the derivatives of the --implicit variable by the others. */
static int report_implicit_slopes(surface_job *job, const eg_implicit *found)
{
    block_writer *s = &job->block_writer;
    eg_error error = {0};
    const char *name = eg_expr_name(job->f, job->implicit);
    char label[160], line[BLOCK_LINE_SIZE], number[BLOCK_NUMBER_SIZE];
    for (size_t i = 0; i < job->n && error.status == EG_OK; i++) {
        eg_expr *slope = NULL;
        if (i == job->implicit)
            continue;
        eg_surface_implicit_slope(&slope, job->f, job->implicit, i, &error);
        char *text = error.status == EG_OK ? surface_format_expr(slope) : NULL;
        snprintf(label, sizeof label, "d%s/d%s", name, eg_expr_name(job->f, i));
        if (s->j) {
            json_open(s->j, label, '{');
            json_text(s->j, "formula", text ? text : "");
            json_exact(s->j, "value", found->slope[i]);
            json_close(s->j, '}');
        } else {
            surface_format_equation(line, sizeof line, text,
                                    block_format_number(s, number, found->slope[i]));
            block_text(s, NULL, label, line);
        }
        free(text);
        eg_expr_free(slope);
    }
    return surface_status(job, &error);
}

/* Writes why the derivative is undefined; "" if it is defined. */
static void format_implicit_reason(const surface_job *job, const eg_implicit *found, char *out,
                                   size_t size)
{
    const char *name = eg_expr_name(job->f, job->implicit);
    *out = 0;
    if (found->kind == EG_IMPLICIT_VERTICAL)
        snprintf(out, size, "undefined (the derivative by %s is 0: the tangent is %s)", name,
                 job->n == 2 ? "vertical" : "parallel to its axis");
    else if (found->kind == EG_IMPLICIT_SINGULAR)
        snprintf(out, size, "undefined (0/0: %s)",
                 found->branches == 2   ? "the curve crosses itself"
                 : found->branches == 0 ? "an isolated point"
                                        : "the gradient is 0, the set need not be smooth here");
}

static int report_implicit(surface_job *job)
{
    block_writer *s = &job->block_writer;
    eg_error error = {0};
    eg_implicit found;
    char heading[BLOCK_LINE_SIZE + 160], set[BLOCK_LINE_SIZE], reason[160], label[80];
    if (eg_surface_implicit(job->f, job->point, job->implicit, &found, &error) != EG_OK)
        return report_error(job->settings, &error);
    surface_format_set(job, set, sizeof set, job->level);
    snprintf(heading, sizeof heading, "Implicit derivative of %s on %s",
             eg_expr_name(job->f, job->implicit), set);
    block_open(s, "implicit", heading);
    int code = report_implicit_slopes(job, &found);
    format_implicit_reason(job, &found, reason, sizeof reason);
    if (*reason)
        block_text(s, "reason", "reason", reason);
    for (int k = 0; k < 2 && found.branches == 2; k++) {
        snprintf(label, sizeof label, "branch %d", k + 1);
        block_vector(s, label, label, found.branch[k], 2, "the direction of its tangent");
    }
    block_close(s);
    return code == EXIT_DONE && *reason ? EXIT_NEGATIVE : code;
}

/* ---- check ---- */

static int report_check(surface_job *job)
{
    block_writer *s = &job->block_writer;
    eg_error error = {0};
    eg_gradient_check found;
    char label[80], note[128];
    if (eg_surface_check(job->f, job->point, &found, &error) != EG_OK)
        return report_error(job->settings, &error);
    block_open(s, "check", "Check: the gradient by central differences");
    if (s->j) {
        block_vector(s, "gradient", NULL, found.gradient, job->n, NULL);
        block_vector(s, "tolerance", NULL, found.tolerance, job->n, NULL);
    }
    for (size_t i = 0; i < job->n && !s->j; i++) {
        snprintf(label, sizeof label, "df/d%s", eg_expr_name(job->f, i));
        snprintf(note, sizeof note, "off by %.2g, tolerance %.2g",
                 fabs(found.gradient[i] - job->at.gradient[i]), found.tolerance[i]);
        block_number(s, NULL, label, found.gradient[i], note);
    }
    block_bool(s, "agrees", found.agrees);
    block_note(s, found.agrees ? "They agree." : "They do NOT agree.");
    block_close(s);
    return found.agrees ? EXIT_DONE : EXIT_NEGATIVE;
}

int surface_report_requested(surface_job *job)
{
    const surface_settings *options = job->options;
    const struct {
        bool wanted;
        int (*block)(surface_job *job);
    } blocks[] = {
        {options->along, report_along},
        {options->to, report_linear},
        {options->errors, report_error_propagation},
        {options->implicit, report_implicit},
        {options->lagrange.count, surface_report_lagrange},
        {options->flux, report_flux},
        {options->check, report_check},
    };
    int worst = EXIT_DONE;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        int code = blocks[i].wanted ? blocks[i].block(job) : EXIT_DONE;
        worst = code > worst ? code : worst;
    }
    return worst;
}
