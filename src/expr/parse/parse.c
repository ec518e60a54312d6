/* SPDX-License-Identifier: MIT */
/*
 * Parses text to a graph, by recursive descent:
 *
 *     statement = [ head ] comparison [ "=" comparison ]
 *     head      = name "=" | name "(" name { "," name } ")" "="
 *     comparison = sum { ("<" | "<=" | ">" | ">=" | "==" | "!=") sum }
 *     sum       = product { ("+" | "-") product }
 *     product   = signed { ("*" | "/") signed | implied }     implied: begins with a name, "(", a
 *                                                              root or, if none is open, "|"
 *     signed    = { "+" | "-" } power
 *     power     = postfix [ "^" signed | superscript ]
 *     postfix   = primary [ degree ]
 *     primary   = number [ "!" ] | name | call | "(" comparison ")" | "|" comparison "|" | root
 * primary call      = function [ power ] ( "(" comparison { "," comparison } ")" | [ number ] [
 * name ] )
 *
 * The last form of a call is sin x and sin 2x, which nothing may follow that could belong to the
 * argument.
 */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "expr/parse/parser.h"
#include "expr/parse/rewrite.h"

static eg_id parse_comparison(eg_parser *p);
static eg_id parse_signed(eg_parser *p);
static eg_id parse_primary(eg_parser *p);
static bool enter_nesting(eg_parser *p);

/* ---- stack of operands ---- */

static bool push(eg_parser *p, eg_id id)
{
    if (id == EG_NONE || eg_parse_failed(p))
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
    if (eg_parse_failed(p))
        return EG_NONE;
    return count == 1 ? p->stack[from] : make(p->graph, p->stack + from, count);
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
    eg_token open = p->previous;
    size_t bars = p->bars;
    p->bars = 0;
    eg_id inside = parse_comparison(p);
    if (eg_parse_failed(p))
        return EG_NONE;
    eg_parse_close_bracket(p, open);
    p->bars = bars;
    return eg_parse_failed(p) ? EG_NONE : inside;
}

/* Returns true if another bar comes before the end of the innermost parentheses. */
static bool bar_follows(const eg_parser *p)
{
    size_t depth = 0;
    for (eg_token t = p->token; t.kind != EG_TOKEN_END && t.kind != EG_TOKEN_INVALID;
         t = eg_next_token(p->text, t.location.offset + t.location.length)) {
        if (t.kind == EG_TOKEN_BAR && depth == 0)
            return true;
        if (t.kind == EG_TOKEN_CLOSE && depth-- == 0)
            return false;
        depth += t.kind == EG_TOKEN_OPEN;
    }
    return false;
}

/* Parses an absolute value after its first bar. */
static eg_id parse_bars(eg_parser *p)
{
    eg_expr_location open = p->previous.location;
    if (!enter_nesting(p))
        return EG_NONE;
    p->bars++;
    eg_id inside = parse_comparison(p);
    if (eg_parse_failed(p))
        return EG_NONE;
    if (p->token.kind == EG_TOKEN_END)
        return eg_parse_error(p, open, "this '|' is never closed; add a '|'");
    if (p->token.kind != EG_TOKEN_BAR)
        return eg_parse_error_operator(p, "an operator or '|'");
    eg_parse_advance(p);
    p->bars--;
    p->depth--;
    bool operand = p->token.kind == EG_TOKEN_NUMBER || p->token.kind == EG_TOKEN_NAME ||
                   p->token.kind == EG_TOKEN_OPEN || p->token.kind == EG_TOKEN_ROOT;
    if (operand && bar_follows(p))
        return eg_parse_error(
            p, p->previous.location,
            "whether this '|' closes or opens can be read two ways: write abs(...)");
    return eg_call(p->graph, EG_F_ABS, inside);
}

/* Parses the argument of a root sign. */
static eg_id parse_root(eg_parser *p)
{
    eg_token sign = p->previous, argument = p->token;
    if (!enter_nesting(p))
        return EG_NONE;
    eg_id inside = parse_primary(p);
    p->depth--;
    if (eg_parse_failed(p))
        return EG_NONE;
    bool closed = p->previous.kind == EG_TOKEN_CLOSE || p->previous.kind == EG_TOKEN_BAR;
    if (!closed && p->token.kind == EG_TOKEN_NAME && eg_adjoin(p->previous, p->token))
        return eg_parse_error_ambiguous(p, sign);
    if (p->token.kind == EG_TOKEN_POWER || p->token.kind == EG_TOKEN_SUPERSCRIPT ||
        p->token.kind == EG_TOKEN_DEGREE)
        if (argument.kind != EG_TOKEN_OPEN)
            return eg_parse_error(
                p, p->token.location,
                "an exponent after a root reads two ways: write sqrt(x)^2 or sqrt(x^2)");
    return eg_call(p->graph, EG_F_SQRT, inside);
}

