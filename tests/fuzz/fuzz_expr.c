/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of expressions: any text is parsed or refused; parsed expressions are printed,
 * derived, evaluated and written as code within small limits.
 *
 * libFuzzer: -max_len=512 -only_ascii=1
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* Checks that a printed expression can be parsed again, unless it exceeds a limit. */
static void read_back(const eg_expr *expr)
{
    static char text[4096];
    eg_expr *again = NULL;
    eg_error error = {0};
    if (eg_expr_print(expr, text, sizeof text) >= sizeof text || strncmp(text, "(too", 4) == 0)
        return;
    eg_status status = eg_expr_parse(&again, fuzz_context(), text, NULL, NULL, &error);
    require(status == EG_OK || status == EG_LIMIT_EXCEEDED || strstr(error.message, "nested"),
            "what is written is read", &error);
    eg_expr_free(again);
}

static void compute(const eg_expr *expr)
{
    double point[EG_EXPR_VARIABLES], high[EG_EXPR_VARIABLES], value, bounds[2];
    double gradient[EG_EXPR_VARIABLES];
    eg_error error = {0};
    for (size_t i = 0; i < EG_EXPR_VARIABLES; i++) {
        point[i] = 0.25 + (double)i;
        high[i] = point[i] + 0.5;
    }
    eg_status status = eg_expr_eval(expr, point, &value, gradient, NULL, &error);
    require(status == EG_OK || status == EG_LIMIT_EXCEEDED, "a value", &error);
    status = eg_expr_bounds(expr, point, high, bounds, NULL, NULL, &error);
    require(status == EG_OK || status == EG_LIMIT_EXCEEDED, "bounds", &error);
    require(bounds[0] <= bounds[1], "bounds in order", &error);
    require(!(value < bounds[0] || value > bounds[1]), "the value within its bounds", &error);
}

/* Checks that a text ends; it is not kept. */
static eg_status drop(void *opaque, const char *text, size_t size, eg_error *error)
{
    (void)error;
    require(size == 0 || text[size - 1] == '\n', "whole lines", NULL);
    *(size_t *)opaque += size;
    return EG_OK;
}

/* Writes the expression as code and LaTeX, and derives it rule by rule. */
static void write_out(const eg_expr *expr)
{
    static char text[4096];
    eg_derivation *derivation = NULL;
    for (int language = 0; language < 2; language++) {
        size_t total = 0;
        eg_error error = {0};
        eg_status status =
            eg_expr_write_code(expr, (eg_language)language, NULL, drop, &total, &error);
        require((status == EG_OK && total > 0) || status == EG_LIMIT_EXCEEDED, "code", &error);
    }
    eg_expr_print_latex(expr, text, sizeof text);
    eg_error error = {0};
    if (eg_expr_variables(expr) == 0)
        return;
    eg_status status = eg_derivation_new(&derivation, expr, 0, &error);
    require(status == EG_OK || status == EG_LIMIT_EXCEEDED, "a derivation", &error);
    require(status != EG_OK || eg_derivation_count(derivation) >= 2, "steps", &error);
    eg_derivation_free(derivation);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    eg_expr *expr = NULL, *derivative = NULL;
    eg_expr_location place;
    eg_error error = {0};
    const eg_expr_options options = {.form = (eg_expr_form)(size % 3)};
    eg_status status = eg_expr_parse(&expr, fuzz_context(), text, &options, &place, &error);
    require(status == error.status, "the status returned is the one recorded", &error);
    require(status == EG_OK || status == EG_USAGE || status == EG_LIMIT_EXCEEDED, "text or limits",
            &error);
    require(place.offset + place.length <= strlen(text), "a place within the text", &error);
    if (status == EG_OK) {
        read_back(expr);
        compute(expr);
        write_out(expr);
        if (eg_expr_variables(expr) && eg_expr_derivative(&derivative, expr, 0, NULL) == EG_OK)
            read_back(derivative);
    }
    eg_expr_free(derivative);
    eg_expr_free(expr);
    require_released();
    free(text);
    return 0;
}
