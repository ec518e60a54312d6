/* SPDX-License-Identifier: MIT */
/*
 * Coordinates of a solution that are simple fractions while others are not. If an equation holds
 * for x_i = c whatever the other unknowns are, and the rest of the system has a solution with
 * x_i = c in the box in which the solution is the only one, then x_i is c.
 */
#include <math.h>
#include <string.h>

#include "expr/expr.h"
#include "solve/arithmetic.h"
#include "solve/newton.h"
#include "solve/polish.h"

/* The coordinates found so far: the system without them. */
typedef struct fixing {
    const eg_polish *polish;
    eg_system system;
    eg_real fixed[EG_UNKNOWNS];   /* by variable */
    eg_expr *number[EG_UNKNOWNS]; /* by variable: those found, as constant expressions */
    eg_interval unique[EG_UNKNOWNS], tight[EG_UNKNOWNS]; /* by unknown of `system` */
} fixing;

/* Makes the left side of an equation of the system; NULL on failure. */
static eg_expr *make_equation(const fixing *f, size_t equation)
{
    const eg_system *s = &f->system;
    eg_expr *made = NULL;
    if (equation < s->partials) {
        eg_polish_succeeds(f->polish->reals,
                           eg_expr_derivative(&made, s->function->expr, s->axis[equation], NULL));
        return made;
    }
    const eg_expr *expr = s->equations[equation - s->partials]->expr;
    const eg_expr *kept[EG_EXPR_VARIABLES] = {NULL};
    const char *names[EG_EXPR_VARIABLES];
    for (size_t i = 0; i < expr->variables; i++)
        names[i] = expr->names[i];
    const eg_expr_options options = {.names = names, .name_count = expr->variables};
    eg_polish_succeeds(f->polish->reals, eg_expr_substitute(&made, expr, kept, &options, NULL));
    return made;
}

/* Returns true if the equation holds for the coordinates found, whatever the others are. */
static bool vanishes(const fixing *f, size_t equation)
{
    eg_expr *left = make_equation(f, equation), *reduced = NULL;
    const eg_expr *with[EG_EXPR_VARIABLES] = {NULL};
    bool zero = false;
    for (size_t i = 0; left && i < left->variables; i++)
        with[i] = f->number[i]; /* all expressions of a system have the same variables */
    if (left && eg_polish_succeeds(f->polish->reals,
                                   eg_expr_substitute(&reduced, left, with, NULL, NULL))) {
        const eg_node *node = &reduced->graph.nodes[reduced->root];
        zero = node->kind == EG_NUMBER && node->number.num == 0;
    }
    eg_expr_free(reduced);
    eg_expr_free(left);
    return zero;
}

/* Removes an element of both boxes. */
static void remove_interval(eg_interval x[], size_t index, size_t n)
{
    memmove(x + index, x + index + 1, (n - index - 1) * sizeof *x);
}

/* Proves that the rest of the system has a solution in the box in which the whole one has one. */
static bool prove_rest(fixing *f)
{
    size_t n = f->system.n;
    eg_newton newton = {.system = &f->system};
    eg_interval box[EG_UNKNOWNS], tight[EG_UNKNOWNS];
    for (int attempt = 0; attempt < 3 && n > 0; attempt++) {
        double factor = attempt == 0 ? 4 : attempt == 1 ? 1e3 : 1e6;
        bool inside = true;
        for (size_t i = 0; i < n; i++) {
            double middle = eg_iv_middle(f->tight[i]);
            double radius = factor * (eg_iv_width(f->tight[i]) + 1e-16 * fabs(middle) + 1e-300);
            box[i] = eg_iv(middle - radius, middle + radius);
            inside = inside && box[i].low >= f->unique[i].low && box[i].high <= f->unique[i].high;
        }
        if (inside && eg_newton_prove(&newton, box, tight)) {
            memcpy(f->tight, tight, n * sizeof *tight);
            return true;
        }
    }
    return n == 0;
}

/* Tries to fix unknown i. Returns true if it has a simple value. */
static bool fix_unknown(fixing *f, size_t i)
{
    fixing before = *f;
    size_t variable = f->system.unknown[i], n = f->system.n;
    double bounds[2];
    if (!eg_polish_fraction(f->polish->reals, f->tight[i], &f->fixed[variable],
                            &f->number[variable]))
        return false;
    eg_real_bounds(f->polish->reals, f->fixed[variable], bounds);
    for (size_t equation = 0;
         bounds[0] >= f->unique[i].low && bounds[1] <= f->unique[i].high && equation < n;
         equation++) {
        if (!vanishes(f, equation))
            continue;
        eg_system_remove(&f->system, i, equation, eg_iv(bounds[0], bounds[1]));
        remove_interval(f->unique, i, n);
        remove_interval(f->tight, i, n);
        if (prove_rest(f))
            return true;
        break;
    }
    eg_expr_free(f->number[variable]);
    *f = before;
    return false;
}

eg_status eg_polish_solve(const eg_polish *polish, const eg_root *root, eg_real at[], bool *exact)
{
    fixing f = {.polish = polish, .system = *polish->system};
    *exact = eg_polish_recognise(polish, root->tight, root->unique, at);
    if (*exact)
        return EG_OK;
    memcpy(f.fixed, polish->fixed, f.system.variables * sizeof *f.fixed);
    memcpy(f.unique, root->unique, sizeof f.unique);
    memcpy(f.tight, root->tight, sizeof f.tight);
    for (size_t i = 0; i < f.system.n;)
        i = fix_unknown(&f, i) ? 0 : i + 1;
    eg_root rest;
    memcpy(rest.unique, f.unique, sizeof rest.unique);
    memcpy(rest.tight, f.tight, sizeof rest.tight);
    const eg_polish reduced = {polish->reals, &f.system, f.fixed, polish->digits, polish->error};
    eg_status status = eg_polish_refine(&reduced, &rest, at);
    for (size_t i = 0; i < EG_UNKNOWNS; i++)
        eg_expr_free(f.number[i]);
    return status;
}
