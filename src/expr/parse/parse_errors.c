/* SPDX-License-Identifier: MIT */
/* Error messages of the parser, with the location and the correction. */
#include <stdio.h>
#include <string.h>

#include "core/status.h"
#include "expr/parse/parser.h"

enum { MAX_QUOTED = 40 }; /* largest number of bytes of a token that a message quotes */

static int quoted_length(eg_expr_location location)
{
    return location.length < MAX_QUOTED ? (int)location.length : MAX_QUOTED;
}

eg_id eg_parse_error(eg_parser *p, eg_expr_location location, const char *format, ...)
{
    va_list args;
    if (p->graph->status != EG_OK)
        return EG_NONE;
    p->location = location;
    va_start(args, format);
    eg_vfail(p->error, EG_USAGE, NULL, format, args);
    va_end(args);
    return eg_graph_fail(p->graph, EG_USAGE);
}

static void quote_token(const eg_parser *p, eg_token token, char out[MAX_QUOTED + 16])
{
    if (token.kind == EG_TOKEN_END)
        snprintf(out, MAX_QUOTED + 16, "the end");
    else
        snprintf(out, MAX_QUOTED + 16, "'%.*s'", quoted_length(token.location),
                 p->text + token.location.offset);
}

static eg_id error_equation(eg_parser *p)
{
    return eg_parse_error(p, p->token.location,
                          "expected an expression, not an equation; write only its right side, or "
                          "a - b for a = b");
}

eg_id eg_parse_error_operand(eg_parser *p)
{
    char found[MAX_QUOTED + 16], after[MAX_QUOTED + 16];
    quote_token(p, p->token, found);
    quote_token(p, p->previous, after);
    if (p->token.kind == EG_TOKEN_INVALID)
        return eg_parse_error(p, p->token.location, "%s: %s", found, p->token.message);
    if (p->token.kind == EG_TOKEN_EQUALS && p->options->form == EG_FORM_EXPRESSION)
        return error_equation(p);
    if (p->previous.kind == EG_TOKEN_END)
        return p->token.kind == EG_TOKEN_END
                   ? eg_parse_error(p, p->token.location,
                                    "the expression is empty; type one, as x^2 + y")
                   : eg_parse_error(p, p->token.location,
                                    "expected a number, a name or '(', not %s", found);
    return eg_parse_error(p, p->token.location, "expected a number, a name or '(' after %s, not %s",
                          after, found);
}

eg_id eg_parse_error_operator(eg_parser *p, const char *expected)
{
    char found[MAX_QUOTED + 16], after[MAX_QUOTED + 16];
    quote_token(p, p->token, found);
    quote_token(p, p->previous, after);
    eg_token next = eg_next_token(p->text, p->token.location.offset + p->token.location.length);
    if (p->token.kind == EG_TOKEN_INVALID)
        return eg_parse_error(p, p->token.location, "%s: %s", found, p->token.message);
    if (p->token.kind == EG_TOKEN_EQUALS)
        return p->options->form == EG_FORM_EXPRESSION
                   ? error_equation(p)
                   : eg_parse_error(p, p->token.location,
                                    "an equation has one =, outside parentheses");
    if (p->token.kind == EG_TOKEN_FACTORIAL)
        return eg_parse_error(p, p->token.location,
                              "a factorial is that of a whole number from 0 to 170, as 5!; for x! "
                              "write gamma(x + 1)");
    if (p->token.kind == EG_TOKEN_COMMA && p->previous.kind == EG_TOKEN_NUMBER &&
        next.kind == EG_TOKEN_NUMBER)
        return eg_parse_error(p, p->token.location,
                              "a comma separates arguments; write decimals with a point: %.*s.%.*s",
                              quoted_length(p->previous.location),
                              p->text + p->previous.location.offset, quoted_length(next.location),
                              p->text + next.location.offset);
    if (p->token.kind == EG_TOKEN_NUMBER || p->token.kind == EG_TOKEN_NAME ||
        p->token.kind == EG_TOKEN_OPEN)
        return eg_parse_error(p, p->token.location,
                              "expected %s between %s and %s; write * for a product", expected,
                              after, found);
    return eg_parse_error(p, p->token.location, "expected %s after %s, not %s", expected, after,
                          found);
}

/* Writes a name that is a sequence of known names as their product, xy as "x*y". Returns false if
 * it is not. failed[n]: the last n bytes are known to be none. */
