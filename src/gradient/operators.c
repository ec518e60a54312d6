/* SPDX-License-Identifier: MIT */
/* The table of difference operators and its lookup. */
#include "gradient/operators.h"

#include <stdio.h>
#include <string.h>

#include "core/status.h"

#define W(...)                                                                                     \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define OPERATOR(id, taps, origin, divisor, shift, smooth, diff, help)                             \
    {#id, help, taps, origin, divisor, shift, smooth, diff},
const eg_operator eg_operators[EG_OPERATORS] = {
#include "gradient/operators.def"
};
#undef OPERATOR
#undef W

const char *eg_operator_name(size_t index)
{
    return index < EG_OPERATORS ? eg_operators[index].name : NULL;
}

const char *eg_operator_help(size_t index)
{
    return index < EG_OPERATORS ? eg_operators[index].help : NULL;
}

eg_status eg_operator_find(size_t *index, const char *name, eg_error *error)
{
    char names[256] = "";
    size_t at = 0;
    for (size_t i = 0; i < EG_OPERATORS; i++) {
        if (name && strcmp(name, eg_operators[i].name) == 0) {
            *index = i;
            return EG_OK;
        }
        at += (size_t)snprintf(names + at, sizeof names - at, "%s%s", i ? ", " : "",
                               eg_operators[i].name);
    }
    return eg_fail(error, EG_USAGE, "unknown operator \"%s\"; choose from gaussian, %s",
                   name ? name : "", names);
}

bool eg_is_gaussian(const char *op)
{
    return op && strcmp(op, "gaussian") == 0;
}

bool eg_is_gaussian_derivative(const char *op)
{
    return op && strcmp(op, "gaussian-derivative") == 0;
}

bool eg_is_farid(const char *op)
{
    return op && strcmp(op, "farid") == 0;
}
