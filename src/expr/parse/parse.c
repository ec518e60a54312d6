/* SPDX-License-Identifier: MIT */
/*
 * Parses text to a graph, by recursive descent:
 *
 *     comparison = sum { ("<" | "<=" | ">" | ">=" | "==" | "!=") sum }
 *     sum     = product { ("+" | "-") product }
 *     product = signed { ("*" | "/") signed | implied }      implied: between a number and a name
 * or "(" signed  = { "+" | "-" } power power   = primary [ "^" signed ] primary = number | name |
 * name "(" comparison { "," comparison } ")" | "(" comparison ")"
 */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "expr/parse/parser.h"
#include "expr/parse/rewrite.h"

static bool failed(const eg_parser *p)
{
    return p->graph->status != EG_OK;
}

static void advance(eg_parser *p)
{
    p->previous = p->token;
    p->token = eg_next_token(p->text, p->token.location.offset + p->token.location.length);
}

static eg_id parse_comparison(eg_parser *p);
static eg_id parse_signed(eg_parser *p);

/* ---- stack of operands ---- */

static bool push(eg_parser *p, eg_id id)
{
    if (id == EG_NONE || failed(p))
        return false;
    if (p->stack_count == p->capacity) {
        size_t new_capacity = p->capacity ? 2 * p->capacity : 64;
        eg_id *grown = eg_alloc(p->graph->ctx, new_capacity, sizeof *grown, p->error);
        if (!grown) {
            eg_graph_fail(p->graph, eg_failed(p->error));
            return false;
        }
        if (p->stack_count)
            memcpy(grown, p->stack, p->stack_count * sizeof *grown);
        eg_free(p->stack);
        p->stack = grown;
        p->capacity = new_capacity;
    }
    p->stack[p->stack_count++] = id;
    return true;
}

/* Pops the nodes pushed since `from`. Returns their sum or product, the node itself if there is
 * only one. */
static eg_id pop_operands(eg_parser *p, size_t from,
                          eg_id (*make)(eg_graph *graph, const eg_id *args, size_t count))
{
    size_t count = p->stack_count - from;
    p->stack_count = from;
    if (failed(p))
        return EG_NONE;
    return count == 1 ? p->stack[from] : make(p->graph, p->stack + from, count);
}

/* ---- names ---- */

static eg_id parse_name(eg_parser *p)
{
    eg_expr_location location = p->previous.location;
    eg_slice name = eg_slice_at(p, location);
    int constant = eg_find_constant(name), variable = eg_find_name(&p->names, name);
    const eg_binding *binding = eg_find_binding(p->options, name);
    char arguments[EG_ARGUMENTS_TEXT];
    if (eg_is_reserved(name)) {
        eg_argument_names(eg_find_function(name), arguments);
        return eg_parse_error(p, location, "%.*s is a function: write %.*s(%s)", (int)name.length,
                              name.text, (int)name.length, name.text, arguments);
    }
    if (binding)
        return eg_make_binding(p->graph, binding);
    if (constant >= 0)
        return eg_make_constant(p->graph, (uint32_t)constant);
    if (variable >= 0)
        return eg_make_variable(p->graph, (uint32_t)variable);
    if (p->collects_names)
        return eg_parse_error(p, location,
                              "the expression has more than %d variables; replace some by numbers",
                              EG_EXPR_VARIABLES);
    return eg_parse_error_name(p, location);
}

/* Reports a surplus argument; the current token is the first of it, after a comma. */
static eg_id surplus_argument(eg_parser *p, const eg_function *f)
{
    return eg_parse_error(p, p->previous.location, "%s takes %d argument%s%s", f->name,
                          f->arguments, f->arguments == 1 ? "" : "s",
                          f->arguments == 1 ? "; write decimals with a point, not a comma"
                                            : ", not more");
}

/* Parses the arguments of a call after its parenthesis. Returns their number, 0 on failure. Those
 * of min() and max() are combined from left to right to two. */
static size_t parse_arguments(eg_parser *p, int function, eg_id args[EG_MAX_ARGUMENTS])
{
    size_t count = 0, most = eg_most_arguments(function);
    do {
        advance(p);
        if (count == most)
            surplus_argument(p, eg_function_at(function));
        if (count == 2 && most > EG_MAX_ARGUMENTS) {
            args[0] = eg_make_function(p->graph, function, args, 2);
            args[--count] = EG_NONE;
        }
        eg_id argument = failed(p) ? EG_NONE : parse_comparison(p);
        if (failed(p))
            return 0;
        args[count++] = argument;
    } while (p->token.kind == EG_TOKEN_COMMA);
    if (p->token.kind == EG_TOKEN_CLOSE)
        return count;
    eg_parse_error_operator(p, "an operator or ')'");
    return 0;
}