static eg_id parse_number(eg_parser *p)
{
    eg_slice text = eg_slice_at(p, p->previous.location);
    if (p->token.kind != EG_TOKEN_FACTORIAL || !eg_adjoin(p->previous, p->token))
        return eg_make_literal(p->graph, text.text, text.length, p->previous.number);
    eg_id factorial = eg_make_factorial(p->graph, text);
    if (factorial == EG_NONE)
        return eg_parse_error_operator(p, "an operator");
    eg_parse_advance(p);
    return factorial;
}

/* Returns true if the current token, after a name, begins the argument of a call without
 * parentheses or another factor. */
static bool operand_follows(const eg_parser *p)
{
    return p->token.kind == EG_TOKEN_NUMBER || p->token.kind == EG_TOKEN_NAME ||
           p->token.kind == EG_TOKEN_ROOT || (p->token.kind == EG_TOKEN_BAR && p->bars == 0);
}

/* Parses a call, or a name that stands for a value. */
static eg_id parse_named(eg_parser *p)
{
    eg_slice name = eg_slice_at(p, p->previous.location);
    int function = eg_find_function(name);
    bool opens = p->token.kind == EG_TOKEN_OPEN;
    bool value = eg_find_name(&p->names, name) >= 0 || eg_find_binding(p->options, name);
    if (function >= 0 && (eg_is_reserved(name) || (opens && !value)))
        return eg_parse_function(p, function);
    bool glued = opens && eg_adjoin(p->previous, p->token);
    if (function >= 0 && p->collects_names && !eg_find_binding(p->options, name) &&
        eg_is_free_logarithm(function) && operand_follows(p))
        return eg_parse_error_bare_name(p, p->previous.location);
    if (function >= 0 && glued)
        return eg_parse_error(p, p->previous.location,
                              "'%s' is a value here; for a product write %s*(...), or rename it to "
                              "call the function",
                              eg_function_at(function)->name, eg_function_at(function)->name);
    if (glued || (opens && !eg_is_factor(p, name)))
        return eg_parse_error_function(p, p->previous.location);
    return eg_parse_name(p);
}

static eg_id parse_primary(eg_parser *p)
{
    static eg_id (*const parsers[])(eg_parser * p) = {
        [EG_TOKEN_NUMBER] = parse_number,    [EG_TOKEN_NAME] = parse_named,
        [EG_TOKEN_OPEN] = parse_parentheses, [EG_TOKEN_BAR] = parse_bars,
        [EG_TOKEN_ROOT] = parse_root,        [EG_TOKEN_INVALID] = NULL,
    };
    eg_id (*parse)(eg_parser * p) = parsers[p->token.kind];
    if (!parse)
        return eg_parse_error_operand(p);
    eg_parse_advance(p);
    return parse(p);
}

/* Returns true if the current token, after a complete operand, begins another factor. */
static bool product_is_implied(const eg_parser *p)
{
    return p->token.kind == EG_TOKEN_NAME || p->token.kind == EG_TOKEN_OPEN ||
           p->token.kind == EG_TOKEN_ROOT || (p->token.kind == EG_TOKEN_BAR && p->bars == 0);
}

static eg_id parse_postfix(eg_parser *p)
{
    eg_id id = parse_primary(p);
    if (!eg_parse_failed(p) && p->token.kind == EG_TOKEN_DEGREE) {
        eg_parse_advance(p);
        if (p->token.kind == EG_TOKEN_NAME && eg_adjoin(p->previous, p->token))
            return eg_parse_error(p, p->previous.location,
                                  "the degree is that of an angle, pi/180: write * after it");
        id = eg_make_degrees(p->graph, id);
    }
    return id;
}

static eg_id parse_power(eg_parser *p)
{
    eg_id base = parse_postfix(p);
    eg_token sign = p->token;
    if (eg_parse_failed(p) || (sign.kind != EG_TOKEN_POWER && sign.kind != EG_TOKEN_SUPERSCRIPT))
        return base;
    eg_parse_advance(p);
    if (sign.kind == EG_TOKEN_SUPERSCRIPT) {
        if (p->token.kind == EG_TOKEN_POWER || p->token.kind == EG_TOKEN_SUPERSCRIPT)
            return eg_parse_error(p, p->token.location,
                                  "a second exponent reads two ways: write parentheses");
        eg_id number = eg_make_number(p->graph, eg_rational_of(sign.number));
        return eg_make_power(p->graph, base, number);
    }
    eg_id exponent = parse_signed(p);
    bool closed = p->previous.kind == EG_TOKEN_CLOSE || p->previous.kind == EG_TOKEN_SUPERSCRIPT;
    if (!eg_parse_failed(p) && product_is_implied(p) && !closed && eg_adjoin(p->previous, p->token))
        return eg_parse_error_ambiguous(p, sign);
    return eg_make_power(p->graph, base, exponent);
}

