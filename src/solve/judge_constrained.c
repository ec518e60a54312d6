/* SPDX-License-Identifier: MIT */
/* Verdicts about points with multipliers: the Hessian of the Lagrangian in the tangent space, and
 * the signs of the multipliers of inequalities (Nocedal and Wright, Numerical Optimization, 12.5).
 */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "solve/arithmetic.h"
#include "solve/constrained.h"

typedef struct judging {
    eg_constrained *c;
    eg_reals *reals;
    size_t n, m;
    eg_real lambda[EG_SOLVE_CONSTRAINTS];
    /* Orthogonal vectors, of the gradients of the constraints and then of the tangents, and the
     * squares of their lengths: fractions where the point has such coordinates. */
    eg_real basis[EG_SOLVE_VARIABLES][EG_SOLVE_VARIABLES], square[EG_SOLVE_VARIABLES];
    size_t vectors;
} judging;

/* Subtracts from x its parts along the vectors of the basis so far. */
static void remove_parts(const judging *j, eg_real x[])
{
    for (size_t k = 0; k < j->vectors; k++) {
        eg_real part = eg_real_apply(j->reals, EG_REAL_DIVIDE,
                                     eg_real_dot(j->reals, x, j->basis[k], j->n), j->square[k]);
        for (size_t i = 0; i < j->n; i++)
            x[i] = eg_real_apply(j->reals, EG_REAL_SUBTRACT, x[i],
                                 eg_real_apply(j->reals, EG_REAL_MULTIPLY, part, j->basis[k][i]));
    }
}

/* Adds a vector that is orthogonal to the others. */
static void add_vector(judging *j, const eg_real x[])
{
    memcpy(j->basis[j->vectors], x, j->n * sizeof *x);
    j->square[j->vectors++] = eg_real_dot(j->reals, x, x, j->n);
}

/* Makes the basis. *possible: the gradients are not dependent, which is proven. */
static eg_status make_basis(judging *j, const eg_real at[], bool *possible)
{
    eg_status status = EG_OK;
    *possible = true;
    for (size_t k = 0; k < j->m && status == EG_OK && *possible; k++) {
        eg_real gradient[EG_SOLVE_VARIABLES];
        status = eg_surface_prove(j->reals, j->c->active_expr[k], at, NULL, gradient, NULL,
                                  j->c->problem->error);
        if (status != EG_OK)
            return status;
        remove_parts(j, gradient);
        eg_real square = eg_real_dot(j->reals, gradient, gradient, j->n);
        *possible = eg_real_sign_of(j->reals, square) == EG_SIGN_POSITIVE;
        add_vector(j, gradient);
    }
    while (status == EG_OK && *possible && j->vectors < j->n) {
        double longest = 0; /* the axis that is farthest from the vectors */
        eg_real best[EG_SOLVE_VARIABLES];
        for (size_t axis = 0; axis < j->n; axis++) {
            eg_real x[EG_SOLVE_VARIABLES];
            for (size_t i = 0; i < j->n; i++)
                x[i] = eg_real_integer(j->reals, i == axis);
            remove_parts(j, x);
            double square = eg_real_approximate(j->reals, eg_real_dot(j->reals, x, x, j->n));
            if (!(square > longest * 1.001))
                continue;
            longest = square;
            memcpy(best, x, j->n * sizeof *x);
        }
        *possible = longest > 1e-6;
        if (*possible)
            add_vector(j, best);
    }
    return status;
}

/* Sets hessian[] to that of f - sum lambda_k g_k. */
static eg_status make_lagrangian(const judging *j, const eg_real at[], eg_real hessian[])
{
    eg_real of_constraint[EG_SOLVE_VARIABLES * EG_SOLVE_VARIABLES];
    eg_status status =
        eg_surface_prove(j->reals, j->c->f, at, NULL, NULL, hessian, j->c->problem->error);
    for (size_t k = 0; k < j->m && status == EG_OK; k++) {
        status = eg_surface_prove(j->reals, j->c->active_expr[k], at, NULL, NULL, of_constraint,
                                  j->c->problem->error);
        for (size_t i = 0; i < j->n * j->n && status == EG_OK; i++)
            hessian[i] = eg_real_apply(
                j->reals, EG_REAL_SUBTRACT, hessian[i],
                eg_real_apply(j->reals, EG_REAL_MULTIPLY, j->lambda[k], of_constraint[i]));
    }
    return status;
}

/* Sets projected[] (t x t) to the Hessian in the basis of the tangent space. */
static void project(const judging *j, const eg_real hessian[], size_t t, eg_real projected[])
{
    for (size_t a = 0; a < t; a++)
        for (size_t b = a; b < t; b++) {
            eg_real image[EG_SOLVE_VARIABLES];
            for (size_t i = 0; i < j->n; i++)
                image[i] = eg_real_dot(j->reals, hessian + i * j->n, j->basis[j->m + b], j->n);
            projected[a * t + b] = projected[b * t + a] =
                eg_real_dot(j->reals, j->basis[j->m + a], image, j->n);
        }
}

