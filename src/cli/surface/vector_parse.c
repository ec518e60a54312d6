/* SPDX-License-Identifier: MIT */
/* Reads a vector field and its options, and computes it at the point. */
#include <stdlib.h>
#include <string.h>

#include "cli/surface/vector.h"

/* Checks that no option is given that a vector field does not have. */
static int check_options(const surface_job *job)
{
    static const char *const others[] = {"with",     "along",           "level", "to",    "error",
                                         "implicit", "lagrange",        "check", "grid",  "output",
                                         "arrows",   "draw-derivative", "view",  "steps", "table",
                                         "latex",    "python",          "c"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (option_given(job->args, others[i]))
            return usage_error(job->args->command, "--%s has no effect on a vector field",
                               others[i]);
    if (job->options->flux && !eg_vector_is_path(job->options->flux))
        return usage_error(job->args->command,
                           "--flux: of a vector field it takes a path, as (cos(t), sin(t)), "
                           "t=0:2pi, not '%.200s'",
                           job->options->flux);
    return EXIT_DONE;
}

static int read_point(vector_job *v)
{
    surface_job *job = v->job;
    eg_expr *numbers[EG_EXPR_VARIABLES] = {NULL};
    eg_error error = {0};
    if (!job->options->at)
        return EXIT_DONE;
    int code = formula_exact_point(job->point, numbers, job->ctx, "--at", job->options->at,
                                   eg_vector_component(v->field, 0), &job->constants);
    for (size_t i = 0; i < v->n; i++) {
        if (code == EXIT_DONE)
            eg_reals_derive(job->exact.reals, numbers[i], NULL, &job->exact.point[i], NULL, NULL,
                            &error);
        eg_expr_free(numbers[i]);
    }
    return code == EXIT_DONE ? surface_status(job, &error) : code;
}

static int read_path(vector_job *v, const char *where, const char *text, eg_vector_path **path)
{
    const surface_job *job = v->job;
    const eg_expr_options options = {.bindings = job->constants.let,
                                     .binding_count = job->constants.count};
    eg_expr_location location = {0};
    eg_error error = {0};
    if (!text || eg_vector_path_parse(path, v->field, text, &options, &location, &error) == EG_OK)
        return EXIT_DONE;
    return formula_error(where, text, location, &error);
}

int vector_prepare(vector_job *v)
{
    surface_job *job = v->job;
    eg_expr_location location = {0};
    eg_error error = {0};
    int code = check_options(job);
    code =
        code ? code : formula_read_constants(&job->constants, job->ctx, &job->options->constants);
    if (code != EXIT_DONE)
        return code;
    const eg_expr_options options = {.bindings = job->constants.let,
                                     .binding_count = job->constants.count};
    const char *text = job->source.text;
    if (eg_vector_parse(&v->field, job->ctx, text, &options, &location, &error) != EG_OK)
        return formula_error(NULL, text, location, &error);
    v->n = eg_vector_dimension(v->field);
    if (job->options->flux && v->n != 2) {
        message("--flux: the flux across a path needs a vector field of 2 components, not %zu",
                v->n);
        return EXIT_USAGE;
    }
    if (eg_reals_new(&job->exact.reals, job->ctx, NULL, &error) != EG_OK)
        return report_error(job->settings, &error);
    job->block_writer.reals = job->exact.reals;
    code = read_point(v);
    code = code ? code : read_path(v, "--work", job->options->work, &v->work);
    return code ? code : read_path(v, "--flux", job->options->flux, &v->flux);
}

void vector_free(vector_job *v)
{
    eg_gradient_test_free(&v->test);
    eg_vector_path_free(v->work);
    eg_vector_path_free(v->flux);
    eg_vector_free(v->field);
}

/* Reports that component i has no value or no derivatives at the point. */
static int fail_at_point(vector_job *v, size_t i, const eg_surface *at)
{
    const eg_expr *f = eg_vector_component(v->field, i);
    bool undefined =
        at->differentiability >= EG_REMOVABLE_SINGULARITY && at->differentiability <= EG_NO_VALUE;
    char *point = surface_point_text(&v->job->block_writer, f, v->job->exact.point);
    char *text = surface_format_expr(f);
    message("at %s component %zu, %s, %s", point, i + 1, text,
            undefined ? "has no value"
            : at->differentiability == EG_UNDETERMINED || !at->proven
                ? "is not proven to be differentiable"
                : "is not differentiable");
    free(text);
    free(point);
    v->failed = i + 1;
    return EXIT_NEGATIVE;
}

int vector_evaluate(vector_job *v)
{
    surface_job *job = v->job;
    eg_reals *reals = job->exact.reals;
    eg_error error = {0};
    for (size_t i = 0; i < v->n; i++) {
        const eg_expr *f = eg_vector_component(v->field, i);
        eg_real *slopes = v->jacobian + i * v->n;
        if (eg_surface_classify(reals, f, job->exact.point, job->point, &job->at, &error) != EG_OK)
            return report_error(job->settings, &error);
        if (job->at.differentiability != EG_DIFFERENTIABLE || !job->at.proven)
            return fail_at_point(v, i, &job->at);
        if (eg_surface_prove(reals, f, job->exact.point, &v->value[i], slopes, NULL, &error) !=
            EG_OK)
            return report_error(job->settings, &error);
        for (size_t k = 0; k < v->n && surface_is_singular(job); k++)
            if (job->at.gradient_real[k] != EG_REAL_NONE)
                slopes[k] = job->at.gradient_real[k];
    }
    return EXIT_DONE;
}
