/* SPDX-License-Identifier: MIT */
/* Vector fields: their text, and the formulas of Jacobian, divergence and curl. */
#include "vector/vector_field.h"

#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "vector/formulas.h"
#include "vector/tuple.h"

bool eg_vector_is_tuple(const char *text)
{
    eg_tuple tuple;
    return eg_read_tuple(text, &tuple) && tuple.count > 1 && !*tuple.rest;
}

/* ---- variables ---- */

/* Adds the names that the components have, in the default order. */
static eg_status collect_names(eg_name_list *names, eg_expr *parsed[], eg_context *ctx,
                               const char *text, const eg_tuple *tuple,
                               const eg_expr_options *options, eg_expr_location *location,
                               eg_error *error)
{
    eg_expr_options own = {.bindings = options ? options->bindings : NULL,
                           .binding_count = options ? options->binding_count : 0};
    names->count = 0;
    for (size_t i = 0; i < tuple->count; i++) {
        eg_status status =
            eg_parse_part(&parsed[i], ctx, text, tuple->parts[i], &own, location, error);
        if (status != EG_OK)
            return status;
        for (size_t k = 0; k < parsed[i]->variables; k++)
            if (!eg_add_name(names, eg_slice_of(parsed[i]->names[k])))
                return eg_fail(error, EG_USAGE, "the vector field has more than %d variables",
                               EG_EXPR_VARIABLES);
    }
    eg_order_names(names);
    return EG_OK;
}

/* Adds x, y, z, t as far as they are missing, if all names are among the first n of these. */
static void complete_names(eg_name_list *names, const eg_expr_options *options, size_t n)
{
    static const char *const usual[] = {"x", "y", "z", "t"};
    size_t known = 0, most = sizeof usual / sizeof *usual;
    for (size_t i = 0; i < n && i < most; i++)
        known += eg_find_name(names, eg_slice_of(usual[i])) >= 0;
    if (n > most || known < names->count)
        return;
    for (size_t i = 0; i < n; i++)
        if (!eg_find_binding(options, eg_slice_of(usual[i])))
            eg_add_name(names, eg_slice_of(usual[i]));
    eg_order_names(names);
}

static void write_names(const eg_name_list *names, char *out, size_t size)
{
    size_t used = 0;
    *out = 0;
    for (size_t i = 0; i < names->count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%.*s", i ? ", " : "",
                                 (int)names->names[i].length, names->names[i].text);
}

static eg_status check_count(const eg_name_list *names, size_t n, eg_error *error)
{
    char text[256];
    if (names->count == n)
        return EG_OK;
    write_names(names, text, sizeof text);
    if (names->count > n)
        return eg_fail(error, EG_USAGE,
                       "%zu components, but %zu variables (%s): a vector field has one variable "
                       "for each component; make the others constants",
                       n, names->count, text);
    return eg_fail(error, EG_USAGE,
                   "%zu components, but %zu variable%s%s%s%s: name one for each component, as in "
                   "F(a, b) = (b, 0)",
                   n, names->count, names->count == 1 ? "" : "s", names->count ? " (" : "", text,
                   names->count ? ")" : "");
}

/* ---- parsing ---- */

static eg_status parse_components(eg_vector_field *field, const char *text, const eg_tuple *tuple,
                                  const eg_expr_options *options, eg_expr_location *location,
                                  eg_error *error)
{
    eg_expr *parsed[EG_VECTOR_DIMENSION] = {NULL};
    const char *pointers[EG_EXPR_VARIABLES];
    char *copies[EG_EXPR_VARIABLES] = {NULL};
    eg_name_list names = tuple->head;
    eg_status status = EG_OK;
    if (names.count == 0 && options && options->names)
        status = eg_check_options(&names, options, error);
    else if (names.count == 0) {
        status = collect_names(&names, parsed, field->ctx, text, tuple, options, location, error);
        complete_names(&names, options, tuple->count);
    }
    if (status == EG_OK)
        status = check_count(&names, tuple->count, error);
    for (size_t i = 0; i < names.count && status == EG_OK; i++) {
        pointers[i] = copies[i] = eg_slice_copy(field->ctx, names.names[i], error);
        status = copies[i] ? EG_OK : eg_failed(error);
    }
    eg_expr_options own = {.names = pointers,
                           .name_count = names.count,
                           .bindings = options ? options->bindings : NULL,
                           .binding_count = options ? options->binding_count : 0};
    for (field->n = 0; field->n < tuple->count && status == EG_OK; field->n++)
        status = eg_parse_part(&field->components[field->n], field->ctx, text,
                               tuple->parts[field->n], &own, location, error);
    for (size_t i = 0; i < EG_VECTOR_DIMENSION; i++)
        eg_expr_free(parsed[i]);
    for (size_t i = 0; i < names.count && i < EG_EXPR_VARIABLES; i++)
        eg_free(copies[i]);
    return status;
}

