/* SPDX-License-Identifier: MIT */
/*
 * One tile of a pass over jet maps. Cursors move down the tile; a map of one pixel's jet is
 * computed at once. Others keep what they need of the rows around: thinned magnitudes and zero
 * crossings three rows, the coherence the products of the slopes.
 */
#ifndef EG_GRADIENT_JET_TILE_H
#define EG_GRADIENT_JET_TILE_H

#include <stdatomic.h>

#include "gradient/jet/jet.h"
#include "gradient/map_output.h"

/* Jets of a pass: Gaussian derivatives, differences of the smoothed image, and the wider Gaussian.
 */
typedef enum eg_jet_kind { EG_JET_GAUSSIAN, EG_JET_DIFFERENCES, EG_JET_WIDE, EG_JETS } eg_jet_kind;

/* A pass over maps, shared by all threads. */
typedef struct eg_jet_pass {
    eg_context *ctx;
    const eg_jet_kernels *kernels;
    const eg_map_kernels *map_kernels;
    const eg_gradient_options *options;
    const eg_map_output *outputs;
    size_t count;
    eg_border border;
    eg_jet_stage jets[EG_JETS]; /* parts 0: not used */
    eg_jet_weights integration; /* of the coherence */
    size_t margin;              /* rows and columns around a tile whose jets are needed */
    size_t row_margin;          /* samples of a working row on either side of a tile */
    size_t columns;             /* of a tile, without the margins */
    float slope[EG_MAX_SINKS];  /* of zero crossings */
    atomic_bool any_valid;      /* a valid sample was read */
} eg_jet_pass;

/* Returns the bytes of scratch memory of a tile. */
size_t eg_jet_tile_scratch(const eg_jet_pass *pass);

/* Computes rows y0 .. y1 - 1 of all maps in the tile that begins at column x0. */
void eg_jet_tile_run(eg_jet_pass *pass, const eg_band *band, size_t x0, size_t y0, size_t y1,
                     void *scratch, const eg_rows out[]);

/* Returns the rows of the structure tensor's working memory. */
size_t eg_coherence_rows(const eg_jet_pass *pass);

/* A tile's rows of the structure tensor. Columns are relative to the tile's first one. */
typedef struct eg_coherence_tile {
    const eg_jet_pass *pass;
    float *memory;
    size_t stride; /* samples from row to row; column 0 is pass->row_margin samples in */
    size_t x0, width, image_width, image_height;
} eg_coherence_tile;

/* Adds row y of slopes, which begin at column `from` of the image and have `count` columns. */
void eg_coherence_add(const eg_coherence_tile *tile, size_t y, const float *x, const float *y_slope,
                      size_t from, size_t count);

/* Computes the coherence of row y; the rows within reach have been added. */
void eg_coherence_row(const eg_coherence_tile *tile, size_t y, float *out);

#endif
