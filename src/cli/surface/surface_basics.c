/* SPDX-License-Identifier: MIT */
/* What is always said of a point: value, derivatives, gradient, tangents, curvature. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/surface/surface.h"

static const double degrees = 57.295779513082320877;

/* "df/dx", and what it is. */
static int partial(surface_job *job, size_t i, bool at_point)
{
    sheet *s = &job->sheet;
    char label[80], line[SHEET_LINE], number[SHEET_NUMBER], *text;
    const char *name = eg_expr_name(job->f, i);
    int code = surface_derivative(job, job->f, i, &text);
    if (code != EXIT_DONE)
        return code;
    snprintf(label, sizeof label, "df/d%s", name);
    sheet_show(s, number, job->at.gradient[i]);
    surface_equals(line, sizeof line, text, at_point ? number : NULL);
    if (s->j) {
        json_open(s->j, name, '{');
        json_text(s->j, "formula", text ? text : "");
        if (at_point)
            json_exact(s->j, "value", job->at.gradient[i]);
        json_close(s->j, '}');
    } else {
        sheet_text(s, NULL, label, line);
    }
    free(text);
    return EXIT_DONE;
}

static int partials(surface_job *job, bool at_point)
{
    int code = EXIT_DONE;
    sheet_block(&job->sheet, "partials",
                "Partial derivatives: one variable moves, the others stay");
    for (size_t i = 0; i < job->n && code == EXIT_DONE; i++)
        code = partial(job, i, at_point);
    sheet_end(&job->sheet);
    return code;
}

int surface_formulas(surface_job *job)
{
    return partials(job, false);
}

static void gradient(surface_job *job)
{
    sheet *s = &job->sheet;
    const double *g = job->at.gradient;
    double up[EG_EXPR_VARIABLES], down[EG_EXPR_VARIABLES];
    char slope[80], number[SHEET_NUMBER];
    for (size_t i = 0; i < job->n; i++) {
        up[i] = g[i] / job->at.norm;
        down[i] = -up[i];
    }
    sheet_block(s, "gradient",
                "Gradient: the way in which f rises fastest, as long as it is steep");
    sheet_vector(s, "vector", "gradient", g, job->n, NULL);
    sheet_number(s, "norm", "norm", job->at.norm, NULL);
    sheet_bool(s, "critical", job->at.critical);
    if (job->at.critical) {
        sheet_note(s, "The gradient is 0: level ground, a critical point.");
    } else {
        if (job->n == 2)
            sheet_number(s, "angle", "angle", atan2(g[1], g[0]) * degrees,
                         "degrees, anticlockwise from the x axis");
        snprintf(slope, sizeof slope, "slope %s", sheet_show(s, number, job->at.norm));
        sheet_vector(s, "ascent", "steepest ascent", up, job->n, slope);
        snprintf(slope, sizeof slope, "slope %s", sheet_show(s, number, -job->at.norm));
        sheet_vector(s, "descent", "steepest descent", down, job->n, slope);
    }
    sheet_end(s);
}

/* A name for the height that no variable has. */
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

/* The constant of a plane, less than rounding being nothing. */
static double plane_constant(const surface_job *job, double start)
{
    double constant = start, size = fabs(start);
    for (size_t i = 0; i < job->n; i++) {
        constant -= job->at.gradient[i] * job->point[i];
        size += fabs(job->at.gradient[i] * job->point[i]);
    }
    return fabs(constant) <= 1e-14 * size ? 0 : constant;
}

static void graph(surface_job *job)
{
    static const char *const kinds[] = {"Tangent line", "Tangent plane", "Tangent hyperplane"};
    sheet *s = &job->sheet;
    const char *names[EG_EXPR_VARIABLES], *height = height_name(job->f);
    double normal[EG_EXPR_VARIABLES + 1], foot[EG_EXPR_VARIABLES + 1];
    char heading[128], sum[SHEET_LINE], line[3 * SHEET_LINE], first[SHEET_LINE], then[SHEET_LINE];
    surface_names(job->f, names);
    memcpy(normal, job->at.gradient, job->n * sizeof *normal);
    memcpy(foot, job->point, job->n * sizeof *foot);
    normal[job->n] = -1;
    foot[job->n] = job->at.value;
    const char *kind = kinds[job->n < 3 ? job->n - 1 : 2];
    snprintf(heading, sizeof heading, "%s and normal of the graph %s = f", kind, height);
    sheet_block(s, "tangent", heading);
    surface_sum(s, sum, sizeof sum, job->at.gradient, names, job->n,
                plane_constant(job, job->at.value));
    snprintf(line, sizeof line, "%s = %s", height, sum);
    sheet_text(s, "plane", "tangent", line);
    sheet_show_vector(s, first, sizeof first, foot, job->n + 1);
    sheet_show_vector(s, then, sizeof then, normal, job->n + 1);
    snprintf(line, sizeof line, "%s + s*%s", first, then);
    if (s->j)
        sheet_vector(s, "normal", NULL, normal, job->n + 1, NULL);
    else
        sheet_text(s, NULL, "normal line", line);
    sheet_end(s);
}