static eg_id parse_signed(eg_parser *p)
{
    eg_id id;
    if (!enter_nesting(p))
        return EG_NONE;
    if (p->token.kind == EG_TOKEN_PLUS || p->token.kind == EG_TOKEN_MINUS) {
        bool minus = p->token.kind == EG_TOKEN_MINUS;
        eg_parse_advance(p);
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
    size_t from = p->stack_count;
    eg_token sign = {.kind = EG_TOKEN_TIMES};
    for (;;) {
        eg_id factor = parse_signed(p);
        if (!eg_parse_failed(p) && sign.kind == EG_TOKEN_DIVIDE && product_is_implied(p))
            return eg_parse_error_ambiguous(p, sign);
        if (!push(p, sign.kind == EG_TOKEN_DIVIDE ? eg_raise(p->graph, factor, -1) : factor))
            return EG_NONE;
        sign = p->token;
        if (product_is_implied(p)) {
            sign.kind = EG_TOKEN_TIMES;
            continue;
        }
        if (sign.kind != EG_TOKEN_TIMES && sign.kind != EG_TOKEN_DIVIDE)
            return pop_operands(p, from, eg_make_product);
        eg_parse_advance(p);
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
        eg_parse_advance(p);
    }
    return pop_operands(p, from, eg_make_sum);
}

/* Parses a sum, or a comparison of sums. Of a chain, a < b < c, all must hold. */
static eg_id parse_comparison(eg_parser *p)
{
    eg_id left = parse_sum(p), all = EG_NONE;
    if (!eg_is_comparison(p->token.kind))
        return left;
    while (!eg_parse_failed(p) && eg_is_comparison(p->token.kind)) {
        eg_token_kind sign = p->token.kind;
        eg_parse_advance(p);
        eg_id right = parse_sum(p);
        if (eg_parse_failed(p))
            return EG_NONE;
        eg_id holds = eg_make_comparison(p->graph, sign, left, right);
        all = all == EG_NONE ? holds : eg_make_call(p->graph, EG_F_AND, (eg_id[]){all, holds});
        left = right;
    }
    return eg_parse_failed(p) ? EG_NONE : all;
}

static eg_id parse_all(eg_parser *p)
{
    p->previous.kind = EG_TOKEN_END;
    p->token = eg_next_token(p->text, p->start);
    eg_id root = parse_comparison(p);
    if (eg_parse_failed(p) || p->token.kind == EG_TOKEN_END)
        return root;
    if (p->token.kind == EG_TOKEN_EQUALS && p->options->form != EG_FORM_EXPRESSION) {
        p->equation = true;
        eg_parse_advance(p);
        root = eg_subtract(p->graph, root, parse_comparison(p));
        if (eg_parse_failed(p) || p->token.kind == EG_TOKEN_END)
            return root;
    }
    if (p->token.kind == EG_TOKEN_CLOSE)
        return eg_parse_error(p, p->token.location,
                              "this '%c' closes nothing; remove it or add a '%c' before it",
                              p->text[p->token.location.offset], p->token.bracket);
    return eg_parse_error_operator(p, "an operator");
}

/* Parses the whole text to nodes of one graph. */
static eg_id parse_into(eg_parser *p, eg_graph *graph)
{
    p->graph = graph;
    p->depth = p->stack_count = p->bars = 0;
    return parse_all(p);
}

eg_status eg_expr_parse(eg_expr **expr, eg_context *ctx, const char *text,
                        const eg_expr_options *options, eg_expr_location *location, eg_error *error)
{
    static const eg_expr_options standard = {0};
    eg_parser p = {.text = text, .options = options ? options : &standard, .error = error};
    p.parse_inside = parse_comparison;
    p.collects_names = !p.options->names;
    *expr = NULL;
    if (location)
        *location = (eg_expr_location){0, 0};
    eg_status status = eg_check_options(&p.names, options, error);
    if (status != EG_OK)
        return status;
    if (strnlen(text, EG_EXPR_LENGTH + 1) > EG_EXPR_LENGTH)
        return eg_fail(error, EG_USAGE, "the expression is longer than %d bytes", EG_EXPR_LENGTH);
    eg_read_names(&p);
    *expr = eg_expr_new(ctx, &p.names, error);
    if (!*expr)
        return eg_failed(error);
    eg_id root = parse_into(&p, &(*expr)->graph);
    eg_id typed_root = root == EG_NONE ? EG_NONE : parse_into(&p, &(*expr)->typed);
    (*expr)->equation = p.equation;
    eg_free(p.stack);
    if (location)
        *location = p.location;
    return eg_expr_compile(expr, root, typed_root, error);
}
