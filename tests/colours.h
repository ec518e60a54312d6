/* SPDX-License-Identifier: MIT */
/* Sources of three planes in memory, and operations on them. */
#ifndef TESTS_COLOURS_H
#define TESTS_COLOURS_H

#include "support.h"

/* Returns a source of three grids of one size and type: red, green and blue. They must outlive it.
 */
eg_source *colour_source(eg_context *ctx, const eg_grid planes[3]);

/* Creates three grids of noise in some levels, so that planes often have equal gradients. Floats
 * are at most `most`. */
void noise_colours(eg_grid planes[3], eg_context *ctx, size_t width, size_t height,
                   eg_sample sample, unsigned seed, int levels, double most);
void free_colours(eg_grid planes[3]);

/* Make the same samples of all planes missing. */
void punch_colours(eg_grid planes[3], unsigned seed);

/* Compute edges, or a gradient map, into a new grid; fail the test on error. */
void edges_of_source(eg_grid *out, eg_source *source, const eg_edges_options *options,
                     eg_edges_result *result);
void edges_of_colours(eg_grid *out, eg_context *ctx, const eg_grid planes[3],
                      const eg_edges_options *options, eg_edges_result *result);
void gradient_of_colours(eg_grid *out, eg_context *ctx, const eg_grid planes[3],
                         const eg_gradient_options *options);

/* Return the status of the operation with a sink of a grid. */
eg_status edges_status(eg_context *ctx, const eg_grid *in, const eg_edges_options *options,
                       eg_error *error);
eg_status gradient_status(eg_context *ctx, const eg_grid *in, const eg_gradient_options *options,
                          eg_error *error);

#endif
