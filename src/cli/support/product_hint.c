/* SPDX-License-Identifier: MIT */
/* Recognises names that look like a product without its sign, or like a function or constant. */
#include "cli/support/product_hint.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "edgegrad.h"

/* Constants of expressions, which are factors as well. */
static const char *const constants[] = {"e", "pi", "tau"};

/* Bytes of the longest name that is split into names, and into letters: longer ones are words. */
enum { LONGEST = 64, MOST_LETTERS = 4 };

typedef struct splitter {
    const char *const *names;
    size_t count, own_index;   /* index of the name to split, which is no factor of itself */
    const char *letters;       /* single letters that can be factors */
    const char *name;          /* the name to split */
    bool failed[LONGEST + 1];  /* by offset: the rest of the name from there cannot be split */
    char product[3 * LONGEST]; /* "x*y" */
} splitter;

/* Splits `rest` into names and appends them to the product, which has `used` bytes. Returns false
 * if there is no way. */
static bool split_name(splitter *s, const char *rest, size_t used)
{
    if (!*rest)
        return true;
    if (s->failed[rest - s->name])
        return false;
    const size_t last = s->count + sizeof constants / sizeof *constants;
    for (size_t i = 0; i <= last; i++) {
        bool letter = i == last;
        const char *name = letter ? "" : i < s->count ? s->names[i] : constants[i - s->count];
        size_t length = letter ? 1 : strlen(name);
        if (letter ? !strchr(s->letters, *rest)
                   : i == s->own_index || strncmp(rest, name, length) != 0)
            continue;
        int written = snprintf(s->product + used, sizeof s->product - used, "%s%.*s",
                               used ? "*" : "", (int)length, rest);
        if (split_name(s, rest + length, used + (size_t)written))
            return true;
    }
    s->failed[rest - s->name] = true;
    return false;
}

/* Returns the function or constant that a variable was probably meant to be, NULL if none: Sin, PI,
 * and names of other languages. Gamma is an ordinary variable. */
static const char *similar_known_name(const char *name)
{
    static const char *const foreign[][2] = {
        {"tg", "tan"}, {"ctg", "cot"}, {"cosec", "csc"}, {"sen", "sin"}, {"arctg", "atan"}};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (strcmp(name, foreign[i][0]) == 0)
            return foreign[i][1];
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (strlen(name) > 1 && strcasecmp(name, constants[i]) == 0)
            return constants[i];
    for (size_t i = 0; eg_expr_function(i); i++)
        if (strcasecmp(name, eg_expr_function(i)) == 0)
            return strcmp(name, eg_expr_function(i)) == 0 || strcasecmp(name, "gamma") == 0
                       ? NULL
                       : eg_expr_function(i);
    return NULL;
}

void product_hint(const char *const names[], size_t count, const char *letters,
                  char out[PRODUCT_HINT_SIZE])
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        const char *known = similar_known_name(names[i]);
        if (known && strlen(names[i]) <= LONGEST) {
            snprintf(out, PRODUCT_HINT_SIZE, "; %s is a variable here: did you mean %s?", names[i],
                     known);
            return;
        }
        splitter s = {.names = names, .count = count, .own_index = i, .name = names[i]};
        size_t length = strlen(names[i]);
        s.letters = length <= MOST_LETTERS ? letters : "";
        if (length < 2 || length > LONGEST || !split_name(&s, names[i], 0))
            continue;
        snprintf(out, PRODUCT_HINT_SIZE, "; %s is one name: for a product write %s", names[i],
                 s.product);
        return;
    }
}