/* The set of points where f is what it is here. */
static void level_set(surface_job *job)
{
    sheet *s = &job->sheet;
    const char *names[EG_EXPR_VARIABLES];
    const double *g = job->at.gradient;
    char heading[128], line[SHEET_LINE], number[SHEET_NUMBER];
    double level = job->asked->level ? job->level : job->at.value;
    if (job->n < 2)
        return;
    surface_names(job->f, names);
    snprintf(heading, sizeof heading, "Level %s f = %s through the point",
             job->n == 2 ? "curve" : "surface", sheet_show(s, number, level));
    sheet_block(s, "level", heading);
    if (s->j)
        json_exact(s->j, "value", level);
    if (job->at.critical) {
        sheet_note(s, "The gradient is 0, so nothing says that it has a tangent here.");
    } else {
        surface_plane(s, line, sizeof line, g, names, job->n, -plane_constant(job, 0));
        sheet_text(s, "tangent", "tangent", line);
        if (job->n == 2)
            sheet_vector(s, "direction", "its direction",
                         (double[]){-g[1] / job->at.norm, g[0] / job->at.norm}, 2, NULL);
        sheet_vector(s, "normal", "normal", g, job->n, NULL);
    }
    sheet_end(s);
}

/* What the bending means here. */
static const char *meaning(const eg_surface *at, const eg_hessian_result *bend)
{
    static const char *const critical[] = {
        [EG_MINIMUM] = "minimum: it rises in every direction from here",
        [EG_MAXIMUM] = "maximum: it falls in every direction from here",
        [EG_SADDLE] = "saddle: it rises in some directions and falls in others",
        [EG_UNDECIDED] = "undecided: an eigenvalue is 0, higher derivatives would tell",
    };
    static const char *const sloping[] = {
        [EG_MINIMUM] = "no critical point (the gradient is not 0); bent upwards like a bowl",
        [EG_MAXIMUM] = "no critical point (the gradient is not 0); bent downwards like a dome",
        [EG_SADDLE] = "no critical point (the gradient is not 0); bent both ways like a saddle",
        [EG_UNDECIDED] = "no critical point (the gradient is not 0); straight in some direction",
    };
    return (at->critical ? critical : sloping)[bend->extremum];
}

static void put_bend(surface_job *job, const eg_hessian_result *bend, const double *hessian)
{
    sheet *s = &job->sheet;
    sheet_matrix(s, "matrix", "Hessian", hessian, job->n);
    sheet_vector(s, "eigenvalues", "eigenvalues", bend->eigenvalues, job->n,
                 job->n > 1 ? "curvatures along its main directions" : NULL);
    sheet_number(s, "condition", "condition number", bend->condition,
                 "largest by smallest of their sizes");
    if (s->j)
        json_text(s->j, "verdict",
                  job->at.critical ? surface_extremum(bend->extremum) : "not critical");
    else
        sheet_text(s, NULL, "verdict", meaning(&job->at, bend));
}

static int hessian(surface_job *job)
{
    eg_error error = {0};
    eg_hessian_result bend;
    double *matrix = calloc(job->n * job->n, sizeof *matrix);
    if (!matrix)
        return EXIT_LIMIT;
    eg_status status = eg_surface_hessian(job->f, job->point, &bend, matrix, NULL, &error);
    sheet_block(&job->sheet, "hessian",
                "Hessian: the second derivatives, how the gradient changes");
    if (status == EG_OK)
        put_bend(job, &bend, matrix);
    else
        sheet_note(&job->sheet, error.message);
    sheet_end(&job->sheet);
    free(matrix);
    return status == EG_NEGATIVE ? EXIT_DONE : exit_code(status);
}

int surface_basics(surface_job *job)
{
    if (job->sheet.j)
        json_exact(job->sheet.j, "value", job->at.value);
    else
        sheet_number(&job->sheet, NULL, "value", job->at.value, NULL);
    int code = partials(job, true);
    if (code != EXIT_DONE)
        return code;
    gradient(job);
    graph(job);
    level_set(job);
    return hessian(job);
}
