/* SPDX-License-Identifier: MIT */
/* A reader of the LaTeX that formulas are printed in, which evaluates what it reads. */
#ifndef TESTS_LATEX_READER_H
#define TESTS_LATEX_READER_H

#include "support.h"

/* Returns the value of a formula in x, y and z by the rules of textbooks; fails the test if it
 * cannot be read to its end. *infinite: the argument of a function was, which has no value then. */
double latex_value(eg_context *ctx, const char *latex, const double point[3], bool *infinite);

#endif
