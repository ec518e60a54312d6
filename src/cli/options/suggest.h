/* SPDX-License-Identifier: MIT */
/* Finds the known name nearest to a misspelt one: "did you mean ...?". */
#ifndef CLI_OPTIONS_SUGGEST_H
#define CLI_OPTIONS_SUGGEST_H

#include <stddef.h>

typedef struct suggestion {
    const char *typed;
    const char *nearest; /* nearest name offered so far; NULL: none is near enough */
    size_t distance;     /* edit distance of `nearest`; NULL: the smallest that is too far */
} suggestion;

/* Starts a search for the name nearest to `typed`, which must outlive it. */
void suggest_begin(suggestion *answer, const char *typed);

/* Makes `name` the nearest if it is nearer than the names offered before. */
void suggest_offer(suggestion *answer, const char *name);

#endif
