/* SPDX-License-Identifier: MIT */
/* Reports line integrals: --work and --flux. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/surface/vector.h"

enum { BOUND_DIGITS = 14 }; /* shown of the bounds of an integral */

/* A line integral and how it is printed. */
typedef struct path_report {
    vector_job *v;
    const eg_vector_path *path;
    eg_line_kind kind;
    const char *typed;
    bool closed;
    eg_line_integral result;
} path_report;

/* Computes the constant that f(with) is, as a number. f: of one variable for each of `with`. */
static eg_real constant(const path_report *r, const eg_expr *f, const eg_expr *const with[],
                        eg_error *error)
{
    static const char *const none[1] = {NULL};
    const eg_expr_options options = {.names = none};
    eg_reals *reals = r->v->job->exact.reals;
    eg_expr *number = NULL;
    eg_real value = EG_REAL_NONE;
    if (eg_expr_substitute(&number, f, with, &options, error) == EG_OK)
        eg_surface_prove(reals, number, NULL, &value, NULL, NULL, error);
    eg_expr_free(number);
    return value;
}

/* Returns the difference of f at the two ends: of a formula of the parameter, or of the variables
 * of the field. */
static eg_real difference(const path_report *r, const eg_expr *f, bool of_parameter,
                          eg_error *error)
{
    eg_real value[2];
    for (int end = 0; end < 2; end++) {
        const eg_expr *with[EG_VECTOR_DIMENSION] = {eg_vector_path_end(r->path, end)};
        for (size_t i = 0; i < r->v->n && !of_parameter; i++)
            with[i] = eg_vector_path_point(r->path, i, end);
        value[end] = constant(r, f, with, error);
    }
    return eg_real_apply(r->v->job->exact.reals, EG_REAL_SUBTRACT, value[1], value[0]);
}

/* Decides whether the path ends where it begins. */
static bool is_closed(const path_report *r, eg_error *error)
{
    eg_reals *reals = r->v->job->exact.reals;
    bool closed = true;
    for (size_t i = 0; i < r->v->n && closed; i++) {
        const eg_expr *component = eg_vector_path_component(r->path, i);
        closed = eg_real_sign_of(reals, difference(r, component, true, error)) == EG_SIGN_ZERO;
    }
    return closed;
}

/* Returns the parameter of the path. */
static const char *parameter(const path_report *r)
{
    return eg_expr_name(eg_vector_path_component(r->path, 0), 0);
}

/* Reports an integral that could not be computed. */
static int report_failure(const path_report *r)
{
    block_writer *s = &r->v->job->block_writer;
    char number[BLOCK_NUMBER_SIZE];
    bool undefined = r->result.outcome == EG_LINE_UNDEFINED;
    block_format_number(s, number, r->result.where);
    if (s->j) {
        json_null(s->j, "value");
        json_text(s->j, "outcome", undefined ? "undefined" : "unbounded");
        json_exact(s->j, "where", r->result.where);
    } else {
        block_line("value", "undefined", NULL);
    }
    if (undefined)
        message("%s: the integrand has no value at %s = %s, so that the integral is improper or "
                "does not exist",
                r->kind == EG_LINE_WORK ? "--work" : "--flux", parameter(r), number);
    else
        message("%s: no bound of the integrand is known near %s = %s: the integral is improper or "
                "does not exist",
                r->kind == EG_LINE_WORK ? "--work" : "--flux", parameter(r), number);
    return EXIT_NEGATIVE;
}

/* Prints the integral by its antiderivative if there is one, else by its bounds. */
static void print_value(path_report *r, eg_error *error)
{
    block_writer *s = &r->v->job->block_writer;
    const eg_line_integral *result = &r->result;
    eg_real value = eg_real_between(s->reals, result->bounds[0], result->bounds[1]);
    if (result->antiderivative)
        value = difference(r, result->antiderivative, true, error);
    size_t fewer = s->fewer;
    block_real(s, "value", "value", value, NULL);
    if (s->j) /* the bounds beside it say how many digits are certain */
        s->fewer = fewer;
    if (result->antiderivative) {
        char *text = surface_format_expr(result->antiderivative);
        if (s->j)
            json_text(s->j, "antiderivative", text);
        else
            block_line("antiderivative", text, "the value is its difference at the ends");
        free(text);
    }
    if (!s->j)
        s->digits = BOUND_DIGITS;
    block_range(s, "bounds", "quadrature within", result->bounds, "proven by interval arithmetic");
    s->digits = r->v->job->options->digits;
    if (s->j) {
        json_count(s->j, "panels", result->panels);
        json_exact(s->j, "open", result->open);
    } else if (result->open > 0) {
        block_number(s, NULL, "not proven", result->open,
                     "length of the parameter where F may have no value");
    }
}

