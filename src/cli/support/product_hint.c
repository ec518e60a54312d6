/* SPDX-License-Identifier: MIT */
#include "cli/support/product_hint.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 64, MOST_LETTERS = 4 }; /* longer names are words */

typedef struct glued {
    const char *const *names;
    size_t count, own_index;
    bool letters;
    char product[3 * LONGEST]; /* "x*y" */
} glued;

/* Splits `rest` into names; what is before it is in the first `used` bytes of the product. */
static bool split(glued *g, const char *rest, size_t used)
{
    if (!*rest)
        return true;
    for (size_t i = 0; i <= g->count; i++) {
        bool letter = i == g->count;
        size_t length = letter ? 1 : strlen(g->names[i]);
        if (letter ? !g->letters || !isalpha((unsigned char)*rest)
                   : i == g->own_index || strncmp(rest, g->names[i], length) != 0)
            continue;
        int put = snprintf(g->product + used, sizeof g->product - used, "%s%.*s", used ? "*" : "",
                           (int)length, rest);
        if (split(g, rest + length, used + (size_t)put))
            return true;
    }
    return false;
}

void glued_hint(const char *const names[], size_t count, bool letters, char out[GLUED_SIZE])
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        glued g = {.names = names, .count = count, .own_index = i};
        size_t length = strlen(names[i]);
        g.letters = letters && length <= MOST_LETTERS;
        if (length < 2 || length > LONGEST || !split(&g, names[i], 0))
            continue;
        snprintf(out, GLUED_SIZE, "; %s is one name: for a product write %s", names[i], g.product);
        return;
    }
}
