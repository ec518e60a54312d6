/* SPDX-License-Identifier: MIT */
/* Degenerate critical points, by the first derivatives that are not 0. */
#include "solve/taylor.h"

#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "solve/arithmetic.h"
#include "solve/form.h"
#include "solve/polish.h"

enum { MOST_VARIABLES = 3, MOST_ORDER = 8, MOST_SIZE = 20000 };

/* The derivatives of one order: by each multiset of variables, which is a list of exponents. */
typedef struct level {
    size_t count;
    eg_expr *expr[EG_FORM_TERMS];
    eg_form form; /* exponents, and values at the point divided by the factorials */
    eg_real value[EG_FORM_TERMS];
} level;

typedef struct taylor {
    eg_problem *problem;
    size_t n;
    const eg_real *at;
    level levels[MOST_ORDER + 2];
    size_t order; /* of the last level that is there */
} taylor;

static double factorials(const unsigned char exponent[], size_t n)
{
    double product = 1;
    for (size_t i = 0; i < n; i++)
        for (int k = 2; k <= exponent[i]; k++)
            product *= k;
    return product;
}

/* Adds the derivative by variable i of a derivative of the order before. *possible: it is not too
 * complex. */
static eg_status add_derivative(taylor *t, level *to, const level *from, size_t source, size_t i,
                                bool *possible)
{
    size_t k = to->count;
    eg_error error = {0};
    eg_status status = eg_expr_derivative(&to->expr[k], from->expr[source], i, &error);
    *possible = status != EG_LIMIT_EXCEEDED;
    if (status != EG_OK)
        return *possible ? eg_fail(t->problem->error, status, "%s", error.message) : EG_OK;
    memcpy(to->form.exponent[k], from->form.exponent[source], sizeof to->form.exponent[k]);
    to->form.exponent[k][i]++;
    to->count = to->form.count = k + 1;
    return EG_OK;
}

/* Makes the derivatives of the next order. *possible: there are not too many. */
static eg_status add_level(taylor *t, bool *possible)
{
    const level *from = &t->levels[t->order];
    level *to = &t->levels[t->order + 1];
    eg_status status = EG_OK;
    to->form.n = t->n;
    for (size_t k = 0; k < from->count && status == EG_OK && *possible; k++) {
        size_t first = t->n; /* only by variables after those it is by already */
        while (first > 0 && !from->form.exponent[k][first - 1])
            first--;
        for (size_t i = first ? first - 1 : 0; i < t->n && status == EG_OK && *possible; i++) {
            *possible = to->count < EG_FORM_TERMS && eg_expr_size(from->expr[k]) < MOST_SIZE &&
                        eg_seconds() < eg_problem_deadline(t->problem, 0.9);
            if (*possible)
                status = add_derivative(t, to, from, k, i, possible);
        }
    }
    t->order++;
    return status;
}

/* Computes the values of the last level at the point. *zero: all are 0; *possible: that is known,
 * and all are finite. */
static eg_status evaluate(taylor *t, bool *zero, bool *possible)
{
    level *l = &t->levels[t->order];
    eg_reals *r = t->problem->reals;
    *zero = true;
    for (size_t k = 0; k < l->count && *possible; k++) {
        double bounds[2];
        eg_status status =
            eg_reals_derive(r, l->expr[k], t->at, &l->value[k], NULL, NULL, t->problem->error);
        if (status != EG_OK)
            return status;
        eg_real_sign sign = eg_real_sign_of(r, l->value[k]);
        *zero = *zero && sign == EG_SIGN_ZERO;
        eg_real_bounds(r, l->value[k], bounds);
        *possible =
            (sign == EG_SIGN_ZERO || sign == EG_SIGN_POSITIVE || sign == EG_SIGN_NEGATIVE) &&
            isfinite(bounds[0]) && isfinite(bounds[1]);
        double divisor = factorials(l->form.exponent[k], t->n);
        l->form.factor[k] = eg_iv_div(eg_iv(bounds[0], bounds[1]), eg_iv(divisor, divisor));
    }
    return EG_OK;
}

/* ---- along lines ---- */

