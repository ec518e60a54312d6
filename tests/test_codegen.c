/* SPDX-License-Identifier: MIT */
/* Code of expressions: what a compiler and Python make of it gives the values of the library. */
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "random_expr.h"

enum { MAX_FORMULAS = 256, EDGE_POINTS = 14, POINTS = 24, RANDOM_FORMULAS = 60 };

static struct {
    char text[RANDOM_EXPR_SIZE];
    eg_expr *expr;
} formulas[MAX_FORMULAS];
static size_t formula_count;

static const char *const edges[] = {
    "x^y",
    "x^x",
    "abs(x)^y",
    "(x*y)^z",
    "x^(1/3)",
    "x^1.5",
    "x^-2",
    "x^4*y^3*z^7",
    "0^x",
    "2^x",
    "atan2(y, x)",
    "atan2(x*y, z)",
    "hypot(x, y)",
    "min(x, y, z)",
    "max(x, min(y, z))",
    "abs(x*y)",
    "sign(x - y)*z",
    "if(x < y, x*z, log(z))",
    "if(x <= y, sqrt(-x), y^2)",
    "if(x == y, 1/x, z)",
    "if(x != y, 1/(x - y), z)",
    "x < y",
    "and(x < y, y < z)*x",
    "not(x)*y",
    "or(log(x) > 0, y > 0)*z",
    "x/y",
    "1/x + 1/y^2",
    "1/0*x",
    "0*log(x) + y",
    "sqrt(x)*sqrt(y)",
    "mod(x, y) + mod(y, z)",
    "floor(x) + ceil(y) + round(z) + trunc(x*y)",
    "root(x, 3)",
    "x",
    "3",
    "pi + 1e-30*x + 1.5e20*y",
    "-x - (-y - z)",
    "x - (y - (z - x))",
    "x/(y/(z/x))",
    "-(-x)^2*(-y)^3",
    "sin(x)^2*cos(y)/(1 + exp(-z))",
    "gamma(x)*lgamma(y)",
    "polygamma(3, x)",
    "sinc(10*x)",
    "log(x, y)",
    "exp(exp(x))",
    "x*exp(-x^2 - y^2)*tanh(z)",
    "(x + y + z)^40",
    "sin(2)*x + log(2)/log(3)*y",
    "asin(x)*acosh(y)*atanh(z)",
};

static void add_formula(eg_context *ctx, const char *text)
{
    assert_true(formula_count < MAX_FORMULAS);
    snprintf(formulas[formula_count].text, RANDOM_EXPR_SIZE, "%s", text);
    formulas[formula_count].expr = parse_xyz(ctx, text);
    formula_count++;
}

/* Writes a call of a function, whose arguments its help names: "n, x: ...". */
static void write_call(char *out, size_t size, const char *name, const char *help)
{
    static const char *const args[] = {"x", "y", "z"};
    size_t used = (size_t)snprintf(out, size, "%s(", name);
    for (size_t i = 0;; i++, help += 3) {
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "",
                                 *help == 'n'   ? "2"
                                 : *help == 'c' ? "x < y"
                                                : args[i]);
        if (help[1] != ',' || help[3] == '.')
            break;
    }
    snprintf(out + used, size - used, ")");
}

/* Collects the functions that formulas can call, the edges, and random formulas. */
static int collect(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    char text[RANDOM_EXPR_SIZE];
    dice d = {20};
    for (size_t i = 0; eg_expr_function(i); i++) {
        write_call(text, sizeof text, eg_expr_function(i), eg_expr_function_help(i));
        add_formula(ctx, text);
    }
    for (size_t i = 0; i < COUNT(edges); i++)
        add_formula(ctx, edges[i]);
    for (int i = 0; i < RANDOM_FORMULAS; i++) {
        random_expr(text, &d, 5);
        add_formula(ctx, text);
    }
    *state = ctx;
    return make_scratch(state);
}

static int release(void **state)
{
    for (size_t i = 0; i < formula_count; i++)
        eg_expr_free(formulas[i].expr);
    close_context(*state);
    return remove_scratch(state);
}

