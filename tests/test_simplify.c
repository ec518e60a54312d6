/* SPDX-License-Identifier: MIT */
/* Simplification of expressions: every rule keeps the values and the domain, which are computed
 * from the expression as it was typed. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "expr/expr.h"
#include "files.h"
#include "random_expr.h"

/* ---- evaluation as typed ---- */

enum { SLOTS = 512 };

/* Lowers the graph as typed, without simplification, and builds its tape. */
static void build_typed(eg_tape *tape, const eg_expr *expr)
{
    eg_graph ops;
    eg_graph_init(&ops, expr->ctx, NULL);
    eg_id value = eg_lower(&ops, &expr->typed, expr->typed_root);
    eg_id result = eg_op_result(&ops, 0, value, value);
    assert_int_equal(eg_tape_build(tape, &ops, &result, 1, expr->variables, expr->variables),
                     EG_OK);
    assert_true(tape->slot_count <= SLOTS);
    eg_graph_free(&ops);
}

/* Returns the value. *largest: the largest size of an intermediate result, of which the rounding
 * errors are a fraction. *finite: all are finite. */
static double run_tape(const eg_tape *tape, const double point[], double *largest, bool *finite)
{
    double slots[SLOTS];
    for (uint32_t i = 0; i < tape->constant_slots; i++)
        slots[i] = tape->constant_values[i];
    for (uint32_t i = 0; i < tape->input_count; i++)
        slots[eg_first_input(tape) + i] = point[i];
    *largest = 1;
    *finite = true;
    for (uint32_t i = tape->constant_end; i < tape->step_count; i++) {
        eg_run_steps(tape, slots, i, i + 1);
        double size = fabs(slots[tape->steps[i].out]);
        *finite = *finite && isfinite(size);
        *largest = size > *largest && isfinite(size) ? size : *largest;
    }
    return slots[eg_first_result(tape)];
}

/* ---- rules ---- */

/* Texts that a rule simplifies, or must not; U and V stand for any expressions. */
static const char *const rules[] = {
    "sin(U)^2 + cos(U)^2",
    "V*sin(U)^2 + cos(U)^2*V",
    "1 - sin(U)^2",
    "cos(U)^2*V - V",
    "cosh(U)^2 - sinh(U)^2",
    "cosh(U)^2 - 1",
    "V + V*sinh(U)^2",
    "cos(V)*sin(U)^2 - cos(V)",
    "cos(U) - cos(U)*sin(U)^2",
    "exp(U)*exp(V)",
    "exp(U)/exp(V)",
    "exp(U)^V",
    "exp(U)^3/exp(V)^(1/2)",
    "sqrt(exp(U))",
    "exp(U)*exp(-(U))",
    "2^(U)*2^(V)",
    "(2^(U))^(V)",
    "(U)^(V)*(U)^(V)",
    "((U)^2 + 1)^(V)*((U)^2 + 1)^(U)",
    "log(exp(U))",
    "exp(log(U))",
    "exp(log((U)^2))",
    "exp(log((U)^2 + 1))",
    "exp(2*log(U))",
    "sqrt((U)^2)",
    "sqrt((U)^2*(V)^2)",
    "sqrt(U)^2",
    "sqrt((U)^2 + 1)^2",
    "sqrt(U)*sqrt(U)",
    "abs(U)^2",
    "abs(U)^3",
    "abs(U)^-2",
    "abs(exp(U) + abs(V))",
    "sign((U)^2 + 1)",
    "(U)/(U)",
    "(U)^2/(U)",
    "(U)/(U)^2",
    "((U)^2 + 1)/((U)^2 + 1)",
    "exp(U)*(V)/exp(U)",
    "1/(1/(U))",
    "1/(1/cosh(U))",
    "(U)/((V)/(U))",
    "(V)/((U)/pi)",
    "(1/(U))^-2",
    "((U)^2)^(1/2)",
    "((U)^2)^1.5",
    "(U)^0.5*(U)^0.5",
    "(U)^1.5*(U)^0.5",
    "((U)^(V))^2",
    "(abs(U)^0.5)^2",
    "(U) - (U)",
    "0*(U) + (V)",
    "(U)*(V) - (V)*(U) + 1",
    "-(-(U))*(-(V))",
    "if(U < V, U, V)",
    "if(U < V, 2, 2)",
    "not(not(U < V))",
    "and(U <= V, V != U)",
    "or(U == V, V > U)",
    "(U < V)*(U < V)",
    "min(U, U)",
    "max(U, V, U)",
    "log(1/exp(U))",
    "0.1*(U)*0.2*3e-7*(V)/0.3",
    "1.23456789*(U)*9.87654321*1.1111111",
    "gamma(5)*(U) + root(V, 5)",
};

static const char *const parts[] = {
    "x",   "y",      "x*y",   "x + y",  "1/x", "log(x + 0.4)", "sqrt(y)",
    "x^2", "abs(x)", "x - y", "exp(x)", "2",   "-x",           "if(x > 0, x, log(y + 0.4))",
};

