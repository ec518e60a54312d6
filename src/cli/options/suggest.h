/* SPDX-License-Identifier: MIT */
/* "did you mean ...?": the nearest of several names. */
#ifndef CLI_OPTIONS_SUGGEST_H
#define CLI_OPTIONS_SUGGEST_H

#include <stddef.h>

typedef struct suggestion {
    const char *typed;
    const char *nearest; /* of the names offered; NULL: none is near enough */
    size_t distance;     /* of `nearest`; before: the first that is too far */
} suggestion;

void suggest_begin(suggestion *answer, const char *typed);
void suggest_offer(suggestion *answer, const char *name);

#endif
