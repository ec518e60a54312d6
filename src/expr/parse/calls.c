/* SPDX-License-Identifier: MIT */
/* Parses names and calls: sin(x), sin x, sin^2(x). */
#include "expr/parse/parser.h"
#include "expr/parse/rewrite.h"

eg_id eg_parse_name(eg_parser *p)
{
    eg_expr_location location = p->previous.location;
    eg_slice name = eg_slice_at(p, location), argument;
    int constant = eg_find_constant(name), variable = eg_find_name(&p->names, name);
    const eg_binding *binding = eg_find_binding(p->options, name);
    int function = -1;
    if (binding)
        return eg_make_binding(p->graph, binding);
    if (constant >= 0)
        return eg_make_constant(p->graph, (uint32_t)constant);
    if (variable < 0 || p->collects_names)
        function = eg_find_glued_function(p, name, &argument);
    if (function >= 0)
        return eg_parse_error(p, location, "%.*s is one name; for the function write %s(%.*s)",
                              (int)name.length, name.text, eg_function_at(function)->name,
                              (int)argument.length, argument.text);
    if (variable >= 0)
        return eg_make_variable(p->graph, (uint32_t)variable);
    if (p->collects_names)
        return eg_parse_error(p, location,
                              "the expression has more than %d variables; replace some by numbers",
                              EG_EXPR_VARIABLES);
    return eg_parse_error_name(p, location);
}

void eg_parse_close_bracket(eg_parser *p, eg_token open)
{
    static const char brackets[][2] = {"()", "[]", "{}"};
    char expected[24] = "an operator or ')'";
    for (size_t i = 0; i < sizeof brackets / sizeof *brackets; i++)
        if (brackets[i][0] == open.bracket)
            expected[sizeof "an operator or '" - 1] = brackets[i][1];
    if (p->token.kind == EG_TOKEN_END)
        eg_parse_error(p, open.location, "this '%c' is never closed; add a '%c'", open.bracket,
                       expected[sizeof "an operator or '" - 1]);
    else if (p->token.kind != EG_TOKEN_CLOSE || p->token.bracket != open.bracket)
        eg_parse_error_operator(p, expected);
    else
        eg_parse_advance(p);
}

/* Reports a surplus argument; the current token is the first of it, after a comma. */
static eg_id surplus_argument(eg_parser *p, const eg_function *f)
{
    return eg_parse_error(p, p->previous.location, "%s takes %d argument%s%s", f->name,
                          f->arguments, f->arguments == 1 ? "" : "s",
                          f->arguments == 1 ? "; write decimals with a point, not a comma"
                                            : ", not more");
}

/* Parses the arguments of a call after its bracket. Returns their number, 0 on failure. Those of
 * min() and max() are combined from left to right to two. */
static size_t parse_arguments(eg_parser *p, int function, eg_id args[EG_MAX_ARGUMENTS])
{
    size_t count = 0, most = eg_most_arguments(function);
    do {
        eg_parse_advance(p);
        if (count == most)
            surplus_argument(p, eg_function_at(function));
        if (count == 2 && most > EG_MAX_ARGUMENTS) {
            args[0] = eg_make_function(p->graph, function, args, 2);
            args[--count] = EG_NONE;
        }
        eg_id argument = eg_parse_failed(p) ? EG_NONE : p->parse_inside(p);
        if (eg_parse_failed(p))
            return 0;
        args[count++] = argument;
    } while (p->token.kind == EG_TOKEN_COMMA);
    return count;
}

/* Parses the arguments of a call; the current token is the bracket after its name. */
static eg_id parse_call(eg_parser *p, int function, eg_expr_location location)
{
    eg_token open = p->token;
    eg_id args[EG_MAX_ARGUMENTS] = {EG_NONE, EG_NONE, EG_NONE};
    char names[EG_ARGUMENTS_TEXT];
    size_t bars = p->bars;
    const eg_function *f = eg_function_at(function);
    p->bars = 0;
    size_t count = parse_arguments(p, function, args);
    if (eg_parse_failed(p))
        return EG_NONE;
    eg_argument_names(function, names);
    if (count < (size_t)f->arguments && p->token.kind == EG_TOKEN_CLOSE)
        return eg_parse_error(
            p, p->token.location, "%s takes %d arguments%s, separated by a comma: %s(%s)", f->name,
            f->arguments, eg_most_arguments(function) > EG_MAX_ARGUMENTS ? " or more" : "", f->name,
            names);
    eg_parse_close_bracket(p, open);
    p->bars = bars;
    if (eg_parse_failed(p))
        return EG_NONE;
    if (!eg_order_is_valid(p->graph, function, args))
        return eg_parse_error(p, location, "the n of %s(%s) must be a whole number from %s",
                              f->name, names,
                              function == EG_F_ROOT ? "1 to 1000, such as root(x, 5)"
                                                    : "0 to 100, such as polygamma(1, x)");
    return eg_make_function(p->graph, function, args, count);
}

