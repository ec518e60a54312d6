/* SPDX-License-Identifier: MIT */
/* Images of one or three planes for tests of the colour detector. */
#ifndef TESTS_PLANES_H
#define TESTS_PLANES_H

#include "core/stream.h"
#include "support.h"

typedef struct image {
    size_t width, height, planes;
    eg_sample sample; /* EG_U8 or EG_F32 */
    float white;
    float *at; /* (y * planes + plane) * width + x; freed by the caller */
} image;

/* Creates an image of zeros. */
image image_new(size_t width, size_t height, size_t planes, eg_sample sample);

/* Creates an image of rings, a step and noise, different in each plane, of which a share of the
 * pixels is missing. */
image scene(size_t width, size_t height, size_t planes, eg_sample sample, double holes);

float *pixel(const image *i, size_t plane, size_t x, size_t y);

/* Returns reproducible noise, 0 .. 1. */
double noise(unsigned *state);

/* Returns a source of the image, which must outlive it. */
eg_source *open_image(eg_context *ctx, const image *i);

/* Finds edges. The caller frees *out. */
eg_edges_result find(eg_grid *out, eg_context *ctx, const image *i,
                     const eg_edges_options *options);

/* Returns the number of edge pixels. */
uint64_t count_edges(const image *i, const eg_edges_options *options);

#endif
