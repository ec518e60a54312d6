/* SPDX-License-Identifier: MIT */
/* Reports the default sections of a point: value, derivatives, gradient, tangents, Hessian. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/surface/surface.h"

void surface_print_equation(block_writer *s, const char *label, const char *formula, eg_real number)
{
    char *value = number == EG_REAL_NONE ? NULL : block_real_text(s, number);
    bool both = value && strcmp(formula, value) != 0;
    char *line = both ? format_text("%s = %s", formula, value) : NULL;
    block_text(s, NULL, label, line ? line : formula);
    free(value);
    free(line);
}

/* Reports the partial derivatives: their formulas and, at a point, their values. */
static int report_partials(surface_job *job, bool at_point)
{
    block_writer *s = &job->block_writer;
    int code = EXIT_DONE;
    block_open(s, "partials", "Partial derivatives");
    for (size_t i = 0; i < job->n && code == EXIT_DONE; i++) {
        char label[80], *text;
        const char *name = eg_expr_name(job->f, i);
        code = surface_format_derivative(job, job->f, i, &text);
        if (code != EXIT_DONE)
            break;
        if (s->j) {
            json_open(s->j, name, '{');
            json_text(s->j, "formula", text);
            if (at_point)
                block_json_real(s, "value", job->exact.gradient[i]);
            json_close(s->j, '}');
        } else {
            snprintf(label, sizeof label, "df/d%s", name);
            surface_print_equation(s, label, text,
                                   at_point ? job->exact.gradient[i] : EG_REAL_NONE);
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

/* Returns the angle of a vector of the plane in degrees. */
static eg_real angle_in_degrees(eg_reals *reals, const eg_real g[2])
{
    eg_real half_turn = eg_real_integer(reals, 180);
    eg_real angle = eg_real_apply(reals, EG_REAL_ATAN2, g[1], g[0]);
    return eg_real_apply(reals, EG_REAL_DIVIDE,
                         eg_real_apply(reals, EG_REAL_MULTIPLY, angle, half_turn),
                         eg_real_pi(reals));
}

/* Reports the unit vector of steepest ascent (sign 1) or descent (-1), and the slope along it. */
static void report_steepest(surface_job *job, const char *key, const char *label, int sign)
{
    block_writer *s = &job->block_writer;
    eg_reals *r = s->reals;
    eg_real unit[EG_EXPR_VARIABLES], one = eg_real_integer(r, sign);
    eg_real slope = eg_real_apply(r, EG_REAL_MULTIPLY, one, job->exact.norm);
    char *text = block_real_text(s, slope), *note = format_text("slope %s", text);
    surface_scale(r, job->exact.gradient, eg_real_apply(r, EG_REAL_DIVIDE, one, job->exact.norm),
                  job->n, unit);
    block_real_vector(s, key, label, unit, job->n, note);
    free(text);
    free(note);
}

static void report_gradient(surface_job *job)
{
    block_writer *s = &job->block_writer;
    const eg_real *g = job->exact.gradient;
    block_open(s, "gradient", "Gradient: the direction of steepest ascent, its norm the slope");
    block_real_vector(s, "vector", "gradient", g, job->n, NULL);
    block_real(s, "norm", "norm", job->exact.norm, NULL);
    if (s->j && job->exact.criticality == EG_SIGN_UNKNOWN)
        json_null(s->j, "critical");
    else
        block_bool(s, "critical", job->exact.criticality == EG_SIGN_ZERO);
    if (job->exact.criticality == EG_SIGN_ZERO) {
        block_note(s, "The gradient is 0: a critical point.");
    } else if (job->exact.criticality == EG_SIGN_UNKNOWN) {
        block_note(s, "Undecided: the gradient could not be told from 0.");
    } else {
        if (job->n == 2)
            block_real(s, "angle", "angle", angle_in_degrees(s->reals, g),
                       "degrees, anticlockwise from the x axis");
        report_steepest(job, "ascent", "steepest ascent", 1);
        report_steepest(job, "descent", "steepest descent", -1);
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

/* Prints the line through `start` in a direction: "(1, 1, 2) + s*(2, 2, -1)". */
static void print_line_through(block_writer *s, const char *label, const eg_real start[],
                               const eg_real direction[], size_t n)
{
    char *from = block_real_vector_text(s, start, n);
    char *along = block_real_vector_text(s, direction, n);
    char *line = format_text("%s + s*%s", from, along);
    block_text(s, NULL, label, line);
    free(from);
    free(along);
    free(line);
}

/* Reports the tangent plane and the normal line of the graph. */
static void report_tangent(surface_job *job)
{
    static const char *const kinds[] = {"Tangent line", "Tangent plane", "Tangent hyperplane"};
    block_writer *s = &job->block_writer;
    const surface_exact *e = &job->exact;
    const char *names[EG_EXPR_VARIABLES], *value_name = height_name(job->f);
    eg_real normal[EG_EXPR_VARIABLES + 1], start[EG_EXPR_VARIABLES + 1];
    char heading[128];
    surface_variable_names(job->f, names);
    memcpy(normal, e->gradient, job->n * sizeof *normal);
    memcpy(start, e->point, job->n * sizeof *start);
    normal[job->n] = eg_real_integer(s->reals, -1);
    start[job->n] = e->value;
    const char *kind = kinds[job->n < 3 ? job->n - 1 : 2];
    snprintf(heading, sizeof heading, "%s and normal of the graph %s = f", kind, value_name);
    block_open(s, "tangent", heading);
    eg_real constant = eg_real_apply(s->reals, EG_REAL_SUBTRACT, e->value,
                                     eg_real_dot(s->reals, e->gradient, e->point, job->n));
    char *sum = surface_sum_text(s, e->gradient, names, job->n, constant);
    char *plane = format_text("%s = %s", value_name, sum);
    block_text(s, "plane", "tangent", plane);
    if (s->j)
        block_real_vector(s, "normal", NULL, normal, job->n + 1, NULL);
    else
        print_line_through(s, "normal line", start, normal, job->n + 1);
    free(sum);
    free(plane);
    block_close(s);
}

/* Opens the block of the level set through the point. */
static void open_level_set(surface_job *job, eg_real level)
{
    block_writer *s = &job->block_writer;
    char typed[BLOCK_LINE_SIZE];
    char *text = block_real_text(s, level);
    surface_format_typed(typed, sizeof typed, job->source.text);
    char *heading =
        format_text("Level %s %s%s through the point", job->n == 2 ? "curve" : "surface",
                    job->equation ? "" : "f = ", job->equation ? typed : text);
    block_open(s, "level", heading);
    if (s->j)
        block_json_real(s, "value", level);
    free(text);
    free(heading);
}

/* Reports the level curve or surface through the point, its tangent and its normal line. */
static void report_level_set(surface_job *job)
{
    block_writer *s = &job->block_writer;
    const surface_exact *e = &job->exact;
    const char *names[EG_EXPR_VARIABLES];
    if (job->n < 2)
        return;
    surface_variable_names(job->f, names);
    open_level_set(job, job->options->level || job->equation ? e->level : e->value);
    if (e->criticality != EG_SIGN_POSITIVE) {
        block_note(s, e->criticality == EG_SIGN_ZERO
                          ? "The gradient is 0, so it need not have a tangent here."
                          : "Undecided: where the gradient is 0 it need not have a tangent.");
        block_close(s);
        return;
    }
    char *plane = surface_plane_text(s, e->gradient, names, job->n,
                                     eg_real_dot(s->reals, e->gradient, e->point, job->n));
    block_text(s, "tangent", "tangent", plane);
    if (job->n == 2) {
        eg_real turned[2] = {eg_real_apply(s->reals, EG_REAL_NEGATE, e->gradient[1], EG_REAL_NONE),
                             e->gradient[0]};
        eg_real one = eg_real_integer(s->reals, 1), unit[2];
        surface_scale(s->reals, turned, eg_real_apply(s->reals, EG_REAL_DIVIDE, one, e->norm), 2,
                      unit);
        block_real_vector(s, "direction", "its direction", unit, 2, NULL);
    }
    block_real_vector(s, "normal", "normal", e->gradient, job->n, NULL);
    if (!s->j)
        print_line_through(s, "normal line", e->point, e->gradient, job->n);
    free(plane);
    block_close(s);
}

static eg_extremum extremum_of(const eg_inertia *inertia, size_t n)
{
    return inertia->positive && inertia->negative ? EG_SADDLE
           : inertia->positive == n               ? EG_MINIMUM
           : inertia->negative == n               ? EG_MAXIMUM
                                                  : EG_UNDECIDED;
}

/* Returns the largest |eigenvalue| over the smallest. The eigenvalues ascend. */
static eg_real condition_number(eg_reals *reals, const eg_real eigenvalues[], size_t n)
{
    size_t largest = 0, smallest = 0;
    double sizes[EG_EXPR_VARIABLES];
    for (size_t i = 0; i < n; i++) {
        sizes[i] = fabs(eg_real_approximate(reals, eigenvalues[i]));
        largest = sizes[i] > sizes[largest] ? i : largest;
        smallest = sizes[i] < sizes[smallest] ? i : smallest;
    }
    eg_real ratio =
        eg_real_apply(reals, EG_REAL_DIVIDE, eigenvalues[largest], eigenvalues[smallest]);
    return eg_real_apply(reals, EG_REAL_ABS, ratio, EG_REAL_NONE);
}

/* Reports eigenvalues, condition number and verdict of the Hessian. */
static void report_curvature(surface_job *job, const eg_real matrix[], eg_error *error)
{
    static const char condition_note[] = "largest over smallest absolute eigenvalue";
    block_writer *s = &job->block_writer;
    eg_real eigenvalues[EG_EXPR_VARIABLES];
    eg_inertia inertia;
    if (eg_surface_inertia(s->reals, matrix, job->n, &inertia, error) != EG_OK ||
        eg_surface_eigenvalues(s->reals, matrix, job->n, eigenvalues, error) != EG_OK)
        return;
    block_real_vector(s, "eigenvalues", "eigenvalues", eigenvalues, job->n,
                      job->n > 1 ? "curvatures along the principal directions" : NULL);
    if (inertia.known && inertia.zero == 0)
        block_real(s, "condition", "condition number",
                   condition_number(s->reals, eigenvalues, job->n), condition_note);
    else
        block_number(s, "condition", "condition number",
                     inertia.known ? (double)INFINITY : (double)NAN, condition_note);
    eg_extremum extremum = extremum_of(&inertia, job->n);
    bool known = inertia.known || extremum == EG_SADDLE;
    if (s->j)
        json_text(s->j, "verdict",
                  !known || job->exact.criticality == EG_SIGN_UNKNOWN ? "undecided"
                  : job->exact.criticality == EG_SIGN_ZERO ? surface_extremum_name(extremum)
                                                           : "not critical");
    else
        block_text(s, NULL, "verdict", eg_hessian_verdict(known, job->exact.criticality, extremum));
}

/* Reports that the rules of differentiation may not give the second derivatives. */
static int report_no_hessian(surface_job *job)
{
    block_writer *s = &job->block_writer;
    char note[400];
    snprintf(note, sizeof note,
             "the second derivatives are undecided: %.200s has a corner, a jump or the boundary of "
             "its domain here",
             job->at.operation);
    block_open(s, "hessian", "Hessian: second derivatives");
    block_note(s, note);
    if (s->j)
        json_text(s->j, "verdict", "undecided");
    block_close(s);
    return EXIT_DONE;
}

static int report_hessian(surface_job *job)
{
    block_writer *s = &job->block_writer;
    eg_error error = {0};
    if (surface_is_singular(job))
        return report_no_hessian(job);
    eg_real *matrix = format_memory(job->n * job->n, sizeof *matrix);
    eg_status status =
        eg_surface_prove(s->reals, job->f, job->exact.point, NULL, NULL, matrix, &error);
    block_open(s, "hessian", "Hessian: second derivatives");
    if (status == EG_OK) {
        block_real_matrix(s, "matrix", "Hessian", matrix, job->n);
        report_curvature(job, matrix, &error);
    }
    if (error.status != EG_OK)
        block_note(s, error.message);
    block_close(s);
    free(matrix);
    if (error.status == EG_NO_MEMORY || error.status == EG_LIMIT_EXCEEDED)
        return report_error(job->settings, &error);
    return error.status == EG_NEGATIVE ? EXIT_DONE : exit_code(error.status);
}

int surface_report_default(surface_job *job)
{
    block_real(&job->block_writer, "value", "value", job->exact.value, NULL);
    int code = report_partials(job, true);
    if (code != EXIT_DONE)
        return code;
    report_gradient(job);
    report_tangent(job);
    report_level_set(job);
    return report_hessian(job);
}
