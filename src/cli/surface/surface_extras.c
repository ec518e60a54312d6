/* SPDX-License-Identifier: MIT */
/* Reports the sections that options request. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/surface/surface.h"

static int report_along(surface_job *job)
{
    block_writer *s = &job->block_writer;
    eg_reals *r = s->reals;
    eg_real unit[EG_EXPR_VARIABLES], one = eg_real_integer(r, 1);
    eg_real length = surface_length(r, job->exact.along, job->n);
    surface_scale(r, job->exact.along, eg_real_apply(r, EG_REAL_DIVIDE, one, length), job->n, unit);
    eg_real excess = eg_real_apply(r, EG_REAL_SUBTRACT, length, one);
    char *text = block_real_text(s, length), *note;
    block_open(s, "along", "Directional derivative: the slope in one direction");
    if (eg_real_sign_of(r, excess) == EG_SIGN_ZERO)
        note = format_text("of length 1 as given");
    else
        note = format_text("normalised from length %s", text);
    block_real_vector(s, "direction", "direction", unit, job->n, note);
    if (s->j)
        block_json_real(s, "normalised_from", length);
    block_real(s, "slope", "slope", eg_real_dot(r, job->exact.gradient, unit, job->n), NULL);
    block_close(s);
    free(text);
    free(note);
    return EXIT_DONE;
}

/* ---- Taylor polynomials ---- */

/* Returns h'Hh/2 of the step h. */
static eg_real second_order_term(surface_job *job, const eg_real step[], eg_error *error)
{
    eg_reals *r = job->exact.reals;
    eg_real *matrix = format_memory(job->n * job->n, sizeof *matrix), row[EG_EXPR_VARIABLES];
    eg_real result = EG_REAL_NONE;
    if (eg_surface_prove(r, job->f, job->exact.point, NULL, NULL, matrix, error) == EG_OK) {
        for (size_t i = 0; i < job->n; i++)
            row[i] = eg_real_dot(r, matrix + i * job->n, step, job->n);
        result = eg_real_apply(r, EG_REAL_DIVIDE, eg_real_dot(r, step, row, job->n),
                               eg_real_integer(r, 2));
    }
    free(matrix);
    return result;
}

/* Reports an approximation at the point of --to: its value, its error, and a bound of that. */
static void report_approximation(block_writer *s, eg_real estimate, eg_real value, double bound,
                                 const char *label, const char *note)
{
    block_real(s, "estimate", label, estimate, NULL);
    block_real(s, "value", "true value", value, NULL);
    block_real(s, "error", "error", eg_real_apply(s->reals, EG_REAL_SUBTRACT, value, estimate),
               NULL);
    block_bound(
        s, "bound", "bound", bound, 1,
        isfinite(bound) ? note : "unknown: unbounded derivatives, a kink or a jump on the segment");
}

static int report_taylor(surface_job *job)
{
    block_writer *s = &job->block_writer;
    eg_reals *r = s->reals;
    eg_error error = {0};
    eg_linear_approximation l;
    eg_real value, step[EG_EXPR_VARIABLES];
    if (eg_surface_linear(job->f, job->point, job->to, &l, &error) != EG_OK ||
        eg_surface_prove(r, job->f, job->exact.to, &value, NULL, NULL, &error) != EG_OK)
        return report_error(job->settings, &error);
    for (size_t i = 0; i < job->n; i++)
        step[i] = eg_real_apply(r, EG_REAL_SUBTRACT, job->exact.to[i], job->exact.point[i]);
    eg_real linear = eg_real_apply(r, EG_REAL_ADD, job->exact.value,
                                   eg_real_dot(r, job->exact.gradient, step, job->n));
    bool smooth = !surface_is_singular(job);
    eg_real second = smooth ? second_order_term(job, step, &error) : EG_REAL_NONE;
    if (error.status != EG_OK)
        return report_error(job->settings, &error);
    char *place = surface_point_text(s, job->f, job->exact.to);
    char *heading = format_text("Linear approximation at %s", place);
    block_open(s, "linear", heading);
    report_approximation(s, linear, value, l.bound, "by the tangent",
                         "proved: half the largest |d'Hd| on the segment");
    block_close(s);
    if (!smooth) {
        free(place);
        free(heading);
        return EXIT_DONE;
    }
    block_open(s, "quadratic", "Second-order Taylor polynomial at the same point");
    report_approximation(s, eg_real_apply(r, EG_REAL_ADD, linear, second), value, l.second_bound,
                         "by the polynomial",
                         "proved: a sixth of the largest third derivative on the segment");
    block_close(s);
    free(place);
    free(heading);
    return EXIT_DONE;
}

