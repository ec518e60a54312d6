/* SPDX-License-Identifier: MIT */
/* Minimises Rosenbrock's function with gradient descent, whose step is too long, and with L-BFGS,
 * and prints what the library says of the runs.
 *
 *     minimise */
#include <edgegrad.h>
#include <stdio.h>

static eg_status run(eg_context *ctx, const eg_expr *expr, eg_method method, double rate,
                     eg_error *error)
{
    static eg_descent_result result; /* too large for some stacks */
    char text[1000];
    double x[2] = {-1.2, 1};
    eg_descent_options options;
    const eg_objective objective = eg_objective_expr(expr);
    eg_descent_default(&options);
    options.method = method;
    options.rate = rate;
    options.steps = 1000;
    const eg_status status = eg_descent(ctx, &objective, x, &options, &result, error);
    if (status != EG_OK)
        return status;
    eg_descent_stop_reason(&result, text, sizeof text);
    printf("%s: %s\n", eg_method_name((size_t)method), text);
    if (eg_descent_verdict(&result, text, sizeof text) > 0)
        printf("    %s\n", text);
    for (size_t i = 0; eg_descent_remark(&result, i, text, sizeof text) > 0; i++)
        printf("    %s\n", text);
    printf("    at (%.6g, %.6g)\n", x[0], x[1]);
    return EG_OK;
}

int main(void)
{
    eg_error error = {EG_OK, ""};
    eg_context *ctx = NULL;
    eg_expr *expr = NULL;
    eg_descent_options automatic;
    eg_descent_default(&automatic);
    if (eg_context_new(&ctx, NULL, &error) == EG_OK &&
        eg_expr_parse(&expr, ctx, "(1-x)^2 + 100(y-x^2)^2", NULL, NULL, &error) == EG_OK &&
        run(ctx, expr, EG_METHOD_GD, 0.01, &error) == EG_OK)
        run(ctx, expr, EG_METHOD_LBFGS, automatic.rate, &error);
    if (error.status != EG_OK)
        fprintf(stderr, "%s\n", error.message);
    eg_expr_free(expr);
    eg_context_free(ctx);
    return error.status;
}
