/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of formulas: an expression in x and y is made from the bytes. Its value and
 * derivatives as typed, in exact numbers, lie within the bounds of the simplified expression and of
 * its derivatives, which are computed in intervals of doubles by other code; and the value in
 * doubles lies there, too.
 *
 * libFuzzer: -max_len=96
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "real/real.h"

enum { DEPTH = 5, TEXT = 4096 };

typedef struct formula {
    fuzz_bytes bytes;
    size_t used;
    char text[TEXT];
} formula;

static void add(formula *f, const char *text)
{
    f->used += (size_t)snprintf(f->text + f->used, TEXT - f->used, "%s", text);
    if (f->used >= TEXT)
        f->used = TEXT - 1;
}

static void add_expression(formula *f, int depth);

static void add_leaf(formula *f)
{
    static const char *const leaves[] = {"x",   "y",  "x", "y",   "1",  "2",    "3",   "0",
                                         "0.5", "pi", "e", "0.1", "10", "1e-3", "1e8", "0.25"};
    add(f, leaves[pick(&f->bytes, 16)]);
}

/* Adds a call of any function; an argument named n is a number. */
static void add_call(formula *f, int depth)
{
    size_t functions = 0;
    while (eg_expr_function(functions))
        functions++;
    const size_t index = pick(&f->bytes, (unsigned)functions);
    const char *separator = "(", *help = eg_expr_function_help(index);
    add(f, eg_expr_function(index));
    for (;; help += 3) {
        add(f, separator);
        if (*help == 'n')
            add(f, (const char *const[]){"1", "2", "3", "5"}[pick(&f->bytes, 4)]);
        else
            add_expression(f, depth - 1);
        separator = ", ";
        if (help[1] != ',' || help[3] == '.')
            break;
    }
    add(f, ")");
}

static void add_expression(formula *f, int depth)
{
    static const char *const operators[] = {" + ", " - ", "*", "/", "^"};
    const unsigned kind = depth == 0 || f->bytes.left == 0 ? 0 : pick(&f->bytes, 8);
    if (kind < 2) {
        add_leaf(f);
    } else if (kind < 5) {
        add(f, "(");
        add_expression(f, depth - 1);
        add(f, operators[pick(&f->bytes, 5)]);
        add_expression(f, depth - 1);
        add(f, ")");
    } else if (kind == 5) {
        add(f, "-");
        add_expression(f, depth - 1);
    } else {
        add_call(f, depth);
    }
}

/* Bounds of what is computed in both ways: value, gradient and Hessian. */
enum { NUMBERS = 1 + 2 + 4 };

/* Requires that both enclosures of number i have a number in common. */
static void compare(const formula *f, const double point[2], int i, const double typed[2],
                    const double simplified[2])
{
    if (isnan(typed[0]) || isnan(typed[1]) || isnan(simplified[0]) || isnan(simplified[1]))
        return;
    if (typed[0] <= simplified[1] && simplified[0] <= typed[1])
        return;
    fprintf(stderr, "%s at %.17g, %.17g, number %d: %.17g to %.17g as typed, %.17g to %.17g\n",
            f->text, point[0], point[1], i, typed[0], typed[1], simplified[0], simplified[1]);
    require(false, "simplifying and deriving change no value", NULL);
}

/* Compares the bounds of a derivative, which is number i, if there is one. */
static void compare_derivative(const formula *f, const double point[2], int i,
                               const double typed[2], const eg_expr *derivative)
{
    double bounds[2];
    if (derivative && eg_expr_bounds(derivative, point, point, bounds, NULL, NULL, NULL) == EG_OK)
        compare(f, point, i, typed, bounds);
}

/* Compares the first and second derivatives by variable k with what is known of them as typed. */
static void compare_derivatives(const formula *f, const double point[2], size_t k,
                                double typed[NUMBERS][2], const eg_expr *expr)
{
    eg_expr *first = NULL, *second = NULL;
    const int gradient = 1 + (int)k;
    if (eg_expr_derivative(&first, expr, k, NULL) != EG_OK)
        return;
    compare_derivative(f, point, gradient, typed[gradient], first);
    for (size_t j = k; j < 2; j++) {
        const int hessian = 3 + (int)(2 * k + j);
        if (eg_expr_derivative(&second, first, j, NULL) == EG_OK)
            compare_derivative(f, point, hessian, typed[hessian], second);
        eg_expr_free(second);
        second = NULL;
    }
    eg_expr_free(first);
}

/* Compares the exact numbers of the formula as typed with the simplified one. */
static void check_numbers(const formula *f, const eg_expr *expr, eg_reals *reals,
                          const double point[2])
{
    eg_real at[2] = {eg_real_double(reals, point[0]), eg_real_double(reals, point[1])}, value;
    eg_real gradient[2], hessian[4], numbers[NUMBERS];
    double bounds[NUMBERS][2], typed[NUMBERS][2];
    eg_error error = {0};
    if (eg_reals_derive(reals, expr, at, &value, gradient, hessian, &error) != EG_OK)
        return;
    if (eg_expr_bounds(expr, point, point, bounds[0], bounds + 1, bounds + 3, &error) != EG_OK)
        return;
    numbers[0] = value;
    memcpy(numbers + 1, gradient, sizeof gradient);
    memcpy(numbers + 3, hessian, sizeof hessian);
    for (int i = 0; i < NUMBERS; i++) {
        eg_real_bounds(reals, numbers[i], typed[i]);
        compare(f, point, i, typed[i], bounds[i]);
    }
    for (size_t k = 0; k < 2; k++)
        compare_derivatives(f, point, k, typed, expr);
}

static void check(const formula *f, const eg_expr *expr, const double point[2])
{
    eg_reals *reals = NULL;
    const eg_reals_options options = {.bits = 256, .seconds = 0.02, .doubles = f->bytes.left % 2};
    double value, bounds[2];
    eg_error error = {0};
    require(eg_expr_eval(expr, point, &value, NULL, NULL, &error) == EG_OK &&
                eg_expr_bounds(expr, point, point, bounds, NULL, NULL, &error) == EG_OK,
            "a value with bounds", &error);
    if (value < bounds[0] || value > bounds[1]) {
        fprintf(stderr, "%s at %.17g, %.17g: %.17g in %.17g to %.17g\n", f->text, point[0],
                point[1], value, bounds[0], bounds[1]);
        require(false, "a value lies within its bounds", NULL);
    }
    if (eg_reals_new(&reals, fuzz_context(), &options, &error) == EG_OK)
        check_numbers(f, expr, reals, point);
    eg_reals_free(reals);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static formula f;
    static const char *const names[] = {"x", "y"};
    const eg_expr_options options = {.names = names, .name_count = 2};
    eg_expr *expr = NULL;
    eg_error error = {0};
    f = (formula){.bytes = {data, size}};
    double point[2] = {take_number(&f.bytes), take_number(&f.bytes)};
    add_expression(&f, DEPTH);
    eg_status status = eg_expr_parse(&expr, fuzz_context(), f.text, &options, NULL, &error);
    if (status == EG_OK && isfinite(point[0]) && isfinite(point[1]))
        check(&f, expr, point);
    eg_expr_free(expr);
    require_released();
    return 0;
}
