/* SPDX-License-Identifier: MIT */
/* Prints the partial derivatives of a formula, its gradient and its tangent plane at (1, 2), with
 * digits that are proven.
 *
 *     formula 'FORMULA in x and y' */
#include <edgegrad.h>
#include <stdio.h>

enum { DIGITS = 30 };

/* Prints the derivative by one variable as a formula and as a number. */
static eg_status print_derivative(eg_reals *reals, const eg_expr *expr, const eg_real point[],
                                  size_t variable, eg_error *error)
{
    char text[200];
    eg_expr *derivative = NULL;
    eg_real value;
    eg_decimal decimal;
    eg_status status = eg_surface_derivative(&derivative, expr, variable, error);
    if (status == EG_OK)
        status = eg_reals_derive(reals, derivative, point, &value, NULL, NULL, error);
    if (status == EG_OK)
        status = eg_real_decimal(reals, value, DIGITS, &decimal, error);
    if (status == EG_OK) {
        eg_expr_print(derivative, text, sizeof text);
        printf("d/d%s = %s = %s\n", eg_expr_name(expr, variable), text, decimal.text);
    }
    eg_expr_free(derivative);
    return status;
}

int main(int argc, char **argv)
{
    eg_error error = {EG_OK, ""};
    eg_context *ctx = NULL;
    eg_expr *expr = NULL;
    eg_reals *reals = NULL;
    static const char *const names[] = {"x", "y"}; /* others are errors */
    eg_expr_options options = {names, 2, NULL, 0, EG_FORM_EXPRESSION};
    if (argc != 2)
        return fprintf(stderr, "usage: formula 'FORMULA in x and y'\n"), 2;
    if (eg_context_new(&ctx, NULL, &error) == EG_OK &&
        eg_expr_parse(&expr, ctx, argv[1], &options, NULL, &error) == EG_OK &&
        eg_reals_new(&reals, ctx, NULL, &error) == EG_OK) {
        const double at[2] = {1, 2};
        eg_real point[2];
        eg_surface surface;
        point[0] = eg_real_integer(reals, 1);
        point[1] = eg_real_integer(reals, 2);
        for (size_t i = 0; i < 2 && error.status == EG_OK; i++)
            print_derivative(reals, expr, point, i, &error);
        if (error.status == EG_OK && eg_surface_analyze(expr, at, &surface, &error) == EG_OK)
            printf("tangent plane: z = %g + %g (x - 1) + %g (y - 2)\n", surface.value,
                   surface.gradient[0], surface.gradient[1]);
    }
    if (error.status != EG_OK)
        fprintf(stderr, "%s\n", error.message);
    eg_reals_free(reals);
    eg_expr_free(expr);
    eg_context_free(ctx);
    return error.status;
}
