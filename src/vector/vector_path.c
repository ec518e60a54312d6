/* SPDX-License-Identifier: MIT */
/* Paths typed as text: "(cos(t), sin(t)), t=0:2pi". */
#include "vector/vector_path.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "vector/tuple.h"
#include "vector/vector_field.h"

bool eg_vector_is_path(const char *text)
{
    eg_tuple tuple;
    return eg_read_tuple(text, &tuple) && (tuple.count > 1 || *tuple.rest == ',');
}

/* Splits ", t = a : b" into its name and ends. Returns false if it has another form. */
static bool split_range(const char *rest, eg_slice *name, eg_slice ends[2])
{
    const char *equals = strchr(rest, '='), *colon = equals ? strchr(equals, ':') : NULL;
    if (*rest != ',' || !colon || strchr(colon + 1, ':'))
        return false;
    *name = eg_trimmed(rest + 1, (size_t)(equals - rest - 1));
    ends[0] = eg_trimmed(equals + 1, (size_t)(colon - equals - 1));
    ends[1] = eg_trimmed(colon + 1, strlen(colon + 1));
    return name->length > 0 && ends[0].length > 0 && ends[1].length > 0;
}

/* Makes the constant that the component is at one end. */
static eg_status make_point(eg_vector_path *path, size_t i, int end, eg_error *error)
{
    static const char *const none[1] = {NULL};
    const eg_expr_options options = {.names = none};
    const eg_expr *with[] = {path->ends[end]};
    double value;
    eg_status status =
        eg_expr_substitute(&path->points[end][i], path->components[i], with, &options, error);
    if (status == EG_OK)
        status = eg_expr_eval(path->points[end][i], NULL, &value, NULL, NULL, error);
    if (status == EG_OK && !isfinite(value))
        return eg_fail(error, EG_USAGE,
                       "the path has no %s point: component %zu has no value there",
                       end ? "last" : "first", i + 1);
    return status;
}

/* Parses the formulas and the ends of the parameter. */
static eg_status parse_parts(eg_vector_path *path, const char *text, const eg_tuple *tuple,
                             const eg_slice ends[2], const eg_expr_options *options,
                             eg_expr_location *location, eg_error *error)
{
    static const char *const none[1] = {NULL};
    const char *names[] = {path->parameter};
    eg_expr_options own = {.names = names,
                           .name_count = 1,
                           .bindings = options ? options->bindings : NULL,
                           .binding_count = options ? options->binding_count : 0};
    eg_status status = EG_OK;
    for (size_t i = 0; i < path->n && status == EG_OK; i++)
        status = eg_parse_part(&path->components[i], path->ctx, text, tuple->parts[i], &own,
                               location, error);
    own.names = none;
    own.name_count = 0;
    for (int end = 0; end < 2 && status == EG_OK; end++) {
        double value;
        status = eg_parse_part(&path->ends[end], path->ctx, text, ends[end], &own, location, error);
        if (status == EG_OK)
            status = eg_expr_eval(path->ends[end], NULL, &value, NULL, NULL, error);
        if (status == EG_OK && !isfinite(value))
            status = eg_fail(error, EG_USAGE, "the %s of the parameter is not a finite number",
                             end ? "end" : "start");
    }
    for (size_t i = 0; i < 2 * path->n && status == EG_OK; i++)
        status = make_point(path, i / 2, i % 2, error);
    return status;
}

eg_status eg_vector_path_parse(eg_vector_path **path, const eg_vector_field *field,
                               const char *text, const eg_expr_options *options,
                               eg_expr_location *location, eg_error *error)
{
    eg_tuple tuple;
    eg_slice name, ends[2];
    *path = NULL;
    if (location)
        *location = (eg_expr_location){0};
    if (!eg_read_tuple(text, &tuple) || !split_range(tuple.rest, &name, ends))
        return eg_fail(error, EG_USAGE,
                       "a path is a list of formulas of a parameter and its range, as "
                       "(cos(t), sin(t)), t=0:2pi");
    if (tuple.count != field->n)
        return eg_fail(error, EG_USAGE, "the path has %zu component%s, and the vector field %zu",
                       tuple.count, tuple.count == 1 ? "" : "s", field->n);
    if (tuple.head.count > 1 ||
        (tuple.head.count == 1 && !eg_slices_equal(tuple.head.names[0], name)))
        return eg_fail(error, EG_USAGE, "the path has one parameter, that of its range: %.*s",
                       (int)name.length, name.text);
    eg_vector_path *made = eg_calloc(field->ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->ctx = field->ctx;
    made->n = field->n;
    made->parameter = eg_slice_copy(field->ctx, name, error);
    eg_status status = made->parameter
                           ? parse_parts(made, text, &tuple, ends, options, location, error)
                           : eg_failed(error);
    if (status == EG_OK)
        *path = made;
    else
        eg_vector_path_free(made);
    return status;
}

void eg_vector_path_free(eg_vector_path *path)
{
    if (!path)
        return;
    for (size_t i = 0; i < EG_VECTOR_DIMENSION; i++) {
        eg_expr_free(path->components[i]);
        eg_expr_free(path->points[0][i]);
        eg_expr_free(path->points[1][i]);
    }
    eg_expr_free(path->ends[0]);
    eg_expr_free(path->ends[1]);
    eg_free(path->parameter);
    eg_free(path);
}

eg_status eg_path_substitute(eg_expr **result, const eg_vector_path *path, const eg_expr *f,
                             eg_error *error)
{
    const char *names[] = {path->parameter};
    const eg_expr_options options = {.names = names, .name_count = 1};
    return eg_expr_substitute(result, f, (const eg_expr *const *)path->components, &options, error);
}

const eg_expr *eg_vector_path_component(const eg_vector_path *path, size_t i)
{
    return i < path->n ? path->components[i] : NULL;
}

const eg_expr *eg_vector_path_point(const eg_vector_path *path, size_t i, int end)
{
    return i < path->n ? path->points[end != 0][i] : NULL;
}

const eg_expr *eg_vector_path_end(const eg_vector_path *path, int end)
{
    return path->ends[end != 0];
}
