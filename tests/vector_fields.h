/* SPDX-License-Identifier: MIT */
/* Vector fields of tests. */
#ifndef TESTS_VECTOR_FIELDS_H
#define TESTS_VECTOR_FIELDS_H

#include "support.h"

/* Parses a vector field; fails the test on error. */
eg_vector_field *parse_vector(eg_context *ctx, const char *text);

#endif
