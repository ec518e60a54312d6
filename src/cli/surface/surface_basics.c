/* SPDX-License-Identifier: MIT */
/* Reports the default sections of a point: value, derivatives, gradient, tangents, Hessian. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/surface/surface.h"

static const double degrees = 57.295779513082320877;

/* Reports the partial derivatives: their formulas and, at a point, their values. */
static int report_partials(surface_job *job, bool at_point)
{
    block_writer *s = &job->block_writer;
    int code = EXIT_DONE;
    block_open(s, "partials", "Partial derivatives");
    for (size_t i = 0; i < job->n && code == EXIT_DONE; i++) {
        char label[80], line[BLOCK_LINE_SIZE], number[BLOCK_NUMBER_SIZE], *text;
        const char *name = eg_expr_name(job->f, i);
        code = surface_format_derivative(job, job->f, i, &text);
        if (code != EXIT_DONE)
            break;
        if (s->j) {
            json_open(s->j, name, '{');
            json_text(s->j, "formula", text ? text : "");
            if (at_point)
                json_exact(s->j, "value", job->at.gradient[i]);
            json_close(s->j, '}');
        } else {
            snprintf(label, sizeof label, "df/d%s", name);
            block_format_number(s, number, job->at.gradient[i]);
            surface_format_equation(line, sizeof line, text, at_point ? number : NULL);
            block_text(s, NULL, label, line);
        }
        free(text);
    }
    block_close(s);
    return code;
}

int surface_report_formulas(surface_job *job)
{
    return report_partials(job, false);
}

static void report_gradient(surface_job *job)
{
    block_writer *s = &job->block_writer;
    const double *g = job->at.gradient;
    double up[EG_EXPR_VARIABLES], down[EG_EXPR_VARIABLES];
    char slope[80], number[BLOCK_NUMBER_SIZE];
    for (size_t i = 0; i < job->n; i++) {
        up[i] = g[i] / job->at.norm;
        down[i] = -up[i];
    }
    block_open(s, "gradient", "Gradient: the direction of steepest ascent, its norm the slope");
    block_vector(s, "vector", "gradient", g, job->n, NULL);
    block_number(s, "norm", "norm", job->at.norm, NULL);
    block_bool(s, "critical", job->at.critical);
    if (job->at.critical) {
        block_note(s, "The gradient is 0: a critical point.");
    } else {
        if (job->n == 2)
            block_number(s, "angle", "angle", atan2(g[1], g[0]) * degrees,
                         "degrees, anticlockwise from the x axis");
        snprintf(slope, sizeof slope, "slope %s", block_format_number(s, number, job->at.norm));
        block_vector(s, "ascent", "steepest ascent", up, job->n, slope);
        snprintf(slope, sizeof slope, "slope %s", block_format_number(s, number, -job->at.norm));
        block_vector(s, "descent", "steepest descent", down, job->n, slope);
    }
    block_close(s);
}

/* Returns a name for the value of f that is not the name of a variable. */
static const char *height_name(const eg_expr *f)
{
    static const char *const names[] = {"z", "w", "u", "v", "h"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        size_t i = 0;
        while (i < eg_expr_variables(f) && strcmp(eg_expr_name(f, i), names[k]) != 0)
            i++;
        if (i == eg_expr_variables(f))
            return names[k];
    }
    return "height";
}

/* Returns start - gradient . point; 0 if that is rounding error. */
static double plane_constant(const surface_job *job, double start)
{
    double constant = start, size = fabs(start);
    for (size_t i = 0; i < job->n; i++) {
        constant -= job->at.gradient[i] * job->point[i];
        size += fabs(job->at.gradient[i] * job->point[i]);
    }
    return fabs(constant) <= 1e-14 * size ? 0 : constant;
}

/* Reports the tangent plane and the normal line of the graph. */
static void report_tangent(surface_job *job)
{
    static const char *const kinds[] = {"Tangent line", "Tangent plane", "Tangent hyperplane"};
    block_writer *s = &job->block_writer;
    const char *names[EG_EXPR_VARIABLES], *value_name = height_name(job->f);
    double normal[EG_EXPR_VARIABLES + 1], start[EG_EXPR_VARIABLES + 1];
    char heading[128], plane[BLOCK_LINE_SIZE], line[3 * BLOCK_LINE_SIZE];
    char start_text[BLOCK_LINE_SIZE], direction_text[BLOCK_LINE_SIZE];
    surface_variable_names(job->f, names);
    memcpy(normal, job->at.gradient, job->n * sizeof *normal);
    memcpy(start, job->point, job->n * sizeof *start);
    normal[job->n] = -1;
    start[job->n] = job->at.value;
    const char *kind = kinds[job->n < 3 ? job->n - 1 : 2];
    snprintf(heading, sizeof heading, "%s and normal of the graph %s = f", kind, value_name);
    block_open(s, "tangent", heading);
    surface_format_sum(s, plane, sizeof plane, job->at.gradient, names, job->n,
                       plane_constant(job, job->at.value));
    snprintf(line, sizeof line, "%s = %s", value_name, plane);
    block_text(s, "plane", "tangent", line);
    block_format_vector(s, start_text, sizeof start_text, start, job->n + 1);
    block_format_vector(s, direction_text, sizeof direction_text, normal, job->n + 1);
    snprintf(line, sizeof line, "%s + s*%s", start_text, direction_text);
    if (s->j)
        block_vector(s, "normal", NULL, normal, job->n + 1, NULL);
    else
        block_text(s, NULL, "normal line", line);
    block_close(s);
}