/* ---- uncertainty ---- */

/* Reports |df/dx| times the error of x for each variable. */
static void report_contributions(surface_job *job, const eg_real parts[])
{
    block_writer *s = &job->block_writer;
    char label[80];
    if (s->j) {
        block_real_vector(s, "parts", NULL, parts, job->n, NULL);
        return;
    }
    for (size_t i = 0; i < job->n; i++) {
        eg_real size = eg_real_apply(s->reals, EG_REAL_ABS, job->exact.errors[i], EG_REAL_NONE);
        char *error = block_real_text(s, size);
        char *note = format_text("%s is off by %s", eg_expr_name(job->f, i), error);
        snprintf(label, sizeof label, "from %s", eg_expr_name(job->f, i));
        block_real(s, NULL, label, parts[i], note);
        free(error);
        free(note);
    }
}

/* Returns a double on one side of the number: not above it (direction -1) or not below it (1). */
static double double_beside(eg_reals *reals, eg_real real, int direction)
{
    double near = eg_real_approximate(reals, real);
    if (!isfinite(near))
        return near;
    eg_real rest = eg_real_apply(reals, EG_REAL_SUBTRACT, real, eg_real_double(reals, near));
    return eg_real_sign_of(reals, rest) == EG_SIGN_ZERO
               ? near
               : nextafter(near, direction > 0 ? (double)INFINITY : (double)-INFINITY);
}

/* Sets *undefined if f has no value at a corner of the box; of more than CORNER_VARIABLES variables
 * the others are at their low ends. */
static eg_status check_corners(const surface_job *job, const double low[], const double high[],
                               bool *undefined, eg_error *error)
{
    enum { CORNER_VARIABLES = 6 };
    const size_t varied = job->n < CORNER_VARIABLES ? job->n : CORNER_VARIABLES;
    double corner[EG_EXPR_VARIABLES], value;
    *undefined = false;
    for (size_t c = 0; c < (size_t)1 << varied; c++) {
        for (size_t i = 0; i < job->n; i++)
            corner[i] = i < varied && (c >> i & 1) ? high[i] : low[i];
        eg_status status = eg_expr_eval(job->f, corner, &value, NULL, NULL, error);
        if (status != EG_OK)
            return status;
        *undefined |= isnan(value);
    }
    return EG_OK;
}

/* Bounds f over all points within the errors of the point. Sets *undefined if it is known that f
 * has no value at some of them. */
static eg_status bound_within_errors(surface_job *job, double range[2], bool *undefined,
                                     eg_error *error)
{
    eg_reals *r = job->exact.reals;
    double low[EG_EXPR_VARIABLES], high[EG_EXPR_VARIABLES];
    for (size_t i = 0; i < job->n; i++) {
        eg_real size = eg_real_apply(r, EG_REAL_ABS, job->exact.errors[i], EG_REAL_NONE);
        low[i] =
            double_beside(r, eg_real_apply(r, EG_REAL_SUBTRACT, job->exact.point[i], size), -1);
        high[i] = double_beside(r, eg_real_apply(r, EG_REAL_ADD, job->exact.point[i], size), 1);
    }
    eg_status status = eg_expr_bounds(job->f, low, high, range, NULL, NULL, error);
    return status == EG_OK ? check_corners(job, low, high, undefined, error) : status;
}

/* Reports the bounds of f for --error. */
static void report_error_range(surface_job *job, const double range[2], bool undefined)
{
    block_writer *s = &job->block_writer;
    if (isfinite(range[0]) && isfinite(range[1]))
        block_range(s, "range", "f lies within", range,
                    undefined ? "where it has a value; it has none for some errors up to these"
                              : "for all errors up to these");
    else if (s->j)
        json_null(s->j, "range");
    else
        block_text(s, NULL, "f lies within",
                   "unknown bounds: f may be unbounded or undefined for errors up to these");
}