/* Parses a call; the current token is the parenthesis after its name. */
static eg_id parse_call(eg_parser *p)
{
    eg_expr_location location = p->previous.location;
    eg_slice name = eg_slice_at(p, location);
    int function = eg_find_function(name);
    eg_id args[EG_MAX_ARGUMENTS] = {EG_NONE, EG_NONE, EG_NONE};
    char names[EG_ARGUMENTS_TEXT];
    if (function < 0)
        return eg_parse_error_function(p, location);
    const eg_function *f = eg_function_at(function);
    if (eg_find_name(&p->names, name) >= 0 || eg_find_binding(p->options, name))
        return eg_parse_error(p, location,
                              "'%s' is a value here; for a product write %s*(...), or rename it to "
                              "call the function",
                              f->name, f->name);
    size_t count = parse_arguments(p, function, args);
    if (failed(p))
        return EG_NONE;
    eg_argument_names(function, names);
    if (count < (size_t)f->arguments)
        return eg_parse_error(
            p, p->token.location, "%s takes %d arguments%s, separated by a comma: %s(%s)", f->name,
            f->arguments, eg_most_arguments(function) > EG_MAX_ARGUMENTS ? " or more" : "", f->name,
            names);
    if (!eg_order_is_valid(p->graph, function, args))
        return eg_parse_error(p, location, "the n of %s(%s) must be a whole number from %s",
                              f->name, names,
                              function == EG_F_ROOT ? "1 to 1000, such as root(x, 5)"
                                                    : "0 to 100, such as polygamma(1, x)");
    advance(p);
    return eg_make_function(p->graph, function, args, count);
}

/* ---- the grammar ---- */

static bool enter_nesting(eg_parser *p)
{
    if (p->depth++ <= EG_EXPR_DEPTH)
        return true;
    eg_parse_error(p, p->token.location,
                   "parentheses, signs or powers are nested deeper than %d; simplify them",
                   EG_EXPR_DEPTH);
    return false;
}

static eg_id parse_parentheses(eg_parser *p)
{
    eg_expr_location open = p->previous.location;
    eg_id inside = parse_comparison(p);
    if (failed(p))
        return EG_NONE;
    if (p->token.kind == EG_TOKEN_END)
        return eg_parse_error(p, open, "this '(' is never closed; add a ')'");
    if (p->token.kind != EG_TOKEN_CLOSE)
        return eg_parse_error_operator(p, "an operator or ')'");
    advance(p);
    return inside;
}

static eg_id parse_primary(eg_parser *p)
{
    switch (p->token.kind) {
    case EG_TOKEN_NUMBER:
        advance(p);
        return eg_make_literal(p->graph, p->text + p->previous.location.offset,
                               p->previous.location.length, p->previous.number);
    case EG_TOKEN_NAME:
        advance(p);
        return p->token.kind == EG_TOKEN_OPEN ? parse_call(p) : parse_name(p);
    case EG_TOKEN_OPEN:
        advance(p);
        return parse_parentheses(p);
    default:
        return eg_parse_error_operand(p);
    }
}

static bool product_is_implied(const eg_parser *p)
{
    return p->previous.kind == EG_TOKEN_NUMBER &&
           (p->token.kind == EG_TOKEN_NAME || p->token.kind == EG_TOKEN_OPEN);
}

static eg_id parse_power(eg_parser *p)
{
    eg_id base = parse_primary(p);
    if (failed(p) || p->token.kind != EG_TOKEN_POWER)
        return base;
    size_t start = p->token.location.offset;
    advance(p);
    eg_id exponent = parse_signed(p);
    if (!failed(p) && product_is_implied(p))
        return eg_parse_error_ambiguous(p, start, '^');
    return eg_make_power(p->graph, base, exponent);
}

static eg_id parse_signed(eg_parser *p)
{
    eg_id id;
    if (!enter_nesting(p))
        return EG_NONE;
    if (p->token.kind == EG_TOKEN_PLUS || p->token.kind == EG_TOKEN_MINUS) {
        bool minus = p->token.kind == EG_TOKEN_MINUS;
        advance(p);
        id = parse_signed(p);
        id = minus ? eg_negate(p->graph, id) : id;
    } else {
        id = parse_power(p);
    }
    p->depth--;
    return id;
}

