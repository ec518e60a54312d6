/* SPDX-License-Identifier: MIT */
/* Recognises names that look like a product without its sign: xy is one name. */
#ifndef CLI_SUPPORT_PRODUCT_HINT_H
#define CLI_SUPPORT_PRODUCT_HINT_H

#include <stdbool.h>
#include <stddef.h>

enum { PRODUCT_HINT_SIZE = 400 };

/* Writes "; xy is one name: for x times y write x*y" if a name consists of other names, or with
 * `letters` of any single letters; else an empty string. */
void product_hint(const char *const names[], size_t count, bool letters,
                  char out[PRODUCT_HINT_SIZE]);

#endif
