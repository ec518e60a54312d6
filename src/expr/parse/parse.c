/* SPDX-License-Identifier: MIT */
/*
 * Text to graph, by recursive descent:
 *
 *     sum     = product { ("+" | "-") product }
 *     product = signed { ("*" | "/") signed | implied }      implied: a number, then a name or "("
 *     signed  = { "+" | "-" } power
 *     power   = primary [ "^" signed ]
 *     primary = number | name | name "(" sum { "," sum } ")" | "(" sum ")"
 */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "expr/parse/parser.h"

static bool failed(const eg_parser *p)
{
    return p->graph->status != EG_OK;
}

static void advance(eg_parser *p)
{
    p->before = p->token;
    p->token = eg_next_token(p->text, p->token.place.offset + p->token.place.length);
}

static eg_id parse_sum(eg_parser *p);
static eg_id parse_signed(eg_parser *p);

/* ---- the stack ---- */

static bool push(eg_parser *p, eg_id id)
{
    if (id == EG_NONE || failed(p))
        return false;
    if (p->stacked == p->capacity) {
        size_t wanted = p->capacity ? 2 * p->capacity : 64;
        eg_id *moved = eg_alloc(p->graph->ctx, wanted, sizeof *moved, p->error);
        if (!moved) {
            eg_graph_fail(p->graph, eg_failed(p->error));
            return false;
        }
        if (p->stacked)
            memcpy(moved, p->stack, p->stacked * sizeof *moved);
        eg_free(p->stack);
        p->stack = moved;
        p->capacity = wanted;
    }
    p->stack[p->stacked++] = id;
    return true;
}

/* Takes what was pushed since `from` for the arguments of a sum or product. */
static eg_id reduce(eg_parser *p, size_t from,
                    eg_id (*make)(eg_graph *graph, const eg_id *args, size_t count))
{
    size_t count = p->stacked - from;
    p->stacked = from;
    if (failed(p))
        return EG_NONE;
    return count == 1 ? p->stack[from] : make(p->graph, p->stack + from, count);
}

/* ---- names ---- */

static eg_id parse_name(eg_parser *p)
{
    eg_expr_location place = p->before.place;
    eg_slice name = eg_slice_at(p, place);
    int constant = eg_find_constant(name), variable = eg_find_name(&p->names, name);
    const eg_binding *let = eg_find_binding(p->options, name);
    int function = eg_find_function(name);
    if (function >= 0)
        return eg_parse_error(p, place, "%s is a function: write %s(%s)",
                              eg_function_of(function)->name, eg_function_of(function)->name,
                              eg_function_of(function)->arguments == 1 ? "x" : "x, y");
    if (let)
        return eg_make_number(p->graph, eg_rational_of(let->value));
    if (constant >= 0)
        return eg_make_constant(p->graph, (uint32_t)constant);
    if (variable >= 0)
        return eg_make_variable(p->graph, (uint32_t)variable);
    if (p->any_name)
        return eg_parse_error(p, place, "more than %d variables", EG_EXPR_VARIABLES);
    return eg_parse_error_name(p, place);
}

static eg_id make_function(eg_graph *graph, int function, const eg_id *args)
{
    switch (function) {
    case EG_F_LN:
        return eg_call(graph, EG_F_LOG, args[0]);
    case EG_F_POW:
        return eg_make_power(graph, args[0], args[1]);
    case EG_F_SEC:
        return eg_raise(graph, eg_call(graph, EG_F_COS, args[0]), -1);
    case EG_F_CSC:
        return eg_raise(graph, eg_call(graph, EG_F_SIN, args[0]), -1);
    case EG_F_COT:
        return eg_divide(graph, eg_call(graph, EG_F_COS, args[0]),
                         eg_call(graph, EG_F_SIN, args[0]));
    default:
        return eg_make_call(graph, (eg_function_id)function, args);
    }
}

/* The parenthesis after the name of a function is the present token. */
static eg_id parse_call(eg_parser *p)
{
    eg_expr_location place = p->before.place;
    int function = eg_find_function(eg_slice_at(p, place));
    eg_id args[2] = {EG_NONE, EG_NONE};
    int count = 0;
    if (function < 0)
        return eg_parse_error_function(p, place);
    const eg_function *f = eg_function_of(function);
    do {
        advance(p);
        if (count == f->arguments)
            return eg_parse_error(p, p->before.place, "%s takes %d argument%s%s", f->name,
                                  f->arguments, f->arguments == 1 ? "" : "s",
                                  f->arguments == 1 ? "; decimals have a point, not a comma" : "");
        args[count++] = parse_sum(p);
        if (failed(p))
            return EG_NONE;
    } while (p->token.kind == EG_TOKEN_COMMA);
    if (p->token.kind != EG_TOKEN_CLOSE)
        return eg_parse_error_operator(p, "an operator or ')'");
    if (count < f->arguments)
        return eg_parse_error(p, p->token.place, "%s takes %d arguments, separated by a comma",
                              f->name, f->arguments);
    advance(p);
    return make_function(p->graph, function, args);
}

