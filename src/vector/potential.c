/* SPDX-License-Identifier: MIT */
/* Looks for a potential, one variable after another: the integral of a component by its variable,
 * then that of what the next component differs from the derivative of the sum so far. */
#include "vector/potential.h"

#include <math.h>

#include "core/context.h"
#include "core/status.h"
#include "vector/antiderivative.h"
#include "vector/formulas.h"
#include "vector/identity.h"

/* Returns true if the formula has a finite value at a point with these variables. */
static bool has_some_value(const eg_expr *f)
{
    double point[EG_EXPR_VARIABLES], value = NAN;
    eg_error error = {0};
    for (int sign = 1; sign >= -1 && !isfinite(value); sign -= 2) {
        for (size_t i = 0; i < f->variables; i++)
            point[i] = sign * (0.37 + 0.29 * (double)i);
        if (eg_expr_eval(f, point, &value, NULL, NULL, &error) != EG_OK)
            return false;
    }
    return isfinite(value);
}

/* Replaces a variable by a small number in a formula that does not depend on it. */
static eg_status remove_variable(eg_expr **f, size_t variable, bool *removed, eg_error *error)
{
    for (int value = 0; value <= 2; value++) {
        eg_expr *without = eg_formula_new(*f, error);
        if (!without)
            return eg_failed(error);
        eg_graph *g = &without->graph;
        eg_id root = eg_formula_copy(g, &(*f)->graph, (*f)->root, (*f)->variables, variable,
                                     eg_make_integer(g, value));
        eg_status status = eg_expr_compile(&without, root, EG_NONE, error);
        if (status != EG_OK)
            return status;
        if (has_some_value(without)) {
            eg_expr_free(*f);
            *f = without;
            *removed = true;
            return EG_OK;
        }
        eg_expr_free(without);
    }
    return EG_OK;
}

/* Sets *free to true if the formula does not depend on a variable, or can be made so. */
static eg_status make_free_of(eg_expr **f, size_t variable, bool *free, eg_error *error)
{
    eg_expr *slope = NULL;
    eg_identity verdict = EG_IDENTITY_UNKNOWN;
    *free = !eg_depends_on(&(*f)->graph, (*f)->root, variable);
    if (*free)
        return EG_OK;
    eg_status status = eg_expr_derivative(&slope, *f, variable, error);
    if (status == EG_OK)
        status = eg_formula_identity(slope, &verdict, error);
    eg_expr_free(slope);
    return status == EG_OK && verdict == EG_IDENTITY_ZERO
               ? remove_variable(f, variable, free, error)
               : status;
}

/* Makes the difference between component k and the derivative of the sum; without a sum that is the
 * component. */
static eg_status make_rest(eg_expr **rest, const eg_vector_field *field, const eg_expr *sum,
                           size_t k, eg_error *error)
{
    const eg_expr *component = field->components[k];
    eg_expr *slope = NULL;
    eg_status status = sum ? eg_expr_derivative(&slope, sum, k, error) : EG_OK;
    *rest = NULL;
    if (status == EG_OK)
        status = eg_formula_sum(rest, (const eg_expr *[]){component, slope}, (const int[]){1, -1},
                                slope ? 2 : 1, error);
    eg_expr_free(slope);
    return status;
}

/* Adds a formula to the sum. */
static eg_status add_to(eg_expr **sum, eg_expr *term, eg_error *error)
{
    eg_expr *total = NULL;
    eg_status status = EG_OK;
    if (!*sum) {
        *sum = term;
        return EG_OK;
    }
    status = eg_formula_sum(&total, (const eg_expr *[]){*sum, term}, (const int[]){1, 1}, 2, error);
    eg_expr_free(term);
    eg_expr_free(*sum);
    *sum = total;
    return status;
}

/* Adds the integral of that difference for component order[step]. Sets *found to false if there is
 * none. */
static eg_status integrate_step(eg_expr **sum, const eg_vector_field *field, const size_t order[],
                                size_t step, bool *found, eg_error *error)
{
    eg_expr *rest = NULL, *term = NULL;
    eg_identity verdict = EG_IDENTITY_UNKNOWN;
    eg_status status = make_rest(&rest, field, *sum, order[step], error);
    if (status == EG_OK && *sum)
        status = eg_formula_identity(rest, &verdict, error);
    if (verdict == EG_IDENTITY_ZERO) {
        eg_expr_free(rest);
        return status;
    }
    for (size_t i = 0; i < step && status == EG_OK && *found; i++)
        status = make_free_of(&rest, order[i], found, error);
    if (status == EG_OK && *found)
        status = eg_antiderivative(&term, rest, order[step], error);
    eg_expr_free(rest);
    *found = *found && term;
    return status == EG_OK && term ? add_to(sum, term, error) : status;
}

/* Sets *proven to true if the gradient of the sum is the field. */
static eg_status check_potential(const eg_expr *sum, const eg_vector_field *field, bool *proven,
                                 eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t k = 0; k < field->n && *proven && status == EG_OK; k++) {
        eg_expr *rest = NULL;
        eg_identity verdict = EG_IDENTITY_UNKNOWN;
        status = make_rest(&rest, field, sum, k, error);
        if (status == EG_OK)
            status = eg_formula_identity(rest, &verdict, error);
        *proven = verdict == EG_IDENTITY_ZERO;
        eg_expr_free(rest);
    }
    return status;
}

/* Integrates in one order of the variables. */
static eg_status try_order(eg_expr **potential, const eg_vector_field *field, const size_t order[],
                           eg_error *error)
{
    eg_expr *sum = NULL;
    bool found = true;
    eg_status status = EG_OK;
    for (size_t step = 0; step < field->n && found && status == EG_OK; step++)
        status = integrate_step(&sum, field, order, step, &found, error);
    if (status == EG_OK && found && sum)
        status = check_potential(sum, field, &found, error);
    if (status == EG_OK && found && sum) {
        *potential = sum;
        return EG_OK;
    }
    eg_expr_free(sum);
    return status;
}

eg_status eg_find_potential(eg_expr **potential, const eg_vector_field *field, eg_error *error)
{
    size_t order[EG_VECTOR_DIMENSION], n = field->n;
    eg_status status = EG_OK;
    *potential = NULL;
    for (size_t attempt = 0; attempt < 2 * n && status == EG_OK && !*potential; attempt++) {
        for (size_t i = 0; i < n; i++) {
            size_t k = (attempt / 2 + i) % n;
            order[i] = attempt % 2 ? n - 1 - k : k;
        }
        status = try_order(potential, field, order, error);
    }
    return status;
}
