/* SPDX-License-Identifier: MIT */
/* Finds the known name nearest to a misspelt one. */
#include "cli/options/suggest.h"

#include <string.h>

enum { LONGEST = 32 }; /* bytes of the longest name that is compared */

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Returns the optimal string alignment distance: the number of edits (insert, delete, replace, swap
 * two neighbours) that turn `a` into `b`. Both have at most LONGEST bytes. Three rows of the
 * dynamic programming table are kept. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *above = rows[1], *here = rows[2];
    size_t width = strlen(b);
    for (size_t j = 0; j <= width; j++)
        above[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        here[0] = i;
        for (size_t j = 1; j <= width; j++) {
            here[j] = min_size(above[j - 1] + (a[i - 1] != b[j - 1]),
                               min_size(above[j], here[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                here[j] = min_size(here[j], before[j - 2] + 1);
        }
        size_t *spare = before;
        before = above;
        above = here;
        here = spare;
    }
    return above[width];
}

/* Returns the largest edit distance of a suggestion for a name of `length` bytes. */
static size_t max_distance(size_t length)
{
    return length < 3 ? 0 : length < 6 ? 1 : length < 11 ? 2 : 3;
}

void suggest_begin(suggestion *answer, const char *typed)
{
    *answer = (suggestion){.typed = typed, .distance = max_distance(strlen(typed)) + 1};
}

void suggest_offer(suggestion *answer, const char *name)
{
    size_t typed = strlen(answer->typed), length = strlen(name);
    if (typed == 0 || typed > LONGEST || length > LONGEST)
        return;
    /* A prefix counts as one edit. */
    size_t distance = typed >= 2 && strncmp(name, answer->typed, typed) == 0
                          ? 1
                          : edit_distance(answer->typed, name);
    if (distance < answer->distance) {
        answer->distance = distance;
        answer->nearest = name;
    }
}
