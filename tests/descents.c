/* SPDX-License-Identifier: MIT */
#include "descents.h"

#include <string.h>

eg_descent_result descend(eg_context *ctx, const char *text, double x[],
                          const eg_descent_options *options)
{
    eg_descent_result result;
    eg_error error = {0};
    eg_expr *expr = parse_expr(ctx, text);
    eg_objective f = eg_objective_expr(expr);
    if (eg_descent(ctx, &f, x, options, &result, &error) != EG_OK)
        fail_msg("%s: %s", text, error.message);
    eg_expr_free(expr);
    return result;
}

eg_descent_options options_of(eg_method method, double rate, size_t steps)
{
    eg_descent_options o;
    eg_descent_default(&o);
    o.method = method;
    o.rate = rate;
    o.steps = steps;
    return o;
}

bool has_remark(const eg_descent_result *r, const char *text)
{
    char line[512];
    for (size_t i = 0; eg_descent_remark(r, i, line, sizeof line); i++)
        if (strstr(line, text))
            return true;
    return false;
}
