/* SPDX-License-Identifier: MIT */
/* Words for the explanation of a descent. */
#ifndef EG_DESCENT_WORDS_H
#define EG_DESCENT_WORDS_H

#include "edgegrad.h"

/* A text that grows. Text past `size` is counted and not written. */
typedef struct eg_words {
    char *out;
    size_t size, length;
} eg_words;

void eg_say(eg_words *words, const char *format, ...) EG_PRINTF(2, 3);

/* Writes "(0.5, 0.866)"; of more than 8 coordinates the first 8. */
void eg_say_vector(eg_words *words, const double v[], size_t n);

/* Writes the advice, "; try --rate 0.1 --steps 90: it converges in 90 steps"; nothing if there is
 * none. */
void eg_say_advice(eg_words *words, const eg_descent_result *result);

#endif