/* ---- the grammar ---- */

static bool enter(eg_parser *p)
{
    if (p->depth++ <= EG_EXPR_DEPTH)
        return true;
    eg_parse_error(p, p->token.place, "nested deeper than %d", EG_EXPR_DEPTH);
    return false;
}

static eg_id parse_parentheses(eg_parser *p)
{
    eg_expr_location open = p->before.place;
    eg_id inside = parse_sum(p);
    if (failed(p))
        return EG_NONE;
    if (p->token.kind == EG_TOKEN_END)
        return eg_parse_error(p, open, "this '(' is never closed");
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
        return eg_make_number(p->graph, eg_rational_of(p->before.number));
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
    return p->before.kind == EG_TOKEN_NUMBER &&
           (p->token.kind == EG_TOKEN_NAME || p->token.kind == EG_TOKEN_OPEN);
}

static eg_id parse_power(eg_parser *p)
{
    eg_id base = parse_primary(p);
    if (failed(p) || p->token.kind != EG_TOKEN_POWER)
        return base;
    size_t start = p->token.place.offset;
    advance(p);
    eg_id exponent = parse_signed(p);
    if (!failed(p) && product_is_implied(p))
        return eg_parse_error_ambiguous(p, start, '^');
    return eg_make_power(p->graph, base, exponent);
}

static eg_id parse_signed(eg_parser *p)
{
    eg_id id;
    if (!enter(p))
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
    size_t from = p->stacked, start = 0;
    eg_token_kind sign = EG_TOKEN_TIMES;
    for (;;) {
        eg_id factor = parse_signed(p);
        if (!failed(p) && sign == EG_TOKEN_DIVIDE && product_is_implied(p))
            return eg_parse_error_ambiguous(p, start, '/');
        if (!push(p, sign == EG_TOKEN_DIVIDE ? eg_raise(p->graph, factor, -1) : factor))
            return EG_NONE;
        sign = p->token.kind;
        start = p->token.place.offset;
        if (product_is_implied(p))
            continue;
        if (sign != EG_TOKEN_TIMES && sign != EG_TOKEN_DIVIDE)
            return reduce(p, from, eg_make_product);
        advance(p);
    }
}

static eg_id parse_sum(eg_parser *p)
{
    size_t from = p->stacked;
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
    return reduce(p, from, eg_make_sum);
}

static eg_id parse_all(eg_parser *p)
{
    p->before.kind = EG_TOKEN_END;
    p->token = eg_next_token(p->text, 0);
    eg_id root = parse_sum(p);
    if (failed(p) || p->token.kind == EG_TOKEN_END)
        return root;
    if (p->token.kind == EG_TOKEN_CLOSE)
        return eg_parse_error(p, p->token.place, "this ')' closes nothing");
    return eg_parse_error_operator(p, "an operator");
}

/* The names of the text that are neither functions nor constants. What is wrong with it, or a name
 * too many, is found again in its place. */
static void collect_names(eg_parser *p)
{
    eg_token token = eg_next_token(p->text, 0);
    while (token.kind != EG_TOKEN_END && token.kind != EG_TOKEN_WRONG) {
        eg_token next = eg_next_token(p->text, token.place.offset + token.place.length);
        eg_slice name = eg_slice_at(p, token.place);
        if (token.kind == EG_TOKEN_NAME && next.kind != EG_TOKEN_OPEN &&
            eg_find_constant(name) < 0 && eg_find_function(name) < 0 &&
            !eg_find_binding(p->options, name))
            eg_add_name(&p->names, name);
        token = next;
    }
    eg_order_names(&p->names);
}

eg_status eg_expr_parse(eg_expr **expr, eg_context *ctx, const char *text,
                        const eg_expr_options *options, eg_expr_location *place, eg_error *error)
{
    static const eg_expr_options standard = {0};
    eg_parser p = {.text = text, .options = options ? options : &standard, .error = error};
    p.any_name = !p.options->names;
    *expr = NULL;
    if (place)
        *place = (eg_expr_location){0, 0};
    eg_status status = eg_check_options(&p.names, options, error);
    if (status != EG_OK)
        return status;
    if (strnlen(text, EG_EXPR_LENGTH + 1) > EG_EXPR_LENGTH)
        return eg_fail(error, EG_USAGE, "the expression is longer than %d bytes", EG_EXPR_LENGTH);
    if (p.any_name)
        collect_names(&p);
    *expr = eg_expr_begin(ctx, &p.names, error);
    if (!*expr)
        return eg_failed(error);
    p.graph = &(*expr)->graph;
    eg_id root = parse_all(&p);
    eg_free(p.stack);
    if (place)
        *place = p.place;
    return eg_expr_finish(expr, root, error);
}
