/* SPDX-License-Identifier: MIT */
/* Reports whether a vector field is a gradient, and its potential. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/surface/vector.h"

static const char *verdict_key(const vector_job *v)
{
    static const char *const keys[] = {
        [EG_GRADIENT_FIELD] = "yes",
        [EG_GRADIENT_LOCALLY] = "locally",
        [EG_GRADIENT_NOT] = "no",
        [EG_GRADIENT_UNDECIDED] = "undecided",
    };
    return keys[v->test.verdict];
}

static const char *verdict_text(const vector_job *v)
{
    switch (v->test.verdict) {
    case EG_GRADIENT_FIELD:
        return v->test.everywhere ? "yes, everywhere: the Jacobian is symmetric"
                                  : "yes, wherever F has values: the Jacobian is symmetric";
    case EG_GRADIENT_LOCALLY:
        return v->test.kinks
                   ? "locally: the Jacobian is symmetric away from corners and jumps of F"
                   : "locally: the Jacobian is symmetric, but F has no value at some points";
    case EG_GRADIENT_NOT:
        return "no: the Jacobian is not symmetric";
    default:
        return "undecided: the Jacobian is not proven to be symmetric, nor the opposite";
    }
}

/* Prints the difference that decides or is open. */
static void print_difference(vector_job *v)
{
    char label[200];
    if (!v->test.difference)
        return;
    snprintf(label, sizeof label, "dF%zu/d%s - dF%zu/d%s", v->test.k + 1,
             vector_variable(v, v->test.i), v->test.i + 1, vector_variable(v, v->test.k));
    vector_print_formula(v, "difference", label, v->test.difference, EG_REAL_NONE);
}

/* Prints the value of the potential at the point. */
static int print_value(vector_job *v)
{
    surface_job *job = v->job;
    eg_error error = {0};
    eg_real value = EG_REAL_NONE;
    if (!job->options->at)
        return EXIT_DONE;
    if (eg_surface_prove(job->exact.reals, v->test.potential, job->exact.point, &value, NULL, NULL,
                         &error) != EG_OK)
        return report_error(job->settings, &error);
    block_real(&job->block_writer, "value", "at the point", value, NULL);
    return EXIT_DONE;
}

static int print_potential(vector_job *v)
{
    block_writer *s = &v->job->block_writer;
    char *text = surface_format_expr(v->test.potential);
    if (s->j) {
        json_open(s->j, "potential", '{');
        json_text(s->j, "formula", text);
        json_bool(s->j, "proven", true);
        json_bool(s->j, "whole_domain", v->test.whole);
    } else {
        block_line("potential", text, "plus any constant");
        block_line("check", "grad f - F = 0, proven as formulas", NULL);
    }
    free(text);
    int code = print_value(v);
    if (s->j)
        json_close(s->j, '}');
    return code;
}

/* Writes the straight path from the origin to the point. */
static char *segment_text(const vector_job *v)
{
    char *text = NULL;
    FILE *out = format_stream(&text);
    for (size_t i = 0; i < v->n; i++)
        fprintf(out, "%s%.17g*s", i ? ", " : "(", v->job->point[i]);
    fputs("), s=0:1", out);
    format_close(out, &text);
    return text;
}

/* Returns a bound of the difference that the rounding of the coordinates makes to the potential. */
static double rounding_at_point(const vector_job *v)
{
    double slack = DBL_MIN;
    for (size_t i = 0; i < v->n; i++)
        slack += 8 * DBL_EPSILON *
                 fabs(v->job->point[i] * eg_real_approximate(v->job->exact.reals, v->value[i]));
    return slack;
}

/* Prints the potential at the point as the work from the origin, where no formula was found. */
static int print_numeric(vector_job *v)
{
    surface_job *job = v->job;
    block_writer *s = &job->block_writer;
    eg_vector_path *path = NULL;
    eg_line_integral work = {.outcome = EG_LINE_UNDEFINED};
    eg_error error = {0};
    if (!job->options->at)
        return EXIT_DONE;
    char *text = segment_text(v);
    if (eg_vector_path_parse(&path, v->field, text, NULL, NULL, &error) == EG_OK)
        eg_vector_integrate(v->field, path, EG_LINE_WORK, &work, &error);
    free(text);
    eg_vector_path_free(path);
    if (error.status == EG_OK && work.outcome == EG_LINE_DONE && work.open == 0) {
        double slack = rounding_at_point(v);
        eg_real value = eg_real_between(s->reals, work.bounds[0] - slack, work.bounds[1] + slack);
        block_real(s, "potential_difference", "at the point", value,
                   "the work from the origin on a straight line, so that it is 0 there");
    }
    eg_line_integral_free(&work);
    return surface_status(job, &error);
}

int vector_report_potential(vector_job *v)
{
    block_writer *s = &v->job->block_writer;
    int code = EXIT_DONE;
    bool gradient = v->test.verdict == EG_GRADIENT_FIELD || v->test.verdict == EG_GRADIENT_LOCALLY;
    block_open(s, "gradient_field", "Gradient field: whether F = grad f for some f, its potential");
    block_text(s, "verdict", "verdict", s->j ? verdict_key(v) : verdict_text(v));
    print_difference(v);
    if (v->test.potential)
        code = print_potential(v);
    else if (gradient) {
        if (!s->j)
            block_line("potential",
                       v->test.verdict == EG_GRADIENT_FIELD
                           ? "no formula was found, although there is a potential"
                           : "no formula was found",
                       NULL);
        code = print_numeric(v);
    }
    if (v->test.potential && !v->test.whole)
        block_note(s, "The potential may have no value, or jump, where F has a value.");
    if (v->test.verdict == EG_GRADIENT_LOCALLY)
        block_note(s, "Each part of the domain without a hole has a potential. Around a point "
                      "where F has no value there need not be one: the work along a closed path "
                      "around it (--work) decides.");
    block_close(s);
    return code;
}
