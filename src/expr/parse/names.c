/* SPDX-License-Identifier: MIT */
/* Names of variables, constants and functions: lookup, order, and suggestions for misspelt ones. */
#include "expr/parse/names.h"

#include <math.h>
#include <string.h>

#include "core/status.h"
#include "expr/expr.h"
#include "expr/graph/rebuild.h"

enum { MAX_SUGGESTED = 24 }; /* longest name that suggestions are made for, in bytes */

/* Functions that the parser rewrites, then the synonyms. */
static const eg_function aliases[EG_FUNCTION_NAMES - EG_FUNCTIONS] = {
    {"pow", "x, y: x^y", 2, 0, false, NAN},
    {"root",
     "x, n: real n-th root, n a number from 1 to 1000; odd roots of negative x are negative", 2, 0,
     false, NAN},
    {"exp2", "x: 2^x", 1, 0, false, NAN},
    {"sec", "x: 1/cos(x)", 1, 0, false, NAN},
    {"csc", "x: 1/sin(x)", 1, 0, false, NAN},
    {"cot", "x: cos(x)/sin(x)", 1, 0, false, NAN},
    {"asec", "x: inverse secant, acos(1/x)", 1, 0, false, NAN},
    {"acsc", "x: inverse cosecant, asin(1/x)", 1, 0, false, NAN},
    {"acot", "x: inverse cotangent, 0 to pi", 1, 0, false, NAN},
    {"sech", "x: 1/cosh(x)", 1, 0, false, NAN},
    {"csch", "x: 1/sinh(x)", 1, 0, false, NAN},
    {"coth", "x: 1/tanh(x)", 1, 0, false, NAN},
    {"asech", "x: inverse of sech, acosh(1/x)", 1, 0, false, NAN},
    {"acsch", "x: inverse of csch, asinh(1/x)", 1, 0, false, NAN},
    {"acoth", "x: inverse of coth, atanh(1/x)", 1, 0, false, NAN},
    {"digamma", "x: derivative of log(gamma(x)), polygamma(0, x)", 1, 0, false, NAN},
    {"heaviside", "x: unit step: 0, 1/2 at 0, or 1; derivative 0", 1, 0, false, NAN},
    {"ln", "x: natural logarithm, the same as log", 1, 0, false, NAN},
    {"lg", "x: the same as log10", 1, 0, false, NAN},
    {"lb", "x: the same as log2", 1, 0, false, NAN},
    {"sgn", "x: the same as sign", 1, 0, false, NAN},
    {"arcsin", "x: the same as asin", 1, 0, false, NAN},
    {"arccos", "x: the same as acos", 1, 0, false, NAN},
    {"arctan", "x: the same as atan", 1, 0, false, NAN},
    {"arctan2", "y, x: the same as atan2", 2, 0, false, NAN},
    {"arsinh", "x: the same as asinh", 1, 0, false, NAN},
    {"arcosh", "x: the same as acosh", 1, 0, false, NAN},
    {"artanh", "x: the same as atanh", 1, 0, false, NAN},
    {"arcsinh", "x: the same as asinh", 1, 0, false, NAN},
    {"arccosh", "x: the same as acosh", 1, 0, false, NAN},
    {"arctanh", "x: the same as atanh", 1, 0, false, NAN},
    {"where", "c, x, y: the same as if", 3, 0, false, NAN},
};

static const eg_function_id synonyms[EG_FUNCTION_NAMES - EG_F_SYNONYMS] = {
    EG_F_LOG,   EG_F_LOG10, EG_F_LOG2,  EG_F_SIGN,  EG_F_ASIN,  EG_F_ACOS,  EG_F_ATAN, EG_F_ATAN2,
    EG_F_ASINH, EG_F_ACOSH, EG_F_ATANH, EG_F_ASINH, EG_F_ACOSH, EG_F_ATANH, EG_F_IF,
};

/* Returns the bytes of the letter at `s`, 0 if there is none: a to z, A to Z, _, or a Greek letter
 * other than pi, which is a constant. */
static size_t letter_length(const char *s)
{
    const unsigned char a = (unsigned char)s[0], b = a ? (unsigned char)s[1] : 0;
    if ((a >= 'a' && a <= 'z') || (a >= 'A' && a <= 'Z') || a == '_')
        return 1;
    if (a == 0xC2 && b == 0xB5) /* U+00B5 micro sign */
        return 2;
    const unsigned code = a == 0xCE || a == 0xCF ? (a & 0x1Fu) << 6 | (b & 0x3Fu) : 0;
    const bool continues = (b & 0xC0) == 0x80;
    return continues && code >= 0x386 && code != 0x387 && code != 0x3C0 ? 2 : 0;
}

