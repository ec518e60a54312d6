/* SPDX-License-Identifier: MIT */
/*
 * Parses text to a graph, by recursive descent:
 *
 *     sum     = product { ("+" | "-") product }
 *     product = signed { ("*" | "/") signed | implied }      implied: between a number and a name
 * or "(" signed  = { "+" | "-" } power power   = primary [ "^" signed ] primary = number | name |
 * name "(" sum { "," sum } ")" | "(" sum ")"
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
    p->previous = p->token;
    p->token = eg_next_token(p->text, p->token.location.offset + p->token.location.length);
}

static eg_id parse_sum(eg_parser *p);
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
    int function = eg_find_function(name);
    if (function >= 0)
        return eg_parse_error(p, location, "%s is a function: write %s(%s)",
                              eg_function_at(function)->name, eg_function_at(function)->name,
                              eg_function_at(function)->arguments == 1 ? "x" : "x, y");
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

/* Parses the arguments of a call; the current token is the parenthesis after its name. */
static eg_id parse_call(eg_parser *p)
{
    eg_expr_location location = p->previous.location;
    int function = eg_find_function(eg_slice_at(p, location));
    eg_id args[2] = {EG_NONE, EG_NONE};
    int count = 0;
    if (function < 0)
        return eg_parse_error_function(p, location);
    const eg_function *f = eg_function_at(function);
    do {
        advance(p);
        if (count == f->arguments)
            return eg_parse_error(p, p->previous.location, "%s takes %d argument%s%s", f->name,
                                  f->arguments, f->arguments == 1 ? "" : "s",
                                  f->arguments == 1 ? "; write decimals with a point, not a comma"
                                                    : ", not more");
        args[count++] = parse_sum(p);
        if (failed(p))
            return EG_NONE;
    } while (p->token.kind == EG_TOKEN_COMMA);
    if (p->token.kind != EG_TOKEN_CLOSE)
        return eg_parse_error_operator(p, "an operator or ')'");
    if (count < f->arguments)
        return eg_parse_error(p, p->token.location,
                              "%s takes %d arguments, separated by a comma: %s(x, y)", f->name,
                              f->arguments, f->name);
    advance(p);
    return make_function(p->graph, function, args);
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
    eg_id inside = parse_sum(p);
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

static eg_id parse_all(eg_parser *p)
{
    p->previous.kind = EG_TOKEN_END;
    p->token = eg_next_token(p->text, 0);
    eg_id root = parse_sum(p);
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
            eg_find_constant(name) < 0 && eg_find_function(name) < 0 &&
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
