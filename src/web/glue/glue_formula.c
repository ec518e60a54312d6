/* SPDX-License-Identifier: MIT */
/* Expressions, which JavaScript holds by their addresses. */
#include <stdlib.h>

#include "web/glue/web.h"

/* Position of the error in the last text that could not be parsed, in bytes. */
static eg_expr_location wrong;

WEB_EXPORT size_t formula_wrong_offset(void)
{
    return wrong.offset;
}

WEB_EXPORT size_t formula_wrong_length(void)
{
    return wrong.length;
}

/* Prints an expression: its address, its variables and its text. */
static void print(const eg_expr *expr)
{
    web_print("{");
    web_member("address", (double)(uintptr_t)expr);
    web_key("variables");
    web_print("[");
    for (size_t i = 0; i < eg_expr_variables(expr); i++) {
        web_print(i ? "," : "");
        web_string(eg_expr_name(expr, i));
    }
    web_print("]");
    const size_t length = eg_expr_print(expr, NULL, 0);
    char *text = malloc(length + 1);
    if (text) {
        eg_expr_print(expr, text, length + 1);
        web_key("text");
        web_string(text);
    } else {
        web_no_memory();
    }
    free(text);
    web_print("}");
}

/* Parses an expression or a definition. The result is JSON: its address, the names of its
 * variables, and its simplified text. Free it with formula_free(). */
WEB_EXPORT eg_status formula_parse(const char *text)
{
    eg_error error = {.status = EG_OK};
    eg_expr *expr = NULL;
    const eg_expr_options options = {.form = EG_FORM_DEFINITION};
    web_begin();
    wrong = (eg_expr_location){0, 0};
    eg_context *context = web_context(&error);
    eg_status status =
        context ? eg_expr_parse(&expr, context, text, &options, &wrong, &error) : EG_NO_MEMORY;
    if (status == EG_OK)
        print(expr);
    return web_end(status, &error);
}

/* Returns the partial derivative by a variable, likewise. */
WEB_EXPORT eg_status formula_derivative(const eg_expr *expr, size_t variable)
{
    eg_error error = {.status = EG_OK};
    eg_expr *derivative = NULL;
    web_begin();
    eg_status status = eg_expr_derivative(&derivative, expr, variable, &error);
    if (status == EG_OK)
        print(derivative);
    return web_end(status, &error);
}

WEB_EXPORT void formula_free(eg_expr *expr)
{
    eg_expr_free(expr);
}

/* Evaluates at a point of as many numbers as there are variables. The result is JSON: the value and
 * the gradient. */
WEB_EXPORT eg_status formula_at(const eg_expr *expr, const double *point)
{
    eg_error error = {.status = EG_OK};
    double value, gradient[EG_EXPR_VARIABLES];
    web_begin();
    eg_status status = eg_expr_eval(expr, point, &value, gradient, NULL, &error);
    if (status == EG_OK) {
        web_print("{");
        web_member("value", value);
        web_key("gradient");
        web_numbers(gradient, eg_expr_variables(expr));
        web_print("}");
    }
    return web_end(status, &error);
}

/* Evaluates at `count` points. `coordinates` has those of all points by the first variable, then
 * those by the second, and so on; `values` receives the values. */
WEB_EXPORT eg_status formula_values(const eg_expr *expr, const double *coordinates, size_t count,
                                    double *values)
{
    eg_error error = {.status = EG_OK};
    const double *points[EG_EXPR_VARIABLES];
    web_begin();
    for (size_t i = 0; i < eg_expr_variables(expr); i++)
        points[i] = coordinates + i * count;
    return web_end(eg_expr_eval_batch(expr, points, count, values, NULL, &error), &error);
}