static int report_error_propagation(surface_job *job)
{
    block_writer *s = &job->block_writer;
    eg_error error = {0};
    double range[2];
    bool undefined = false;
    eg_real parts[EG_EXPR_VARIABLES] = {0}, worst = eg_real_integer(s->reals, 0);
    if (bound_within_errors(job, range, &undefined, &error) != EG_OK)
        return eg_reals_status(s->reals, NULL) == EG_OK
                   ? report_error(job->settings, &error)
                   : EXIT_DONE; /* the command reports the lack of memory at its end */
    for (size_t i = 0; i < job->n; i++) {
        eg_real change =
            eg_real_apply(s->reals, EG_REAL_MULTIPLY, job->exact.gradient[i], job->exact.errors[i]);
        parts[i] = eg_real_apply(s->reals, EG_REAL_ABS, change, EG_REAL_NONE);
        worst = eg_real_apply(s->reals, EG_REAL_ADD, worst, parts[i]);
    }
    block_open(s, "error", "Uncertainty of f: |df/dx| times the error of x, for each variable");
    report_contributions(job, parts);
    block_real(s, "worst", "worst case", worst, "sum of the absolute contributions");
    block_real(s, "quadrature", "in quadrature", surface_length(s->reals, parts, job->n),
               "independent errors: square root of the sum of squares");
    report_error_range(job, range, undefined);
    block_close(s);
    return EXIT_DONE;
}

static int report_flux(surface_job *job)
{
    block_writer *s = &job->block_writer;
    eg_reals *r = s->reals;
    eg_real flow[EG_EXPR_VARIABLES];
    char *k = block_real_text(s, job->exact.flux);
    char *heading = format_text("Flux -k grad f, k = %s", k);
    surface_scale(r, job->exact.gradient,
                  eg_real_apply(r, EG_REAL_NEGATE, job->exact.flux, EG_REAL_NONE), job->n, flow);
    block_open(s, "flux", heading);
    block_real(s, "k", "k", job->exact.flux, NULL);
    block_real_vector(s, "vector", "flux", flow, job->n, NULL);
    block_real(s, "norm", "norm", surface_length(r, flow, job->n), NULL);
    block_close(s);
    free(k);
    free(heading);
    return EXIT_DONE;
}

/* ---- implicit ---- */

/* Decides the kind of point of the level set by the signs of the derivatives. */
static eg_implicit_kind implicit_kind(const surface_job *job, bool *known)
{
    bool all_zero = true;
    eg_real_sign own = eg_real_sign_of(job->exact.reals, job->exact.gradient[job->implicit]);
    *known = own != EG_SIGN_UNKNOWN && own != EG_SIGN_UNDEFINED;
    for (size_t i = 0; i < job->n && own == EG_SIGN_ZERO; i++) {
        eg_real_sign sign = eg_real_sign_of(job->exact.reals, job->exact.gradient[i]);
        *known = *known && sign != EG_SIGN_UNKNOWN && sign != EG_SIGN_UNDEFINED;
        all_zero = all_zero && sign == EG_SIGN_ZERO;
    }
    return own != EG_SIGN_ZERO ? EG_IMPLICIT_SLOPE
           : all_zero          ? EG_IMPLICIT_SINGULAR
                               : EG_IMPLICIT_VERTICAL;
}

/* Reports the derivatives of the --implicit variable by the others. */
static int report_implicit_slopes(surface_job *job)
{
    block_writer *s = &job->block_writer;
    eg_error error = {0};
    const char *name = eg_expr_name(job->f, job->implicit);
    eg_real own =
        eg_real_apply(s->reals, EG_REAL_NEGATE, job->exact.gradient[job->implicit], EG_REAL_NONE);
    char label[160];
    for (size_t i = 0; i < job->n && error.status == EG_OK; i++) {
        eg_expr *slope = NULL;
        if (i == job->implicit)
            continue;
        eg_real value = eg_real_apply(s->reals, EG_REAL_DIVIDE, job->exact.gradient[i], own);
        eg_surface_implicit_slope(&slope, job->f, job->implicit, i, &error);
        char *text = error.status == EG_OK ? surface_format_expr(slope) : NULL;
        snprintf(label, sizeof label, "d%s/d%s", name, eg_expr_name(job->f, i));
        if (s->j) {
            json_open(s->j, label, '{');
            json_text(s->j, "formula", text ? text : ""); /* NULL after an error */
            block_json_real(s, "value", value);
            json_close(s->j, '}');
        } else {
            surface_print_equation(s, label, text, value);
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
    bool known;
    found.kind = implicit_kind(job, &known);
    int code = report_implicit_slopes(job);
    format_implicit_reason(job, &found, reason, sizeof reason);
    if (!known)
        snprintf(reason, sizeof reason, "undecided: a derivative could not be told from 0");
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
        {options->to, report_taylor},
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