/* Reports the level curve or surface through the point, and its tangent. */
static void report_level_set(surface_job *job)
{
    block_writer *s = &job->block_writer;
    const char *names[EG_EXPR_VARIABLES];
    const double *g = job->at.gradient;
    char heading[BLOCK_LINE_SIZE + 64], set[BLOCK_LINE_SIZE], line[3 * BLOCK_LINE_SIZE];
    double level = job->options->level || job->equation ? job->level : job->at.value;
    if (job->n < 2)
        return;
    surface_variable_names(job->f, names);
    surface_format_set(job, set, sizeof set, level);
    snprintf(heading, sizeof heading, "Level %s %s through the point",
             job->n == 2 ? "curve" : "surface", set);
    block_open(s, "level", heading);
    if (s->j)
        json_exact(s->j, "value", level);
    if (job->at.critical) {
        block_note(s, "The gradient is 0, so it need not have a tangent here.");
    } else {
        surface_format_plane(s, line, sizeof line, g, names, job->n, -plane_constant(job, 0));
        block_text(s, "tangent", "tangent", line);
        if (job->n == 2)
            block_vector(s, "direction", "its direction",
                         (double[]){-g[1] / job->at.norm, g[0] / job->at.norm}, 2, NULL);
        block_vector(s, "normal", "normal", g, job->n, NULL);
        block_format_vector(s, set, sizeof set, job->point, job->n);
        snprintf(line, sizeof line, "%s + s*", set);
        block_format_vector(s, set, sizeof set, g, job->n);
        strncat(line, set, sizeof line - strlen(line) - 1);
        if (!s->j)
            block_text(s, NULL, "normal line", line);
    }
    block_close(s);
}

/* Classifies the point by the Hessian, in words. */
static const char *hessian_verdict(const eg_surface *at, eg_extremum extremum)
{
    static const char *const critical[] = {
        [EG_MINIMUM] = "minimum: f rises in every direction",
        [EG_MAXIMUM] = "maximum: f falls in every direction",
        [EG_SADDLE] = "saddle: f rises in some directions and falls in others",
        [EG_UNDECIDED] = "undecided: an eigenvalue is 0, so higher derivatives decide",
    };
    static const char *const not_critical[] = {
        [EG_MINIMUM] = "no critical point (the gradient is not 0); locally convex",
        [EG_MAXIMUM] = "no critical point (the gradient is not 0); locally concave",
        [EG_SADDLE] = "no critical point (the gradient is not 0); curved both ways like a saddle",
        [EG_UNDECIDED] = "no critical point (the gradient is not 0); an eigenvalue is 0",
    };
    return (at->critical ? critical : not_critical)[extremum];
}

static int report_hessian(surface_job *job)
{
    block_writer *s = &job->block_writer;
    eg_error error = {0};
    eg_hessian_result h;
    double *matrix = calloc(job->n * job->n, sizeof *matrix);
    if (!matrix)
        return EXIT_LIMIT;
    eg_status status = eg_surface_hessian(job->f, job->point, &h, matrix, NULL, &error);
    block_open(s, "hessian", "Hessian: second derivatives");
    if (status == EG_OK) {
        block_matrix(s, "matrix", "Hessian", matrix, job->n);
        block_vector(s, "eigenvalues", "eigenvalues", h.eigenvalues, job->n,
                     job->n > 1 ? "curvatures along the principal directions" : NULL);
        block_number(s, "condition", "condition number", h.condition,
                     "largest over smallest absolute eigenvalue");
        if (s->j)
            json_text(s->j, "verdict",
                      job->at.critical ? surface_extremum_name(h.extremum) : "not critical");
        else
            block_text(s, NULL, "verdict", hessian_verdict(&job->at, h.extremum));
    } else {
        block_note(s, error.message);
    }
    block_close(s);
    free(matrix);
    return status == EG_NEGATIVE ? EXIT_DONE : exit_code(status);
}

int surface_report_default(surface_job *job)
{
    if (job->block_writer.j)
        json_exact(job->block_writer.j, "value", job->at.value);
    else
        block_number(&job->block_writer, NULL, "value", job->at.value, NULL);
    int code = report_partials(job, true);
    if (code != EXIT_DONE)
        return code;
    report_gradient(job);
    report_tangent(job);
    report_level_set(job);
    return report_hessian(job);
}
