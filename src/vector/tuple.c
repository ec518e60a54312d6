/* SPDX-License-Identifier: MIT */
/* Reads lists of formulas in brackets. */
#include "vector/tuple.h"

#include <string.h>

#include "core/context.h"

static const char blanks[] = " \t\r\n";

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, blanks);
}

static bool in_name(char c)
{
    return (c & 0x80) || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/* Returns the name at the start of the text; its length is 0 if there is none. */
static eg_slice name_at(const char *text)
{
    size_t length = 0;
    while (in_name(text[length]) && !(length == 0 && text[0] >= '0' && text[0] <= '9'))
        length++;
    return (eg_slice){text, length};
}

/* Reads "(x, y)" into the list. Returns the text after it, NULL if it has another form. */
static const char *read_arguments(const char *text, eg_name_list *names)
{
    do {
        text = skip_blanks(text + 1);
        eg_slice name = name_at(text);
        if (name.length == 0 || eg_find_name(names, name) >= 0 || !eg_add_name(names, name))
            return NULL;
        text = skip_blanks(text + name.length);
    } while (*text == ',');
    return *text == ')' ? skip_blanks(text + 1) : NULL;
}

/* Reads "F(x, y) =" or "F =". Returns the text after it; the text itself if it has another form. */
static const char *read_head(const char *text, eg_name_list *names)
{
    eg_slice name = name_at(text);
    const char *next = name.length ? skip_blanks(text + name.length) : NULL;
    names->count = 0;
    if (next && *next == '(')
        next = read_arguments(next, names);
    if (next && *next == '=' && next[1] != '=')
        return skip_blanks(next + 1);
    names->count = 0;
    return text;
}

eg_slice eg_trimmed(const char *text, size_t length)
{
    while (length > 0 && strchr(blanks, text[length - 1]))
        length--;
    while (length > 0 && strchr(blanks, *text))
        text++, length--;
    return (eg_slice){text, length};
}

static void add_part(eg_tuple *tuple, const char *from, const char *end)
{
    if (tuple->count < EG_VECTOR_DIMENSION)
        tuple->parts[tuple->count] = eg_trimmed(from, (size_t)(end - from));
    tuple->count++;
}

bool eg_read_tuple(const char *text, eg_tuple *tuple)
{
    static const char opening[] = "([{<", closing[] = ")]}>";
    tuple->count = 0;
    text = read_head(skip_blanks(text), &tuple->head);
    const char *open = *text ? strchr(opening, *text) : NULL;
    if (!open)
        return false;
    const char close = closing[open - opening];
    const char *from = ++text;
    for (int depth = 0; *text; text++) {
        if (depth == 0 && (*text == ',' || *text == close)) {
            add_part(tuple, from, text);
            from = text + 1;
            if (*text == ',')
                continue;
            tuple->rest = skip_blanks(text + 1);
            return true;
        }
        depth += *text == '(' || *text == '[' || *text == '{';
        depth -= *text == ')' || *text == ']' || *text == '}';
        if (depth < 0)
            return false;
    }
    return false;
}

char *eg_slice_copy(eg_context *ctx, eg_slice slice, eg_error *error)
{
    char *copy = eg_calloc(ctx, slice.length + 1, 1, error);
    if (copy)
        memcpy(copy, slice.text, slice.length);
    return copy;
}

eg_status eg_parse_part(eg_expr **expr, eg_context *ctx, const char *text, eg_slice part,
                        const eg_expr_options *options, eg_expr_location *location, eg_error *error)
{
    char *copy = eg_slice_copy(ctx, part, error);
    *expr = NULL;
    if (!copy)
        return eg_failed(error);
    eg_status status = eg_expr_parse(expr, ctx, copy, options, location, error);
    if (status != EG_OK && location)
        location->offset += (size_t)(part.text - text);
    eg_free(copy);
    return status;
}