/* Divides by the lengths of the vectors of the basis. */
static void normalise(const judging *j, size_t t, eg_real projected[])
{
    for (size_t a = 0; a < t; a++)
        for (size_t b = 0; b < t; b++) {
            eg_real squares = j->square[j->m + a];
            if (a != b)
                squares = eg_real_apply(
                    j->reals, EG_REAL_SQRT,
                    eg_real_apply(j->reals, EG_REAL_MULTIPLY, squares, j->square[j->m + b]),
                    EG_REAL_NONE);
            projected[a * t + b] =
                eg_real_apply(j->reals, EG_REAL_DIVIDE, projected[a * t + b], squares);
        }
}

/* Computes the eigenvalues of the Hessian in the tangent space. */
static eg_status find_eigenvalues(judging *j, eg_solution *point, eg_inertia *inertia)
{
    size_t t = j->n - j->m;
    eg_real hessian[EG_SOLVE_VARIABLES * EG_SOLVE_VARIABLES];
    eg_real projected[EG_SOLVE_VARIABLES * EG_SOLVE_VARIABLES];
    bool possible;
    *inertia = (eg_inertia){.known = t == 0};
    eg_status status = make_basis(j, point->at, &possible);
    if (status == EG_OK && possible)
        status = make_lagrangian(j, point->at, hessian);
    if (status != EG_OK || !possible || t == 0)
        return status;
    project(j, hessian, t, projected);
    status = eg_surface_inertia(j->reals, projected, t, inertia, j->c->problem->error);
    normalise(j, t, projected);
    point->eigenvalue_count = t;
    return status == EG_OK ? eg_problem_eigenvalues(j->c->problem, projected, t, point->eigenvalues)
                           : status;
}

/* Decides by the eigenvalues and by the multipliers of inequalities. */
static eg_extremum decide(const judging *j, const eg_inertia *inertia)
{
    size_t t = j->n - j->m;
    bool rises = inertia->positive == t, falls = inertia->negative == t, bound = false;
    if (!inertia->known || inertia->zero)
        return inertia->positive && inertia->negative ? EG_SADDLE : EG_UNDECIDED;
    for (size_t k = 0; k < j->m; k++) {
        if (!j->c->constraints[j->c->active_index[k]].inequality)
            continue;
        eg_real_sign sign = eg_real_sign_of(j->reals, j->lambda[k]);
        if (sign != EG_SIGN_POSITIVE && sign != EG_SIGN_NEGATIVE)
            return EG_UNDECIDED;
        bound = true;
        rises = rises && sign == EG_SIGN_NEGATIVE;
        falls = falls && sign == EG_SIGN_POSITIVE;
    }
    if (t == 0 && !bound)
        return EG_UNDECIDED; /* an isolated point of the set */
    return rises ? EG_MINIMUM : falls ? EG_MAXIMUM : EG_SADDLE;
}

eg_status eg_judge_constrained(eg_constrained *c, const eg_case_point *from)
{
    eg_problem *p = c->problem;
    eg_solution point = {.regular = from->regular,
                         .exact = from->exact,
                         .dependent = from->dependent,
                         .active = c->active,
                         .verdict = EG_UNDECIDED};
    judging j = {.c = c, .reals = p->reals, .n = p->n, .m = c->active_count};
    eg_inertia inertia;
    memcpy(point.at, from->at, p->n * sizeof *point.at);
    for (size_t i = 0; i < p->n; i++) {
        point.box[i][0] = from->box[i].low;
        point.box[i][1] = from->box[i].high;
    }
    for (size_t k = 0; k < EG_SOLVE_CONSTRAINTS; k++)
        point.lambda[k] = EG_REAL_NONE;
    for (size_t k = 0; k < j.m && !from->dependent; k++)
        point.lambda[c->active_index[k]] = j.lambda[k] =
            eg_real_apply(p->reals, EG_REAL_DIVIDE, from->multiplier[1 + k], from->multiplier[0]);
    point.border = eg_problem_place(p, from->box, point.at) == EG_PLACE_BORDER;
    eg_status status =
        eg_surface_prove(p->reals, c->f, point.at, &point.value, NULL, NULL, p->error);
    if (status == EG_OK && !from->dependent) {
        status = find_eigenvalues(&j, &point, &inertia);
        point.verdict = status == EG_OK ? decide(&j, &inertia) : EG_UNDECIDED;
    }
    eg_solution *added = status == EG_OK ? eg_problem_add_point(p) : NULL;
    if (added)
        *added = point;
    return status == EG_OK && !added ? eg_failed(p->error) : status;
}