/* Sets the coordinates of point k: first at edges of domains, then random ones. */
static void point_at(size_t k, double point[3])
{
    static const double values[] = {0, 1, -1, 0.5, -0.5, 2, -2, 0.3, 3, -1.7, 10, 1e-9, 4.2, -30};
    dice d = {k};
    for (size_t i = 0; i < 3; i++)
        point[i] = k >= EDGE_POINTS ? roll_between(&d, -3, 4)
                                    : values[(k * (i + 1) * (i + 1) + (k / 3) * i) % COUNT(values)];
}

static eg_status write_file(void *opaque, const char *text, size_t size, eg_error *error)
{
    (void)error;
    assert_int_equal(fwrite(text, 1, size, opaque), size);
    return EG_OK;
}

/* Fails unless a value of the code is that of the library. */
static void assert_same(const char *text, const double point[3], int which, double got,
                        double wanted)
{
    if (isnan(got) != isnan(wanted) || (isinf(wanted) && got != wanted) ||
        (isfinite(wanted) && !(fabs(got - wanted) <= 1e-11 * (1 + fabs(wanted)))))
        fail_msg("result %d of %s at %g, %g, %g: %.17g, not %.17g", which, text, point[0], point[1],
                 point[2], got, wanted);
}

/* Compares value and gradient with those of the library. */
static void compare(size_t i, const double point[3], const double got[4])
{
    double wanted[4];
    assert_int_equal(eg_expr_eval(formulas[i].expr, point, &wanted[0], wanted + 1, NULL, NULL),
                     EG_OK);
    for (int k = 0; k < 4; k++)
        assert_same(formulas[i].text, point, k, got[k], wanted[k]);
}

/* ---- C ---- */

typedef double c_function(double x, double y, double z, double gradient[3]);

static void write_c(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < formula_count; i++) {
        char name[32];
        eg_error error = {0};
        snprintf(name, sizeof name, "f%zu", i);
        if (eg_expr_write_code(formulas[i].expr, EG_LANGUAGE_C, name, write_file, file, &error) !=
            EG_OK)
            fail_msg("%s: %s", formulas[i].text, error.message);
    }
    assert_int_equal(fclose(file), 0);
}

static void compile(const char *compiler, const char *output)
{
    char command[1024];
    snprintf(command, sizeof command,
             "%s -Wall -Wextra -Werror -pedantic -O0 -ffp-contract=off %s '%s' -lm", compiler,
             output, scratch("all.c"));
    assert_int_equal(system(command), 0);
}

static void c_gives_the_same_values(void **state)
{
    (void)state;
    char output[512];
    write_c(scratch("all.c"));
    snprintf(output, sizeof output, "-fPIC -shared -o '%s'", scratch("all.so"));
    compile("cc -std=c99", output);
    void *library = dlopen(scratch("all.so"), RTLD_NOW | RTLD_LOCAL);
    assert_non_null(library);
    for (size_t i = 0; i < formula_count; i++) {
        char name[32];
        c_function *function;
        snprintf(name, sizeof name, "f%zu", i);
        *(void **)&function = dlsym(library, name);
        assert_non_null(function);
        for (size_t k = 0; k < POINTS; k++) {
            double p[3], got[4];
            point_at(k, p);
            got[0] = function(p[0], p[1], p[2], got + 1);
            compare(i, p, got);
            double alone = function(p[0], p[1], p[2], NULL);
            assert_true(alone == got[0] || (isnan(alone) && isnan(got[0])));
        }
    }
    dlclose(library);
}

static void c_is_cpp(void **state)
{
    (void)state;
    if (system("command -v c++ >/dev/null") != 0)
        skip();
    write_c(scratch("all.c"));
    compile("c++ -x c++ -std=c++11", "-fsyntax-only");
}

/* ---- Python ---- */

/* Compares the functions of the module with lines "index x y z value and gradient" of a file, for
 * arrays and for numbers. */
