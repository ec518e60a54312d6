/* SPDX-License-Identifier: MIT */
/* Reports on a vector field: value, Jacobian, divergence and curl. */
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/surface/vector.h"

static void print_head(vector_job *v)
{
    block_writer *s = &v->job->block_writer;
    const eg_expr *first = eg_vector_component(v->field, 0);
    char *components = vector_components_text(v);
    if (s->j) {
        json_open(s->j, NULL, '{');
        json_text(s->j, "vector_field", components);
        json_text(s->j, "arithmetic", eg_reals_arithmetic(s->reals));
        json_open(s->j, "variables", '[');
        for (size_t i = 0; i < v->n; i++)
            json_text(s->j, NULL, vector_variable(v, i));
        json_close(s->j, ']');
        if (v->job->options->at) {
            json_open(s->j, "point", '{');
            for (size_t i = 0; i < v->n; i++)
                block_json_real(s, vector_variable(v, i), v->job->exact.point[i]);
            json_close(s->j, '}');
        }
    } else {
        char *head = vector_head_text(v);
        printf("%s = %s\n", head, components);
        free(head);
        if (v->job->options->at) {
            char *place = surface_point_text(s, first, v->job->exact.point);
            block_text(s, NULL, "at", place);
            free(place);
        }
    }
    free(components);
}

static void print_value(vector_job *v)
{
    block_writer *s = &v->job->block_writer;
    if (!v->job->options->at)
        return;
    block_real_vector(s, "value", "value", v->value, v->n, NULL);
    block_real(s, "norm", "norm", surface_length(s->reals, v->value, v->n), NULL);
}

static void print_jacobian(vector_job *v)
{
    block_writer *s = &v->job->block_writer;
    bool at = v->job->options->at != NULL;
    block_open(s, "jacobian", "Jacobian: partial derivatives of the components");
    if (s->j)
        json_open(s->j, "formulas", '[');
    for (size_t i = 0; i < v->n; i++) {
        if (s->j)
            json_open(s->j, NULL, '[');
        for (size_t k = 0; k < v->n; k++) {
            char label[80];
            char *text = surface_format_expr(eg_vector_partial(v->field, i, k));
            snprintf(label, sizeof label, "dF%zu/d%s", i + 1, vector_variable(v, k));
            if (s->j)
                json_text(s->j, NULL, text);
            else
                surface_print_equation(s, label, text,
                                       at ? v->jacobian[i * v->n + k] : EG_REAL_NONE);
            free(text);
        }
        if (s->j)
            json_close(s->j, ']');
    }
    if (s->j)
        json_close(s->j, ']');
    if (s->j && at)
        block_real_matrix(s, "matrix", "", v->jacobian, v->n);
    block_close(s);
}

/* Returns dFb/da - dFa/db at the point. */
static eg_real curl_value(const vector_job *v, size_t a, size_t b)
{
    if (!v->job->options->at)
        return EG_REAL_NONE;
    return eg_real_apply(v->job->exact.reals, EG_REAL_SUBTRACT, v->jacobian[b * v->n + a],
                         v->jacobian[a * v->n + b]);
}

static void print_curl(vector_job *v)
{
    block_writer *s = &v->job->block_writer;
    if (v->n == 2)
        vector_print_formula(v, "curl", "curl F", eg_vector_curl(v->field, 0), curl_value(v, 0, 1));
    if (v->n != 3)
        return;
    if (s->j)
        json_open(s->j, "curl", '[');
    for (size_t k = 0; k < 3; k++) {
        char label[80];
        snprintf(label, sizeof label, "curl F, %s component", vector_variable(v, k));
        vector_print_formula(v, NULL, label, eg_vector_curl(v->field, k),
                             curl_value(v, (k + 1) % 3, (k + 2) % 3));
    }
    if (s->j)
        json_close(s->j, ']');
}

static void print_divergence(vector_job *v)
{
    block_writer *s = &v->job->block_writer;
    eg_real sum = v->job->options->at ? v->jacobian[0] : EG_REAL_NONE;
    for (size_t i = 1; i < v->n && v->job->options->at; i++)
        sum = eg_real_apply(s->reals, EG_REAL_ADD, sum, v->jacobian[i * v->n + i]);
    if (!s->j)
        block_open(s, NULL, v->n <= 3 ? "Divergence and curl" : "Divergence");
    vector_print_formula(v, "divergence", "div F", eg_vector_divergence(v->field), sum);
    print_curl(v);
}

/* Prints all blocks. */
static int print_report(vector_job *v)
{
    surface_job *job = v->job;
    eg_error error = {0};
    print_head(v);
    print_value(v);
    print_jacobian(v);
    print_divergence(v);
    int code = vector_report_potential(v);
    if (code <= EXIT_NEGATIVE) {
        int paths = vector_report_paths(v);
        code = paths > code ? paths : code;
    }
    if (code > EXIT_NEGATIVE)
        return code;
    if (job->block_writer.j)
        json_close(job->block_writer.j, '}');
    surface_print_certainty(job);
    if (eg_reals_status(job->exact.reals, &error) != EG_OK)
        return report_error(job->settings, &error);
    return code;
}

/* Prints the JSON of a point where component v->failed has no value or no derivatives. */
static void print_failed_point(vector_job *v)
{
    const eg_surface *at = &v->job->at;
    const char *reason = eg_undefined_kind_text(at->reason);
    json *j = v->job->block_writer.j;
    if (!j)
        return;
    print_head(v);
    json_count(j, "component", v->failed);
    json_text(j, "regularity", eg_differentiability_word(at->differentiability));
    json_bool(j, "proven", at->proven);
    if (*at->operation)
        json_text(j, "operation", at->operation);
    if (reason)
        json_text(j, "reason", reason);
    json_close(j, '}');
}

int vector_report(surface_job *job)
{
    vector_job v = {.job = job};
    eg_error error = {0};
    int code = vector_prepare(&v);
    if (code == EXIT_DONE && job->options->at)
        code = vector_evaluate(&v);
    if (v.failed)
        print_failed_point(&v);
    if (code == EXIT_DONE && eg_vector_test_gradient(v.field, &v.test, &error) != EG_OK)
        code = report_error(job->settings, &error);
    if (code == EXIT_DONE)
        code = vector_plot(&v);
    if (code == EXIT_DONE)
        code = print_report(&v);
    vector_free(&v);
    return code;
}
