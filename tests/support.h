/* SPDX-License-Identifier: MIT */
/* Helpers of the tests: contexts, test data, generated grids and comparisons. */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "edgegrad.h"

/* True in builds with AddressSanitizer or ThreadSanitizer, which have allocators of their own. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED true
#elif defined __has_feature
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define SANITIZED false
#endif

/* Number of elements of an array. */
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Creates a context; fails the test on error. Arguments as in eg_config. */
eg_context *test_context(int threads, size_t strip_rows, const char *cpu);

/* Fails unless |a - b| <= tolerance (assert_within) or <= tolerance * (1 + |b|) (assert_close). */
void assert_within(double a, double b, double tolerance);
void assert_close(double a, double b, double tolerance);

/* Fails unless |a - b| <= 1e-12 * max(1, |b|): they differ by rounding at most. */
void assert_rounded(double a, double b);

/* Parses an expression; fails the test on error. */
eg_expr *parse_expr(eg_context *ctx, const char *text);

/* Returns "$EDGEGRAD_CORPUS/name" (default ../shared/data) in a static buffer; NULL if it does not
 * exist. */
const char *corpus_path(const char *name);

/* Creates a grid of reproducible noise. `smooth` is the number of smoothing passes, which create
 * edges. */
void noise_grid(eg_grid *grid, eg_context *ctx, size_t width, size_t height, eg_sample sample,
                unsigned seed, int smooth);

double sample_at(const eg_grid *grid, size_t x, size_t y);
void set_sample(eg_grid *grid, size_t x, size_t y, double v); /* EG_U8, EG_F32 or EG_F64 */

/* Calls check(ctx, opaque) with contexts of several strip heights, thread counts and all
 * instruction sets of this machine, none of which may change a bit of any result. */
void for_every_setting(void (*check)(eg_context *ctx, void *opaque), void *opaque);

/* Fails the test at the first differing sample. */
void assert_grids_equal(const eg_grid *a, const eg_grid *b);

/* Computes gradient or edges from grid to grid; fails the test on error. */
void gradient_of(eg_grid *out, eg_context *ctx, const eg_grid *in,
                 const eg_gradient_options *options);
/* Sets the defaults of edges by the operator sobel3: sigma 1.4, thresholds as responses. */
void default_sobel_edges(eg_edges_options *options);

void edges_of(eg_grid *out, eg_context *ctx, const eg_grid *in, const eg_edges_options *options,
              eg_edges_result *result);

#endif