static const char driver[] =
    "import sys, numpy as np\n"
    "sys.path.insert(0, sys.argv[1])\n"
    "module = __import__(sys.argv[2])\n"
    "rows = {}\n"
    "for line in open(sys.argv[1] + '/' + sys.argv[2] + '.txt'):\n"
    "    name, *numbers = line.split()\n"
    "    rows.setdefault(name, []).append([float.fromhex(n) for n in numbers])\n"
    "for name, values in rows.items():\n"
    "    values = np.array(values).T\n"
    "    f, gradient = getattr(module, name), getattr(module, name + '_gradient')\n"
    "    got = np.vstack([[f(*values[:3])], gradient(*values[:3])])\n"
    "    last = values[:3, -1].tolist()\n"
    "    np.testing.assert_allclose(f(*last), got[0, -1], 1e-12, 0, err_msg=name)\n"
    "    assert np.isscalar(f(*last)), name\n"
    "    np.testing.assert_allclose(gradient(*last), got[1:, -1], 1e-12, 0, err_msg=name)\n"
    "    grid = f(values[0][:, None], 2, values[2])\n"
    "    assert grid.shape == (len(values[0]),) * 2, name\n"
    "    assert gradient(values[0][:, None], 2, values[2]).shape == (3,) + grid.shape, name\n"
    "    np.testing.assert_allclose(got, values[3:], 1e-11, 1e-11, err_msg=name)\n";

/* Returns true if the code needs SciPy. */
static bool needs_scipy(const char *code)
{
    return strstr(code, "from scipy") != NULL;
}

/* Writes the module `name` of the functions that need SciPy, or of the others, and the values. */
static void write_python(const char *name, bool scipy)
{
    char file[64];
    snprintf(file, sizeof file, "%s.py", name);
    FILE *module = fopen(scratch(file), "w");
    snprintf(file, sizeof file, "%s.txt", name);
    FILE *values = fopen(scratch(file), "w");
    assert_non_null(module);
    assert_non_null(values);
    for (size_t i = 0; i < formula_count; i++) {
        char function[32], *code = NULL;
        size_t size;
        FILE *text = open_memstream(&code, &size);
        eg_error error = {0};
        snprintf(function, sizeof function, "f%zu", i);
        if (eg_expr_write_code(formulas[i].expr, EG_LANGUAGE_PYTHON, function, write_file, text,
                               &error) != EG_OK)
            fail_msg("%s: %s", formulas[i].text, error.message);
        fclose(text);
        for (size_t k = 0; k < POINTS && needs_scipy(code) == scipy; k++) {
            double p[3], v[4];
            point_at(k, p);
            assert_int_equal(eg_expr_eval(formulas[i].expr, p, v, v + 1, NULL, NULL), EG_OK);
            fprintf(values, "%s %a %a %a %a %a %a %a\n", function, p[0], p[1], p[2], v[0], v[1],
                    v[2], v[3]);
        }
        if (needs_scipy(code) == scipy)
            fwrite(code, 1, size, module);
        free(code);
    }
    assert_int_equal(fclose(module), 0);
    assert_int_equal(fclose(values), 0);
}

/* Runs the driver on a module with the first Python that can import `needed`; skips the test
 * without one. */
static void run_python(const char *module, const char *needed)
{
    static const char *const pythons[] = {"python3", "/usr/bin/python3"};
    char command[2048];
    write_bytes(scratch("driver.py"), driver, sizeof driver - 1);
    for (size_t i = 0; i < COUNT(pythons); i++) {
        snprintf(command, sizeof command, "%s -c 'import %s' 2>/dev/null", pythons[i], needed);
        if (system(command) != 0)
            continue;
        snprintf(command, sizeof command, "%s -B '%s' '%s' %s", pythons[i], scratch("driver.py"),
                 scratch(""), module);
        assert_int_equal(system(command), 0);
        return;
    }
    print_message("%s is missing: Python code is not run\n", needed);
    skip();
}

static void python_gives_the_same_values(void **state)
{
    (void)state;
    write_python("plain", false);
    run_python("plain", "numpy");
}

static void python_with_scipy_gives_the_same_values(void **state)
{
    (void)state;
    write_python("with_scipy", true);
    run_python("with_scipy", "scipy.special");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c_gives_the_same_values),
        cmocka_unit_test(c_is_cpp),
        cmocka_unit_test(python_gives_the_same_values),
        cmocka_unit_test(python_with_scipy_gives_the_same_values),
    };
    return cmocka_run_group_tests(tests, collect, release);
}