/* ---- derivatives ---- */

static eg_status make_curl(eg_vector_field *field, size_t k, size_t a, size_t b, eg_error *error)
{
    const eg_expr *terms[] = {eg_vector_partial(field, b, a), eg_vector_partial(field, a, b)};
    return eg_formula_sum(&field->curl[k], terms, (const int[]){1, -1}, 2, error);
}

static eg_status make_derivatives(eg_vector_field *field, eg_error *error)
{
    const eg_expr *diagonal[EG_VECTOR_DIMENSION];
    static const int ones[EG_VECTOR_DIMENSION] = {1, 1, 1, 1, 1, 1, 1, 1};
    size_t n = field->n;
    eg_status status = EG_OK;
    for (size_t i = 0; i < n * n && status == EG_OK; i++)
        status = eg_surface_derivative(&field->partials[i], field->components[i / n], i % n, error);
    for (size_t i = 0; i < n && status == EG_OK; i++)
        diagonal[i] = field->partials[i * n + i];
    if (status == EG_OK)
        status = eg_formula_sum(&field->divergence, diagonal, ones, n, error);
    if (status == EG_OK && n == 2)
        status = make_curl(field, 0, 0, 1, error);
    for (size_t k = 0; k < 3 && n == 3 && status == EG_OK; k++)
        status = make_curl(field, k, (k + 1) % 3, (k + 2) % 3, error);
    return status;
}

eg_status eg_vector_parse(eg_vector_field **field, eg_context *ctx, const char *text,
                          const eg_expr_options *options, eg_expr_location *location,
                          eg_error *error)
{
    eg_tuple tuple;
    *field = NULL;
    if (location)
        *location = (eg_expr_location){0};
    if (!eg_read_tuple(text, &tuple) || *tuple.rest)
        return eg_fail(error, EG_USAGE,
                       "a vector field is a list of formulas in parentheses, as (-y, x)");
    if (tuple.count < 2 || tuple.count > EG_VECTOR_DIMENSION)
        return eg_fail(error, EG_USAGE, "%zu component%s: a vector field has 2 to %d", tuple.count,
                       tuple.count == 1 ? "" : "s", EG_VECTOR_DIMENSION);
    eg_vector_field *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->ctx = ctx;
    eg_status status = parse_components(made, text, &tuple, options, location, error);
    if (status == EG_OK)
        status = make_derivatives(made, error);
    if (status == EG_OK)
        *field = made;
    else
        eg_vector_free(made);
    return status;
}

void eg_vector_free(eg_vector_field *field)
{
    if (!field)
        return;
    for (size_t i = 0; i < EG_VECTOR_DIMENSION; i++)
        eg_expr_free(field->components[i]);
    for (size_t i = 0; i < EG_VECTOR_DIMENSION * EG_VECTOR_DIMENSION; i++)
        eg_expr_free(field->partials[i]);
    for (size_t i = 0; i < 3; i++)
        eg_expr_free(field->curl[i]);
    eg_expr_free(field->divergence);
    eg_free(field);
}

size_t eg_vector_dimension(const eg_vector_field *field)
{
    return field->n;
}

const eg_expr *eg_vector_component(const eg_vector_field *field, size_t i)
{
    return i < field->n ? field->components[i] : NULL;
}

const eg_expr *eg_vector_partial(const eg_vector_field *field, size_t i, size_t k)
{
    return i < field->n && k < field->n ? field->partials[i * field->n + k] : NULL;
}

const eg_expr *eg_vector_divergence(const eg_vector_field *field)
{
    return field->divergence;
}

const eg_expr *eg_vector_curl(const eg_vector_field *field, size_t k)
{
    return k < 3 ? field->curl[k] : NULL;
}
