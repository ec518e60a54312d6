/* SPDX-License-Identifier: MIT */
/* Descents in tests. */
#ifndef TESTS_DESCENTS_H
#define TESTS_DESCENTS_H

#include "support.h"

/* Minimises the expression from x[]; fails the test on an error. */
eg_descent_result descend(eg_context *ctx, const char *text, double x[],
                          const eg_descent_options *options);

/* Returns the default options with this method, rate and most steps. */
eg_descent_options options_of(eg_method method, double rate, size_t steps);

/* Returns true if a remark on the run contains the text. */
bool has_remark(const eg_descent_result *r, const char *text);

#endif
