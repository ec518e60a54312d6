/* SPDX-License-Identifier: MIT */
/* Limits: expressions that are too long, too deep or hostile, and memory that runs out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "expr/eval/ops.h"
#include "files.h"
#include "random_expr.h"

/* Returns `count` times `open`, then `middle`, then `count` times `close`. The caller frees it. */
static char *nested(const char *open, const char *middle, const char *close, size_t count)
{
    size_t before = strlen(open), after = strlen(close);
    char *text = malloc(count * (before + after) + strlen(middle) + 1), *at = text;
    assert_non_null(text);
    for (size_t i = 0; i < count; i++, at += before)
        memcpy(at, open, before);
    at = stpcpy(at, middle);
    for (size_t i = 0; i < count; i++, at += after)
        memcpy(at, close, after);
    *at = '\0';
    return text;
}

static eg_status parse_nested(eg_context *ctx, const char *open, const char *close, size_t count,
                              const char *message)
{
    char *text = nested(open, "x", close, count);
    eg_expr *expr;
    eg_error error = {0};
    eg_status status = eg_expr_parse(&expr, ctx, text, NULL, NULL, &error);
    if (message && !strstr(error.message, message))
        fail_msg("%s ... %s, %zu times: %s", open, close, count, error.message);
    eg_expr_free(expr);
    free(text);
    return status;
}

static void deep_nesting_is_an_error(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"(", ")"},    {"-", ""},     {"x^", ""},
                                           {"sin(", ")"}, {"2^-(", ")"}, {"max(1, ", ")"}};
    eg_context *ctx = small_context();
    assert_int_equal(parse_nested(ctx, "(", ")", EG_EXPR_DEPTH, NULL), EG_OK);
    assert_int_equal(parse_nested(ctx, "sin(", ")", EG_EXPR_DEPTH, NULL), EG_OK);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_int_equal(parse_nested(ctx, pairs[i][0], pairs[i][1], EG_EXPR_DEPTH + 1, "nested"),
                         EG_USAGE);
    assert_int_equal(parse_nested(ctx, "(", ")", 30000, "nested deeper than 256; simplify"),
                     EG_USAGE);
    assert_int_equal(parse_nested(ctx, "(", ")", 100000, "longer than"), EG_USAGE);
    assert_int_equal(parse_nested(ctx, "-", "", 60000, "nested"), EG_USAGE);
    close_context(ctx);
}

/* Returns `piece` repeated up to the largest length of an expression, then `last`. The caller frees
 * it. */
static char *longest(const char *piece, const char *last)
{
    char *text = malloc(EG_EXPR_LENGTH + 2);
    size_t n = 0;
    assert_non_null(text);
    while (n + strlen(piece) + strlen(last) <= EG_EXPR_LENGTH)
        n += (size_t)sprintf(text + n, "%s", piece);
    sprintf(text + n, "%s", last);
    return text;
}

/* Calls every function on the expression; memory and time must stay bounded. */
static void do_everything(eg_expr *expr)
{
    double point[EG_EXPR_VARIABLES], bounds[2], value, *g, *h;
    size_t n = eg_expr_variables(expr);
    char text[100];
    eg_expr *derivative;
    g = malloc((n + 1) * 2 * sizeof *g);
    h = malloc((n + 1) * (n + 1) * 2 * sizeof *h);
    assert_true(g && h);
    for (size_t i = 0; i < n; i++)
        point[i] = 0.5;
    assert_int_equal(eg_expr_eval(expr, point, &value, g, h, NULL), EG_OK);
    assert_int_equal(
        eg_expr_bounds(expr, point, point, bounds, (double(*)[2])g, (double(*)[2])h, NULL), EG_OK);
    assert_true(eg_expr_print(expr, text, sizeof text) > 0);
    if (n && eg_expr_derivative(&derivative, expr, 0, NULL) == EG_OK) {
        assert_true(eg_expr_print(derivative, text, sizeof text) > 0);
        eg_expr_free(derivative);
    }
    free(g);
    free(h);
}

