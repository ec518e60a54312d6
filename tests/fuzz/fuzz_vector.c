/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of vector fields: any text is parsed or refused; of a small field the potential is
 * found or not, and the integral along the path in the second line is within finite bounds or told
 * not to be.
 *
 * libFuzzer: -max_len=160 -only_ascii=1
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static bool expected(eg_status status)
{
    return status == EG_OK || status == EG_USAGE || status == EG_LIMIT_EXCEEDED ||
           status == EG_NO_MEMORY;
}

static void integrate(const eg_vector_field *field, const char *text)
{
    eg_vector_path *path;
    eg_line_integral integral;
    eg_expr_location place;
    eg_error error = {0};
    eg_status status = eg_vector_path_parse(&path, field, text, NULL, &place, &error);
    require(expected(status), "a path or a reason", &error);
    require(place.offset + place.length <= strlen(text), "a place within the path", &error);
    if (status != EG_OK)
        return;
    status = eg_vector_integrate(field, path, EG_LINE_WORK, &integral, &error);
    require(expected(status), "an integral or a limit", &error);
    if (status == EG_OK && integral.outcome == EG_LINE_DONE)
        require(integral.bounds[0] <= integral.bounds[1] &&
                    isfinite(integral.bounds[1] - integral.bounds[0]),
                "bounds in order", &error);
    eg_line_integral_free(&integral);
    eg_vector_path_free(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size), *path = strchr(text, '\n');
    eg_vector_field *field;
    eg_expr_location place;
    eg_error error = {0};
    if (path)
        *path++ = 0;
    eg_status status = eg_vector_parse(&field, fuzz_context(), text, NULL, &place, &error);
    require(expected(status), "a field or a reason", &error);
    require(place.offset + place.length <= strlen(text), "a place within the text", &error);
    require(status != EG_OK || eg_vector_is_tuple(text), "a field is a list", &error);
    if (status == EG_OK && eg_vector_dimension(field) <= 3) {
        eg_gradient_test test;
        status = eg_vector_test_gradient(field, &test, &error);
        require(expected(status), "a verdict or a limit", &error);
        eg_gradient_test_free(&test);
        if (path)
            integrate(field, path);
    }
    eg_vector_free(field);
    require_released();
    free(text);
    return 0;
}