static bool split_name(const eg_parser *p, eg_slice name, char *out, size_t size,
                       bool failed[MAX_QUOTED])
{
    if (name.length == 0)
        return true;
    if (failed[name.length])
        return false;
    for (size_t length = name.length; length > 0; length--) {
        eg_slice prefix = {name.text, length};
        eg_slice rest = {name.text + length, name.length - length};
        bool known = eg_find_name(&p->names, prefix) >= 0 || eg_find_binding(p->options, prefix) ||
                     eg_find_constant(prefix) >= 0;
        if (!known || length + 2 > size)
            continue;
        int written =
            snprintf(out, size, "%.*s%s", (int)length, prefix.text, rest.length ? "*" : "");
        if (split_name(p, rest, out + written, size - (size_t)written, failed))
            return true;
    }
    failed[name.length] = true;
    return false;
}

/* Lists the names that the expression can use, "x, y, pi, e, tau"; ends with ... if cut. */
static void list_known_names(const eg_parser *p, char *out, size_t size)
{
    size_t variables = p->names.count, bindings = p->options->binding_count, length = 0;
    for (size_t i = 0; i < variables + bindings + EG_CONSTANTS; i++) {
        eg_slice name = i < variables ? p->names.names[i]
                        : i < variables + bindings
                            ? eg_slice_of(p->options->bindings[i - variables].name)
                            : eg_slice_of(eg_constant_names[i - variables - bindings]);
        const char *separator = length ? ", " : "";
        if (length + name.length + sizeof ", , ..." > size) {
            snprintf(out + length, size - length, "%s...", separator);
            return;
        }
        length += (size_t)snprintf(out + length, size - length, "%s%.*s", separator,
                                   (int)name.length, name.text);
    }
}

eg_id eg_parse_error_name(eg_parser *p, eg_expr_location location)
{
    eg_slice name = eg_slice_at(p, location);
    eg_suggestion suggestion = eg_suggestion_init(name);
    const eg_expr_options *options = p->options;
    int length = quoted_length(location);
    char product[4 * MAX_QUOTED], known[3 * MAX_QUOTED];
    bool failed[MAX_QUOTED] = {false};
    if (location.length < MAX_QUOTED && split_name(p, name, product, sizeof product, failed))
        return eg_parse_error(p, location, "unknown name '%.*s'; for a product write %s", length,
                              name.text, product);
    if (eg_slices_equal(name, eg_slice_of("deg")) || eg_slices_equal(name, eg_slice_of("degrees")))
        return eg_parse_error(p, location,
                              "angles are in radians; write 30\xC2\xB0 or 30*pi/180 for "
                              "30 degrees");
    for (size_t i = 0; i < p->names.count; i++)
        eg_suggestion_consider(&suggestion, p->names.names[i]);
    for (size_t i = 0; i < options->binding_count; i++)
        eg_suggestion_consider(&suggestion, eg_slice_of(options->bindings[i].name));
    for (int i = 0; i < EG_CONSTANTS; i++)
        eg_suggestion_consider(&suggestion, eg_slice_of(eg_constant_names[i]));
    if (suggestion.nearest.text)
        return eg_parse_error(p, location, "unknown name '%.*s'; did you mean %.*s?", length,
                              name.text, (int)suggestion.nearest.length, suggestion.nearest.text);
    list_known_names(p, known, sizeof known);
    return eg_parse_error(p, location, "unknown name '%.*s'; the known names are %s", length,
                          name.text, known);
}

eg_id eg_parse_error_function(eg_parser *p, eg_expr_location location)
{
    eg_slice name = eg_slice_at(p, location);
    int length = quoted_length(location);
    eg_suggestion suggestion = eg_suggestion_init(name);
    for (int i = 0; i < EG_FUNCTION_NAMES; i++)
        eg_suggestion_consider(&suggestion, eg_slice_of(eg_function_at(i)->name));
    bool is_value = eg_find_name(&p->names, name) >= 0 || eg_find_binding(p->options, name) ||
                    eg_find_constant(name) >= 0;
    if (is_value || name.length == 1)
        return eg_parse_error(p, location,
                              "'%.*s' is not a function; for a product write %.*s*(...)", length,
                              name.text, length, name.text);
    if (suggestion.nearest.text)
        return eg_parse_error(p, location, "unknown function '%.*s'; did you mean %.*s?", length,
                              name.text, (int)suggestion.nearest.length, suggestion.nearest.text);
    return eg_parse_error(p, location, "unknown function '%.*s'; for a product write %.*s*(...)",
                          length, name.text, length, name.text);
}