/* Compares the work with the difference of the potential. */
static int compare_potential(path_report *r, eg_error *error)
{
    block_writer *s = &r->v->job->block_writer;
    const eg_expr *potential = r->v->test.potential;
    bool continuous = false;
    if (r->kind != EG_LINE_WORK || !potential)
        return EXIT_DONE;
    if (eg_vector_is_continuous(potential, r->path, &continuous, error) != EG_OK)
        return EXIT_DONE;
    if (!continuous) {
        block_text(s, "potential", "potential",
                   "not proven to be continuous along the path: no comparison");
        return EXIT_DONE;
    }
    eg_real exact = difference(r, potential, false, error);
    double approximate = eg_real_approximate(s->reals, exact);
    double slack = 1e-14 * fabs(approximate);
    bool agree = !(approximate < r->result.bounds[0] - slack) &&
                 !(approximate > r->result.bounds[1] + slack);
    block_real(s, "potential_difference", "potential difference", exact,
               agree ? "the potential at the end minus that at the start: they agree"
                     : "the potential at the end minus that at the start: they differ");
    return agree ? EXIT_DONE : EXIT_NEGATIVE;
}

/* Prints what a closed path shows of the field. */
static void print_closed(const path_report *r)
{
    block_writer *s = &r->v->job->block_writer;
    const double *bounds = r->result.bounds;
    if (s->j)
        json_bool(s->j, "closed", r->closed);
    if (r->closed && r->kind == EG_LINE_WORK && (bounds[0] > 0 || bounds[1] < 0))
        block_note(s, "The work along this closed path is not 0: F has no potential on a domain "
                      "that contains the path.");
}

static int print_path(path_report *r)
{
    block_writer *s = &r->v->job->block_writer;
    bool work = r->kind == EG_LINE_WORK;
    eg_error error = {0};
    int code = EXIT_DONE;
    if (eg_vector_integrate(r->v->field, r->path, r->kind, &r->result, &error) != EG_OK)
        return report_error(r->v->job->settings, &error);
    r->closed = is_closed(r, &error);
    if (error.status != EG_OK) {
        eg_line_integral_free(&r->result);
        return report_error(r->v->job->settings, &error);
    }
    char *integrand = surface_format_expr(r->result.integrand);
    block_open(s, work ? "work" : "flux",
               work ? "Work: the line integral of F . dx along the path"
                    : "Flux: the line integral of F . n ds, n to the right of the path");
    char typed[BLOCK_LINE_SIZE];
    surface_format_typed(typed, sizeof typed, r->typed);
    block_text(s, "path", r->closed ? "closed path" : "path", typed);
    block_text(s, "integrand", "integrand", integrand);
    if (r->result.outcome == EG_LINE_DONE) {
        print_value(r, &error);
        code = compare_potential(r, &error);
        print_closed(r);
    } else {
        code = report_failure(r);
    }
    block_close(s);
    free(integrand);
    eg_line_integral_free(&r->result);
    return error.status == EG_OK ? code : report_error(r->v->job->settings, &error);
}

int vector_report_paths(vector_job *v)
{
    const surface_settings *o = v->job->options;
    int code = EXIT_DONE;
    if (v->work)
        code = print_path(&(path_report){.v = v, .path = v->work, .typed = o->work});
    if (v->flux && code <= EXIT_NEGATIVE) {
        int flux = print_path(
            &(path_report){.v = v, .path = v->flux, .kind = EG_LINE_FLUX, .typed = o->flux});
        code = flux > code ? flux : code;
    }
    return code;
}
