/* SPDX-License-Identifier: MIT */
/* Names that look like a product whose sign was left out: xy is one name. */
#ifndef CLI_SUPPORT_PRODUCT_HINT_H
#define CLI_SUPPORT_PRODUCT_HINT_H

#include <stdbool.h>
#include <stddef.h>

enum { GLUED_SIZE = 400 };

/* "; xy is one name: for x times y write x*y" where a name is made of other names; else "".
 * `letters`: or of single letters, whether they are names or not. */
void glued_hint(const char *const names[], size_t count, bool letters, char out[GLUED_SIZE]);

#endif
