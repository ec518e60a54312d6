/* SPDX-License-Identifier: MIT */
/* Line integrals of vector fields. */
#include <math.h>

#include "core/context.h"
#include "core/status.h"
#include "vector/antiderivative.h"
#include "vector/formulas.h"
#include "vector/quadrature.h"
#include "vector/vector_field.h"
#include "vector/vector_path.h"

/* Returns factor * Fi(x(t)) * dxk/dt as a node of graph g. */
static eg_status make_term(eg_graph *g, eg_id *term, const eg_vector_field *field,
                           const eg_vector_path *path, size_t i, size_t k, int factor,
                           eg_error *error)
{
    eg_expr *component = NULL, *speed = NULL;
    eg_status status = eg_path_substitute(&component, path, field->components[i], error);
    if (status == EG_OK)
        status = eg_expr_derivative(&speed, path->components[k], 0, error);
    if (status == EG_OK) {
        eg_id factors[] = {eg_make_integer(g, factor),
                           eg_formula_copy(g, &component->graph, component->root, 1, 0, EG_NONE),
                           eg_formula_copy(g, &speed->graph, speed->root, 1, 0, EG_NONE)};
        *term = eg_make_product(g, factors, 3);
        status = g->status;
    }
    eg_expr_free(component);
    eg_expr_free(speed);
    return status;
}

/* Makes the integrand: F . dx/dt, or F1 dy/dt - F2 dx/dt. */
static eg_status make_integrand(eg_expr **integrand, const eg_vector_field *field,
                                const eg_vector_path *path, eg_line_kind kind, eg_error *error)
{
    eg_id terms[EG_VECTOR_DIMENSION];
    eg_expr *made = eg_formula_new(path->components[0], error);
    eg_status status = made ? EG_OK : eg_failed(error);
    bool flux = kind == EG_LINE_FLUX;
    for (size_t i = 0; i < field->n && status == EG_OK; i++)
        status = make_term(&made->graph, &terms[i], field, path, i, flux ? 1 - i : i,
                           flux && i == 1 ? -1 : 1, error);
    if (status != EG_OK) {
        eg_expr_free(made);
        return status;
    }
    status = eg_expr_compile(&made, eg_make_sum(&made->graph, terms, field->n), EG_NONE, error);
    if (status == EG_OK)
        status = eg_formula_shorten(&made, error);
    if (status == EG_OK)
        *integrand = made;
    else
        eg_expr_free(made);
    return status;
}

/* Encloses the parameter at one end. */
static eg_status bound_end(const eg_vector_path *path, int end, eg_interval *bounds,
                           eg_error *error)
{
    double value[2];
    eg_status status = eg_expr_bounds(path->ends[end], NULL, NULL, value, NULL, NULL, error);
    *bounds = (eg_interval){value[0], value[1]};
    return status;
}

/* Encloses both ends in ascending order. *backwards: they were exchanged. */
static eg_status bound_ends(const eg_vector_path *path, eg_interval ends[2], bool *backwards,
                            eg_error *error)
{
    eg_status status = bound_end(path, 0, &ends[0], error);
    if (status == EG_OK)
        status = bound_end(path, 1, &ends[1], error);
    *backwards = status == EG_OK && ends[1].low < ends[0].low;
    if (*backwards) {
        eg_interval first = ends[0];
        ends[0] = ends[1];
        ends[1] = first;
    }
    return status;
}

/* Sets *continuous to true if a formula of the parameter is proven continuous on the path. */
static eg_status is_continuous(const eg_expr *f, const eg_interval ends[2], bool *continuous,
                               eg_error *error)
{
    eg_integrand in;
    eg_status status = eg_integrand_init(&in, f, false, error);
    if (status == EG_OK)
        status = eg_integrand_is_continuous(&in, (eg_interval){ends[0].low, ends[1].high},
                                            continuous, error);
    eg_integrand_free(&in);
    return status;
}

/* Looks for an antiderivative that is continuous on the path. */
static eg_status find_antiderivative(eg_line_integral *result, const eg_interval ends[2],
                                     eg_error *error)
{
    bool continuous = false;
    eg_expr **f = &result->antiderivative;
    eg_status status = eg_proven_antiderivative(f, result->integrand, 0, error);
    if (status != EG_OK || !*f)
        return status;
    status = eg_tidy_antiderivative(f, &result->integrand, 1, error);
    if (status == EG_OK)
        status = is_continuous(*f, ends, &continuous, error);
    if (!continuous) {
        eg_expr_free(*f);
        *f = NULL;
    }
    return status;
}

eg_status eg_vector_integrate(const eg_vector_field *field, const eg_vector_path *path,
                              eg_line_kind kind, eg_line_integral *result, eg_error *error)
{
    eg_interval ends[2];
    eg_integrand in = {0};
    bool backwards = false;
    *result = (eg_line_integral){.where = NAN};
    if (kind == EG_LINE_FLUX && field->n != 2)
        return eg_fail(error, EG_USAGE,
                       "the flux across a path needs a vector field of 2 components, not %zu",
                       field->n);
    eg_status status = make_integrand(&result->integrand, field, path, kind, error);
    if (status == EG_OK)
        status = bound_ends(path, ends, &backwards, error);
    if (status == EG_OK)
        status = eg_integrand_init(&in, result->integrand, true, error);
    if (status == EG_OK)
        status = eg_quadrature(&in, ends[0], ends[1], result, error);
    eg_integrand_free(&in);
    if (backwards) {
        double low = result->bounds[0];
        result->bounds[0] = -result->bounds[1];
        result->bounds[1] = -low;
    }
    if (status == EG_OK && result->outcome == EG_LINE_DONE)
        status = find_antiderivative(result, ends, error);
    if (status != EG_OK)
        eg_line_integral_free(result);
    return status;
}

void eg_line_integral_free(eg_line_integral *result)
{
    if (!result)
        return;
    eg_expr_free(result->integrand);
    eg_expr_free(result->antiderivative);
    result->integrand = result->antiderivative = NULL;
}

eg_status eg_vector_is_continuous(const eg_expr *f, const eg_vector_path *path, bool *continuous,
                                  eg_error *error)
{
    eg_interval ends[2];
    bool backwards;
    eg_expr *along = NULL;
    *continuous = false;
    eg_status status = bound_ends(path, ends, &backwards, error);
    if (status == EG_OK)
        status = eg_path_substitute(&along, path, f, error);
    if (status == EG_OK)
        status = is_continuous(along, ends, continuous, error);
    eg_expr_free(along);
    return status;
}
