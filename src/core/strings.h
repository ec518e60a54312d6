/* SPDX-License-Identifier: MIT */
/* A text that grows. */
#ifndef EG_CORE_STRINGS_H
#define EG_CORE_STRINGS_H

#include "core/growing.h"

/* The text so far, without a final 0. The first failure is kept in `status`; later additions then
 * do nothing. */
typedef struct eg_string {
    eg_context *ctx;
    eg_growing bytes;
    eg_status status;
    eg_error *error;
} eg_string;

void eg_string_free(eg_string *text);
void eg_string_add(eg_string *text, const char *part);
void eg_string_add_bytes(eg_string *text, const char *part, size_t length);
void eg_string_add_number(eg_string *text, unsigned number);

#endif
