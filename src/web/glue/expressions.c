/* SPDX-License-Identifier: MIT */
/* Parses functions and constants, and answers with their texts and numbers. */
#include "web/glue/expressions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "web/glue/reply.h"

enum { DIGITS = 7 }; /* as the command prints */

/* Parses a function of the variables `names`. */
static eg_status parse(eg_expr **f, const char *const names[], size_t count, const char *text,
                       eg_expr_location *location, eg_error *error)
{
    const eg_expr_options options = {
        .names = names, .name_count = count, .form = EG_FORM_DEFINITION};
    eg_context *ctx = web_context(error);
    *f = NULL;
    if (!ctx)
        return error->status;
    eg_status status = eg_expr_parse(f, ctx, text, &options, location, error);
    if (status != EG_OK || !eg_expr_is_equation(*f))
        return status;
    eg_expr_free(*f);
    *f = NULL;
    *location = (eg_expr_location){0};
    snprintf(error->message, sizeof error->message,
             "this is an equation; write one side only, or (left - right)^2");
    return error->status = EG_USAGE;
}

eg_status expression_parse_xy(eg_expr **f, const char *text, eg_expr_location *location,
                              eg_error *error)
{
    static const char *const names[] = {"x", "y"};
    return parse(f, names, 2, text, location, error);
}

eg_status expression_parse_of(eg_expr **f, const char *name, const char *text,
                              eg_expr_location *location, eg_error *error)
{
    return parse(f, &name, 1, text, location, error);
}

eg_status expression_constant(const char *text, double *value, eg_reals *reals, eg_real *exact,
                              eg_expr_location *location, eg_error *error)
{
    static const char *const none[1] = {NULL};
    const eg_expr_options options = {.names = none};
    double number = (double)NAN;
    eg_expr *expr = NULL;
    eg_context *ctx = web_context(error);
    if (!ctx)
        return error->status;
    eg_status status = eg_expr_parse(&expr, ctx, text, &options, location, error);
    if (status == EG_OK)
        status = eg_expr_eval(expr, NULL, &number, NULL, NULL, error);
    if (status == EG_OK && exact)
        status = eg_reals_derive(reals, expr, NULL, exact, NULL, NULL, error);
    if (status == EG_OK && !isfinite(number)) {
        snprintf(error->message, sizeof error->message, "%.200s is not a finite number", text);
        status = error->status = EG_USAGE;
    }
    if (value)
        *value = number;
    eg_expr_free(expr);
    return status;
}

/* ---- answers ---- */

void expression_reply(const char *key, const eg_expr *expr)
{
    size_t size = eg_expr_print(expr, NULL, 0) + 1;
    char *text = malloc(size);
    if (text)
        eg_expr_print(expr, text, size);
    else
        web_no_memory();
    reply_text(key, text ? text : "");
    free(text);
}

eg_status expression_reply_derivative(const char *key, const eg_expr *expr, size_t variable,
                                      eg_error *error)
{
    eg_expr *derivative;
    eg_status status = eg_surface_derivative(&derivative, expr, variable, error);
    if (status == EG_OK)
        expression_reply(key, derivative);
    eg_expr_free(derivative);
    return status;
}

void expression_reply_real(const char *key, eg_reals *reals, eg_real real)
{
    eg_decimal decimal;
    eg_error error = {0};
    reply_open(key, '{');
    if (eg_real_decimal(reals, real, DIGITS, &decimal, &error) != EG_OK ||
        decimal.certainty == EG_DIGITS_UNDEFINED) {
        reply_text("text", "undefined");
        reply_number("value", (double)NAN);
    } else if (decimal.certainty == EG_DIGITS_UNKNOWN) {
        char bound[40] = "unknown";
        if (isfinite(decimal.log10_bound))
            snprintf(bound, sizeof bound, "below 1e%.0f", ceil(decimal.log10_bound));
        reply_text("text", bound);
        reply_number("value", decimal.value);
    } else {
        reply_text("text", decimal.text);
        reply_number("value", decimal.value);
    }
    reply_close('}');
}

void expression_reply_vector(const char *key, eg_reals *reals, const eg_real numbers[], size_t n)
{
    reply_open(key, '[');
    for (size_t i = 0; i < n; i++)
        expression_reply_real(NULL, reals, numbers[i]);
    reply_close(']');
}

/* Answers with an expression and its partial derivatives, and frees it. */
static eg_status reply_formula(eg_expr *f, const char *field)
{
    eg_error error = {0};
    eg_status status = EG_OK;
    reply_begin();
    expression_reply("expression", f);
    reply_open("variables", '[');
    for (size_t i = 0; i < eg_expr_variables(f); i++)
        reply_text(NULL, eg_expr_name(f, i));
    reply_close(']');
    reply_open("partials", '[');
    for (size_t i = 0; i < eg_expr_variables(f) && status == EG_OK; i++)
        status = expression_reply_derivative(NULL, f, i, &error);
    reply_close(']');
    eg_expr_free(f);
    return status == EG_OK ? reply_end() : reply_error(&error, field, NULL);
}

WEB_EXPORT eg_status functions_formula(const char *text)
{
    eg_error error = {0};
    eg_expr_location location = {0};
    eg_expr *f;
    if (expression_parse_xy(&f, text, &location, &error) != EG_OK)
        return reply_error(&error, "f", &location);
    return reply_formula(f, "f");
}

WEB_EXPORT eg_status functions_formula_of(const char *name, const char *text)
{
    eg_error error = {0};
    eg_expr_location location = {0};
    eg_expr *f;
    if (expression_parse_of(&f, name, text, &location, &error) != EG_OK)
        return reply_error(&error, name, &location);
    return reply_formula(f, name);
}

WEB_EXPORT eg_status functions_constant(const char *text)
{
    eg_error error = {0};
    eg_expr_location location = {0};
    double value = (double)NAN;
    if (expression_constant(text, &value, NULL, NULL, &location, &error) != EG_OK)
        return reply_error(&error, NULL, &location);
    reply_begin();
    reply_number("value", value);
    return reply_end();
}
