/* SPDX-License-Identifier: MIT */
/* Recognises names that look like a product without its sign, or like a function or constant: xy is
 * one name, Sin a variable. */
#ifndef CLI_SUPPORT_PRODUCT_HINT_H
#define CLI_SUPPORT_PRODUCT_HINT_H

#include <stdbool.h>
#include <stddef.h>

enum { PRODUCT_HINT_SIZE = 400 };

/* Letters that can be factors beside the other names of an expression: the usual variables, or all.
 */
#define PRODUCT_USUAL "xyz"
#define PRODUCT_ALL   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Writes "; xy is one name: for a product write x*y" if a name consists of other names, or if it is
 * short, also of single `letters`; or "; Pi is a variable here: did you mean pi?"; else an empty
 * string. */
void product_hint(const char *const names[], size_t count, const char *letters,
                  char out[PRODUCT_HINT_SIZE]);

#endif
