/* SPDX-License-Identifier: MIT */
/*
 * Degenerate critical points by fewer variables. If the derivative of f by x_i is 0 for x_i = c_i
 * whatever the other variables are, and rises or falls with x_i in a whole box, then all critical
 * points in the box have x_i = c_i, and are those of f with x_i = c_i.
 */
#include <string.h>

#include "core/status.h"
#include "expr/expr.h"
#include "solve/arithmetic.h"
#include "solve/polish.h"
#include "solve/taylor.h"

/* Returns f with x_i = number, a function of the other variables; NULL on failure. */
static eg_expr *substitute(eg_reals *reals, const eg_expr *f, size_t i, const eg_expr *number)
{
    const eg_expr *with[EG_EXPR_VARIABLES] = {NULL};
    const char *names[EG_EXPR_VARIABLES];
    eg_expr *reduced = NULL;
    size_t count = 0;
    with[i] = number;
    for (size_t k = 0; k < f->variables; k++)
        if (k != i)
            names[count++] = f->names[k];
    const eg_expr_options options = {.names = names, .name_count = count};
    eg_polish_succeeds(reals, eg_expr_substitute(&reduced, f, with, &options, NULL));
    return reduced;
}

/* Returns true if the derivative by x_i vanishes for x_i = number, and is monotonic in the box. */
static bool can_remove(eg_reals *reals, const eg_expr *f, size_t i, const eg_expr *number,
                       const eg_interval hull[])
{
    double low[EG_UNKNOWNS], high[EG_UNKNOWNS], slope[EG_UNKNOWNS][2];
    eg_expr *first = NULL, *zero = NULL;
    bool possible = false;
    for (size_t k = 0; k < f->variables; k++) {
        low[k] = hull[k].low;
        high[k] = hull[k].high;
    }
    if (eg_polish_succeeds(reals, eg_expr_derivative(&first, f, i, NULL)) &&
        eg_polish_succeeds(reals, eg_expr_bounds(first, low, high, NULL, slope, NULL, NULL)) &&
        (slope[i][0] > 0 || slope[i][1] < 0) && (zero = substitute(reals, first, i, number))) {
        const eg_node *node = &zero->graph.nodes[zero->root];
        possible = node->kind == EG_NUMBER && node->number.num == 0;
    }
    eg_expr_free(zero);
    eg_expr_free(first);
    return possible;
}

static void remove_element(eg_interval hull[], eg_real at[], size_t i, size_t n)
{
    memmove(hull + i, hull + i + 1, (n - i - 1) * sizeof *hull);
    memmove(at + i, at + i + 1, (n - i - 1) * sizeof *at);
}

/* Removes one variable from *f. Returns false if none can be. */
static bool remove_one(eg_problem *problem, eg_expr **f, eg_interval hull[], eg_real at[])
{
    size_t n = (*f)->variables;
    for (size_t i = 0; i < n && n > 1; i++) {
        eg_real real;
        eg_expr *number = NULL, *reduced = NULL;
        if (eg_polish_fraction(problem->reals, hull[i], &real, &number) &&
            eg_real_sign_of(problem->reals, eg_real_apply(problem->reals, EG_REAL_SUBTRACT, real,
                                                          at[i])) == EG_SIGN_ZERO &&
            can_remove(problem->reals, *f, i, number, hull))
            reduced = substitute(problem->reals, *f, i, number);
        eg_expr_free(number);
        if (!reduced)
            continue;
        eg_expr_free(*f);
        *f = reduced;
        remove_element(hull, at, i, n);
        return true;
    }
    return false;
}

eg_status eg_taylor_isolate(eg_problem *problem, const eg_expr *f, const eg_interval hull[],
                            const eg_solution *point, bool *isolated)
{
    const eg_expr *kept[EG_EXPR_VARIABLES] = {NULL};
    const char *names[EG_EXPR_VARIABLES];
    eg_interval box[EG_UNKNOWNS] = {{0, 0}};
    eg_solution reduced = *point;
    eg_expr *rest = NULL;
    for (size_t i = 0; i < f->variables; i++)
        names[i] = f->names[i];
    memcpy(box, hull, f->variables * sizeof *box);
    eg_status status = eg_expr_substitute(
        &rest, f, kept, &(eg_expr_options){.names = names, .name_count = f->variables},
        problem->error);
    while (status == EG_OK && !*isolated && remove_one(problem, &rest, box, reduced.at)) {
        eg_problem smaller = *problem;
        smaller.n = rest->variables;
        status = eg_taylor_judge(&smaller, rest, box, &reduced, isolated);
    }
    eg_expr_free(rest);
    return status;
}
