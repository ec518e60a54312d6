/* SPDX-License-Identifier: MIT */
/* Code of expressions: names that a language has, and failures. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/context.h"
#include "files.h"
#include "random_expr.h"

static int begin(void **state)
{
    *state = test_context(1, 0, NULL);
    return make_scratch(state);
}

static int end(void **state)
{
    close_context(*state);
    return remove_scratch(state);
}

static eg_status write_file(void *opaque, const char *text, size_t size, eg_error *error)
{
    (void)error;
    assert_int_equal(fwrite(text, 1, size, opaque), size);
    return EG_OK;
}

static void compile(const char *compiler, const char *output)
{
    char command[1024];
    snprintf(command, sizeof command,
             "%s -Wall -Wextra -Werror -pedantic -O0 -ffp-contract=off %s '%s' -lm", compiler,
             output, scratch("names.c"));
    assert_int_equal(system(command), 0);
}

/* A formula whose variables have names that languages or the code itself use, or that are equal
 * when spelt in ASCII. */
static const char names_formula[] =
    "int + 2*def + 3*lambda + 4*value + 5*gradient + 6*t1 + 7*t2*t1 + 8*f_x + 9*_q + 10*"
    "\xCE\xB1*x\xE2\x82\x81 + 11*x1 + 12*alpha + 13*NULL + 14*i + 15*np + 16*double + 17*f + "
    "18*__LINE__ + 19*None + 20*y0*M_PI + exp(t1*t2) + min(fabs, isnan)*t_1 + special*g + "
    "\xCE\xAC + and_eq";

/* Writes the code of names_formula, and a function call(v, gradient) that calls it in C. */
static eg_expr *write_names(eg_context *ctx, const char *path, eg_language language)
{
    eg_expr *expr = parse_good(ctx, names_formula);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(eg_expr_write_code(expr, language, NULL, write_file, file, NULL), EG_OK);
    if (language == EG_LANGUAGE_C) {
        fputs("double call(const double *v, double *gradient);\n"
              "double call(const double *v, double *gradient)\n{\n    return f(",
              file);
        for (size_t i = 0; i < eg_expr_variables(expr); i++)
            fprintf(file, "%sv[%zu]", i ? ", " : "", i);
        fputs(", gradient);\n}\n", file);
    }
    assert_int_equal(fclose(file), 0);
    return expr;
}

static void names_that_c_has_are_changed(void **state)
{
    double point[EG_EXPR_VARIABLES], got[1 + EG_EXPR_VARIABLES], wanted[1 + EG_EXPR_VARIABLES];
    double (*function)(const double *, double *);
    char output[512];
    eg_expr *expr = write_names(*state, scratch("names.c"), EG_LANGUAGE_C);
    snprintf(output, sizeof output, "-fPIC -shared -o '%s'", scratch("names.so"));
    compile("cc -std=c99", output);
    if (system("command -v c++ >/dev/null") == 0)
        compile("c++ -x c++ -std=c++11", "-fsyntax-only");
    void *library = dlopen(scratch("names.so"), RTLD_NOW | RTLD_LOCAL);
    assert_non_null(library);
    *(void **)&function = dlsym(library, "call");
    size_t n = eg_expr_variables(expr);
    for (size_t i = 0; i < n; i++)
        point[i] = 0.1 + 0.03 * (double)i;
    assert_int_equal(eg_expr_eval(expr, point, wanted, wanted + 1, NULL, NULL), EG_OK);
    got[0] = function(point, got + 1);
    for (size_t i = 0; i <= n; i++)
        assert_rounded(got[i], wanted[i]);
    dlclose(library);
    eg_expr_free(expr);
}

static void names_that_python_has_are_changed(void **state)
{
    char command[2048];
    if (system("command -v python3 >/dev/null") != 0)
        skip();
    eg_expr_free(write_names(*state, scratch("names.py"), EG_LANGUAGE_PYTHON));
    snprintf(command, sizeof command,
             "python3 -c 'compile(open(\"%s\").read(), \"names\", \"exec\")'", scratch("names.py"));
    assert_int_equal(system(command), 0);
}

/* ---- errors ---- */

static eg_status refuse(void *opaque, const char *text, size_t size, eg_error *error)
{
    (void)text;
    (void)size;
    ++*(int *)opaque;
    error->status = EG_FILE;
    return EG_FILE;
}

static void errors_are_returned(void **state)
{
    static const char *const bad[] = {"", "1f", "a-b", "int", "exp", "_f", "f\xCE\xB1"};
    eg_expr *expr = parse_expr(*state, "x*y");
    int calls = 0;
    eg_error error = {0};
    assert_int_equal(eg_expr_write_code(expr, EG_LANGUAGE_C, NULL, refuse, &calls, &error),
                     EG_FILE);
    assert_int_equal(calls, 1);
    for (size_t i = 0; i < COUNT(bad); i++) {
        error = (eg_error){0};
        assert_int_equal(eg_expr_write_code(expr, EG_LANGUAGE_C, bad[i], refuse, &calls, &error),
                         EG_USAGE);
        assert_true(error.message[0] != 0);
    }
    assert_int_equal(eg_expr_write_code(expr, (eg_language)7, NULL, refuse, &calls, NULL),
                     EG_USAGE);
    assert_int_equal(calls, 1);
    eg_expr_free(expr);
}

static void memory_that_runs_out_is_reported(void **state)
{
    (void)state;
    for (long after = 0;; after++) {
        eg_context *ctx = test_context(1, 0, NULL);
        eg_expr *expr = parse_expr(ctx, "min(x, y)*gamma(x)^y");
        eg_error error = {0};
        int calls = 0;
        atomic_store(&ctx->fail_after, after);
        eg_status status =
            eg_expr_write_code(expr, EG_LANGUAGE_PYTHON, NULL, refuse, &calls, &error);
        atomic_store(&ctx->fail_after, -1);
        eg_expr_free(expr);
        close_context(ctx);
        if (status == EG_FILE)
            break;
        assert_int_equal(status, EG_NO_MEMORY);
        assert_int_equal(calls, 0);
        assert_true(after < 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_c_has_are_changed),
        cmocka_unit_test(names_that_python_has_are_changed),
        cmocka_unit_test(errors_are_returned),
        cmocka_unit_test(memory_that_runs_out_is_reported),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
