/* SPDX-License-Identifier: MIT */
/* What the tests share: where data is, grids made by formula, and comparing. */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "edgegrad.h"

/* Number of elements of an array. */
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A context with `threads`, or a failed test. Strip height 0: chosen; cpu NULL: the best. */
eg_context *test_context(int threads, size_t strip_rows, const char *cpu);

/* |a - b| <= tolerance; |a - b| <= tolerance * (1 + |b|). */
void assert_within(double a, double b, double tolerance);
void assert_close(double a, double b, double tolerance);

/* The expression, or a failed test. */
eg_expr *parse_expr(eg_context *ctx, const char *text);

/* "$EDGEGRAD_CORPUS/name" (default ../shared/data) in a static buffer, or NULL where it is not
 * there. */
const char *corpus_path(const char *name);

/* Pseudo-random but repeatable noise; `smooth` averages neighbours so that there are ridges too. */
void noise_grid(eg_grid *grid, eg_context *ctx, size_t width, size_t height, eg_sample sample,
                unsigned seed, int smooth);

double sample_at(const eg_grid *grid, size_t x, size_t y);
void set_sample(eg_grid *grid, size_t x, size_t y, double v); /* EG_U8, EG_F32 or EG_F64 */

/* Calls check(ctx, opaque) with contexts of many strip heights, with each of them many thread
 * counts and every instruction set this machine has: what must not change a single bit of any
 * result. */
void for_every_setting(void (*check)(eg_context *ctx, void *opaque), void *opaque);

/* Fails with the first differing sample. */
void assert_grids_equal(const eg_grid *a, const eg_grid *b);

/* eg_gradient() and eg_edges() from grid to grid; the test fails if they do. */
void gradient_of(eg_grid *out, eg_context *ctx, const eg_grid *in,
                 const eg_gradient_options *options);
void edges_of(eg_grid *out, eg_context *ctx, const eg_grid *in, const eg_edges_options *options,
              eg_edges_result *result);

#endif