/* Returns the sign of the derivative of an order along a direction of elements -1, 0 and 1. */
static eg_real_sign sign_along(const taylor *t, size_t order, const int direction[])
{
    const level *l = &t->levels[order];
    eg_reals *r = t->problem->reals;
    eg_real sum = eg_real_integer(r, 0);
    double whole = 1;
    for (size_t k = 2; k <= order; k++)
        whole *= (double)k;
    for (size_t k = 0; k < l->count; k++) {
        double factor = whole / factorials(l->form.exponent[k], t->n);
        for (size_t i = 0; i < t->n; i++)
            factor *= pow(direction[i], l->form.exponent[k][i]);
        if (factor != 0)
            sum = eg_real_apply(
                r, EG_REAL_ADD, sum,
                eg_real_apply(r, EG_REAL_MULTIPLY, l->value[k], eg_real_double(r, factor)));
    }
    return eg_real_sign_of(r, sum);
}

/* Looks for a saddle along lines. */
static void judge_lines(const taylor *t, eg_solution *point)
{
    size_t lines = 1;
    size_t up = 0, down = 0; /* orders of even derivatives of both signs */
    for (size_t i = 0; i < t->n; i++)
        lines *= 3;
    for (size_t code = lines / 2 + 1; code < lines; code++) { /* one of each pair of directions */
        int direction[MOST_VARIABLES] = {0};
        size_t rest = code;
        eg_real_sign sign = EG_SIGN_ZERO;
        size_t order = 1;
        for (size_t i = 0; i < t->n; i++, rest /= 3)
            direction[i] = (int)(rest % 3) - 1;
        while (sign == EG_SIGN_ZERO && order < t->order)
            sign = sign_along(t, ++order, direction);
        if (sign != EG_SIGN_POSITIVE && sign != EG_SIGN_NEGATIVE)
            continue;
        if (order % 2) {
            point->verdict = EG_SADDLE;
            point->order = (int)order;
            return;
        }
        if (sign == EG_SIGN_POSITIVE && (!up || order > up))
            up = order;
        if (sign == EG_SIGN_NEGATIVE && (!down || order > down))
            down = order;
    }
    if (up && down) {
        point->verdict = EG_SADDLE;
        point->order = (int)(up > down ? up : down);
    }
}

/* ---- bounds ---- */

/* Judges by the values over the hull, which contains the point in its interior. */
static eg_status judge_bounds(const taylor *t, const eg_expr *f, const eg_interval hull[],
                              eg_solution *point)
{
    double low[EG_UNKNOWNS], high[EG_UNKNOWNS], around[2], at[2];
    for (size_t i = 0; i < t->n; i++) {
        double bounds[2];
        eg_real_bounds(t->problem->reals, t->at[i], bounds);
        double more = fmax(eg_iv_width(hull[i]), 1e-6);
        low[i] = bounds[0] - more;
        high[i] = bounds[1] + more;
    }
    eg_status status = eg_expr_bounds(f, low, high, around, NULL, NULL, t->problem->error);
    eg_real_bounds(t->problem->reals, point->value, at);
    if (status != EG_OK)
        return status;
    if (around[0] >= at[1])
        point->verdict = EG_MINIMUM;
    else if (around[1] <= at[0])
        point->verdict = EG_MAXIMUM;
    return EG_OK;
}

/* Returns a bound of the sums |derivative of this order| / factorials over a cube with the radius
 * around the point, for each first derivative; INFINITY if there is none. */
static double bound_rest(const taylor *t, size_t order, double radius)
{
    const level *l = &t->levels[order];
    double sums[MOST_VARIABLES] = {0}, largest = 0;
    double low[EG_UNKNOWNS], high[EG_UNKNOWNS];
    for (size_t i = 0; i < t->n; i++) {
        double bounds[2];
        eg_real_bounds(t->problem->reals, t->at[i], bounds);
        low[i] = nextafter(bounds[0] - radius, -INFINITY);
        high[i] = nextafter(bounds[1] + radius, INFINITY);
    }
    for (size_t k = 0; k < l->count; k++) {
        double bounds[2] = {-INFINITY, INFINITY};
        if (!eg_polish_succeeds(t->problem->reals,
                                eg_expr_bounds(l->expr[k], low, high, bounds, NULL, NULL, NULL)))
            return INFINITY;
        double size = fmax(fabs(bounds[0]), fabs(bounds[1]));
        for (size_t i = 0; i < t->n; i++) { /* the derivative by i of one that is once less by i */
            unsigned char less[EG_FORM_VARIABLES];
            memcpy(less, l->form.exponent[k], sizeof less);
            if (!less[i])
                continue;
            less[i]--;
            sums[i] += size / factorials(less, t->n) * (1 + 1e-12);
        }
    }
    for (size_t i = 0; i < t->n; i++)
        largest = fmax(largest, sums[i]);
    return isfinite(largest) ? largest : (double)INFINITY;
}

