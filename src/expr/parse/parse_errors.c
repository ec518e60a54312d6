/* SPDX-License-Identifier: MIT */
/* What the parser says of text that is none of its language. */
#include <stdio.h>

#include "core/status.h"
#include "expr/parse/parser.h"

enum { SHOWN = 40 }; /* bytes of a token that a message repeats */

static int shown(eg_expr_location place)
{
    return place.length < SHOWN ? (int)place.length : SHOWN;
}

eg_id eg_parse_error(eg_parser *p, eg_expr_location place, const char *format, ...)
{
    va_list args;
    if (p->graph->status != EG_OK)
        return EG_NONE;
    p->place = place;
    va_start(args, format);
    eg_vfail(p->error, EG_USAGE, NULL, format, args);
    va_end(args);
    return eg_graph_fail(p->graph, EG_USAGE);
}

static void describe(const eg_parser *p, eg_token token, char out[SHOWN + 16])
{
    if (token.kind == EG_TOKEN_END)
        snprintf(out, SHOWN + 16, "the end");
    else
        snprintf(out, SHOWN + 16, "'%.*s'", shown(token.place), p->text + token.place.offset);
}

eg_id eg_parse_error_operand(eg_parser *p)
{
    char found[SHOWN + 16], after[SHOWN + 16];
    describe(p, p->token, found);
    describe(p, p->before, after);
    if (p->token.kind == EG_TOKEN_WRONG)
        return eg_parse_error(p, p->token.place, "%s: %s", found, p->token.wrong);
    if (p->before.kind == EG_TOKEN_END)
        return p->token.kind == EG_TOKEN_END
                   ? eg_parse_error(p, p->token.place, "the expression is empty")
                   : eg_parse_error(p, p->token.place, "expected a number, a name or '(', not %s",
                                    found);
    return eg_parse_error(p, p->token.place, "expected a number, a name or '(' after %s, not %s",
                          after, found);
}

eg_id eg_parse_error_operator(eg_parser *p, const char *wanted)
{
    char found[SHOWN + 16], after[SHOWN + 16];
    describe(p, p->token, found);
    describe(p, p->before, after);
    eg_token next = eg_next_token(p->text, p->token.place.offset + p->token.place.length);
    if (p->token.kind == EG_TOKEN_WRONG)
        return eg_parse_error(p, p->token.place, "%s: %s", found, p->token.wrong);
    if (p->token.kind == EG_TOKEN_COMMA && p->before.kind == EG_TOKEN_NUMBER &&
        next.kind == EG_TOKEN_NUMBER)
        return eg_parse_error(p, p->token.place,
                              "a comma separates arguments; write decimals with a point: %.*s.%.*s",
                              shown(p->before.place), p->text + p->before.place.offset,
                              shown(next.place), p->text + next.place.offset);
    if (p->token.kind == EG_TOKEN_NUMBER || p->token.kind == EG_TOKEN_NAME ||
        p->token.kind == EG_TOKEN_OPEN)
        return eg_parse_error(p, p->token.place,
                              "expected %s between %s and %s; a product is written with *", wanted,
                              after, found);
    return eg_parse_error(p, p->token.place, "expected %s after %s, not %s", wanted, after, found);
}

/* Splits a name into names that are known, "x*y"; false: it is not made of them. */
static bool split_name(const eg_parser *p, eg_slice name, char *out, size_t size)
{
    if (name.length == 0)
        return true;
    for (size_t length = name.length; length > 0; length--) {
        eg_slice part = {name.text, length};
        eg_slice rest = {name.text + length, name.length - length};
        bool known = eg_find_name(&p->names, part) >= 0 || eg_find_binding(p->options, part) ||
                     eg_find_constant(part) >= 0;
        if (!known || length + 2 > size)
            continue;
        int put = snprintf(out, size, "%.*s%s", (int)length, part.text, rest.length ? "*" : "");
        if (split_name(p, rest, out + put, size - (size_t)put))
            return true;
    }
    return false;
}

eg_id eg_parse_error_name(eg_parser *p, eg_expr_location place)
{
    eg_guess guess = eg_guess_begin(eg_slice_at(p, place));
    const eg_expr_options *options = p->options;
    char product[4 * SHOWN];
    if (place.length < SHOWN && split_name(p, eg_slice_at(p, place), product, sizeof product))
        return eg_parse_error(p, place, "unknown name '%.*s'; for a product write %s", shown(place),
                              p->text + place.offset, product);
    for (size_t i = 0; i < p->names.count; i++)
        eg_guess_offer(&guess, p->names.names[i]);
    for (size_t i = 0; i < options->let_count; i++)
        eg_guess_offer(&guess, eg_slice_of(options->lets[i].name));
    for (int i = 0; i < EG_CONSTANTS; i++)
        eg_guess_offer(&guess, eg_slice_of(eg_constant_names[i]));
    if (guess.nearest.text)
        return eg_parse_error(p, place, "unknown name '%.*s'; did you mean %.*s?", shown(place),
                              p->text + place.offset, (int)guess.nearest.length,
                              guess.nearest.text);
    return eg_parse_error(p, place, "unknown name '%.*s'", shown(place), p->text + place.offset);
}

eg_id eg_parse_error_function(eg_parser *p, eg_expr_location place)
{
    eg_slice name = eg_slice_at(p, place);
    eg_guess guess = eg_guess_begin(name);
    for (int i = 0; i < EG_FUNCTION_NAMES; i++)
        eg_guess_offer(&guess, eg_slice_of(eg_function_of(i)->name));
    bool is_value = eg_find_name(&p->names, name) >= 0 || eg_find_binding(p->options, name) ||
                    eg_find_constant(name) >= 0;
    if (is_value || name.length == 1)
        return eg_parse_error(p, place, "'%.*s' is not a function; for a product write %.*s*(...)",
                              shown(place), name.text, shown(place), name.text);
    if (guess.nearest.text)
        return eg_parse_error(p, place, "unknown function '%.*s'; did you mean %.*s?", shown(place),
                              name.text, (int)guess.nearest.length, guess.nearest.text);
    return eg_parse_error(p, place, "unknown function '%.*s'; for a product write %.*s*(...)",
                          shown(place), name.text, shown(place), name.text);
}

eg_id eg_parse_error_ambiguous(eg_parser *p, size_t start, char sign)
{
    eg_token left = p->before, right = p->token;
    size_t end = right.place.offset + right.place.length;
    eg_expr_location place = {start, end - start};
    const char *number = p->text + left.place.offset, *name = p->text + right.place.offset;
    int n = shown(left.place), m = shown(right.place);
    if (right.kind == EG_TOKEN_OPEN) {
        name = "(...)";
        m = 5;
    }
    return sign == '/'
               ? eg_parse_error(p, place,
                                "a product without * after a division reads two ways: write "
                                "(1/%.*s)*%.*s or 1/(%.*s*%.*s)",
                                n, number, m, name, n, number, m, name)
               : eg_parse_error(p, place,
                                "a product without * after an exponent reads two ways: write "
                                "x^%.*s*%.*s or x^(%.*s*%.*s)",
                                n, number, m, name, n, number, m, name);
}
