/* SPDX-License-Identifier: MIT */
/* Names of variables, constants and functions. */
#include "expr/parse/names.h"

#include <math.h>
#include <string.h>

#include "core/status.h"

enum { LONGEST = 24 }; /* names that guesses are made about */

static const eg_function aliases[EG_FUNCTION_NAMES - EG_FUNCTIONS] = {
    {"ln", "x: natural logarithm, the same as log", 1, 0, false, NAN},
    {"pow", "x, y: x^y", 2, 0, false, NAN},
    {"sec", "x: 1/cos(x)", 1, 0, false, NAN},
    {"csc", "x: 1/sin(x)", 1, 0, false, NAN},
    {"cot", "x: cos(x)/sin(x)", 1, 0, false, NAN},
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

size_t eg_name_length(const char *s)
{
    size_t n = 0;
    while (is_letter(s[n]) || (n > 0 && s[n] >= '0' && s[n] <= '9'))
        n++;
    return n;
}

eg_slice eg_slice_of(const char *text)
{
    return (eg_slice){text, strlen(text)};
}

bool eg_slices_equal(eg_slice a, eg_slice b)
{
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

const eg_function *eg_function_of(int index)
{
    return index < EG_FUNCTIONS ? &eg_functions[index] : &aliases[index - EG_FUNCTIONS];
}

int eg_find_function(eg_slice name)
{
    for (int i = 0; i < EG_FUNCTION_NAMES; i++)
        if (eg_slices_equal(name, eg_slice_of(eg_function_of(i)->name)))
            return i;
    return -1;
}

int eg_find_constant(eg_slice name)
{
    if (eg_slices_equal(name, eg_slice_of("\xCF\x80")))
        return EG_PI;
    for (int i = 0; i < EG_CONSTANTS; i++)
        if (eg_slices_equal(name, eg_slice_of(eg_constant_names[i])))
            return i;
    return -1;
}

/* ---- lists ---- */

int eg_find_name(const eg_name_list *list, eg_slice name)
{
    for (size_t i = 0; i < list->count; i++)
        if (eg_slices_equal(list->names[i], name))
            return (int)i;
    return -1;
}

bool eg_add_name(eg_name_list *list, eg_slice name)
{
    if (eg_find_name(list, name) >= 0)
        return true;
    if (list->count == EG_EXPR_VARIABLES)
        return false;
    list->names[list->count++] = name;
    return true;
}

static size_t rank(eg_slice name)
{
    static const char first[] = "xyzt";
    const char *found = name.length == 1 ? strchr(first, name.text[0]) : NULL;
    return found ? (size_t)(found - first) : sizeof first;
}

static bool stands_before(eg_slice a, eg_slice b)
{
    size_t least = a.length < b.length ? a.length : b.length;
    if (rank(a) != rank(b))
        return rank(a) < rank(b);
    int order = memcmp(a.text, b.text, least);
    return order != 0 ? order < 0 : a.length < b.length;
}

void eg_order_names(eg_name_list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        eg_slice moving = list->names[i];
        size_t k = i;
        for (; k > 0 && stands_before(moving, list->names[k - 1]); k--)
            list->names[k] = list->names[k - 1];
        list->names[k] = moving;
    }
}

/* ---- options ---- */

static eg_status check_name(const char *name, const char *what, eg_error *error)
{
    if (!name || !*name || eg_name_length(name) != strlen(name))
        return eg_fail(error, EG_USAGE,
                       "'%s' cannot name a %s: a letter, then letters, digits and _",
                       name ? name : "", what);
    if (eg_find_function(eg_slice_of(name)) >= 0)
        return eg_fail(error, EG_USAGE, "'%s' is a function, it cannot name a %s", name, what);
    if (eg_find_constant(eg_slice_of(name)) >= 0)
        return eg_fail(error, EG_USAGE, "'%s' is a constant already, it cannot name a %s", name,
                       what);
    return EG_OK;
}

static eg_status check_let(const eg_expr_options *options, size_t index, const eg_name_list *list,
                           eg_error *error)
{
    const eg_binding *let = &options->lets[index];
    eg_status status = check_name(let->name, "constant", error);
    if (status != EG_OK)
        return status;
    if (!isfinite(let->value))
        return eg_fail(error, EG_USAGE, "the constant '%s' must be a finite number", let->name);
    if (eg_find_name(list, eg_slice_of(let->name)) >= 0)
        return eg_fail(error, EG_USAGE, "'%s' is both a variable and a constant", let->name);
    if (eg_find_binding(options, eg_slice_of(let->name)) != let)
        return eg_fail(error, EG_USAGE, "the constant '%s' is given twice", let->name);
    return EG_OK;
}

eg_status eg_check_options(eg_name_list *list, const eg_expr_options *options, eg_error *error)
{
    list->count = 0;
    if (!options)
        return EG_OK;
    for (size_t i = 0; options->names && i < options->name_count; i++) {
        eg_status status = check_name(options->names[i], "variable", error);
        if (status != EG_OK)
            return status;
        if (eg_find_name(list, eg_slice_of(options->names[i])) >= 0)
            return eg_fail(error, EG_USAGE, "the variable '%s' is given twice", options->names[i]);
        if (!eg_add_name(list, eg_slice_of(options->names[i])))
            return eg_fail(error, EG_USAGE, "there may be %d variables, not %zu", EG_EXPR_VARIABLES,
                           options->name_count);
    }
    for (size_t i = 0; i < options->let_count; i++) {
        eg_status status = check_let(options, i, list, error);
        if (status != EG_OK)
            return status;
    }
    return EG_OK;
}

const eg_binding *eg_find_binding(const eg_expr_options *options, eg_slice name)
{
    for (size_t i = 0; options && i < options->let_count; i++)
        if (eg_slices_equal(name, eg_slice_of(options->lets[i].name)))
            return &options->lets[i];
    return NULL;
}

/* ---- what was meant ---- */

/* Insertions, deletions and replacements that make `a` of `b` (Levenshtein), one row of the table.
 */
static size_t distance(eg_slice a, eg_slice b)
{
    size_t row[LONGEST + 1];
    for (size_t j = 0; j <= b.length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t best = diagonal + (a.text[i - 1] != b.text[j - 1]);
            diagonal = row[j];
            best = best < row[j] + 1 ? best : row[j] + 1;
            row[j] = best < row[j - 1] + 1 ? best : row[j - 1] + 1;
        }
    }
    return row[b.length];
}

eg_guess eg_guess_begin(eg_slice typed)
{
    return (eg_guess){.typed = typed, .slips = typed.length < 3 ? 2 : typed.length < 8 ? 3 : 4};
}

/* Most of the name must be right: `a` is not meant to be `y`. */
void eg_guess_offer(eg_guess *guess, eg_slice name)
{
    if (guess->typed.length > LONGEST || name.length > LONGEST)
        return;
    size_t slips = distance(guess->typed, name);
    size_t longer = name.length > guess->typed.length ? name.length : guess->typed.length;
    if (slips < guess->slips && 2 * slips <= longer && slips < name.length) {
        guess->slips = slips;
        guess->nearest = name;
    }
}