/* Decides whether f is smooth in the cube: all operations of its gradient are continuous there. */
static eg_status check_smooth(const taylor *t, double radius, bool *smooth)
{
    eg_encloser encloser;
    eg_interval box[EG_UNKNOWNS], gradient[MOST_VARIABLES];
    size_t axes[MOST_VARIABLES] = {0};
    eg_status status = eg_encloser_new(&encloser, t->levels[0].expr[0], t->problem->error);
    if (status != EG_OK)
        return status;
    for (size_t i = 0; i < t->n; i++) {
        double bounds[2];
        eg_real_bounds(t->problem->reals, t->at[i], bounds);
        box[i] = eg_iv(nextafter(bounds[0] - radius, -INFINITY),
                       nextafter(bounds[1] + radius, INFINITY));
        axes[i] = i;
    }
    *smooth =
        eg_enclose_gradient(&encloser, box, axes, t->n, NULL, gradient) == EG_DOMAIN_CONTINUOUS;
    eg_encloser_free(&encloser);
    return EG_OK;
}

/* Decides by the form of the first derivatives that are not 0, those of order m. */
static eg_status judge_form(taylor *t, size_t m, const eg_interval hull[], eg_solution *point,
                            bool *isolated)
{
    const eg_form *form = &t->levels[m].form;
    double least, radius = 0;
    int sign = eg_form_sign(form);
    bool possible = true;
    eg_status status = EG_OK;
    if (sign && m % 2 == 0) {
        point->verdict = sign > 0 ? EG_MINIMUM : EG_MAXIMUM;
        point->order = (int)m;
    }
    if (!eg_form_gradient(form, &least))
        return EG_OK;
    while (t->order <= m && status == EG_OK && possible)
        status = add_level(t, &possible);
    for (size_t i = 0; i < t->n; i++) {
        double bounds[2];
        eg_real_bounds(t->problem->reals, t->at[i], bounds);
        radius = fmax(radius, fmax(hull[i].high - bounds[0], bounds[1] - hull[i].low));
    }
    radius = nextafter(radius, INFINITY);
    bool smooth = false;
    if (status == EG_OK && possible)
        status = check_smooth(t, radius, &smooth);
    if (status == EG_OK && possible && smooth)
        *isolated = radius * bound_rest(t, m + 1, radius) * (1 + 1e-9) < least;
    return status;
}

/* ---- judgement ---- */

static eg_status judge(taylor *t, const eg_expr *f, const eg_interval hull[], eg_solution *point,
                       bool *isolated)
{
    enum { LINE_ORDER = 6 };
    size_t m = 0;
    bool possible = true;
    eg_status status = EG_OK;
    while (status == EG_OK && t->order < LINE_ORDER && possible) {
        bool zero = true;
        status = add_level(t, &possible);
        if (status == EG_OK && possible)
            status = evaluate(t, &zero, &possible);
        if (possible && !zero && !m)
            m = t->order;
        if (m && m > 2)
            break;
    }
    if (!possible && t->order > 0)
        t->order--;
    if (status == EG_OK && m)
        judge_lines(t, point);
    if (status == EG_OK && point->verdict == EG_UNDECIDED)
        status = judge_bounds(t, f, hull, point);
    if (status == EG_OK && m && possible)
        status = judge_form(t, m, hull, point, isolated);
    return status;
}

eg_status eg_taylor_judge(eg_problem *problem, const eg_expr *f, const eg_interval hull[],
                          eg_solution *point, bool *isolated)
{
    *isolated = false;
    if (problem->n > MOST_VARIABLES)
        return EG_OK;
    taylor *t = eg_calloc(problem->ctx, 1, sizeof *t, problem->error);
    if (!t)
        return eg_failed(problem->error);
    *t = (taylor){.problem = problem, .n = problem->n, .at = point->at};
    t->levels[0].count = 1;
    eg_expr whole = *f; /* the function itself, as the derivative of order 0 */
    t->levels[0].expr[0] = &whole;
    eg_status status = judge(t, f, hull, point, isolated);
    for (size_t order = 1; order < sizeof t->levels / sizeof *t->levels; order++)
        for (size_t k = 0; k < t->levels[order].count; k++)
            eg_expr_free(t->levels[order].expr[k]);
    eg_free(t);
    return status;
}
