/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of expressions: any text is parsed or refused; parsed expressions are printed,
 * derived and evaluated within small limits.
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
        if (eg_expr_variables(expr) && eg_expr_derivative(&derivative, expr, 0, NULL) == EG_OK)
            read_back(derivative);
    }
    eg_expr_free(derivative);
    eg_expr_free(expr);
    require_released();
    free(text);
    return 0;
}
