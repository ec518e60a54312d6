/* SPDX-License-Identifier: MIT */
/* Vector fields of tests. */
#include "vector_fields.h"

eg_vector_field *parse_vector(eg_context *ctx, const char *text)
{
    eg_vector_field *field;
    eg_error error = {0};
    if (eg_vector_parse(&field, ctx, text, NULL, NULL, &error) != EG_OK)
        fail_msg("%s: %s", text, error.message);
    return field;
}