/* Returns true if the current token can follow the argument of a call without parentheses. */
static bool ends_argument(const eg_parser *p)
{
    switch (p->token.kind) {
    case EG_TOKEN_END:
    case EG_TOKEN_CLOSE:
    case EG_TOKEN_COMMA:
    case EG_TOKEN_PLUS:
    case EG_TOKEN_MINUS:
    case EG_TOKEN_EQUALS:
    case EG_TOKEN_BAR:
        return true;
    case EG_TOKEN_NAME:
        return eg_find_function(eg_slice_at(p, p->token.location)) >= 0;
    default:
        return eg_is_comparison(p->token.kind);
    }
}

/* Parses the argument of a call without parentheses: x, 2, 2x, 30 degrees. The current token is the
 * one after the name. */
static eg_id parse_bare_argument(eg_parser *p, int function, eg_expr_location location)
{
    eg_id factors[2];
    size_t count = 0;
    if (p->token.kind == EG_TOKEN_NUMBER) {
        eg_parse_advance(p);
        factors[count++] = eg_make_literal(p->graph, p->text + p->previous.location.offset,
                                           p->previous.location.length, p->previous.number);
    }
    if (p->token.kind == EG_TOKEN_NAME && (count == 0 || eg_adjoin(p->previous, p->token)) &&
        !eg_is_reserved(eg_slice_at(p, p->token.location))) {
        eg_parse_advance(p);
        factors[count++] = eg_parse_name(p);
    }
    if (count > 0 && p->token.kind == EG_TOKEN_DEGREE) {
        eg_parse_advance(p);
        factors[count - 1] = eg_make_degrees(p->graph, factors[count - 1]);
    }
    const eg_function *f = eg_function_at(function);
    if (eg_parse_failed(p))
        return EG_NONE;
    if (count > 0 && f->arguments == 1 && ends_argument(p)) {
        eg_id argument = count == 1 ? factors[0] : eg_make_product(p->graph, factors, 2);
        return eg_make_function(p->graph, function, &argument, 1);
    }
    if (count > 0 && f->arguments == 1)
        return eg_parse_error(p, location,
                              "where the argument of %s ends can be read two ways: write %s(...)",
                              f->name, f->name);
    char names[EG_ARGUMENTS_TEXT];
    eg_slice name = eg_slice_at(p, location);
    eg_argument_names(function, names);
    return eg_parse_error(p, location, "%.*s is a function: write %.*s(%s)", (int)name.length,
                          name.text, (int)name.length, name.text, names);
}

/* Parses the exponent of a function in sin^2(x). Returns 0 after an error. */
static int parse_function_power(eg_parser *p, int function, eg_expr_location location)
{
    eg_token sign = p->token;
    const char *name = eg_function_at(function)->name;
    eg_parse_advance(p);
    bool superscript = sign.kind == EG_TOKEN_SUPERSCRIPT;
    eg_token exponent = superscript ? sign : p->token;
    eg_token inner = p->token.kind == EG_TOKEN_OPEN
                         ? eg_next_token(p->text, p->token.location.offset + 1)
                         : p->token;
    if (superscript ? sign.number < 0 : inner.kind == EG_TOKEN_MINUS) {
        p->token = superscript ? sign : inner;
        eg_parse_error_inverse(p, function);
        return 0;
    }
    if (!superscript && exponent.kind == EG_TOKEN_NUMBER)
        eg_parse_advance(p);
    bool glued = !superscript && p->token.kind == EG_TOKEN_NAME && eg_adjoin(exponent, p->token);
    double n = exponent.number;
    if ((!superscript && exponent.kind != EG_TOKEN_NUMBER) || glued || n < 1 || n > 1000 ||
        n != (int)n) {
        eg_parse_error(p, location, "for a power of %s write %s(x)^n", name, name);
        return 0;
    }
    return (int)n;
}

eg_id eg_parse_function(eg_parser *p, int function)
{
    eg_expr_location location = p->previous.location;
    bool power = p->token.kind == EG_TOKEN_POWER || p->token.kind == EG_TOKEN_SUPERSCRIPT;
    const char *name = eg_function_at(function)->name;
    int exponent = power && eg_function_at(function)->arguments == 1
                       ? parse_function_power(p, function, location)
                       : 1;
    if (eg_parse_failed(p))
        return EG_NONE;
    eg_id call = p->token.kind == EG_TOKEN_OPEN ? parse_call(p, function, location)
                                                : parse_bare_argument(p, function, location);
    if (!power || eg_parse_failed(p))
        return call;
    if (p->token.kind == EG_TOKEN_POWER || p->token.kind == EG_TOKEN_SUPERSCRIPT)
        return eg_parse_error(p, p->token.location, "%s has two exponents: write (%s(x)^%d)^n",
                              name, name, exponent);
    return exponent == 1 ? call : eg_raise(p->graph, call, exponent);
}
