/* SPDX-License-Identifier: MIT */
/* Names of functions and variables that a language allows. */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/codegen/codegen.h"
#include "expr/codegen/letters.h"

/* Returns true if the name is among those of a list between blanks. */
static bool is_listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *found = strstr(list, name); found; found = strstr(found + 1, name))
        if ((found == list || found[-1] == ' ') && (found[length] == ' ' || found[length] == 0))
            return true;
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Returns true for the names t1, t2 ... of operations. */
static bool is_temporary(const char *name, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(name, prefix, length) == 0 && is_digit(name[length]);
}

eg_status eg_code_check_name(const eg_code_language *language, const char *name, eg_error *error)
{
    bool valid = is_letter(*name) && strlen(name) < EG_CODE_NAME / 2;
    for (const char *c = name; valid && *c; c++)
        valid = is_letter(*c) || is_digit(*c);
    if (!valid)
        return eg_fail(error, EG_USAGE,
                       "'%.100s' cannot be the name of a function: it has letters, digits and _",
                       name);
    if (*name == '_' || is_listed(language->reserved, name))
        return eg_fail(error, EG_USAGE, "'%s' has a meaning in %s: choose another name", name,
                       language->name);
    return EG_OK;
}

/* Appends the name in ASCII, with letters spelt. Returns its length. */
static size_t spell(char *out, size_t size, const char *name)
{
    eg_letter letter;
    size_t used = 0;
    if (*name == '_') /* such names belong to the compiler */
        out[used++] = 'v';
    for (size_t n; (n = eg_letter_read(&letter, name)) > 0; name += n)
        for (const char *c = letter.ascii; *c && used + 1 < size; c++)
            out[used++] = *c;
    out[used] = 0;
    return used;
}

/* Returns true if variable `index` cannot have this name. Names that begin with that of the
 * function and _ are those of helpers. */
static bool is_taken(const eg_code *code, size_t index, const char *name)
{
    size_t length = strlen(code->prefix);
    if (is_listed(code->language->reserved, name) || is_listed(code->language->locals, name) ||
        strncmp(name, code->prefix, length) == 0)
        return true;
    for (size_t i = 0; i < index; i++)
        if (strcmp(code->variables[i], name) == 0)
            return true;
    return false;
}

/* Returns the bytes of all names with room for what makes them unique. */
static size_t size_of_names(const eg_expr *expr)
{
    size_t size = 1;
    for (size_t i = 0; i < expr->variables; i++)
        size += 6 * strlen(expr->names[i]) + EG_EXPR_VARIABLES + EG_CODE_NAME;
    return size;
}

/* Chooses t, t_, t__ ... so that no variable is called t1. */
static eg_status name_temporaries(eg_code *code)
{
    size_t length = 1, i = 0;
    code->temporary[0] = 't';
    while (i < code->expr->variables) {
        if (!is_temporary(code->variables[i++], code->temporary))
            continue;
        if (length + 1 == sizeof code->temporary)
            return eg_fail(code->error, EG_USAGE, "the names of the variables are too alike");
        code->temporary[length++] = '_';
        i = 0; /* compare all names again */
    }
    return EG_OK;
}

eg_status eg_code_name_variables(eg_code *code)
{
    const eg_expr *expr = code->expr;
    size_t size = size_of_names(expr);
    char *out = code->renamed = eg_alloc(expr->ctx, size, 1, code->error);
    if (!out)
        return eg_failed(code->error);
    for (size_t i = 0; i < expr->variables; i++) {
        size_t prefix = strlen(code->prefix);
        char *name = code->variables[i] = out;
        size_t length = spell(name, 6 * strlen(expr->names[i]) + 2, expr->names[i]);
        if (strncmp(name, code->prefix, prefix) == 0) { /* f_x becomes v_f_x */
            memmove(name + 2, name, length + 1);
            memcpy(name, "v_", 2);
            length += 2;
        }
        while (is_taken(code, i, name)) {
            name[length++] = '_';
            name[length] = 0;
        }
        out += length + 1;
    }
    return name_temporaries(code);
}