static void instantiate(char *out, size_t size, const char *rule, const char *u, const char *v)
{
    size_t n = 0;
    for (; *rule && n + 1 < size; rule++) {
        if (*rule == 'U' || *rule == 'V')
            n += (size_t)snprintf(out + n, size - n, "%s", *rule == 'U' ? u : v);
        else
            out[n++] = *rule;
    }
    out[n < size ? n : size - 1] = '\0';
}

/* Compares an expression with what was typed at points where signs and zeros matter. */
static void check_rule(eg_context *ctx, const char *text)
{
    static const double coordinates[] = {-2, -1, -0.5, 0, 0.3, 1, 2.7};
    static const char *const names[] = {"x", "y"};
    const eg_expr_options options = {.names = names, .name_count = 2};
    eg_expr *expr;
    eg_tape typed;
    assert_int_equal(eg_expr_parse(&expr, ctx, text, &options, NULL, NULL), EG_OK);
    build_typed(&typed, expr);
    for (size_t i = 0; i < COUNT(coordinates) * COUNT(coordinates); i++) {
        double point[2] = {coordinates[i % COUNT(coordinates)],
                           coordinates[i / COUNT(coordinates)]};
        bool finite = false, also_finite = false;
        double largest, wanted = run_tape(&typed, point, &largest, &finite);
        double value = run_tape(&expr->value, point, &(double){0}, &also_finite);
        /* 1/(1/0) and 1^log(0) are finite by IEEE 754, but have no value */
        bool same = fabs(value - wanted) <= 1e-12 * largest || (!finite && !also_finite);
        char printed[256];
        eg_expr_print(expr, printed, sizeof printed);
        if (!same)
            fail_msg("%s at %g, %g: %.17g, but %s is %.17g", text, point[0], point[1], wanted,
                     printed, value);
    }
    eg_tape_free(&typed);
    eg_expr_free(expr);
}

static void rules_keep_values_and_domains(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t r = 0; r < COUNT(rules); r++)
        for (size_t u = 0; u < COUNT(parts); u++)
            for (size_t v = 0; v < COUNT(parts); v++) {
                char text[512];
                instantiate(text, sizeof text, rules[r], parts[u], parts[v]);
                check_rule(ctx, text);
            }
    close_context(ctx);
}

/* ---- text ---- */

static const struct {
    const char *text, *printed;
} simplified[] = {
    {"sin(x)^2 + cos(x)^2", "1"},
    {"3*z*sin(x*y)^2 + 3*cos(x*y)^2*z + 1", "3*z + 1"},
    {"sin(log(x))^2 + cos(log(x))^2", "sin(log(x))^2 + cos(log(x))^2"},
    {"2*sin(x)^2 + cos(x)^2", "2*sin(x)^2 + cos(x)^2"},
    {"1 - sin(x)^2", "cos(x)^2"},
    {"cos(x)^2 - 1", "-sin(x)^2"},
    {"cosh(x)^2 - sinh(x)^2", "1"},
    {"sinh(x)^2 - cosh(x)^2", "-1"},
    {"1 + sinh(x)^2", "cosh(x)^2"},
    {"cos(x) - cos(x)*sin(x)^2", "cos(x)^3"},
    {"exp(x)*exp(y)/exp(z)", "exp(x + y - z)"},
    {"exp(x)^2", "exp(2*x)"},
    {"exp(x)*exp(-x)", "1"},
    {"exp(log(x))/exp(log(x))", "exp(0*log(x))"},
    {"2^x*2^y", "2^(x + y)"},
    {"x^y*x^z", "x^y*x^z"},
    {"log(exp(x*y))", "x*y"},
    {"exp(log(x))", "exp(log(x))"},
    {"exp(log(x^2 + 1))", "x^2 + 1"},
    {"sqrt(x^2)", "abs(x)"},
    {"sqrt((x^2 + 1)^2)", "x^2 + 1"},
    {"sqrt(x)^2", "sqrt(x)^2"},
    {"sqrt(x^2 + 1)^2", "x^2 + 1"},
    {"(x^2 + 1)/(x^2 + 1)", "1"},
    {"x/x", "x/x"},
    {"tan(x)*cos(x)", "cos(x)*tan(x)"},
    {"1/(x/pi)", "pi/x"},
    {"x/(y/z)", "x/(y/z)"},
    {"abs(x)^2", "x^2"},
};

static void text_is_simplified(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(simplified); i++) {
        char text[256];
        eg_expr *expr = parse_good(ctx, simplified[i].text);
        eg_expr_print(expr, text, sizeof text);
        assert_string_equal(text, simplified[i].printed);
        eg_expr_free(expr);
    }
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_keep_values_and_domains),
        cmocka_unit_test(text_is_simplified),
    };
    return cmocka_run_group_tests_name("simplification", tests, NULL, NULL);
}
