/* SPDX-License-Identifier: MIT */
/* Reads the names of a text before it is parsed: the head of a definition and the variables. */
#include <string.h>

#include "expr/parse/parser.h"

static eg_token next_token(const eg_parser *p, eg_token token)
{
    return eg_next_token(p->text, token.location.offset + token.location.length);
}

/* Returns true if a name has no meaning yet: it can be the name of a variable. */
static bool is_free(const eg_parser *p, eg_slice name)
{
    return eg_find_constant(name) < 0 && !eg_is_reserved(name) &&
           !eg_find_binding(p->options, name);
}

/* Returns true if the text from `token` on is a function that `name` can stand for: it has a
 * variable, but neither that name nor an equals sign. */
static bool is_body(const eg_parser *p, eg_token token, eg_slice name)
{
    bool variable = false;
    for (; token.kind != EG_TOKEN_END && token.kind != EG_TOKEN_INVALID;
         token = next_token(p, token)) {
        eg_slice other = eg_slice_at(p, token.location);
        if (token.kind == EG_TOKEN_EQUALS ||
            (token.kind == EG_TOKEN_NAME && eg_slices_equal(other, name)))
            return false;
        variable = variable || (token.kind == EG_TOKEN_NAME && is_free(p, other));
    }
    return variable || token.kind == EG_TOKEN_INVALID;
}

/* Reads the arguments of a head, "x, y) =", after the parenthesis `open`. Returns the token
 * after the equals sign, an EG_TOKEN_INVALID if this is no head. */
static eg_token read_arguments(const eg_parser *p, eg_token open, eg_name_list *arguments)
{
    const eg_token none = {.kind = EG_TOKEN_INVALID};
    eg_token token = next_token(p, open);
    for (;;) {
        eg_slice name = eg_slice_at(p, token.location);
        if (token.kind != EG_TOKEN_NAME || !is_free(p, name) ||
            eg_find_name(arguments, name) >= 0 || !eg_add_name(arguments, name))
            return none;
        token = next_token(p, token);
        if (token.kind != EG_TOKEN_COMMA)
            break;
        token = next_token(p, token);
    }
    bool closed = token.kind == EG_TOKEN_CLOSE && token.bracket == open.bracket;
    eg_token equals = closed ? next_token(p, token) : none;
    return equals.kind == EG_TOKEN_EQUALS ? next_token(p, equals) : none;
}

/* Returns true if the text begins with a head. Sets p->start and, for f(x, y), the arguments. */
static bool read_head(eg_parser *p, eg_name_list *arguments)
{
    eg_token head = eg_next_token(p->text, 0), second = next_token(p, head), body;
    eg_slice name = eg_slice_at(p, head.location);
    if (p->options->form == EG_FORM_EXPRESSION || head.kind != EG_TOKEN_NAME || !is_free(p, name))
        return false;
    if (second.kind == EG_TOKEN_OPEN) {
        body = read_arguments(p, second, arguments);
        if (body.kind == EG_TOKEN_INVALID && body.location.length == 0)
            return false;
    } else {
        body = next_token(p, second);
        if (second.kind != EG_TOKEN_EQUALS || p->options->form != EG_FORM_DEFINITION ||
            eg_find_name(&p->names, name) >= 0 || !is_body(p, body, name))
            return false;
    }
    p->start = body.location.offset;
    return true;
}

/* Returns true if a name looks like that of a number rather than a function: one letter other than
 * f, g and h, then digits and subscripts only. */
static bool is_symbol(eg_slice name)
{
    const unsigned char first = (unsigned char)name.text[0];
    size_t n = first < 0x80 ? 1 : 2;
    while (n < name.length && !(name.text[n] >= 'A' && name.text[n] <= 'z'))
        n++;
    return n >= name.length && !strchr("fgh", first);
}

/* Adds the names that are values: those without a parenthesis, or those with one after a blank that
 * eg_is_factor(). */
static void collect_names(eg_parser *p, bool with_parenthesis)
{
    eg_token token = eg_next_token(p->text, p->start);
    while (token.kind != EG_TOKEN_END && token.kind != EG_TOKEN_INVALID) {
        eg_token next = next_token(p, token);
        eg_slice name = eg_slice_at(p, token.location);
        bool opens = next.kind == EG_TOKEN_OPEN;
        bool call = opens && (eg_adjoin(token, next) || !eg_is_factor(p, name));
        if (token.kind == EG_TOKEN_NAME && opens == with_parenthesis && !call && is_free(p, name))
            eg_add_name(&p->names, name);
        token = next;
    }
}

void eg_read_names(eg_parser *p)
{
    eg_name_list arguments = {.count = 0};
    bool head = read_head(p, &arguments);
    if (!p->collects_names)
        return;
    if (head && arguments.count > 0) {
        p->names = arguments;
        p->collects_names = false;
        return;
    }
    collect_names(p, false);
    collect_names(p, true);
    eg_order_names(&p->names);
}

bool eg_is_factor(const eg_parser *p, eg_slice name)
{
    if (!is_free(p, name))
        return eg_find_function(name) < 0;
    return eg_find_name(&p->names, name) >= 0 || (p->collects_names && is_symbol(name));
}

int eg_find_glued_function(const eg_parser *p, eg_slice name, eg_slice *argument)
{
    /* cost is a word. */
    const char *usual = eg_slices_equal(name, eg_slice_of("cost")) ? "xyz" : "xyzt";
    for (size_t length = name.length; length-- > 2;) {
        int function = eg_find_function((eg_slice){name.text, length});
        eg_slice rest = {name.text + length, name.length - length};
        if (function < 0 || eg_function_at(function)->arguments != 1 ||
            (!eg_is_reserved((eg_slice){name.text, length}) && !eg_is_free_logarithm(function)))
            continue;
        *argument = rest;
        while (rest.length > 0 && rest.text[0] >= '0' && rest.text[0] <= '9')
            rest = (eg_slice){rest.text + 1, rest.length - 1};
        if (rest.length == 0 || (rest.length == 1 && strchr(usual, rest.text[0])) ||
            eg_find_name(&p->names, rest) >= 0 || eg_find_constant(rest) >= 0 ||
            eg_find_binding(p->options, rest))
            return function;
    }
    return -1;
}
