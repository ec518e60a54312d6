/* SPDX-License-Identifier: MIT */
/* "did you mean ...?": the nearest of several names. */
#include "cli/options/suggest.h"

#include <string.h>

enum { LONGEST = 32 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/*
 * Edits (insert, delete, replace, swap two neighbours) that turn `a` into `b`: the optimal string
 * alignment distance, three rows of its table at a time. Both are at most LONGEST bytes long.
 */
static size_t edits(const char *a, const char *b)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *above = rows[1], *here = rows[2];
    size_t width = strlen(b);
    for (size_t j = 0; j <= width; j++)
        above[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        here[0] = i;
        for (size_t j = 1; j <= width; j++) {
            here[j] =
                smaller(above[j - 1] + (a[i - 1] != b[j - 1]), smaller(above[j], here[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                here[j] = smaller(here[j], before[j - 2] + 1);
        }
        size_t *spare = before;
        before = above;
        above = here;
        here = spare;
    }
    return above[width];
}

/* One slip in a short name, up to three in a long one; none where hardly any letter would be left.
 */
static size_t slips_allowed(size_t length)
{
    return length < 3 ? 0 : length < 6 ? 1 : length < 11 ? 2 : 3;
}

void suggest_begin(suggestion *answer, const char *typed)
{
    *answer = (suggestion){.typed = typed, .distance = slips_allowed(strlen(typed)) + 1};
}

void suggest_offer(suggestion *answer, const char *name)
{
    size_t typed = strlen(answer->typed), length = strlen(name);
    if (typed == 0 || typed > LONGEST || length > LONGEST)
        return;
    /* The beginning of a name is as near as a single slip. */
    size_t distance =
        typed >= 2 && strncmp(name, answer->typed, typed) == 0 ? 1 : edits(answer->typed, name);
    if (distance < answer->distance) {
        answer->distance = distance;
        answer->nearest = name;
    }
}