/* Returns the bytes of the digit or subscript at `s`, 0 if there is none: 0 to 9, U+2080 to U+2089,
 * and the letters U+2090 to U+209C. */
static size_t digit_length(const char *s)
{
    if (*s >= '0' && *s <= '9')
        return 1;
    if (strncmp(s, "\xE2\x82", 2) != 0)
        return 0;
    const unsigned char last = (unsigned char)s[2];
    return (last >= 0x80 && last <= 0x89) || (last >= 0x90 && last <= 0x9C) ? 3 : 0;
}

size_t eg_name_length(const char *s)
{
    size_t n = letter_length(s), more = n;
    while (more > 0) {
        more = letter_length(s + n);
        more = more ? more : digit_length(s + n);
        n += more;
    }
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

const eg_function *eg_function_at(int index)
{
    return index < EG_FUNCTIONS ? &eg_functions[index] : &aliases[index - EG_FUNCTIONS];
}

int eg_find_function(eg_slice name)
{
    for (int i = 0; i < EG_FUNCTION_NAMES; i++)
        if (eg_slices_equal(name, eg_slice_of(eg_function_at(i)->name)))
            return i;
    return -1;
}

bool eg_is_reserved(eg_slice name)
{
    static const char *const free_names[] = {"gamma", "root", "less", "equal", "lg", "lb"};
    for (size_t i = 0; i < sizeof free_names / sizeof *free_names; i++)
        if (eg_slices_equal(name, eg_slice_of(free_names[i])))
            return false;
    return eg_find_function(name) >= 0;
}

bool eg_is_free_logarithm(int index)
{
    eg_slice name = eg_slice_of(eg_function_at(index)->name);
    return index >= EG_F_SYNONYMS && !eg_is_reserved(name);
}

int eg_canonical_function(int index)
{
    return index < EG_F_SYNONYMS ? index : (int)synonyms[index - EG_F_SYNONYMS];
}

size_t eg_most_arguments(int index)
{
    index = eg_canonical_function(index);
    if (index == EG_F_MIN || index == EG_F_MAX)
        return SIZE_MAX;
    return index == EG_F_LOG ? 2 : (size_t)eg_function_at(index)->arguments;
}

void eg_argument_names(int index, char out[EG_ARGUMENTS_TEXT])
{
    const char *help = eg_function_at(index)->help;
    size_t length = strcspn(help, ":.");
    while (length > 0 && (help[length - 1] == ' ' || help[length - 1] == ','))
        length--;
    if (length >= EG_ARGUMENTS_TEXT)
        length = EG_ARGUMENTS_TEXT - 1;
    memcpy(out, help, length);
    out[length] = '\0';
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

int eg_find_name(const eg_name_list *names, eg_slice name)
{
    for (size_t i = 0; i < names->count; i++)
        if (eg_slices_equal(names->names[i], name))
            return (int)i;
    return -1;
}

bool eg_add_name(eg_name_list *names, eg_slice name)
{
    if (eg_find_name(names, name) >= 0)
        return true;
    if (names->count == EG_EXPR_VARIABLES)
        return false;
    names->names[names->count++] = name;
    return true;
}

static size_t name_rank(eg_slice name)
{
    static const char first[] = "xyzt";
    const char *found = name.length == 1 ? strchr(first, name.text[0]) : NULL;
    return found ? (size_t)(found - first) : sizeof first;
}

static bool sorts_before(eg_slice a, eg_slice b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    if (name_rank(a) != name_rank(b))
        return name_rank(a) < name_rank(b);
    int order = memcmp(a.text, b.text, shorter);
    return order != 0 ? order < 0 : a.length < b.length;
}

void eg_order_names(eg_name_list *names)
{
    for (size_t i = 1; i < names->count; i++) {
        eg_slice moving = names->names[i];
        size_t k = i;
        for (; k > 0 && sorts_before(moving, names->names[k - 1]); k--)
            names->names[k] = names->names[k - 1];
        names->names[k] = moving;
    }
}

/* ---- options ---- */

static eg_status check_name(const char *name, const char *what, eg_error *error)
{
    if (!name || !*name || eg_name_length(name) != strlen(name))
        return eg_fail(error, EG_USAGE,
                       "'%s' cannot name a %s: a name is a letter or _, then letters, digits or _",
                       name ? name : "", what);
    if (eg_is_reserved(eg_slice_of(name)))
        return eg_fail(error, EG_USAGE,
                       "'%s' is a function and cannot name a %s; choose another name", name, what);
    if (eg_find_constant(eg_slice_of(name)) >= 0)
        return eg_fail(error, EG_USAGE,
                       "'%s' is a predefined constant and cannot name a %s; choose another name",
                       name, what);
    return EG_OK;
}

static eg_status check_binding(const eg_expr_options *options, size_t index,
                               const eg_name_list *names, eg_error *error)
{
    const eg_binding *binding = &options->bindings[index];
    eg_status status = check_name(binding->name, "constant", error);
    if (status != EG_OK)
        return status;
    if (!isfinite(binding->value))
        return eg_fail(error, EG_USAGE, "the constant '%s' must be a finite number", binding->name);
    if (eg_find_name(names, eg_slice_of(binding->name)) >= 0)
        return eg_fail(error, EG_USAGE,
                       "'%s' is both a variable and a constant; rename one of them", binding->name);
    if (eg_find_binding(options, eg_slice_of(binding->name)) != binding)
        return eg_fail(error, EG_USAGE, "the constant '%s' is given twice; remove one",
                       binding->name);
    return EG_OK;
}

eg_status eg_check_options(eg_name_list *names, const eg_expr_options *options, eg_error *error)
{
    names->count = 0;
    if (!options)
        return EG_OK;
    for (size_t i = 0; options->names && i < options->name_count; i++) {
        eg_status status = check_name(options->names[i], "variable", error);
        if (status != EG_OK)
            return status;
        if (eg_find_name(names, eg_slice_of(options->names[i])) >= 0)
            return eg_fail(error, EG_USAGE, "the variable '%s' is given twice; remove one",
                           options->names[i]);
        if (!eg_add_name(names, eg_slice_of(options->names[i])))
            return eg_fail(error, EG_USAGE, "%zu variables are given; at most %d are possible",
                           options->name_count, EG_EXPR_VARIABLES);
    }
    for (size_t i = 0; i < options->binding_count; i++) {
        eg_status status = check_binding(options, i, names, error);
        if (status != EG_OK)
            return status;
    }
    return EG_OK;
}

const eg_binding *eg_find_binding(const eg_expr_options *options, eg_slice name)
{
    for (size_t i = 0; options && i < options->binding_count; i++)
        if (eg_slices_equal(name, eg_slice_of(options->bindings[i].name)))
            return &options->bindings[i];
    return NULL;
}

eg_id eg_make_binding(eg_graph *graph, const eg_binding *binding)
{
    if (graph->as_typed && binding->exact)
        return eg_copy_constant(graph, &binding->exact->typed, binding->exact->typed_root);
    const eg_expr *exact = binding->exact;
    if (exact && eg_is_number(&exact->graph, exact->root)) /* 1/3 rather than its double */
        return eg_make_number(graph, exact->graph.nodes[exact->root].number);
    return eg_make_number(graph, eg_rational_of(binding->value));
}

/* ---- suggestions ---- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Returns the edit distance of two names (Levenshtein), regardless of case: the fewest insertions,
 * deletions and replacements that turn one into the other. Keeps one row of the table. */
static size_t edit_distance(eg_slice a, eg_slice b)
{
    size_t row[MAX_SUGGESTED + 1];
    for (size_t j = 0; j <= b.length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t best = diagonal + (lower(a.text[i - 1]) != lower(b.text[j - 1]));
            diagonal = row[j];
            best = best < row[j] + 1 ? best : row[j] + 1;
            row[j] = best < row[j - 1] + 1 ? best : row[j - 1] + 1;
        }
    }
    return row[b.length];
}

eg_suggestion eg_suggestion_init(eg_slice typed)
{
    return (eg_suggestion){.typed = typed,
                           .distance = typed.length < 3   ? 2
                                       : typed.length < 8 ? 3
                                                          : 4};
}

/* Requires that most letters match, so that `y` is not suggested for `a`. */
void eg_suggestion_consider(eg_suggestion *suggestion, eg_slice name)
{
    if (suggestion->typed.length > MAX_SUGGESTED || name.length > MAX_SUGGESTED)
        return;
    size_t distance = edit_distance(suggestion->typed, name);
    size_t longer = name.length > suggestion->typed.length ? name.length : suggestion->typed.length;
    if (distance < suggestion->distance && 2 * distance <= longer && distance < name.length) {
        suggestion->distance = distance;
        suggestion->nearest = name;
    }
}