static void long_expressions_are_computed(void **state)
{
    (void)state;
    static const struct {
        const char *piece, *last;
    } cases[] = {
        {"x+", "y"},       {"x*", "y"},        {"sin(x)*", "y"},   {"1/", "x"},
        {"x^2+y*", "x"},   {"(x+y)*", "1"},    {"x-(y+1)-", "1"},  {"0.1+", "x"},
        {"x,", "x"},       {"x^", "x"},        {"exp(x*y)+", "x"}, {"1e300*", "x"},
        {"x  ", ""},       {"abcdefgh_", "a"}, {"99999", "x"},     {"log(x/y)/", "x"},
        {"min(x,y)+", ""}, {"x*y^-1/z*", "t"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        eg_context *ctx = small_context();
        char *text = longest(cases[i].piece, cases[i].last);
        eg_expr *expr;
        eg_error error = {0};
        eg_status status = eg_expr_parse(&expr, ctx, text, NULL, NULL, &error);
        assert_true(status == EG_OK || status == EG_USAGE);
        if (status == EG_OK)
            do_everything(expr);
        eg_expr_free(expr);
        free(text);
        close_context(ctx);
    }
}

/* A product of as many different factors as fit: the product rule must not explode. */
static void products_of_many_factors_are_derived(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    char *text = malloc(EG_EXPR_LENGTH + 32);
    size_t n = 0;
    assert_non_null(text);
    for (int i = 1; n + 16 < EG_EXPR_LENGTH; i++)
        n += (size_t)sprintf(text + n, "sin(%d*x)*", i);
    strcpy(text + n, "1");
    eg_expr *expr = parse_good(ctx, text);
    do_everything(expr);
    eg_expr_free(expr);
    free(text);
    close_context(ctx);
}

/* ---- shared subexpressions ---- */

/* 60 levels, each of which uses the one before twice: a tree would have 2^60 nodes. */
static void shared_nodes_count_once(void **state)
{
    (void)state;
    static const char *const levels[][2] = {{"((", ")^2 + 1)"}, {"sin(2*", ")^2"}};
    eg_context *ctx = small_context();
    for (size_t i = 0; i < 2; i++) {
        char *text = nested(levels[i][0], "x", levels[i][1], 60);
        eg_expr *expr = parse_good(ctx, text), *first, *second;
        assert_true(eg_expr_size(expr) < 400);
        do_everything(expr);
        assert_int_equal(eg_expr_derivative(&first, expr, 0, NULL), EG_OK);
        assert_true(eg_expr_size(first) < 2000);
        assert_int_equal(eg_expr_derivative(&second, first, 0, NULL), EG_OK);
        assert_true(eg_expr_size(second) < 100000);
        do_everything(second);
        eg_expr_free(second);
        eg_expr_free(first);
        eg_expr_free(expr);
        free(text);
    }
    close_context(ctx);
}

static void squares_of_squares_are_one_power(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    char *text = nested("(", "x", ")^2", 60), printed[200];
    eg_expr *expr = parse_good(ctx, text), *derivative;
    double one = 1, value;
    assert_true(eg_expr_size(expr) < 20);
    assert_int_equal(eg_expr_eval(expr, &one, &value, NULL, NULL, NULL), EG_OK);
    assert_true(value == 1);
    assert_int_equal(eg_expr_derivative(&derivative, expr, 0, NULL), EG_OK);
    assert_int_equal(eg_expr_eval(derivative, &one, &value, NULL, NULL, NULL), EG_OK);
    assert_true(value == 0x1p60);
    assert_true(eg_expr_print(derivative, printed, sizeof printed) < sizeof printed);
    eg_expr_free(derivative);
    eg_expr_free(expr);
    free(text);
    close_context(ctx);
}

/* Repeated substitution: the graph has few nodes, but the text would be exponentially long. */
static void exponential_text_is_not_printed(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    eg_expr *expr = parse_good(ctx, "x*y + sin(x)"), *next;
    char text[100];
    for (int i = 0; i < 40; i++) {
        const eg_expr *const with[] = {expr, expr};
        eg_expr *f = parse_good(ctx, "x + cos(y)*exp(y)*x");
        assert_int_equal(eg_expr_substitute(&next, f, with, NULL, NULL), EG_OK);
        eg_expr_free(f);
        eg_expr_free(expr);
        expr = next;
    }
    size_t length = eg_expr_print(expr, text, sizeof text);
    assert_int_equal(length, strlen(text));
    assert_memory_equal(text, "(too long to print: ", 20);
    do_everything(expr);
    eg_expr_free(expr);
    close_context(ctx);
}

/* A chain of substitutions that becomes too deep fails instead of overflowing the stack. */
static void deep_substitutions_are_an_error(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    char *text = nested("sin(", "x", ")", 200);
    eg_expr *expr = parse_good(ctx, text), *step = parse_good(ctx, text), *next;
    eg_status status = EG_OK;
    eg_error error = {0};
    for (int i = 0; status == EG_OK && i < 100; i++) {
        const eg_expr *const with[] = {expr};
        status = eg_expr_substitute(&next, step, with, NULL, &error);
        eg_expr_free(expr);
        expr = next;
    }
    assert_int_equal(status, EG_LIMIT_EXCEEDED);
    assert_null(expr);
    assert_non_null(strstr(error.message, "nests more than"));
    eg_expr_free(step);
    free(text);
    close_context(ctx);
}

/* ---- variables ---- */

static void there_may_be_64_variables(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    char text[2048] = "0";
    for (int i = 0; i < EG_EXPR_VARIABLES; i++)
        sprintf(text + strlen(text), " + v%d^2*v%d", i, (i + 7) % EG_EXPR_VARIABLES);
    eg_expr *expr = parse_good(ctx, text);
    assert_int_equal(eg_expr_variables(expr), EG_EXPR_VARIABLES);
    do_everything(expr);
    eg_expr_free(expr);

    eg_error error = {0};
    eg_expr_location location;
    size_t offset = strlen(text) + 3;
    strcat(text, " + w + w");
    assert_int_equal(eg_expr_parse(&expr, ctx, text, NULL, &location, &error), EG_USAGE);
    assert_non_null(strstr(error.message, "more than 64 variables"));
    assert_int_equal(location.length, 1);
    assert_true(location.offset == offset || text[location.offset] == 'v');
    close_context(ctx);
}

/* ---- memory that runs out ---- */

static eg_status call_all_functions(eg_context *ctx, eg_error *error)
{
    static const char *const names[] = {"x", "y"};
    const eg_expr_options options = {.names = names, .name_count = 2};
    const double x[9] = {1, 2, 3}, *const points[] = {x, x};
    double values[9], value, gradient[2], hessian[4], bounds[2];
    eg_expr *expr, *derivative = NULL, *result = NULL;
    eg_status status = eg_expr_parse(&expr, ctx, "x^2*sin(y)+1+2+x*y+exp(-x^2-y^2)*cos(x*y)",
                                     &options, NULL, error);
    if (status == EG_OK)
        status = eg_expr_derivative(&derivative, expr, 0, error);
    if (status == EG_OK)
        status = eg_expr_substitute(&result, expr, (const eg_expr *const[]){derivative, expr}, NULL,
                                    error);
    if (status == EG_OK)
        status = eg_expr_eval_batch(expr, points, 9, values, (double *[]){values, NULL}, error);
    if (status == EG_OK)
        status = eg_expr_eval(result, x, &value, gradient, hessian, error);
    if (status == EG_OK)
        status = eg_expr_bounds(result, x, x, bounds, NULL, (double[4][2]){{0}}, error);
    eg_expr_free(result);
    eg_expr_free(derivative);
    eg_expr_free(expr);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    eg_status status = EG_NO_MEMORY;
    long k = 0;
    for (; status != EG_OK; k++) {
        eg_context *ctx = test_context(1, 0, NULL);
        eg_error error = {0};
        atomic_store(&ctx->fail_after, k);
        status = call_all_functions(ctx, &error);
        assert_true(status == EG_OK || (status == EG_NO_MEMORY && error.message[0]));
        assert_int_equal(status, error.status);
        close_context(ctx);
    }
    assert_in_range(k, 30, 1000);
}

/* Each operation lacks the memory for the nodes that it adds, wherever the graph has to grow. */
static void every_growth_of_the_graph_may_fail(void **state)
{
    static const unsigned ops[] = {EG_OP_ADD, EG_OP_SUB, EG_OP_MUL, EG_OP_DIV};
    (void)state;
    for (size_t i = 0; i < COUNT(ops) * 200; i++) {
        eg_context *ctx = test_context(1, 0, NULL);
        eg_error error = {0};
        eg_graph graph;
        eg_graph_init(&graph, ctx, &error);
        eg_id four = eg_op_number(&graph, 4, false), last = EG_NONE;
        for (size_t k = 0; k < i / COUNT(ops); k++)
            last = eg_op_number(&graph, 10.5 + (double)k, false);
        atomic_store(&ctx->fail_after, 0);
        eg_id made = eg_op2(&graph, ops[i % COUNT(ops)], last, four);
        bool failed = atomic_load(&ctx->fail_after) < 0;
        assert_true(made != EG_NONE || failed || last == EG_NONE);
        assert_int_equal(graph.status, failed ? EG_NO_MEMORY : EG_OK);
        eg_graph_free(&graph);
        close_context(ctx);
    }
}

static void memory_is_limited(void **state)
{
    (void)state;
    eg_config config;
    eg_context *ctx;
    eg_expr *expr;
    eg_error error = {0};
    char *text = longest("sin(x)*y+", "1");
    eg_config_default(&config);
    config.max_memory = 20000;
    assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
    assert_int_equal(eg_expr_parse(&expr, ctx, text, NULL, NULL, &error), EG_LIMIT_EXCEEDED);
    assert_null(expr);
    free(text);
    close_context(ctx);
}

/* ---- random text ---- */

/* Random sequences of tokens and invalid bytes never crash the parser. */
static void random_text_is_survived(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "x",  "y",  "2",   "0",  ".5", "1e9", "(",     ")",    "+",        "-",    "*",    "/",
        "^",  "**", ",",   " ",  "pi", "e",   "sin(",  "max(", "pow(",     "log(", "\xC3", "\xFF",
        "\t", "ab", "1e-", "1e", "..", "#",   "sqrt(", "abs(", "\xCF\x80", "x^2",  "^-1",  "^0.5"};
    eg_context *ctx = small_context();
    dice d = {77};
    size_t good = 0;
    for (int i = 0; i < 60000; i++) {
        char text[256] = "";
        eg_expr *expr;
        eg_expr_location location;
        eg_error error = {0};
        for (unsigned k = 1 + roll(&d, 12); k > 0; k--)
            strcat(text, pieces[roll(&d, sizeof pieces / sizeof *pieces)]);
        eg_status status = eg_expr_parse(&expr, ctx, text, NULL, &location, &error);
        assert_int_equal(status, error.status);
        assert_true(location.offset + location.length <= strlen(text));
        assert_true(status == EG_OK ? expr != NULL : status == EG_USAGE && error.message[0]);
        if (expr && good++ % 16 == 0)
            do_everything(expr);
        eg_expr_free(expr);
    }
    assert_true(good > 2000);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deep_nesting_is_an_error),
        cmocka_unit_test(long_expressions_are_computed),
        cmocka_unit_test(products_of_many_factors_are_derived),
        cmocka_unit_test(shared_nodes_count_once),
        cmocka_unit_test(squares_of_squares_are_one_power),
        cmocka_unit_test(exponential_text_is_not_printed),
        cmocka_unit_test(deep_substitutions_are_an_error),
        cmocka_unit_test(there_may_be_64_variables),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(every_growth_of_the_graph_may_fail),
        cmocka_unit_test(memory_is_limited),
        cmocka_unit_test(random_text_is_survived),
    };
    return cmocka_run_group_tests_name("limits of expressions", tests, NULL, NULL);
}
