/* SPDX-License-Identifier: MIT */
/* Finds the known name nearest to a misspelt one: "did you mean ...?"; explains words of the field
 * and options of other programs that edgegrad spells in another way. */
#ifndef CLI_OPTIONS_SUGGEST_H
#define CLI_OPTIONS_SUGGEST_H

#include <stdbool.h>
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

/* Writes a sentence about a word in the place of the command, such as "'tri' is a map of the
 * command terrain: edgegrad terrain dem.tif --tri out.tif", with the operands after it, which may
 * be NULL. Returns false if the word is unknown. */
bool suggest_command(const char *word, const char *input, const char *output, char *out,
                     size_t size);

/* Returns the option that stands for the option -WORD or --WORD of GDAL, OpenCV or scikit-image, or
 * NULL, and writes what to type to `out`: "-of GTiff: use --format tiff". `typed` begins with the
 * dashes; `value` is the next word of the command line or NULL. */
const char *suggest_option(const char *typed, const char *value, char *out, size_t size);

/* Returns the name of edgegrad for the value `text` of the option `option`, such as "direction" for
 * --map angle; NULL if it is none of another program. */
const char *suggest_value(const char *option, const char *text);

#endif