static eg_id parse_product(eg_parser *p)
{
    size_t from = p->stack_count, start = 0;
    eg_token_kind sign = EG_TOKEN_TIMES;
    for (;;) {
        eg_id factor = parse_signed(p);
        if (!failed(p) && sign == EG_TOKEN_DIVIDE && product_is_implied(p))
            return eg_parse_error_ambiguous(p, start, '/');
        if (!push(p, sign == EG_TOKEN_DIVIDE ? eg_raise(p->graph, factor, -1) : factor))
            return EG_NONE;
        sign = p->token.kind;
        start = p->token.location.offset;
        if (product_is_implied(p))
            continue;
        if (sign != EG_TOKEN_TIMES && sign != EG_TOKEN_DIVIDE)
            return pop_operands(p, from, eg_make_product);
        advance(p);
    }
}

static eg_id parse_sum(eg_parser *p)
{
    size_t from = p->stack_count;
    bool minus = false;
    for (;;) {
        eg_id term = parse_product(p);
        if (!push(p, minus ? eg_negate(p->graph, term) : term))
            return EG_NONE;
        minus = p->token.kind == EG_TOKEN_MINUS;
        if (!minus && p->token.kind != EG_TOKEN_PLUS)
            break;
        advance(p);
    }
    return pop_operands(p, from, eg_make_sum);
}

/* Parses a sum, or a comparison of sums. Of a chain, a < b < c, all must hold. */
static eg_id parse_comparison(eg_parser *p)
{
    eg_id left = parse_sum(p), all = EG_NONE;
    if (!eg_is_comparison(p->token.kind))
        return left;
    while (!failed(p) && eg_is_comparison(p->token.kind)) {
        eg_token_kind sign = p->token.kind;
        advance(p);
        eg_id right = parse_sum(p);
        if (failed(p))
            return EG_NONE;
        eg_id holds = eg_make_comparison(p->graph, sign, left, right);
        all = all == EG_NONE ? holds : eg_make_call(p->graph, EG_F_AND, (eg_id[]){all, holds});
        left = right;
    }
    return failed(p) ? EG_NONE : all;
}

static eg_id parse_all(eg_parser *p)
{
    p->previous.kind = EG_TOKEN_END;
    p->token = eg_next_token(p->text, 0);
    eg_id root = parse_comparison(p);
    if (failed(p) || p->token.kind == EG_TOKEN_END)
        return root;
    if (p->token.kind == EG_TOKEN_CLOSE)
        return eg_parse_error(p, p->token.location,
                              "this ')' closes nothing; remove it or add a '(' before it");
    return eg_parse_error_operator(p, "an operator");
}

/* Parses the whole text to nodes of one graph. */
static eg_id parse_into(eg_parser *p, eg_graph *graph)
{
    p->graph = graph;
    p->depth = p->stack_count = 0;
    return parse_all(p);
}

/* Collects the variables of the text: its names that are neither functions, constants nor bindings.
 * Errors and surplus names are ignored here, because the parser reports them with their location.
 */
static void collect_names(eg_parser *p)
{
    eg_token token = eg_next_token(p->text, 0);
    while (token.kind != EG_TOKEN_END && token.kind != EG_TOKEN_INVALID) {
        eg_token next = eg_next_token(p->text, token.location.offset + token.location.length);
        eg_slice name = eg_slice_at(p, token.location);
        if (token.kind == EG_TOKEN_NAME && next.kind != EG_TOKEN_OPEN &&
            eg_find_constant(name) < 0 && !eg_is_reserved(name) &&
            !eg_find_binding(p->options, name))
            eg_add_name(&p->names, name);
        token = next;
    }
    eg_order_names(&p->names);
}

eg_status eg_expr_parse(eg_expr **expr, eg_context *ctx, const char *text,
                        const eg_expr_options *options, eg_expr_location *location, eg_error *error)
{
    static const eg_expr_options standard = {0};
    eg_parser p = {.text = text, .options = options ? options : &standard, .error = error};
    p.collects_names = !p.options->names;
    *expr = NULL;
    if (location)
        *location = (eg_expr_location){0, 0};
    eg_status status = eg_check_options(&p.names, options, error);
    if (status != EG_OK)
        return status;
    if (strnlen(text, EG_EXPR_LENGTH + 1) > EG_EXPR_LENGTH)
        return eg_fail(error, EG_USAGE, "the expression is longer than %d bytes", EG_EXPR_LENGTH);
    if (p.collects_names)
        collect_names(&p);
    *expr = eg_expr_new(ctx, &p.names, error);
    if (!*expr)
        return eg_failed(error);
    eg_id root = parse_into(&p, &(*expr)->graph);
    eg_id typed_root = root == EG_NONE ? EG_NONE : parse_into(&p, &(*expr)->typed);
    eg_free(p.stack);
    if (location)
        *location = p.location;
    return eg_expr_compile(expr, root, typed_root, error);
}