/* Writes what is between two offsets, or "(...)" if it is long or has parentheses. */
static void quote_operand(const eg_parser *p, size_t from, size_t end, char out[MAX_QUOTED])
{
    while (from < end && p->text[from] == ' ')
        from++;
    eg_slice text = {p->text + from, end - from};
    bool long_text = text.length >= MAX_QUOTED / 2;
    for (size_t i = 0; i < text.length && !long_text; i++)
        long_text = strchr("([{|)]}", text.text[i]) != NULL;
    snprintf(out, MAX_QUOTED, "%.*s", long_text ? 5 : (int)text.length,
             long_text ? "(...)" : text.text);
}

/* Returns true if a number or name after such a token is the whole operand of a division. */
static bool begins_operand(eg_token_kind before)
{
    return before == EG_TOKEN_END || before == EG_TOKEN_OPEN || before == EG_TOKEN_COMMA ||
           before == EG_TOKEN_EQUALS || before == EG_TOKEN_PLUS || before == EG_TOKEN_TIMES ||
           before == EG_TOKEN_NUMBER;
}

/* Writes the number or name before the sign, the base of a power or the dividend of a division;
 * "(...)" if that is more than a number or a name. */
static void quote_operand_before(const eg_parser *p, eg_token sign, char out[MAX_QUOTED])
{
    eg_token before = {.kind = EG_TOKEN_END}, last = before;
    for (eg_token t = eg_next_token(p->text, p->start); t.location.offset < sign.location.offset;
         t = eg_next_token(p->text, t.location.offset + t.location.length)) {
        before = last;
        last = t;
    }
    bool word = last.kind == EG_TOKEN_NUMBER || last.kind == EG_TOKEN_NAME;
    if (word && (sign.kind == EG_TOKEN_POWER || begins_operand(before.kind)))
        quote_operand(p, last.location.offset, last.location.offset + last.location.length, out);
    else
        snprintf(out, MAX_QUOTED, "(...)");
}

eg_id eg_parse_error_ambiguous(eg_parser *p, eg_token sign)
{
    static const struct {
        eg_token_kind kind;
        const char *format;
    } readings[] = {
        {EG_TOKEN_DIVIDE, "a product without * after a division reads two ways: write (%s/%s)*%s "
                          "or %s/(%s*%s)"},
        {EG_TOKEN_POWER, "a product without * after an exponent reads two ways: write %s^%s*%s or "
                         "%s^(%s*%s)"},
        {EG_TOKEN_ROOT, "a product without * after a root reads two ways: write %ssqrt(%s)*%s or "
                        "%ssqrt(%s*%s)"},
    };
    size_t start = sign.location.offset, end = p->token.location.offset + p->token.location.length;
    size_t left_end = p->previous.location.offset + p->previous.location.length;
    char first[MAX_QUOTED] = "", left[MAX_QUOTED], right[MAX_QUOTED];
    char message[9 * MAX_QUOTED] = "";
    if (sign.kind != EG_TOKEN_ROOT)
        quote_operand_before(p, sign, first);
    quote_operand(p, start + sign.location.length, left_end, left);
    quote_operand(p, p->token.location.offset, end, right);
    if (sign.kind == EG_TOKEN_DIVIDE && strcmp(first, "d") == 0 && left[0] == 'd')
        return eg_parse_error(
            p, (eg_expr_location){start, end - start},
            "for a derivative leave EXPR as it is: the report has its derivatives");
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++)
        if (readings[i].kind == sign.kind)
            snprintf(message, sizeof message, readings[i].format, first, left, right, first, left,
                     right);
    return eg_parse_error(p, (eg_expr_location){start, end - start}, "%s", message);
}

eg_id eg_parse_error_bare_name(eg_parser *p, eg_expr_location location)
{
    eg_slice name = eg_slice_at(p, location);
    int length = quoted_length(location);
    return eg_parse_error(p, location,
                          "'%.*s' reads two ways: write %.*s(...) for the logarithm or %.*s*... "
                          "for a product",
                          length, name.text, length, name.text, length, name.text);
}

eg_id eg_parse_error_inverse(eg_parser *p, int function)
{
    const char *name = eg_function_at(function)->name;
    char inverse[MAX_QUOTED];
    snprintf(inverse, sizeof inverse, "a%s", name);
    if (eg_find_function(eg_slice_of(inverse)) >= 0)
        return eg_parse_error(p, p->token.location, "%s^-1 reads two ways: write %s(x) or 1/%s(x)",
                              name, inverse, name);
    return eg_parse_error(p, p->token.location, "write 1/%s(x) for a negative power of %s", name,
                          name);
}
